package screen

import (
	"context"
	"time"

	"quachot/internal/badge"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
)

// Duty is what the screen has to know of officers, of a [Status]. The zero value
// is a station without a list of officers: its lane works without anybody logging
// in.
type Duty struct {
	Officers int           // on the office's list
	On       Officer       // whom the lane has on duty; the zero Officer = nobody
	Idle     time.Duration // without a key or scan until the station locks; 0 = never
	Last     *LastShift    // the shift handed over last; nil = not known
}

// Officer is somebody on duty, without what proves it.
type Officer struct{ ID, Name, Role string }

// LastShift is what was handed over last.
type LastShift struct {
	Officer, Next Officer // the zero Next = nobody followed
	From, To      time.Time
	Counts        map[string]uint64 // as of [Look]
}

// idleWarning is how long before it locks an idle station says so.
const idleWarning = time.Minute

// onDuty is who works at the screen. The model says it itself: the status, asked
// for once a second, may be older than the login.
type onDuty struct {
	officer Officer
	locked  bool
	asked   bool      // the first status came, and the login page with it
	last    time.Time // of the last key or scan
}

func officerOf(o wire.Officer) Officer { return Officer{o.ID, o.Name, o.Role} }

// label is how an officer is named on screen.
func (o Officer) label() string {
	if o.Name == "" || o.Name == o.ID {
		return o.ID
	}
	return o.Name + " (" + o.ID + ")"
}

// dutyStatus takes over who the lane has on duty when the window opens, and asks
// for a login when nobody is.
func (m *Model) dutyStatus() []Effect {
	if m.on.asked {
		return nil
	}
	m.on.asked, m.on.last = true, m.now
	m.on.officer = m.status.Duty.On
	if !m.unattended() {
		return nil
	}
	return m.begin(newLogin())
}

// unattended says that the office has named officers and none of them is here.
// Scans are judged and saved all the same; see package duty.
func (m *Model) unattended() bool { return m.status.Duty.Officers > 0 && m.on.officer.ID == "" }

// Can tells whether whoever is on duty may do act. Where the office has named no
// officers, everybody may.
func (m *Model) can(act duty.Act) bool {
	return m.status.Duty.Officers == 0 || duty.Can(m.on.officer.Role, act)
}

// free are the keys that need nobody on duty: what they do changes nothing, or is
// a scan.
var free = map[Key]bool{
	KeyHelp: true, KeyNumber: true, KeyMeter: true, KeyDuty: true, KeySync: true, KeyEscape: true, keyReveal: true,
}

// stranger opens the login page in place of what k would do, when nobody is on
// duty to do it.
func (m *Model) stranger(k Key) (effects []Effect, taken bool) {
	if k = k.Upper(); !m.unattended() || free[k] || !m.means(k) {
		return nil, false
	}
	p := newLogin()
	p.lead = "duty.needed"
	return m.begin(p), true
}

// means says that the lane would do something for k now.
func (m *Model) means(k Key) bool {
	_, opens := pageKeys()[k]
	_, typed := k.Rune()
	switch {
	case opens, k == KeyDirection, m.vehicle != nil:
		return true
	case k == keyMove && m.mover() != nil, k == KeyEnter && m.mayStay(m.current):
		return true
	}
	return typed && m.current != nil && m.current.open()
}

// active notes a key or a scan: the officer is here.
func (m *Model) active() { m.on.last = m.now }

// idleFor is how long until the station locks; false when it does not. A lane that
// citizens use by themselves has nobody at its keys and stays open.
func (m *Model) idleFor() (time.Duration, bool) {
	if m.on.officer.ID == "" || m.on.locked || m.status.Duty.Idle <= 0 || m.selfService() {
		return 0, false
	}
	if m.on.last.After(m.now) { // the clock was set back
		m.on.last = m.now
	}
	return m.status.Duty.Idle - m.now.Sub(m.on.last), true
}

// idle locks a station that nobody has touched for long.
func (m *Model) idle() []Effect {
	if left, counts := m.idleFor(); counts && left <= 0 {
		return m.lock()
	}
	return nil
}

// dutyNotice is what the bar over the screen has to say of duty.
func (m *Model) dutyNotice() (text string, alarm bool) {
	if left, counts := m.idleFor(); counts && left <= idleWarning {
		return m.words.T("duty.idle", "n", seconds(left)), false
	}
	if m.unattended() && len(m.pages) == 0 {
		return m.words.T("duty.nobody"), true
	}
	return "", false
}

// dutyLine is the header's line of who is on duty.
func (m *Model) dutyLine() Line {
	switch {
	case m.on.locked:
		return Line{m.words.T("duty.locked.short", "who", m.on.officer.Name), Warn}
	case m.on.officer.Name != "":
		return Line{Text: m.on.officer.Name}
	case m.on.officer.ID != "":
		return Line{Text: m.on.officer.ID}
	case m.unattended():
		return Line{m.words.T("duty.nobody.short"), Bad}
	case m.status.Officer != "":
		return Line{Text: m.status.Officer}
	}
	return Line{m.words.T("lane.nobody"), Quiet}
}

// dutyPage is F9: a login when nobody is on duty, else the hand-over.
func (m *Model) dutyPage() badgeTaker {
	if m.on.officer.ID == "" {
		return newLogin()
	}
	return newHandover(m)
}

// A badgeTaker is a page that an officer's badge is for.
type badgeTaker interface {
	page
	badge(m *Model, text string) []Effect
}

// badgeScan gives an officer's badge to the page that asks for one, and opens one
// when none does. A badge goes to no other page and never to the lane: it holds a
// secret, and is no citizen's code.
func (m *Model) badgeScan(s Scan) (effects []Effect, taken bool) {
	text := badgeOf(s)
	if text == "" {
		return nil, false
	}
	p, asked := m.top().(badgeTaker)
	if !asked {
		p = m.dutyPage()
		effects = m.begin(p)
	}
	return append(effects, p.badge(m, text)...), true
}

// badgeOf is the badge among the ways to read a scan; "" = it is none.
func badgeOf(s Scan) string {
	found := ""
	for _, text := range s.Texts {
		if !badge.Is(text) {
			continue
		}
		if _, err := badge.Parse(text); err == nil {
			return text
		}
		found = text
	}
	return found
}

// loggedIn puts o on duty on the screen.
func (m *Model) loggedIn(o Officer) {
	m.on.officer, m.on.locked, m.on.last = o, false, m.now
}

// shut takes a page away from a reply, and goes on with the lane.
func (m *Model) shut(p page) []Effect {
	m.closed(p, false)
	return m.uncovered()
}

// work is an effect whose reply knows the time.
func work(do func(ctx context.Context, do Doing) func(m *Model) []Effect) []Effect {
	return []Effect{{Work: func(ctx context.Context, d Doing) func(*Model, time.Time) []Effect {
		told := do(ctx, d)
		return func(m *Model, now time.Time) []Effect {
			m.now = now
			return told(m)
		}
	}}}
}
