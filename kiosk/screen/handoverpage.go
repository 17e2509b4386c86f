package screen

import (
	"strconv"
	"time"
)

// shiftCounts are the counts that are handed over, in their order: as many as are
// seen at once beside the pad of a small screen. The sheet on paper has them all.
var shiftCounts = []string{
	"passages", "pass", "check", "stop", "unreadable", "turned-back", "to-test", "to-quarantine", "cards", "unsent",
}

func (p *handover) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{
		Name: "handover", Title: t("duty.handover.title"), Lead: t("duty.handover.lead", "who", p.leaving.label()),
		Table: m.shiftTable(p.counts, p.before), Aside: m.waitingScans(),
	}
	if p.printed != nil {
		page.Aside = Line{p.printed(m), Quiet}
	}
	hints := []Hint{{"Enter", t("duty.key.confirm"), true}, {"F7", t("duty.key.print"), false}}
	switch p.step {
	case handoverLeaves:
		page.Fields = labelled(p.from.fields(m, true), t("duty.handover.from"))
		page.Pad, page.Error = true, p.from.error(m)
		hints = append(hints, Hint{"Esc", t("lane.key.cancel"), false})
		if !m.on.locked {
			hints = append(hints, Hint{"F9", t("duty.key.lock"), false})
		}
	case handoverComes:
		page.Text = []string{t("duty.handover.confirmed", "who", p.by.label())}
		page.Fields = labelled(p.to.fields(m, true), t("duty.handover.to"))
		page.Pad, page.Error = true, p.to.error(m)
		if p.alone {
			page.Aside = Line{t("duty.handover.alone"), Warn}
		}
		hints = append(hints, Hint{"Esc", t("duty.key.back"), false})
	case handoverDone:
		page.Title, page.Lead = t("duty.handover.done"), p.result(m)
		hints = []Hint{{"Enter", t("duty.key.close"), true}, hints[1]}
	}
	if p.failure != nil {
		page.Error = p.failure(m)
	}
	return page, hints
}

// result says what was done.
func (p *handover) result(m *Model) string {
	clock := p.done.Format("15:04")
	if p.next.ID == "" {
		return m.words.T("duty.handover.ended", "who", p.leaving.label(), "time", clock)
	}
	return m.words.T("duty.handover.changed", "who", p.leaving.label(), "next", p.next.label(), "time", clock)
}

// labelled says whose number the first field takes.
func labelled(fields []FormField, who string) []FormField {
	fields[0].Label = who
	return fields
}

// shiftTable is a shift's counts beside those of the shift before.
func (m *Model) shiftTable(now map[string]uint64, before *LastShift) *Table {
	t := m.words.T
	table := &Table{Head: []string{"", t("duty.this-shift")}, Wide: []float32{5, 2}, Right: []bool{false, true}, Row: -1}
	if before != nil {
		table.Head, table.Wide, table.Right = append(table.Head, t("duty.last-shift")), append(table.Wide, 2), append(table.Right, true)
	}
	for _, name := range shiftCounts {
		row := []string{t("count." + name), "…"}
		if now != nil {
			row[1] = m.number(now[name])
		}
		if before != nil {
			row = append(row, m.number(before.Counts[name]))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// handedOver is the table of the last shift alone.
func (m *Model) handedOver(last *LastShift) *Table {
	table := m.shiftTable(last.Counts, nil)
	table.Head[1] = m.words.T("duty.last-shift")
	return table
}

// lastWords says who handed over last, when and to whom.
func (m *Model) lastWords(last *LastShift) string {
	if last.Next.ID == "" {
		return m.words.T("duty.last.ended", "who", last.Officer.label(), "when", m.when(last.To))
	}
	return m.words.T("duty.last.changed", "who", last.Officer.label(), "next", last.Next.label(), "when", m.when(last.To))
}

// paper is what the sheet says.
func (p *handover) paper(m *Model) map[string]string {
	data := map[string]string{
		"giving": p.leaving.label(), "taking": "", "post": m.status.Post, "lane": m.status.Lane, "to": m.now.Format(time.RFC3339),
	}
	if !p.began.IsZero() {
		data["from"] = p.began.Format(time.RFC3339)
	}
	if p.step == handoverDone {
		data["to"] = p.done.Format(time.RFC3339)
		if p.next.ID != "" {
			data["taking"] = p.next.label()
		}
	}
	if p.by.ID != "" && p.by.ID != p.leaving.ID {
		data["note"] = m.words.T("duty.handover.note", "who", p.leaving.label(), "by", p.by.label())
	}
	for name, n := range p.counts {
		data["count."+name] = strconv.FormatUint(n, 10)
	}
	if p.before != nil {
		for name, n := range p.before.Counts {
			data["before."+name] = strconv.FormatUint(n, 10)
		}
	}
	return data
}
