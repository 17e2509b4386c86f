package screen

import (
	"slices"
	"time"

	"quachot/internal/record"
	"quachot/internal/wire"
)

// decisions are the keys that close a scan.
var decisions = map[Key]record.Decision{
	"1": record.LetThrough, "3": record.TurnedBack, "4": record.ToTest, "5": record.ToQuarantine,
}

// keyTell opens the declaration of the person on show.
const keyTell Key = "2"

// matter is what one decision is about: one person, or all aboard a vehicle.
type matter struct {
	scans   []*shown
	vehicle *vehicle        // nil = a person by itself
	to      *wire.CarePlace // where they are sent; nil = nowhere, or not said
}

// act is a decision of the officer.
type act struct {
	on     matter
	p      record.Passage // as it was asked for
	at     time.Time
	id     *record.ID // under which it is on disk; nil = not yet
	undone bool
}

// keepActs is how many decisions can be undone, one after the other.
const keepActs = 4

// person is the matter of one verdict.
func person(s *shown) matter { return matter{scans: []*shown{s}} }

// verdict is the worst one of all it is about.
func (x matter) verdict() record.Verdict {
	worst := record.Pass
	if x.vehicle != nil {
		worst = x.vehicle.verdict()
	}
	for _, s := range x.scans {
		worst = worst.Worse(weight(s.Verdict))
	}
	return worst
}

// weight is a verdict for comparing: a code that could not be read asks for a
// check of its bearer, it is not worse than a stop.
func weight(v record.Verdict) record.Verdict {
	if v == record.Unreadable {
		return record.Check
	}
	return v
}

// ids name the scans that are on disk.
func (x matter) ids() []record.ID {
	var all []record.ID
	for _, s := range x.scans {
		if s.ID != (record.ID{}) {
			all = append(all, s.ID)
		}
	}
	return all
}

// decisionKey takes a key about the verdict on show.
func (m *Model) decisionKey(k Key) []Effect {
	s := m.current
	if s == nil || !s.open() || m.selfService() {
		return m.stayKey(k)
	}
	if k == keyTell {
		return m.begin(m.declaration())
	}
	if d, ok := decisions[k]; ok {
		return m.decideOn(person(s), d)
	}
	return nil
}

// declaration is the page of F3, about the verdict on show; nil when there is none.
func (m *Model) declaration() page {
	if opens, ok := pageKeys()[KeyDeclare]; ok {
		return opens(m)
	}
	return nil
}

// decideOn asks what has to be known before decision d about x is written.
func (m *Model) decideOn(x matter, d record.Decision) []Effect {
	if len(x.ids()) == 0 {
		m.say("lane.decide.nothing", true)
		return nil
	}
	switch {
	case d == record.LetThrough && x.verdict() != record.Pass:
		return m.begin(newReasons(m, x))
	case d == record.ToTest || d == record.ToQuarantine:
		return m.begin(newPlaces(x, d))
	}
	return m.act(x, record.Passage{Decision: d})
}

// act writes a decision; p says what was asked for, the rest is filled in.
func (m *Model) act(x matter, p record.Passage) []Effect {
	p.Earlier, p.Way = x.ids(), m.way
	for _, s := range x.scans {
		if s.corrects != nil {
			p.Corrects = s.corrects
		}
		if s.told != nil && p.Purpose == "" {
			p.Purpose = s.told.Purpose
		}
	}
	a := &act{on: x, at: m.now}
	if v := x.vehicle; v != nil {
		v.fill(&p)
		m.vehicle = nil
	}
	a.p = p
	for _, s := range x.scans {
		s.act, s.aboard, s.since = a, nil, m.now
	}
	if x.vehicle != nil {
		m.landed(a)
	}
	m.acts = slices.Insert(m.acts, 0, a)
	m.acts = m.acts[:min(len(m.acts), keepActs)]
	effects := []Effect{{Decide: &Decide{Scan: p.Earlier[0], Passage: p}}}
	if x.vehicle != nil {
		effects = append(effects, m.ride()...)
	}
	return effects
}

