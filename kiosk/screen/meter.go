package screen

import (
	"strconv"
	"strings"

	"quachot/internal/record"
	"quachot/kiosk/lane"
)

// meter is how fast the lane is in this shift: a text, shares and bars by hour.
type meter struct{}

func newMeter(*Model) page { return &meter{} }

func (p *meter) key(_ *Model, k Key, hasty bool) ([]Effect, bool) {
	return nil, hasty || k != KeyEscape && k != KeyMeter && k != KeyEnter
}

// hoursShown is how many bars fit side by side.
const hoursShown = 12

func (p *meter) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	of := m.status.Meter
	page := Page{Name: "meter", Title: t("meter.title"), Lead: m.pace(of), Table: m.shares(of.Total), Aside: m.sync()}
	if len(of.Hours) > 0 {
		page.Chart = m.hours(of.Hours)
	}
	return page, []Hint{{"Esc", t("lane.key.close"), true}}
}

// pace is the meter's short form: "38 a minute · 4.1 s a person · this shift 1,204".
func (m *Model) pace(of lane.Meter) string {
	t := m.words.T
	parts := []string{t("meter.rate", "n", m.decimal(of.PerMinute, rateDigits(of.PerMinute)))}
	if d := of.Total.PerPerson; d > 0 {
		parts = append(parts, t("meter.person", "s", m.decimal(d.Seconds(), 1)))
	}
	return strings.Join(append(parts, t("meter.shift", "n", m.number(of.Total.Scans))), " · ")
}

// rateDigits: below ten a minute a whole number says too little.
func rateDigits(n float64) int {
	if n < 10 {
		return 1
	}
	return 0
}

// decimal writes n with so many decimals, the way people here do.
func (m *Model) decimal(n float64, digits int) string {
	s := strconv.FormatFloat(n, 'f', digits, 64)
	if m.words.Lang() != "en" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// shares is a line a verdict and a line a decision.
func (m *Model) shares(of lane.Hour) *Table {
	t := m.words.T
	table := &Table{
		Head: []string{t("meter.head.what"), t("meter.head.count"), t("meter.head.share")},
		Wide: []float32{3, 1, 1}, Right: []bool{false, true, true}, Row: -1,
	}
	add := func(name string, n uint64) {
		share := ""
		if of.Scans > 0 {
			share = m.decimal(100*float64(n)/float64(of.Scans), 1) + " %"
		}
		table.Rows = append(table.Rows, []string{name, m.number(n), share})
	}
	for v := record.Pass; v <= record.Unreadable; v++ {
		add(t("verdict.short."+v.String()), of.Verdicts[v])
	}
	for d := record.LetThrough; d <= record.ToQuarantine; d++ {
		add("» "+sentence(t("decision."+d.String())), of.Decisions[d])
	}
	add(t("record.declaration"), of.Declarations)
	return table
}

// hours are bars of the last hours, a part for each verdict.
func (m *Model) hours(all []lane.Hour) *Chart {
	t := m.words.T
	c := &Chart{Title: t("meter.hours"), Kinds: []record.Verdict{record.Pass, record.Check, record.Stop, record.Unreadable}}
	for _, v := range c.Kinds {
		c.Names = append(c.Names, t("verdict.short."+v.String()))
	}
	for _, h := range all[max(0, len(all)-hoursShown):] {
		b := Bar{Label: h.Start.In(m.now.Location()).Format("15") + "h"}
		for _, v := range c.Kinds {
			b.Parts = append(b.Parts, float64(h.Verdicts[v]))
		}
		c.Bars = append(c.Bars, b)
	}
	return c
}
