package screen

import (
	"strconv"
	"strings"

	"quachot/kiosk/uplink"
)

// syncPage is what the office holds and what it does not, how old the lists are,
// and what went wrong last.
type syncPage struct{}

func newSync(*Model) page { return &syncPage{} }

func (p *syncPage) key(_ *Model, k Key, hasty bool) ([]Effect, bool) {
	return nil, hasty || k != KeyEscape && k != KeySync && k != KeyEnter
}

func (p *syncPage) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{Name: "sync", Title: t("sync.title"), Lead: m.contact().Text, Table: m.listTable(), Text: m.syncTexts(), Aside: m.lists()}
	if m.status.Link.ErrorCode != "" {
		page.Error = m.linkError(m.status.Link)
	}
	return page, []Hint{{"Esc", t("lane.key.close"), true}}
}

// syncTexts are the three numbers, what is not safe yet, and what to do without
// a network.
func (m *Model) syncTexts() []string {
	t := m.words.T
	c := m.status.Counts
	texts := []string{t("sync.held", "n", m.number(c.Held), "head", m.number(c.Head)), t("sync.waiting", "n", m.number(c.Unsent))}
	if c.Unsent > 0 && !c.OldestUnsent.IsZero() {
		texts = append(texts, t("sync.oldest", "age", m.span(max(0, m.now.Sub(c.OldestUnsent))), "at", m.when(c.OldestUnsent)))
	}
	if c.Waiting > 0 {
		texts = append(texts, t("sync.memory", "n", m.number(c.Waiting)))
	}
	if c.CopyBLag > 0 {
		texts = append(texts, t("sync.copy", "n", m.number(c.CopyBLag)))
	}
	return texts
}

// linkError is the last error with the time of the next try.
func (m *Model) linkError(l uplink.State) string {
	text := l.LastError
	if key := "sync." + l.ErrorCode; m.words.Has(key) {
		text = m.words.T(key)
	}
	if l.NextTry.After(m.now) {
		text = strings.TrimRight(text, ".") + ". " + m.words.T("sync.next", "time", l.NextTry.In(m.now.Location()).Format("15:04:05"))
	}
	return text
}

// listTable is a line a list.
func (m *Model) listTable() *Table {
	t := m.words.T
	if len(m.status.Lists) == 0 {
		return nil
	}
	table := &Table{
		Head: []string{t("sync.head.list"), t("sync.head.version"), t("sync.head.entries")},
		Wide: []float32{3, 1, 1}, Right: []bool{false, true, true}, Row: -1,
	}
	for _, l := range m.status.Lists {
		version, entries := strconv.FormatUint(l.Version, 10), ""
		if l.Version == 0 {
			version = t("sync.list.none")
		}
		if l.Entries >= 0 {
			entries = m.number(uint64(l.Entries))
		}
		table.Rows = append(table.Rows, []string{m.termOf("list.", l.Name), version, entries})
	}
	return table
}
