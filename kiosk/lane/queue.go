package lane

import (
	"sync/atomic"

	"quachot/kiosk/checkpoint"
)

// GCPercent is the garbage collector's setting for a program that works a lane and
// shows no window. Each derivation leaves 8 MiB of garbage, and with the default
// of 100 and a small heap nearly each one is followed by a collection: an eighth
// of a scan's processor time. It costs some 50 MB, which the window, beside its
// pictures, does not have (docs/decisions/008).
const GCPercent = 300

// QueueAhead is how many codes of one scanner are taken in while another is
// judged; the next one waits in the device.
const QueueAhead = 4

// preparing bounds the codes that are prepared at once.
const preparing = 8

// Prepare begins with a code that still waits in a queue: its keys are derived
// beside the work on the one before it. It never waits, writes nothing and
// decides nothing; Scan finds the keys ready, or waits for what is under way.
func (l *Lane) Prepare(text string) {
	select {
	case l.preparing <- struct{}{}:
	default: // enough is under way; Scan does it all
		return
	}
	go func() { // ends by itself after milliseconds
		defer func() { <-l.preparing }()
		in := l.input()
		in.Text = text
		if asked := checkpoint.Asked(in); len(asked) > 0 {
			l.derive(asked)
		}
	}()
}

// Queue stands between a scanner and a lane where codes come faster than they
// are judged: they are answered one by one, in the order they came, and those
// that wait are prepared. Make it with NewQueue; Run answers.
type Queue[T any] struct {
	lane *Lane
	in   chan queued[T]
	busy atomic.Int64 // put in and not answered
}

type queued[T any] struct {
	text string
	what T
}

// NewQueue makes a queue of a lane.
func NewQueue[T any](l *Lane) *Queue[T] {
	return &Queue[T]{lane: l, in: make(chan queued[T], QueueAhead)}
}

// Put takes a code in; it waits while QueueAhead others wait. One goroutine
// calls it, and Close after the last.
func (q *Queue[T]) Put(text string, what T) {
	if q.busy.Add(1) > 1 {
		q.lane.Prepare(text)
	}
	q.in <- queued[T]{text, what}
}

// Close lets Run end when all are answered.
func (q *Queue[T]) Close() { close(q.in) }

// Run answers every code in its turn until the queue is closed and empty.
func (q *Queue[T]) Run(answer func(T)) {
	for c := range q.in {
		answer(c.what)
		q.busy.Add(-1)
	}
}
