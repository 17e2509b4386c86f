package screen

import (
	"slices"
	"time"

	"quachot/internal/record"
)

// arrived gives a verdict its place: in the vehicle that is open, and in the
// queue for the screen.
func (m *Model) arrived(s *shown) []Effect {
	m.joins(s)
	m.queue = append(m.queue, s)
	m.skip()
	if v := m.vehicle; v != nil && v.ending && len(m.judging) == 0 && len(m.pages) == 0 {
		return append(m.turn(), m.closeVehicle()...)
	}
	return m.turn()
}

// mostQueued is how many verdicts wait for the screen. More of them, behind a
// page that was left open, would be shown to nobody for hours.
const mostQueued = 400

// skip takes the oldest waiting verdict off the screen's way when there are too
// many. It is on disk like every other, and its row says that nobody decided.
func (m *Model) skip() {
	if len(m.queue) <= mostQueued {
		return
	}
	s := m.queue[0]
	m.queue = slices.Delete(m.queue, 0, 1)
	if s.open() {
		s.passed = true
	}
	m.keep(s)
	m.say("lane.queue.over", true)
}

// repeats counts a code read again; false when its first result is not known.
func (m *Model) repeats(r Result) bool {
	for _, s := range m.past {
		if s.ID == r.ID {
			s.repeats++
			if s == m.current {
				s.since = m.now
			}
			return true
		}
	}
	for _, q := range m.queue {
		if q.ID == r.ID {
			return true
		}
	}
	return false
}

// turn gives the screen to the next verdict when the present one has had its time.
func (m *Model) turn() []Effect {
	if len(m.pages) > 0 || m.current != nil && !m.over(m.current) {
		return nil
	}
	if m.current != nil && m.current.open() {
		m.current.passed = true
	}
	m.current = nil
	if len(m.queue) == 0 {
		return nil
	}
	s := m.queue[0]
	m.queue = slices.Delete(m.queue, 0, 1)
	s.since, m.current = m.now, s
	m.joins(s)
	return m.note(s)
}

// keepPast is how many verdicts are remembered: the one on show and three rows.
const keepPast = 4

// note keeps a verdict and lets it sound.
func (m *Model) note(s *shown) []Effect {
	m.keep(s)
	return m.sound(soundOf(s.Result))
}

// keep puts a verdict in front of those remembered and counts it.
func (m *Model) keep(s *shown) {
	m.past = slices.DeleteFunc(m.past, func(p *shown) bool { return p == s })
	m.past = slices.Insert(m.past, 0, s)
	if len(m.past) > keepPast {
		m.past = slices.Delete(m.past, keepPast, len(m.past))
	}
	if !s.counted {
		s.counted = true
		m.tally[s.Verdict]++
	}
}

// sound lets name be heard and seen.
func (m *Model) sound(name string) []Effect {
	m.flash = Flash{Sound: name, Turn: m.flash.Turn + 1}
	return []Effect{{Sound: name}}
}

// over says that s has had its time.
func (m *Model) over(s *shown) bool {
	if s.since.After(m.now) { // the clock was set back
		s.since = m.now
	}
	stayed := m.now.Sub(s.since)
	switch {
	case s.open() && !m.selfService():
		return len(m.queue) > 0 && stayed >= max(stayQueued, stayOpen/time.Duration(len(m.queue)))
	case len(m.queue) > 0:
		return stayed >= stayQueued
	case m.selfService() && s.Verdict == record.Pass:
		return stayed >= stayPlace
	}
	return stayed >= stayAlone
}
