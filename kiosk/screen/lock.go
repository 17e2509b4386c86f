package screen

import (
	"context"

	"quachot/internal/badge"
	"quachot/kiosk/duty"
)

// The roles that pages ask for.
var (
	needsWork     = duty.Needs(duty.Work)
	needsOverride = duty.Needs(duty.Override)
)

// lock is what a locked station shows: whose shift it is, and the PIN. Scans go on
// being judged and saved behind it.
type lock struct {
	signIn
	since   string // the time of day
	failure string // the lock could not be written down
}

// lock locks the station for whoever is on duty.
func (m *Model) lock() []Effect {
	if m.on.officer.ID == "" || m.on.locked {
		return nil
	}
	m.on.locked = true
	p := &lock{signIn: signIn{name: "lock", id: m.on.officer.ID, fixed: true, onPIN: true}, since: m.now.Format("15:04")}
	return append(m.begin(p), p.write(true)...)
}

// write writes down that the station was locked or opened.
func (p *lock) write(locked bool) []Effect {
	return work(func(ctx context.Context, do Doing) func(*Model) []Effect {
		err := do.Lock(ctx, locked)
		return func(m *Model) []Effect {
			if p.failure = ""; err != nil {
				p.failure = err.Error()
			}
			return nil
		}
	})
}

func (p *lock) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	switch {
	case k == KeyDuty && !hasty && !p.busy:
		return m.begin(newHandover(m)), true
	case p.signIn.key(m, k, hasty):
		return p.prove(Credentials{Only: true, Role: needsWork}, p.proven), true
	}
	return nil, true
}

func (p *lock) proven(m *Model, o Officer) []Effect {
	if o.ID != m.on.officer.ID { // a badge that was taken over meanwhile
		p.wrong = say("duty.lock.other", "who", m.on.officer.label())
		return nil
	}
	m.loggedIn(o)
	return append(p.write(false), m.shut(p)...)
}

// badge takes the badge of whoever is on duty; another officer's opens the
// hand-over.
func (p *lock) badge(m *Model, text string) []Effect {
	b, err := badge.Parse(text)
	if p.busy || err != nil || b.Officer == p.id {
		p.show(text)
		return nil
	}
	next := newHandover(m)
	return append(m.begin(next), next.badge(m, text)...)
}

func (p *lock) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{
		Name: "lock", Title: t("duty.lock.title"), Lead: t("duty.lock.lead", "who", m.on.officer.label(), "time", p.since),
		Fields: p.fields(m, true)[1:], Pad: true, Error: p.error(m), Aside: m.waitingScans(),
	}
	if page.Error == "" && p.failure != "" {
		page.Error = t("duty.lock.unwritten", "why", p.failure)
	}
	return page, []Hint{{"Enter", t("duty.key.unlock"), true}, {"F9", t("duty.key.other"), false}}
}
