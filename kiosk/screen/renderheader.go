package screen

import (
	"time"

	"quachot/internal/record"
	"quachot/kiosk/journal"
)

// header is where, who, when, and the worst true thing.
func (m *Model) header() Header {
	t := m.words.T
	h := Header{
		Post:      joined(" · ", m.status.Post, m.status.Place),
		Purpose:   m.termOf("purpose.", m.status.Purpose),
		Direction: t("direction." + m.way.String()),
		Out:       m.way == record.Out,
		Officer:   m.dutyLine(),
		Time:      m.now.Format("15:04"),
		Sync:      m.sync(),
		Contact:   m.contact(),
		Lists:     m.lists(),
		Journal:   m.journal(),
	}
	if m.status.Lane != "" {
		h.Lane = t("lane.lane", "lane", laneName(m.status.Lane))
	}
	return h
}

// sync says what the office does not hold.
func (m *Model) sync() Line {
	c := m.status.Counts
	switch {
	case m.training:
		return Line{m.words.T("lane.sync.training"), Quiet}
	case c.Head == 0:
		return Line{m.words.T("lane.sync.empty"), Quiet}
	case c.Unsent == 0:
		return Line{m.words.T("lane.sync.all", "held", m.number(c.Held)), Good}
	}
	level := Warn
	oldest := m.words.T("lane.sync.waiting", "n", m.number(c.Unsent), "held", m.number(c.Held))
	if !c.OldestUnsent.IsZero() {
		age := max(0, m.now.Sub(c.OldestUnsent))
		oldest = m.words.T("lane.sync.oldest", "n", m.number(c.Unsent), "age", m.span(age), "held", m.number(c.Held))
		if age < time.Minute && m.status.Link.Connected {
			level = Good
		}
	}
	return Line{oldest, level}
}

// contact says when the office was last heard, and a clock that is off.
func (m *Model) contact() Line {
	l := m.status.Link
	if l.SkewMS != nil && max(*l.SkewMS, -*l.SkewMS) > 30_000 {
		off := time.Duration(max(*l.SkewMS, -*l.SkewMS)) * time.Millisecond
		return Line{m.words.T("lane.clock-off", "age", m.span(max(off, time.Minute))), Bad}
	}
	if behind := m.clockBehind(); behind != "" {
		return Line{behind, Bad}
	}
	if m.training {
		return Line{} // there is no office
	}
	switch {
	case l.Connected:
		return Line{m.words.T("lane.link.up"), Good}
	case l.LastContact.IsZero():
		return Line{m.words.T("lane.link.never"), Warn}
	}
	return Line{m.words.T("lane.link.down", "when", m.when(l.LastContact)), Warn}
}

// lists says how old the lists are, in the office's own steps.
func (m *Model) lists() Line {
	if m.status.ListsAsOf.IsZero() {
		return Line{m.words.T("lane.lists.none"), Bad}
	}
	age := max(0, m.now.Sub(m.status.ListsAsOf))
	text, level := m.words.T("lane.lists.age", "age", m.span(age)), Good
	if age < time.Minute {
		text = m.words.T("lane.lists.fresh")
	}
	for i, key := range []string{"", "", "lane.lists.ask"} {
		if h := m.status.Stale[i]; h != 0 && age >= time.Duration(h)*time.Hour {
			level = min(Bad, Warn+Level(i/2))
			if key != "" {
				text = m.words.T(key, "age", m.span(age))
			}
		}
	}
	return Line{text, level}
}

// journal says that records are not written as they should.
func (m *Model) journal() Line {
	slow := len(m.judging) > 0 && m.now.Sub(m.judging[0]) >= slowAfter
	switch h := m.status.Counts.Health; {
	case h == journal.HealthFull, h == journal.HealthFailing:
		return Line{m.words.T("lane.journal." + h), Bad}
	case h == journal.HealthCopyOnly:
		return Line{m.words.T("lane.journal.copy-only"), Warn}
	case slow || h == journal.HealthSlow:
		return Line{m.words.T("lane.journal.slow"), Warn}
	case m.status.Counts.LowDisk:
		return Line{m.words.T("lane.journal.low"), Warn}
	}
	return Line{}
}
