package screen

import (
	"slices"
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
	}
	return stayed >= stayAlone
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

// soundOf names the rhythm of a result.
func soundOf(r Result) string {
	if r.Watch != nil {
		return "watch"
	}
	return r.Verdict.String()
}
