package screen

import (
	"time"

	"quachot/internal/record"
)

// How long things stay. A verdict that needs a decision waits for it; only when
// others wait behind it, it gives way in the end, and its row says that nobody
// decided. Every scan is on disk long before its verdict has its turn.
const (
	stayAlone  = 8 * time.Second // a verdict that needs nothing, nobody waiting
	stayQueued = 800 * time.Millisecond
	stayPlace  = 3 * time.Second  // a pass where people scan by themselves
	stayOpen   = 10 * time.Second // an open decision, one waiting; the more wait, the shorter
	undoFor    = 10 * time.Second
	noticeFor  = 60 * time.Second
	slowAfter  = 400 * time.Millisecond
	maxField   = 32
)

// shown is a verdict that has, or had, its turn on the screen.
type shown struct {
	Result
	since    time.Time
	repeats  int
	counted  bool                // in the tally
	act      *act                // the decision about it; nil = none
	corrects *record.ID          // a decision that was undone; the next one names it
	aboard   *vehicle            // the vehicle it sits in, until that is closed
	alone    bool                // was taken out of a vehicle, and joins none
	told     *record.Declaration // what this person declared here
	passed   bool                // gave way without a decision
}

// open says that the officer has to decide about it. Who sits in a vehicle is
// decided about with it.
func (s *shown) open() bool {
	return (s.Verdict == record.Check || s.Verdict == record.Stop) && s.act == nil && s.aboard == nil && !s.passed
}

// Model is the lane's screen. One goroutine owns it; every method is told the
// time, and returns what is to be done.
type Model struct {
	words    Words
	training bool

	now     time.Time
	status  Status
	way     record.Direction
	queue   []*shown // judged, waiting for their turn
	current *shown
	past    []*shown // newest first; with current in front while it is shown
	tally   map[record.Verdict]int
	judging []time.Time // when the scans under way were sent off
	imed    time.Time   // when an input method was last noticed; zero = not
	field   *string     // the number being typed; nil = closed
	closing bool        // asks whether to end the program
	pages   []page      // open over the lane, the last on top
	on      onDuty      // who works at the screen
	flash   Flash       // the last sound, for the eye
	acts    []*act      // the last decisions, newest first; for the undo
	vehicle *vehicle    // open; who is scanned joins it
	message message     // what the officer has to be told, for a while
	prefs   Prefs
	reveal  time.Time                  // until when names are shown in spite of the privacy setting
	because map[record.Decision]string // the last reason given, by decision
	places  []string                   // where a patrol stood lately, newest first
	slips   []Paper                    // the last hand-over slips, to print them again
	sent    map[string]uint            // people sent to each place since the lists came
	sentAs  time.Time                  // as-of of those lists
	stays   stays                      // who is known to stay at this lodging
	lately  usedWards                  // places declared here lately
	paper   paperRun                   // paper forms being entered
}

// NewModel makes the waiting screen.
func NewModel(words Words, way record.Direction, now time.Time) *Model {
	return &Model{words: words, way: way, now: now, tally: map[record.Verdict]int{}}
}

// Train puts the training ribbon on every state.
func (m *Model) Train() { m.training = true }

// Tick lets time go by.
func (m *Model) Tick(now time.Time) []Effect {
	m.now = now
	effects := append(m.idle(), m.pageTick(now)...)
	return append(effects, m.turn()...)
}

// SetStatus takes the station's condition.
func (m *Model) SetStatus(s Status, now time.Time) []Effect {
	m.now, m.status = now, s
	if !s.ListsAsOf.Equal(m.sentAs) {
		m.sentAs, m.sent = s.ListsAsOf, nil
	}
	return m.dutyStatus()
}

// Scan takes a code that arrived.
func (m *Model) Scan(s Scan, now time.Time) []Effect {
	m.now = now
	m.active()
	if s.InputMethod {
		m.imed = now
	} else if !s.Typed {
		m.imed = time.Time{}
	}
	if effects, taken := m.badgeScan(s); taken {
		return effects
	}
	if effects, taken := m.pageScan(s); taken {
		return effects
	}
	m.judging = append(m.judging, now)
	return []Effect{{Judge: &s}}
}

// Judged takes the result of the oldest scan under way.
func (m *Model) Judged(r Result, now time.Time) []Effect {
	m.now = now
	if len(m.judging) > 0 {
		m.judging = m.judging[1:]
	}
	if r.Verdict == 0 {
		r.Verdict = record.Unreadable
	}
	if r.Repeat && m.repeats(r) {
		return nil
	}
	if effects, taken := m.pageJudged(r); taken {
		return effects
	}
	return m.arrived(&shown{Result: r})
}

// Key takes a key. Hasty ones came faster than a hand types: half a code. They
// may fill the field, they never decide anything.
func (m *Model) Key(k Key, hasty bool, now time.Time) []Effect {
	m.now = now
	m.active()
	switch {
	case k == KeyClose || k == KeyScreen:
		return m.leave(k, hasty)
	case m.closing:
		return m.answer(k, hasty)
	case m.field != nil && m.typed(k):
		return m.submitted(k)
	}
	if effects, taken := m.pageKey(k, hasty); taken {
		return effects
	}
	if hasty {
		return nil
	}
	if effects, taken := m.stranger(k); taken {
		return effects
	}
	if opens, ok := pageKeys()[k]; ok {
		return m.begin(opens(m))
	}
	return m.laneKey(k.Upper())
}

// laneKey takes a key of the lane itself.
func (m *Model) laneKey(k Key) []Effect {
	switch k {
	case KeyNumber:
		m.field = new(string)
		return nil
	case KeyDirection:
		return m.turnRound()
	case KeyEscape:
		return m.dismiss()
	case "Z":
		return m.undo()
	case keyReveal:
		m.unmask()
		return nil
	case keyMove:
		return m.begin(m.mover())
	}
	if m.vehicle != nil {
		return m.vehicleKey(k)
	}
	return m.decisionKey(k)
}

func (m *Model) turnRound() []Effect {
	if m.way == record.Out {
		m.way = record.In
	} else {
		m.way = record.Out
	}
	return []Effect{{Direction: m.way}}
}

// dismiss clears a verdict; an open decision stays undecided.
func (m *Model) dismiss() []Effect {
	if m.current == nil {
		return nil
	}
	if m.current.open() {
		m.current.passed = true
	}
	m.current = nil
	return m.turn()
}

// soundOf names the rhythm of a result.
func soundOf(r Result) string {
	if r.Watch != nil {
		return "watch"
	}
	return r.Verdict.String()
}