// Decided takes the id under which the decision about scan was written; the
// zero id when it could not be.
func (m *Model) Decided(scan, passage record.ID, now time.Time) []Effect {
	m.now = now
	for _, a := range m.acts {
		if a.undone || a.id != nil || a.p.Earlier[0] != scan {
			continue
		}
		if passage == (record.ID{}) {
			m.say("lane.decide.failed", true)
			m.reopen(a)
			break
		}
		a.id = &passage
		for _, s := range a.on.scans {
			s.corrects = nil
		}
		return append(m.handOver(a), m.turn()...)
	}
	return m.turn()
}

// undo takes the last decision back within ten seconds: a record says that it
// was a slip, and it is open again.
func (m *Model) undo() []Effect {
	i := slices.IndexFunc(m.acts, m.undoable)
	switch {
	case i < 0:
		return nil
	case m.acts[i].on.vehicle != nil && m.vehicle != nil:
		m.say("lane.undo.vehicle", true)
		return nil
	}
	a := m.acts[i]
	for _, s := range a.on.scans {
		s.corrects = a.id
	}
	m.reopen(a)
	p := a.p
	p.Corrects, p.Undone = a.id, true
	effects := []Effect{{Decide: &Decide{Passage: p}}}
	if a.on.vehicle != nil {
		effects = append(effects, m.ride()...)
	}
	return effects
}

func (m *Model) undoable(a *act) bool {
	return !a.undone && a.id != nil && m.now.Sub(a.at) < undoFor
}

// reopen makes what a decided undecided again and shows it; what was on show
// waits.
func (m *Model) reopen(a *act) {
	a.undone = true
	m.slips = nil
	if to := a.on.to; to != nil && m.sent != nil {
		m.sent[to.Code] -= min(m.sent[to.Code], uint(len(a.on.scans)))
	}
	for _, s := range a.on.scans {
		s.act, s.since, s.passed = nil, m.now, false
		if a.on.vehicle != nil {
			s.aboard = a.on.vehicle
		}
	}
	if a.on.vehicle != nil {
		if m.vehicle == nil {
			m.vehicle = a.on.vehicle
		}
		return
	}
	m.recall(a.on.scans[0])
}

// recall puts s on show, and what is on show back into the queue.
func (m *Model) recall(s *shown) {
	if c := m.current; c != nil && c != s {
		m.queue = slices.Insert(m.queue, 0, c)
		m.past = slices.DeleteFunc(m.past, func(p *shown) bool { return p == c })
	}
	m.queue = slices.DeleteFunc(m.queue, func(q *shown) bool { return q == s })
	if !slices.Contains(m.past, s) {
		m.past = slices.Insert(m.past, 0, s)
		m.past = m.past[:min(len(m.past), keepPast)]
	}
	s.since, m.current = m.now, s
}

// declared takes what became of a person by a declaration: about is the verdict
// it belongs to, nil when no code was scanned for it. A check that is pass after
// it is let through for that reason, any other waits for its decision; a stop
// stays one, whatever was declared: that takes a supervisor.
func (m *Model) declared(about *shown, d record.Declaration, r Result) []Effect {
	if about == nil {
		return m.arrived(&shown{Result: r, told: &d})
	}
	about.told = &d
	m.joins(about)
	if about.since = m.now; about.Verdict == record.Stop && r.Verdict < record.Stop {
		r.Verdict, r.Reasons = record.Stop, slices.Concat(about.Reasons, r.Reasons)
	}
	about.Verdict, about.Reasons = r.Verdict, r.Reasons
	if r.Watch != nil {
		about.Watch = r.Watch
	}
	if about.act == nil && about.aboard == nil && about.Verdict == record.Pass && about.ID != (record.ID{}) {
		return m.act(person(about), record.Passage{Decision: record.LetThrough, Reason: becauseDeclared, Checked: "declaration"})
	}
	return nil
}
