package lane

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
	"quachot/kiosk/journal"
)

// Errors of Decide. With each of them nothing was written.
var (
	ErrDecision = errors.New("a decision is let-through, turned-back, to-test or to-quarantine")
	// ErrOverride is for a stop, of a scan or of the plate, that was let through
	// without a supervisor of this station's list.
	ErrOverride = errors.New("letting a stop through needs a supervisor")
	ErrUndo     = errors.New("there is no such decision to undo")
	ErrFuture   = errors.New("this lies in the future")
	ErrStay     = errors.New("a stay is one room for at most a year of nights, or its end")
)

// Decided is a decision that was saved.
type Decided struct {
	journal.Saved
	Found []record.Reason    // what the lists say of the vehicle's plate, as recorded
	Watch *wire.WatchDetails // of the watch-list entry that was hit; nil = none was
	Twice bool               // a paper form of this number was entered as a passage today already
}

// Decide saves what the officer did. Scans names scans of this lane by their
// seq, as Result gave it, whichever segment they stand in; Earlier names any
// scan in full. With neither, nothing to correct and no paper form, it is about
// the last scan. The answer is the passage's own record, and what the watch-list
// has on the plate.
//
// A stop among the scans, a scan that this program does not remember, or a stop
// on the plate is let through only with the number of a supervisor in Override,
// whose PIN the caller has asked for; else nothing is written and the error wraps
// [ErrOverride]. Where the office has named no officers there is nobody to ask.
// Undone with Corrects takes the decision named back: the rest is filled in from
// it.
func (l *Lane) Decide(ctx context.Context, p record.Passage) (Decided, error) {
	if p.Undone {
		return l.undo(ctx, p)
	}
	if err := l.plausible(p); err != nil {
		return Decided{}, err
	}
	scans, err := l.find(p)
	if err != nil {
		return Decided{}, err
	}
	p.Plate = identity.NewDocument(identity.Plate, p.Plate).Number
	plate := l.Plate(p.Plate)
	p.Found = plate.Reasons
	decided := Decided{Found: plate.Reasons, Watch: plate.Watch, Twice: l.entered(formPassage, p.Form)}
	if err := l.allowed(p, scans, plate.Verdict); err != nil {
		return decided, err
	}
	c := &closing{passage: p, scans: scans}
	decided.Saved, err = l.close(ctx, c)
	if err != nil {
		return decided, fmt.Errorf("save the decision: %w", err)
	}
	return decided, nil
}

// plausible refuses what cannot be meant.
func (l *Lane) plausible(p record.Passage) error {
	switch {
	case p.Decision < record.LetThrough || p.Decision > record.ToQuarantine:
		return ErrDecision
	case p.Stay != nil && (p.Stay.Nights > 366 || p.Stay.Left && p.Stay.Nights > 0):
		return ErrStay
	}
	return l.past(p.HappenedAt)
}

// past refuses a time that has not come, clocks being what they are.
func (l *Lane) past(ms int64) error {
	if ms != 0 && time.UnixMilli(ms).Sub(l.d.Clock.Now()) > 10*time.Minute {
		return fmt.Errorf("happened at %v: %w", time.UnixMilli(ms).In(zone).Format(time.DateTime), ErrFuture)
	}
	return nil
}

// allowed asks for a supervisor where a stop is let through.
func (l *Lane) allowed(p record.Passage, scans []record.ID, plate record.Verdict) error {
	if p.Override != "" && !l.isSupervisor(p.Override) {
		return fmt.Errorf("%s is none of this station's list: %w", p.Override, ErrOverride)
	}
	// Where the office has named no officers, there is no supervisor to ask.
	if p.Decision != record.LetThrough || p.Override != "" || len(l.d.Lists().Officers()) == 0 {
		return nil
	}
	if plate == record.Stop {
		return fmt.Errorf("the plate is on the watch-list: %w", ErrOverride)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.known(scans)
	for _, s := range known {
		if s.verdict == record.Stop {
			return fmt.Errorf("scan %d is a stop: %w", s.id.Seq, ErrOverride)
		}
	}
	if len(known) < len(scans) { // from before the last start, or long ago
		return fmt.Errorf("of a scan that is not remembered nobody knows whether it was a stop: %w", ErrOverride)
	}
	return nil
}

func (l *Lane) isSupervisor(id string) bool {
	return slices.ContainsFunc(l.d.Lists().Officers(), func(o wire.Officer) bool { return o.ID == id && duty.Can(o.Role, duty.Override) })
}

// find is the full names of a passage's scans.
func (l *Lane) find(p record.Passage) ([]record.ID, error) {
	if len(p.Scans)+len(p.Earlier) > 0 || p.Corrects == nil && p.Form != "" {
		found, err := l.named(p.Scans, p.Earlier)
		if err != nil {
			return nil, fmt.Errorf("decide: %w", err)
		}
		return found, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.Corrects != nil { // about the same people, unless it says otherwise
		if old := l.corrected(p.Corrects); old != nil {
			return old.scans, nil
		}
		return nil, nil
	}
	if len(l.scans) == 0 {
		return nil, fmt.Errorf("decide: nothing was scanned yet: %w", ErrNoScan)
	}
	return []record.ID{l.scans[len(l.scans)-1].id}, nil
}

// close writes a passage and counts it.
func (l *Lane) close(ctx context.Context, c *closing) (journal.Saved, error) {
	read, people, steps := l.weigh(c)
	counted, uncount := l.count(steps...)
	state := slices.Concat(counted, l.form(formPassage, c.passage.Form), l.stay(c.passage.Stay, c.scans, false))
	saved, err := l.write(ctx, c, state)
	if err != nil {
		uncount()
		return saved, err
	}
	c.id = saved.ID
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settle(c, read, people)
	return saved, nil
}

// write saves a closing's record with the state that belongs to it.
func (l *Lane) write(ctx context.Context, c *closing, state []journal.Put) (journal.Saved, error) {
	return l.saveNaming(ctx, c.scans, func(seqs []uint64, full []record.ID, wrong *record.ID) journal.Item {
		p := c.passage
		p.Scans, p.Earlier = seqs, full
		if wrong != nil {
			p.Corrects = wrong
		}
		return journal.Item{Kind: record.KindPassage, Body: p, State: state, Urgent: len(p.Found) > 0}
	})
}

// saveNaming saves a record that names scans, those of its own segment by seq.
// When it came to stand in a segment that began meanwhile, it is written once
// more with all in full, to correct the wrong one.
func (l *Lane) saveNaming(ctx context.Context, scans []record.ID, item func(seqs []uint64, full []record.ID, wrong *record.ID) journal.Item) (journal.Saved, error) {
	l.mu.Lock()
	segment := l.segment
	l.mu.Unlock()
	seqs, full := split(scans, segment)
	saved, err := l.save(ctx, item(seqs, full, nil))
	if err == nil && saved.ID.Segment != segment && len(seqs) > 0 {
		wrong := saved.ID
		_, full = split(scans, record.SegmentID{})
		saved, err = l.save(ctx, item(nil, full, &wrong))
	}
	return saved, err
}
