package screen

import (
	"strconv"
	"strings"

	"quachot/internal/record"
	"quachot/internal/wire"
)

// State is the screen now.
func (m *Model) State() State {
	t := m.words.T
	s := State{
		Header:  m.header(),
		Title:   t("lane.scan.title"),
		Help:    t("lane.scan.help"),
		RowsFor: t("lane.rows"),
		Tally:   m.footer(),
		Sunny:   m.prefs.Sunny,
		Seal:    seal(m.status.Deployment, m.now),
		Kind:    m.status.Kind,
		Inside:  m.inside(),
		Flash:   m.flash,
	}
	if m.training {
		s.Ribbon = t("lane.training")
	}
	if m.selfService() {
		s.Title = t("lane.scan.place")
	}
	if m.current != nil {
		s.Panel = m.panel(m.current)
	}
	if m.vehicle != nil {
		s.Vehicle = m.strip(m.vehicle)
	}
	for _, p := range m.past {
		if p != m.current && len(s.Rows) < 3 {
			s.Rows = append(s.Rows, m.row(p))
		}
	}
	if n := len(m.queue); n > 0 {
		s.Queue = t("lane.queue", "n", strconv.Itoa(n))
	}
	s.Notice, s.Alarm = m.notice()
	if m.field != nil {
		s.Field = &Field{Label: t("lane.field.label"), Text: *m.field, Help: t("lane.field.help")}
	}
	s.Hints = m.hints()
	if p := m.top(); p != nil && !m.closing {
		page, hints := p.draw(m)
		s.Page, s.Hints = &page, hints
	}
	return s
}

// notice is the bar above everything: a question first, then a fault.
func (m *Model) notice() (string, bool) {
	switch {
	case m.closing:
		return m.words.T("lane.close"), false
	case !m.imed.IsZero() && m.now.Sub(m.imed) < noticeFor:
		return m.words.T("lane.input-method"), true
	}
	if lost := m.lostScanner(); lost != "" {
		return lost, true
	}
	if text, alarm := m.dutyNotice(); text != "" {
		return text, alarm
	}
	return m.said()
}

// footer is how fast the lane is, and until anything was measured what went
// through.
func (m *Model) footer() string {
	if m.status.Meter.Total.Scans > 0 {
		return m.pace(m.status.Meter)
	}
	return m.tallied()
}

func (m *Model) tallied() string {
	total := 0
	for _, n := range m.tally {
		total += n
	}
	return m.words.T("lane.tally", "n", m.number(uint64(total)),
		"pass", strconv.Itoa(m.tally[record.Pass]), "check", strconv.Itoa(m.tally[record.Check]),
		"stop", strconv.Itoa(m.tally[record.Stop]), "unreadable", strconv.Itoa(m.tally[record.Unreadable]))
}

// panel says a verdict in words.
func (m *Model) panel(s *shown) *Panel {
	t := m.words.T
	p := &Panel{
		Verdict: s.Verdict,
		Word:    t("verdict." + s.Verdict.String()),
		Name:    m.nameOf(s.Reading),
		Person:  m.person(s.Reading),
		Source:  m.sourceOf(s),
	}
	if p.Name == "" && s.told != nil {
		p.Name = m.shownName(s.told.Name)
	}
	for _, r := range s.Reasons {
		if r.Code != "watch" && (r.Code != "recent" || s.Last == nil) {
			p.Reasons = append(p.Reasons, m.reason(r))
		}
	}
	for _, w := range s.Reading.Warnings {
		p.Reasons = appendNew(p.Reasons, m.reason(record.Reason{Code: w}))
	}
	if s.Last != nil {
		p.Seen = m.seen(s)
	}
	if s.Watch != nil {
		m.watched(p, s)
	}
	if !s.Durable {
		p.Unsaved = t("lane.unsaved")
	}
	if s.repeats > 0 {
		p.Repeats = t("lane.repeats", "n", strconv.Itoa(s.repeats+1))
	}
	switch {
	case s.act != nil:
		p.Decided = m.decidedText(s.act)
	case s.aboard != nil:
		p.Decided = t("vehicle.aboard")
	case s.open() && !m.selfService():
		p.Question = t("lane.decide")
	}
	return p
}

// decidedText says a decision, with the place somebody is sent to.
func (m *Model) decidedText(a *act) string {
	text := m.words.T("decision." + a.p.Decision.String())
	if a.on.to != nil {
		text += ": " + a.on.to.Name
	}
	return "» " + text
}

// watched says a watch-list hit: neutral words to the street, the rest small.
func (m *Model) watched(p *Panel, s *shown) {
	p.Word, p.Neutral = m.street(), true
	p.Private = m.forOfficer(s.Watch)
}

// forOfficer is what the officer alone is to read of a watch-list hit: why, what
// to do, whom to ring.
func (m *Model) forOfficer(w *wire.WatchDetails) (lines []string) {
	t := m.words.T
	if m.masked() {
		return []string{t("lane.watch.masked")}
	}
	if w.Reason != "" {
		key := "watch." + w.Reason
		if !m.words.Has(key) {
			key = "watch.other"
		}
		lines = append(lines, t(key))
	}
	if w.Note != "" {
		lines = append(lines, w.Note)
	}
	if m.status.Call != "" {
		lines = append(lines, t("lane.watch.call", "whom", m.status.Call))
	}
	return lines
}

// street are the neutral words of a watch-list hit.
func (m *Model) street() string {
	if m.status.Street != "" {
		return m.status.Street
	}
	return m.words.T("lane.watch.street")
}

func (m *Model) seen(s *shown) string {
	l := s.Last
	parts := []string{m.words.T("lane.seen", "when", m.when(l.At))}
	if l.Direction != 0 {
		parts = append(parts, m.words.T("direction."+l.Direction.String()))
	}
	if l.Lane != "" {
		parts = append(parts, m.words.T("lane.lane", "lane", laneName(l.Lane)))
	}
	return strings.Join(parts, ", ")
}

func (m *Model) row(s *shown) Row {
	r := Row{
		Time:    s.At.In(m.now.Location()).Format("15:04:05"),
		Verdict: s.Verdict,
		Word:    m.word(s),
		Neutral: s.Watch != nil,
		Name:    joined("  ", m.nameOf(s.Reading), m.yearOf(s.Reading)),
		Detail:  m.sourceOf(s),
	}
	if r.Name == "" && s.told != nil {
		r.Name = m.shownName(s.told.Name)
	}
	switch {
	case s.act != nil:
		r.Decided = "» " + m.words.T("decision."+s.act.p.Decision.String())
	case s.passed && !m.selfService():
		r.Decided = m.words.T("lane.undecided")
	}
	return r
}

// hints are the keys that work now.
func (m *Model) hints() []Hint {
	t := m.words.T
	switch {
	case m.closing:
		return []Hint{{"Enter", t("lane.key.quit"), false}, {"Esc", t("lane.key.stay"), true}}
	case m.field != nil:
		return []Hint{{"Enter", t("lane.key.submit"), true}, {"Esc", t("lane.key.cancel"), false}}
	}
	if m.vehicle != nil {
		return m.vehicleHints()
	}
	return m.laneHints()
}

// appendNew adds s unless it is there.
func appendNew(list []string, s string) []string {
	for _, have := range list {
		if strings.EqualFold(have, s) {
			return list
		}
	}
	return append(list, s)
}
