package screen

import "time"

// page is one thing to do over the lane: a form, a choice, a list. The model's
// goroutine owns it. Scans are judged and saved behind an open page as always;
// their verdicts wait their turn until the last page is closed.
type page interface {
	// key takes a key and says whether the page stays open. Hasty keys came
	// faster than a hand types: they may fill a field, they decide nothing.
	key(m *Model, k Key, hasty bool) (effects []Effect, open bool)
	// draw is what the page shows, and the keys that work.
	draw(m *Model) (Page, []Hint)
}

// A scanTaker is a page that takes codes before they go to the lane, such as the
// login its badge; false leaves the code to the lane.
type scanTaker interface {
	scan(m *Model, s Scan) (effects []Effect, taken, open bool)
}

// A resultTaker is a page that is filled by what was scanned while it is open,
// such as a declaration by a CCCD; false leaves the verdict its turn.
type resultTaker interface {
	judged(m *Model, r Result) (effects []Effect, taken bool)
}

// A ticker is a page that changes with time.
type ticker interface {
	tick(m *Model, now time.Time) (effects []Effect, open bool)
}

// An opener is a page that needs something fetched when it opens.
type opener interface {
	opened(m *Model) []Effect
}

// open puts p over the lane, and over the pages that are open.
func (m *Model) open(p page) { m.pages = append(m.pages, p) }

// begin opens p and says what it needs; nil opens nothing.
func (m *Model) begin(p page) []Effect {
	if p == nil {
		return nil
	}
	m.open(p)
	if o, ok := p.(opener); ok {
		return o.opened(m)
	}
	return nil
}

// top is the page that takes the keys; nil = the lane itself.
func (m *Model) top() page {
	if len(m.pages) == 0 {
		return nil
	}
	return m.pages[len(m.pages)-1]
}

// closed takes p away when it says that it is done.
func (m *Model) closed(p page, open bool) {
	if open {
		return
	}
	for i, have := range m.pages {
		if have == p {
			m.pages = append(m.pages[:i:i], m.pages[i+1:]...)
			return
		}
	}
}

// pageKey gives a key to the page on top; false when there is none.
func (m *Model) pageKey(k Key, hasty bool) (effects []Effect, taken bool) {
	p := m.top()
	if p == nil {
		return nil, false
	}
	effects, open := p.key(m, k, hasty)
	m.closed(p, open)
	return append(effects, m.uncovered()...), true
}

// uncovered goes on with the lane when no page lies over it any more. A verdict
// that waits for a decision has its full time again.
func (m *Model) uncovered() []Effect {
	if len(m.pages) > 0 {
		return nil
	}
	if s := m.current; s != nil && s.open() {
		s.since = m.now
	}
	if m.vehicle != nil {
		m.vehicle.shut = false
	}
	return m.turn()
}

// pageScan offers a code to the page on top; false leaves it to the lane.
func (m *Model) pageScan(s Scan) (effects []Effect, taken bool) {
	p := m.top()
	t, ok := p.(scanTaker)
	if !ok {
		return nil, false
	}
	effects, taken, open := t.scan(m, s)
	m.closed(p, open)
	return effects, taken
}

// pageJudged offers a result to the page on top.
func (m *Model) pageJudged(r Result) (effects []Effect, taken bool) {
	if t, ok := m.top().(resultTaker); ok {
		return t.judged(m, r)
	}
	return nil, false
}

// pageTick lets time go by on every open page.
func (m *Model) pageTick(now time.Time) (effects []Effect) {
	for _, p := range append([]page(nil), m.pages...) {
		if t, ok := p.(ticker); ok {
			e, open := t.tick(m, now)
			m.closed(p, open)
			effects = append(effects, e...)
		}
	}
	return effects
}

// pageKeys opens a page from the lane; a nil page means not now. Each page adds
// its line. It is a function, since pages call back into what asks it.
func pageKeys() map[Key]func(m *Model) page {
	return map[Key]func(m *Model) page{
		KeyHelp:     newHelp,
		KeyDeclare:  newDeclare,
		KeyPaper:    newPaper,
		KeyVehicle:  openVehicle,
		KeyIncident: newIncident,
		KeyMeter:    newMeter,
		KeySettings: newSettings,
		KeySync:     newSync,
		KeyDuty:     func(m *Model) page { return m.dutyPage() },
	}
}
