package screen

import (
	"context"
	"errors"
	"time"

	"quachot/internal/badge"
	"quachot/kiosk/duty"
)

// handover ends the shift of the officer on duty and begins the next one's. The
// counts stand side by side with those of the shift before; the one who leaves
// and the one who comes each type their PIN below them. A supervisor may stand in
// for an officer who is gone. Nothing is changed before the last PIN was right,
// and what waits to be synced is not touched at all.
//
// The sheet that F7 prints is Paper{"shift"} with giving, taking, from, to (RFC
// 3339), post, lane, note, the counts as "count."+name and those of the shift
// before as "before."+name.
type handover struct {
	step    handoverStep
	from    signIn // of who leaves, or a supervisor for him
	by      Officer
	to      signIn
	next    Officer // zero = nobody follows
	alone   bool    // asks whether nobody follows
	counts  map[string]uint64
	before  *LastShift
	leaving Officer
	began   time.Time // of the shift; zero = not known
	done    time.Time
	failure func(m *Model) string
	printed func(m *Model) string
}

// handoverStep is who has to confirm next.
type handoverStep uint8

const (
	handoverLeaves handoverStep = iota
	handoverComes
	handoverDone
)

func newHandover(m *Model) *handover {
	return &handover{
		leaving: m.on.officer, before: m.status.Duty.Last, began: m.status.Meter.Since,
		from: signIn{name: "from", id: m.on.officer.ID, onPIN: true}, to: signIn{name: "to"},
	}
}

// opened asks for the counts.
func (p *handover) opened(*Model) []Effect {
	return work(func(_ context.Context, do Doing) func(*Model) []Effect {
		counts := do.Counts()
		return func(*Model) []Effect { p.counts = counts; return nil }
	})
}

func (p *handover) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	busy := p.from.busy || p.to.busy
	switch {
	case k == KeyEscape:
		if !hasty && p.step == handoverDone {
			return p.close(m), false
		}
		return nil, hasty || busy || p.back()
	case hasty && len(k) > 1: // half a code
		return nil, true
	case k == KeyPaper:
		return p.print(m), true
	case k == KeyDuty && !busy && p.step != handoverDone && !m.on.locked:
		m.closed(p, false)
		return m.lock(), true
	}
	switch p.step {
	case handoverLeaves:
		if p.from.key(m, k, hasty) {
			return p.from.prove(Credentials{Only: true, Role: needsWork}, p.leaves), true
		}
	case handoverComes:
		return p.comes(m, k, hasty), true
	case handoverDone:
		if k == KeyEnter {
			return p.close(m), false
		}
	}
	return nil, true
}

// close ends the page; with nobody to follow, whoever comes next logs in.
func (p *handover) close(m *Model) []Effect {
	m.closed(p, false)
	if m.unattended() {
		return m.begin(newLogin())
	}
	return nil
}

// back is Esc: it undoes the first confirmation; true = the page stays.
func (p *handover) back() bool {
	if p.step == handoverComes {
		p.step, p.alone, p.failure = handoverLeaves, false, nil
		p.from.clear()
		p.from.id, p.from.onPIN = p.leaving.ID, true
		return true
	}
	return false
}

// leaves takes the first PIN.
func (p *handover) leaves(_ *Model, o Officer) []Effect {
	if o.ID != p.leaving.ID && !duty.Can(o.Role, duty.TakeOver) {
		p.from.wrong = say("duty.handover.not-yours", "who", p.leaving.label())
		p.from.id, p.from.card = p.leaving.ID, ""
		return nil
	}
	p.by, p.step = o, handoverComes
	return nil
}

// comes takes a key for the second officer. Enter without a number asks whether
// nobody follows, and a second Enter says so.
func (p *handover) comes(m *Model, k Key, hasty bool) []Effect {
	empty := p.to.id == "" && p.to.card == ""
	if k == KeyEnter && empty && !hasty {
		if p.alone {
			return p.change(m, Officer{})
		}
		p.alone = true
		return nil
	}
	p.alone = false
	if p.to.key(m, k, hasty) {
		return p.to.prove(Credentials{Only: true, Role: needsWork}, p.change)
	}
	return nil
}

// change writes the hand-over; next is proven. When a supervisor stood in for the
// one who is gone, the records do not say that both confirmed, and a note says who
// did.
func (p *handover) change(m *Model, next Officer) []Effect {
	if next.ID == p.leaving.ID {
		p.to.clear()
		p.to.wrong = say("duty.handover.same")
		return nil
	}
	p.to.busy, p.failure = true, nil
	both := p.by.ID == p.leaving.ID
	note := m.words.T("duty.handover.note", "who", p.leaving.ID, "by", p.by.ID)
	return work(func(ctx context.Context, do Doing) func(*Model) []Effect {
		counts := do.Counts()
		var err error
		if !both {
			_, err = do.Note(ctx, note, nil)
		}
		err = errors.Join(err, do.Handover(ctx, next.ID))
		return func(m *Model) []Effect { return p.changed(m, next, counts, err) }
	})
}

func (p *handover) changed(m *Model, next Officer, counts map[string]uint64, err error) []Effect {
	p.to.busy = false
	if err != nil {
		p.failure = say("duty.handover.failed", "why", err.Error())
		return nil
	}
	p.step, p.next, p.counts, p.done = handoverDone, next, counts, m.now
	m.loggedIn(next)
	for _, q := range append([]page(nil), m.pages...) {
		if _, locked := q.(*lock); locked {
			m.closed(q, false)
		}
	}
	return nil
}

// badge takes the badge of whoever has to confirm.
func (p *handover) badge(_ *Model, text string) []Effect {
	b, err := badge.Parse(text)
	switch early := err == nil && b.Officer != p.leaving.ID && p.to.card == ""; {
	case p.step == handoverDone:
	case p.step == handoverComes, early: // a supervisor who stands in shows the badge again
		p.alone = false
		p.to.show(text)
	default:
		p.from.show(text)
	}
	return nil
}

// print puts the counts on paper, before or after the change.
func (p *handover) print(m *Model) []Effect {
	what := Paper{Name: "shift", Data: p.paper(m)}
	p.printed = say("duty.printing")
	return work(func(ctx context.Context, do Doing) func(*Model) []Effect {
		where, err := do.Print(ctx, what)
		return func(*Model) []Effect {
			if p.printed = say("duty.printed", "where", where); err != nil {
				p.printed = say("duty.not-printed", "why", err.Error())
			}
			return nil
		}
	})
}
