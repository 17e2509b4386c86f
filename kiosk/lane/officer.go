package lane

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"quachot/internal/record"
	"quachot/kiosk/journal"
)

// ErrNobody is for a hand-over when nobody is on duty.
var ErrNobody = errors.New("nobody is on duty who could hand over")

// SetOfficer changes who is on duty; "" is nobody. The one who goes is logged
// out with the counts of the shift, a new segment begins, and the one who comes
// is logged in. What is queued at the journal stays there. An officer whose
// shift was cut short by a crash goes on counting where it ended.
func (l *Lane) SetOfficer(ctx context.Context, id string) error {
	l.order.Lock()
	defer l.order.Unlock()
	if before := l.Officer(); before != id {
		return l.relieve(ctx, before, id, false)
	}
	return nil
}

// Handover is SetOfficer when both stand there and confirmed the counts: either
// record names the other officer. Next "" is a logout with nobody to follow.
func (l *Lane) Handover(ctx context.Context, next string) error {
	l.order.Lock()
	defer l.order.Unlock()
	before := l.Officer()
	switch before {
	case "":
		return fmt.Errorf("hand over: %w", ErrNobody)
	case next:
		return nil
	}
	return l.relieve(ctx, before, next, true)
}

// relieve writes the change of officers. The caller holds order for writing.
func (l *Lane) relieve(ctx context.Context, before, next string, both bool) error {
	counts := l.Counts()
	maps.DeleteFunc(counts, func(_ string, n uint64) bool { return n == 0 })
	gone := l.goes(before, next)
	out := record.Shift{Officer: gone, Event: "logout", Counts: counts}
	in := record.Shift{Officer: next, Event: "login"}
	if both {
		out.With, in.With = next, before
	}
	after := l.shiftOf(before, next)
	if gone != "" {
		state := append(l.puts(after), l.lastShift(out, before, next))
		if _, err := l.saveInOrder(ctx, journal.Item{Kind: record.KindShift, Body: out, State: state}); err != nil {
			return fmt.Errorf("save the end of the shift: %w", err)
		}
	}
	if err := l.d.Journal.Roll("officer"); err != nil {
		l.d.Log.Warn("no new segment for the new officer, the records go on in the old one", "err", err)
	}
	l.mu.Lock()
	l.officer, l.shift = next, after
	l.mu.Unlock()
	if next == "" { // the next record, if any, says that nobody is on duty
		return nil
	}
	if _, err := l.saveInOrder(ctx, journal.Item{Kind: record.KindShift, Body: in, State: l.puts(after)}); err != nil {
		return fmt.Errorf("save the beginning of the shift: %w", err)
	}
	return nil
}

// goes is whose shift ends: that of before, or one that a crash cut short and that
// somebody else than next had. Its counts would reach the office nowhere else.
func (l *Lane) goes(before, next string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if before == "" && l.shift.Officer != next {
		return l.shift.Officer
	}
	return before
}

// shiftOf is the shift next begins, or takes up where a crash cut it short.
func (l *Lane) shiftOf(before, next string) *shift {
	l.mu.Lock()
	defer l.mu.Unlock()
	if before == "" && next != "" && l.shift.Officer == next {
		return l.shift
	}
	return newShift(next, l.d.Clock.Now())
}

// Duty writes an event of a shift that changes nobody: "lock", "unlock",
// "refused" (a wrong PIN).
func (l *Lane) Duty(ctx context.Context, officer, event string) error {
	_, err := l.save(ctx, journal.Item{Kind: record.KindShift, Body: record.Shift{Officer: officer, Event: event}})
	if err != nil {
		return fmt.Errorf("save the shift's event %s: %w", event, err)
	}
	return nil
}
