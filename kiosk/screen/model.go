package screen

import (
	"strings"
	"time"
	"unicode"

	"quachot/internal/record"
)

// How long things stay. A verdict that needs a decision waits for it; only when
// others wait behind it, it gives way in the end, and its row says that nobody
// decided. Every scan is on disk long before its verdict has its turn.
const (
	stayAlone  = 8 * time.Second // a verdict that needs nothing, nobody waiting
	stayQueued = 800 * time.Millisecond
	stayOpen   = 10 * time.Second // an open decision, one waiting; the more wait, the shorter
	undoFor    = 10 * time.Second
	noticeFor  = 60 * time.Second
	slowAfter  = 400 * time.Millisecond
	maxField   = 32
)

// decisions are the keys that close a scan.
var decisions = map[Key]record.Decision{
	"1": record.LetThrough, "3": record.TurnedBack, "4": record.ToTest, "5": record.ToQuarantine,
}

// shown is a verdict that has, or had, its turn on the screen.
type shown struct {
	Result
	since    time.Time
	repeats  int
	decision record.Decision
	decided  time.Time
	passage  *record.ID // of the decision on disk, for the undo
	passed   bool       // gave way without a decision
}

func (s *shown) open() bool {
	return (s.Verdict == record.Check || s.Verdict == record.Stop) && s.decision == 0 && !s.passed
}

// Model is the lane's screen. One goroutine owns it; every method is told the
// time, and returns what is to be done.
type Model struct {
	words    Words
	training bool

	now     time.Time
	status  Status
	way     record.Direction
	queue   []Result // judged, waiting for their turn
	current *shown
	past    []*shown // newest first; with current in front while it is shown
	tally   map[record.Verdict]int
	judging []time.Time // when the scans under way were sent off
	imed    time.Time   // when an input method was last noticed; zero = not
	field   *string     // the number being typed; nil = closed
	closing bool        // asks whether to end the program
	pages   []page      // open over the lane, the last on top
	flash   Flash       // the last sound, for the eye
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
	return append(m.pageTick(now), m.turn()...)
}

// SetStatus takes the station's condition.
func (m *Model) SetStatus(s Status, now time.Time) []Effect {
	m.now, m.status = now, s
	return nil
}

// Scan takes a code that arrived.
func (m *Model) Scan(s Scan, now time.Time) []Effect {
	m.now = now
	if s.InputMethod {
		m.imed = now
	} else if !s.Typed {
		m.imed = time.Time{}
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
	m.queue = append(m.queue, r)
	return m.turn()
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
	r := m.queue[0]
	m.queue = m.queue[1:]
	m.show(&shown{Result: r, since: m.now})
	m.tally[r.Verdict]++
	m.flash = Flash{Sound: soundOf(r), Turn: m.flash.Turn + 1}
	return []Effect{{Sound: m.flash.Sound}}
}

func (m *Model) show(s *shown) {
	m.current = s
	m.past = append([]*shown{s}, m.past...)
	if len(m.past) > 4 {
		m.past = m.past[:4]
	}
}

// over says that s has had its time.
func (m *Model) over(s *shown) bool {
	if s.since.After(m.now) { // the clock was set back
		s.since = m.now
	}
	stayed := m.now.Sub(s.since)
	switch {
	case s.open():
		return len(m.queue) > 0 && stayed >= max(stayQueued, stayOpen/time.Duration(len(m.queue)))
	case len(m.queue) > 0:
		return stayed >= stayQueued
	}
	return stayed >= stayAlone
}

// Key takes a key. Hasty ones came faster than a hand types: half a code. They
// may fill the field, they never decide anything.
func (m *Model) Key(k Key, hasty bool, now time.Time) []Effect {
	m.now = now
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
	if opens, ok := pageKeys()[k]; ok {
		if p := opens(m); p != nil {
			m.open(p)
		}
		return nil
	}
	switch k.Upper() {
	case KeyNumber:
		m.field = new(string)
	case KeyDirection:
		return m.turnRound()
	case KeyEscape:
		return m.dismiss()
	case "Z":
		return m.undo()
	}
	if d, ok := decisions[k]; ok {
		return m.decide(d)
	}
	return nil
}

// answer takes the key that answers "end the program?".
func (m *Model) answer(k Key, hasty bool) []Effect {
	if hasty {
		return nil
	}
	switch k {
	case KeyEnter:
		return []Effect{{Quit: true}}
	case KeyEscape:
		m.closing = false
	}
	return nil
}

// typed takes a key for the number field; false when the field has no use for it.
func (m *Model) typed(k Key) bool {
	text := *m.field
	switch {
	case k == KeyEnter:
		return true
	case k == KeyEscape || k == KeyNumber:
		m.field = nil
	case k == KeyBackspace:
		r := []rune(text)
		text = string(r[:max(0, len(r)-1)])
		m.field = &text
	case len([]rune(string(k))) == 1 && len(text) < maxField && fits([]rune(string(k))[0]):
		text += string(k.Upper())
		m.field = &text
	default:
		return len(k) == 1
	}
	return true
}

// fits says that r may stand in a document's or a card's number.
func fits(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsDigit(r) || unicode.IsLetter(r) || r == ' ' || r == '-' || r == '.')
}

// submitted sends the typed number to the lane when Enter was pressed.
func (m *Model) submitted(k Key) []Effect {
	if k != KeyEnter {
		return nil
	}
	number := strings.TrimSpace(*m.field)
	if number == "" {
		return nil
	}
	m.field = nil
	return m.Scan(Scan{Texts: []string{number}, At: m.now, Typed: true}, m.now)
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

// decide writes the officer's decision about the verdict on show.
func (m *Model) decide(d record.Decision) []Effect {
	s := m.current
	if s == nil || !s.open() || s.ID == (record.ID{}) {
		return nil
	}
	s.decision, s.decided, s.since = d, m.now, m.now
	return []Effect{{Decide: &Decide{Scan: s.ID, Passage: record.Passage{
		Earlier: []record.ID{s.ID}, Decision: d, Corrects: s.passage, Way: m.way,
	}}}}
}

// Decided takes the id under which the decision about scan was written; the
// zero id when it could not be.
func (m *Model) Decided(scan, passage record.ID, now time.Time) []Effect {
	m.now = now
	for _, s := range m.past {
		if s.ID != scan {
			continue
		}
		if passage == (record.ID{}) {
			s.decision = 0
			continue
		}
		s.passage = &passage
	}
	return m.turn()
}

// undo opens the last decision again for ten seconds. What was written stays
// written: the next decision names the one it corrects.
func (m *Model) undo() []Effect {
	for _, s := range m.past {
		if !m.undoable(s) {
			continue
		}
		s.decision, s.since = 0, m.now
		if m.current != nil && m.current != s {
			m.queue = append([]Result{m.current.Result}, m.queue...)
			m.past = m.past[1:]
			m.tally[m.current.Verdict]--
		}
		m.current = s
		return nil
	}
	return nil
}

func (m *Model) undoable(s *shown) bool {
	return s.decision != 0 && s.passage != nil && m.now.Sub(s.decided) < undoFor
}

// soundOf names the rhythm of a result.
func soundOf(r Result) string {
	if r.Watch != nil {
		return "watch"
	}
	return r.Verdict.String()
}
