package journal

import (
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"quachot/internal/record"
)

// Receive takes the office's receipts: each is verified, compared with this
// journal's own chain, and stored. A receipt never lowers what is known to be
// held. Receipts of segments that are pruned are passed over. ErrFork when the
// office holds other records under our numbers: nothing is pruned by such a
// receipt, and the next record begins a new segment.
func (j *Journal) Receive(receipts ...record.Receipt) error {
	var errs []error
	var good []receiptOf
	for _, r := range receipts {
		s, err := j.accept(r)
		if err != nil {
			errs = append(errs, fmt.Errorf("receipt for segment %s: %w", r.Segment, err))
		}
		if s != nil {
			good = append(good, receiptOf{s, r})
		}
		if errors.Is(err, ErrFork) {
			errs = append(errs, j.Roll("the office holds another history"))
		}
	}
	if len(good) > 0 {
		errs = append(errs, j.note(good))
	}
	return errors.Join(errs...)
}

type receiptOf struct {
	seg *segment
	r   record.Receipt
}

// accept checks one receipt; a nil segment means that there is nothing to note.
func (j *Journal) accept(r record.Receipt) (*segment, error) {
	if r.Station != j.o.Station {
		return nil, fmt.Errorf("it is for station %q", r.Station)
	}
	if !r.Verify(j.o.Office) {
		return nil, record.ErrSignature
	}
	s, last, tip, err := j.find(r.Segment)
	if err != nil {
		return nil, nil // pruned
	}
	if r.Kept > r.Held {
		return nil, fmt.Errorf("it keeps %d but holds %d", r.Kept, r.Held)
	}
	if r.Held > last {
		return nil, fmt.Errorf("%w: it has %d records, we have %d", ErrFork, r.Held, last)
	}
	own, known := j.chainAt(s, r.Held, last, tip)
	if known && own != r.Chain {
		return nil, fmt.Errorf("%w: its chain at %d is another", ErrFork, r.Held)
	}
	if !known {
		return nil, fmt.Errorf("our own chain at %d is damaged, nothing is pruned by it", r.Held)
	}
	return s, nil
}

// note stores receipts in memory and in the database.
func (j *Journal) note(good []receiptOf) error {
	j.mu.Lock()
	for _, g := range good {
		if g.r.Held >= g.seg.held || g.r.Kept > g.seg.kept {
			g.seg.word = g.r
		}
		g.seg.setHeld(max(g.seg.held, g.r.Held), max(g.seg.kept, g.r.Kept))
	}
	j.mu.Unlock()
	return j.persist(good)
}

// persist writes the receipts of segments as memory has them.
func (j *Journal) persist(of []receiptOf) error {
	jb := &job{done: make(chan struct{}), write: func(tx *bbolt.Tx) error {
		for _, g := range of {
			j.mu.RLock()
			v := receipt{Held: g.seg.held, Kept: g.seg.kept, Word: g.seg.word}
			j.mu.RUnlock()
			if err := tableReceipts.put(tx, segmentKey(g.seg.ordinal), v); err != nil {
				return err
			}
		}
		return nil
	}}
	if err := j.do(context.Background(), jb); err != nil {
		return err
	}
	if jb.err != nil {
		return fmt.Errorf("store receipt: %w", jb.err)
	}
	return nil
}

// Lower says that the office went back to an older state of a segment, for
// example after it was restored from a backup: what it lacks is to be sent
// again. It never raises anything. ErrSegment when the segment is pruned.
func (j *Journal) Lower(seg record.SegmentID, held uint64) error {
	s, _, _, err := j.find(seg)
	if err != nil {
		return fmt.Errorf("send again: %w", err)
	}
	j.mu.Lock()
	lower := held < s.held
	if lower {
		s.setHeld(held, min(s.kept, held))
	}
	j.mu.Unlock()
	if !lower {
		return nil
	}
	j.log.Warn("the office went back, records are sent again", "segment", seg, "held", held)
	j.wake()
	return j.persist([]receiptOf{{seg: s}})
}

// setHeld is called with Journal.mu held.
func (s *segment) setHeld(held, kept uint64) {
	s.held, s.kept = held, kept
	if unsent := int(s.last - min(held, s.last)); len(s.times) > unsent {
		s.times = append([]int64(nil), s.times[len(s.times)-unsent:]...)
	}
}
