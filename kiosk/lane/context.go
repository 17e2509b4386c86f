package lane

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"time"

	"quachot/internal/record"
	"quachot/kiosk/journal"
)

// save appends one record, with a context record before it in the same commit
// when what holds has changed since the last one.
func (l *Lane) save(ctx context.Context, item journal.Item) (journal.Saved, error) {
	l.order.RLock()
	if _, due := l.contextDue(); !due {
		defer l.order.RUnlock()
		return l.append(ctx, item)
	}
	l.order.RUnlock()
	l.order.Lock()
	defer l.order.Unlock()
	return l.saveInOrder(ctx, item)
}

// saveInOrder is save for a caller that holds order for writing.
func (l *Lane) saveInOrder(ctx context.Context, items ...journal.Item) (journal.Saved, error) {
	now, due := l.contextDue()
	if due {
		items = append([]journal.Item{{Kind: record.KindContext, Body: now}}, items...)
	}
	if len(items) == 0 {
		return journal.Saved{}, nil
	}
	saved, err := l.append(ctx, items...)
	if err == nil && due {
		l.mu.Lock()
		l.written, l.contextIn = now, saved.ID.Segment
		l.mu.Unlock()
	}
	return saved, err
}

// append writes items in one commit and answers for the last one.
func (l *Lane) append(ctx context.Context, items ...journal.Item) (journal.Saved, error) {
	saved, err := l.d.Journal.Append(ctx, items...)
	if err != nil {
		return journal.Saved{}, err
	}
	if len(saved) != len(items) {
		return journal.Saved{}, fmt.Errorf("the journal answered for %d of %d records", len(saved), len(items))
	}
	last := saved[len(saved)-1]
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.segment != (record.SegmentID{}) && l.segment != last.ID.Segment {
		clear(l.fields)
	}
	l.segment = last.ID.Segment
	return last, nil
}

// skewStep is by how much the measured skew must change to be written again.
const skewStep = 5 * time.Second

// contextDue is what holds now, and whether that has to be written: it differs
// from the last context, or that one stands in another segment.
func (l *Lane) contextDue() (record.Context, bool) {
	lists := l.d.Lists()
	l.mu.Lock()
	defer l.mu.Unlock()
	now := record.Context{
		Officer: l.officer, Post: l.d.Post, Lane: l.d.Name, Direction: l.direction, Scanner: l.d.Scanner,
		Serial: lists.Serial(), SkewMS: l.written.SkewMS,
	}
	if asOf := lists.AsOf(); !asOf.IsZero() {
		now.AsOf = asOf.UnixMilli()
	}
	if versions := lists.Versions(); len(versions) > 0 {
		now.Lists = versions
	}
	if skew, ok := l.skew(); ok && (now.SkewMS == nil || abs(skew-*now.SkewMS) >= skewStep.Milliseconds()) {
		now.SkewMS = &skew
	}
	return now, l.contextIn != l.segment || l.contextIn == (record.SegmentID{}) || !reflect.DeepEqual(now, l.written)
}

func (l *Lane) skew() (ms int64, ok bool) {
	if l.d.Skew == nil {
		return 0, false
	}
	ahead, ok := l.d.Skew()
	return ahead.Milliseconds(), ok
}

func abs(n int64) int64 { return max(n, -n) }

// SetDirection turns the lane and writes it down before the next scan.
func (l *Lane) SetDirection(ctx context.Context, dir record.Direction) error {
	if dir != record.In && dir != record.Out {
		return fmt.Errorf("turn the lane: direction %d is neither in nor out", dir)
	}
	l.order.Lock()
	defer l.order.Unlock()
	l.mu.Lock()
	l.direction = dir
	l.mu.Unlock()
	if _, err := l.saveInOrder(ctx); err != nil {
		return fmt.Errorf("save the lane's direction: %w", err)
	}
	return nil
}

// SetOfficer changes who is on duty; "" is nobody. The one who goes is logged
// out with the counts of the shift, a new segment begins, and the one who comes
// is logged in. What is queued at the journal stays there.
func (l *Lane) SetOfficer(ctx context.Context, id string) error {
	l.order.Lock()
	defer l.order.Unlock()
	l.mu.Lock()
	before := l.officer
	gone := record.Shift{Officer: before, Event: "logout", Counts: maps.Clone(l.counts)}
	l.mu.Unlock()
	if before == id {
		return nil
	}
	if before != "" {
		if _, err := l.saveInOrder(ctx, journal.Item{Kind: record.KindShift, Body: gone}); err != nil {
			return fmt.Errorf("save the end of the shift: %w", err)
		}
	}
	if err := l.d.Journal.Roll("officer"); err != nil {
		l.d.Log.Warn("no new segment for the new officer, the records go on in the old one", "err", err)
	}
	l.mu.Lock()
	l.officer = id
	clear(l.counts)
	l.mu.Unlock()
	if id == "" { // the next record, if any, says that nobody is on duty
		return nil
	}
	login := journal.Item{Kind: record.KindShift, Body: record.Shift{Officer: id, Event: "login"}}
	if _, err := l.saveInOrder(ctx, login); err != nil {
		return fmt.Errorf("save the beginning of the shift: %w", err)
	}
	return nil
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
