package lane

import (
	"context"
	"fmt"
	"reflect"
	"strings"
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
		items = append([]journal.Item{{Kind: record.KindContext, Body: now, State: kept(now)}}, items...)
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
		Serial: lists.Serial(), SkewMS: l.written.SkewMS, Purpose: l.purpose, Place: l.place,
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
	return l.change(ctx, "direction", func() { l.direction = dir })
}

// SetPurpose changes what people are taken to travel for when nobody says
// otherwise; "" is nothing.
func (l *Lane) SetPurpose(ctx context.Context, purpose string) error {
	return l.change(ctx, "purpose", func() { l.purpose = strings.TrimSpace(purpose) })
}

// Move writes down where a patrol stands now, before its next scan. The zero
// place is where the post is.
func (l *Lane) Move(ctx context.Context, to record.Place) error {
	to.Name = strings.TrimSpace(to.Name)
	if at := to.At; at != nil && !(at[0] >= -90 && at[0] <= 90 && at[1] >= -180 && at[1] <= 180) {
		return fmt.Errorf("move the station: %v is no latitude and longitude: %w", *at, ErrPlace)
	}
	return l.change(ctx, "place", func() {
		if l.place = &to; to.Name == "" && to.At == nil {
			l.place = nil
		}
	})
}

// change alters what holds from now on and writes it down.
func (l *Lane) change(ctx context.Context, what string, alter func()) error {
	l.order.Lock()
	defer l.order.Unlock()
	l.mu.Lock()
	alter()
	l.mu.Unlock()
	if _, err := l.saveInOrder(ctx); err != nil {
		return fmt.Errorf("save the lane's %s: %w", what, err)
	}
	return nil
}
