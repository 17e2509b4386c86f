package lane

import (
	"context"
	"errors"
	"fmt"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/journal"
)

// Errors of Decide and Declare.
var (
	// ErrOverride is for a stop that was let through without a supervisor: nothing
	// was written.
	ErrOverride = errors.New("to let a stop through needs a supervisor of this station's list")
	ErrNoScan   = errors.New("no such scan of this lane")
	ErrDecision = errors.New("a decision is let-through, turned-back, to-test or to-quarantine")
	ErrEmpty    = errors.New("a declaration needs at least a name or a document")
)

// Decided is a decision that was saved.
type Decided struct {
	journal.Saved
	Found []record.Reason    // what the lists say of the vehicle's plate, as recorded
	Watch *wire.WatchDetails // of the watch-list entry that was hit; nil = none was
}

// Decide saves what the officer did. Scans names scans of this lane by their
// seq, as Result gave it, whichever segment they stand in; Earlier names any
// scan in full. With neither, and nothing to correct, it is about the last scan.
// The answer is the passage's own record, and what the watch-list has on the
// plate.
func (l *Lane) Decide(ctx context.Context, p record.Passage) (Decided, error) {
	if p.Decision < record.LetThrough || p.Decision > record.ToQuarantine {
		return Decided{}, ErrDecision
	}
	scans, err := l.find(p)
	if err != nil {
		return Decided{}, err
	}
	p.Plate = identity.NewDocument(identity.Plate, p.Plate).Number
	var watch *wire.WatchDetails
	p.Found, watch = checkpoint.Vehicle(p.Plate, checkpoint.Input{
		Now: l.d.Clock.Now(), LatestOffice: l.latestOffice(), Ahead: l.ahead(), Lists: l.d.Lists(), Derive: l.derive,
	})
	l.mu.Lock()
	segment := l.segment
	l.mu.Unlock()
	split(&p, scans, segment)
	saved, err := l.save(ctx, journal.Item{Kind: record.KindPassage, Body: p})
	if err == nil && saved.ID.Segment != segment && len(p.Scans) > 0 {
		saved, err = l.redirect(ctx, p, scans, saved.ID)
	}
	decided := Decided{Saved: saved, Found: p.Found, Watch: watch}
	if err != nil {
		return decided, fmt.Errorf("save the decision: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[p.Decision.String()]++
	return decided, nil
}

// redirect corrects a passage that came to stand in a new segment while it named
// its scans by their seq in the old one: it names them in full.
func (l *Lane) redirect(ctx context.Context, p record.Passage, scans []record.ID, wrong record.ID) (journal.Saved, error) {
	split(&p, scans, record.SegmentID{})
	p.Corrects = &wrong
	return l.save(ctx, journal.Item{Kind: record.KindPassage, Body: p})
}

// split names the scans of segment by seq and all others in full.
func split(p *record.Passage, scans []record.ID, segment record.SegmentID) {
	p.Scans, p.Earlier = nil, nil
	for _, id := range scans {
		if id.Segment == segment {
			p.Scans = append(p.Scans, id.Seq)
		} else {
			p.Earlier = append(p.Earlier, id)
		}
	}
}

// find is the full names of a passage's scans.
func (l *Lane) find(p record.Passage) ([]record.ID, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(p.Scans)+len(p.Earlier) == 0 && p.Corrects == nil {
		if len(l.scans) == 0 {
			return nil, fmt.Errorf("decide: nothing was scanned yet: %w", ErrNoScan)
		}
		return []record.ID{l.scans[len(l.scans)-1]}, nil
	}
	var found []record.ID
	for _, seq := range p.Scans {
		id, ok := l.latest(seq)
		if !ok {
			return nil, fmt.Errorf("decide: scan %d: %w", seq, ErrNoScan)
		}
		found = append(found, id)
	}
	return append(found, p.Earlier...), nil
}

// latest is the newest scan with that seq. The caller holds mu.
func (l *Lane) latest(seq uint64) (record.ID, bool) {
	for i := len(l.scans) - 1; i >= 0; i-- {
		if l.scans[i].Seq == seq {
			return l.scans[i], true
		}
	}
	return record.ID{}, false
}

// Declared is a declaration that was saved.
type Declared struct {
	journal.Saved
	checkpoint.Outcome      // what the lists and rules say of the person as declared
	Twice              bool // a paper form of this number was entered today already
}

// Declare saves a health declaration.
func (l *Lane) Declare(ctx context.Context, d record.Declaration) (Declared, error) {
	if d.Name == "" && len(d.Documents) == 0 {
		return Declared{}, ErrEmpty
	}
	documents := make([]identity.Document, len(d.Documents))
	for i, doc := range d.Documents {
		documents[i] = identity.NewDocument(doc.Kind, doc.Number)
	}
	d.Documents = documents
	saved, err := l.save(ctx, journal.Item{Kind: record.KindDeclaration, Body: d})
	if err != nil {
		return Declared{Saved: saved}, fmt.Errorf("save the declaration: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts["declarations"]++
	return Declared{Saved: saved}, nil
}

// Try is what Declare would say of d, with nothing written.
func (l *Lane) Try(d record.Declaration) checkpoint.Outcome { return checkpoint.Outcome{} }

// Plate is what the watch-list has on a vehicle's plate.
func (l *Lane) Plate(plate string) checkpoint.Outcome { return checkpoint.Outcome{} }

// Incident saves something that happened and is no passage.
func (l *Lane) Incident(ctx context.Context, i record.Incident) (journal.Saved, error) {
	return l.save(ctx, journal.Item{Kind: record.KindIncident, Body: i})
}

// Handover ends the shift of the officer on duty and begins next's.
func (l *Lane) Handover(ctx context.Context, next string) error { return l.SetOfficer(ctx, next) }

// SetPurpose changes what people are taken to travel for; "" is nothing.
func (l *Lane) SetPurpose(ctx context.Context, purpose string) error { return nil }

// Move writes down where a patrol stands now, before its next scan.
func (l *Lane) Move(ctx context.Context, to record.Place) error { return nil }

// Counts are the numbers of the shift.
func (l *Lane) Counts() map[string]uint64 { return nil }

// Meter is how fast the lane is.
func (l *Lane) Meter() Meter { return Meter{} }

// Inside is how many people are at a place now.
func (l *Lane) Inside() int { return 0 }

// Prepare begins deriving the keys of a code that waits in a queue.
func (l *Lane) Prepare(text string) {}

// Note saves a remark; corrects names the record it is about, or is nil. It is
// how a scan or a declaration is corrected: nothing is ever edited.
func (l *Lane) Note(ctx context.Context, text string, corrects *record.ID) (journal.Saved, error) {
	saved, err := l.save(ctx, journal.Item{Kind: record.KindNote, Body: record.Note{Text: text, Corrects: corrects}})
	if err != nil {
		return saved, fmt.Errorf("save the note: %w", err)
	}
	return saved, nil
}
