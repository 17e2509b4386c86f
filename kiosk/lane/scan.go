package lane

import (
	"context"
	"fmt"
	"time"

	"quachot/internal/credential"
	"quachot/internal/record"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/journal"
)

// RepeatWithin is how long after a scan the same code is the same scan: imagers
// on a stand fire again while the card is held. It is counted from the first
// read, so that a code handed on along the queue is a new scan soon enough.
const RepeatWithin = 2500 * time.Millisecond

// Scan judges text, saves the record and answers; the answer is not given
// before the record is on disk, or the journal says that no disk takes it.
// Whatever the text is, it is recorded. With an error the outcome is filled
// as far as it got, but there is no record: the journal is closed or its memory
// is full too, or ctx ended first.
func (l *Lane) Scan(ctx context.Context, text string) (Result, error) {
	start := l.d.Clock.SinceBoot()
	began := time.Now()
	r, first := l.read(text, start)
	if !first {
		return l.repeat(ctx, r)
	}
	result, err := l.scan(ctx, text)
	result.Took = time.Since(began)
	l.finish(text, r, result, err)
	return result, err
}

func (l *Lane) scan(ctx context.Context, text string) (Result, error) {
	direction, read := l.Direction(), l.d.Clock.Now()
	in := l.input()
	in.Text, in.Direction = text, direction
	outcome := checkpoint.Judge(in)
	result := Result{Outcome: outcome, Stay: l.lodges(outcome.Keys)}
	body, undo := l.body(text, direction, outcome)
	seen := checkpoint.Seen{At: l.d.Clock.Now(), Direction: direction, Verdict: outcome.Verdict, Lane: l.d.Name}
	state := remember(outcome.Keys, seen)
	counted, uncount := l.countScan(read, direction, outcome)
	saved, err := l.save(ctx, journal.Item{Kind: record.KindScan, Body: body, State: append(state, counted...), Urgent: outcome.Watch != nil})
	if err != nil {
		undo()
		uncount()
		result.Health = journal.HealthFailing
		return result, fmt.Errorf("save the scan: %w", err)
	}
	result.ID, result.At, result.Durable = saved.ID, saved.At, saved.Durable
	result.Health = l.health(saved)
	l.scanned(read, saved.ID, outcome)
	return result, nil
}

// body makes the record. Its undo puts back what the record would have taken
// with it, for when it was not saved.
func (l *Lane) body(text string, direction record.Direction, o checkpoint.Outcome) (record.Scan, func()) {
	s := scanRecord(text, direction, o)
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := fieldsOf(o.Reading); f != (fieldsKey{}) && l.firstToday(f) {
		addFields(&s, o.Reading)
	}
	s.Repeats, l.repeats = l.repeats, 0
	s.Unsaved = unsafe(l.d.Journal.Counts().Health)
	return s, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.repeats += s.Repeats
		clear(l.fields)
	}
}

// countScan counts a scan, and who is in when this is a place.
func (l *Lane) countScan(read time.Time, way record.Direction, o checkpoint.Outcome) (puts []journal.Put, undo func()) {
	steps := []step{{countScans, 1}, {verdictCounter(o.Verdict), 1}}
	place := l.kind() == kindPlace
	if closesItself(o.Verdict, place) {
		steps = append(steps, step{countPassages, 1})
		l.mu.Lock()
		l.closed(read, l.d.Clock.Now(), 1)
		l.mu.Unlock()
	}
	puts, undo = l.count(steps...)
	if !place {
		return puts, undo
	}
	in, out := l.enter(way, o)
	return append(puts, in...), func() { undo(); out() }
}

// closesItself says whether a verdict needs no decision of an officer: a pass,
// and at a place, where nobody sits, whatever does not send away.
func closesItself(v record.Verdict, place bool) bool {
	return v == record.Pass || place && v == record.Check
}

func (l *Lane) latestOffice() time.Time {
	if l.d.LatestOffice == nil {
		return time.Time{}
	}
	return l.d.LatestOffice()
}

func (l *Lane) ahead() time.Duration {
	if ms, ok := l.skew(); ok {
		return max(0, time.Duration(ms)*time.Millisecond)
	}
	return 0
}

// health is the journal's state as one save showed it.
func (l *Lane) health(s journal.Saved) string {
	switch {
	case !s.Durable:
		if h := l.d.Journal.Counts().Health; unsafe(h) {
			return h
		}
		return journal.HealthFailing
	case s.Err != nil:
		return journal.HealthCopyOnly
	case s.Slow:
		return journal.HealthSlow
	}
	return journal.HealthOK
}

func unsafe(health string) bool {
	return health == journal.HealthFull || health == journal.HealthFailing
}

// ownCard tells of a reading that only our card's number is kept of.
func ownCard(r credential.Reading) bool {
	return r.Kind == credential.Card || r.Kind == credential.CardNumber
}
