package uplink

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
)

// silent is how long the office may confirm nothing while batches are out.
const silent = 2 * time.Minute

var errSilent = errors.New("the office is there but confirms nothing")

// upload sends the journal's records of one session. Everything is owned by run.
type upload struct {
	session *session
	next    map[record.SegmentID]uint64 // next seq to send
	header  map[record.SegmentID]bool   // the office has the header, or it is on its way
	blocked map[record.SegmentID]bool   // not sent in this session
	hurried map[record.ID]bool          // urgent records sent alone in this session
	flight  []flown                     // sent and not confirmed, oldest first
	pace    *pace
}

// flown is one batch on its way.
type flown struct {
	segment record.SegmentID
	last    uint64
	tip     record.Chain
	bytes   int
	sent    time.Time
}

// run sends as much as may be in flight, then waits for receipts or new records.
func (u *upload) run(ctx context.Context) error {
	stalled := time.NewTimer(silent)
	defer stalled.Stop()
	u.pace.begin()
	defer func() {
		if len(u.flight) > 0 {
			u.pace.cut()
		}
	}()
	for {
		if err := u.fill(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-u.session.client.c.Outbox.Changed():
		case answer := <-u.session.receipts:
			if err := u.answered(answer); err != nil {
				return err
			}
			stalled.Reset(silent)
		case <-stalled.C:
			if len(u.flight) > 0 {
				return errSilent
			}
			stalled.Reset(silent)
		}
	}
}

// fill sends batches, oldest segment first, until enough are in flight or
// nothing is left.
func (u *upload) fill() error {
	if err := u.hurry(); err != nil {
		return err
	}
	if len(u.flight) >= inFlight {
		return nil
	}
	for _, seg := range u.session.client.c.Outbox.Segments() {
		for !u.blocked[seg.ID] && u.from(seg) <= seg.Last && len(u.flight) < inFlight {
			if err := u.sendFrom(seg); err != nil {
				return err
			}
		}
	}
	return nil
}

// from is the next seq of a segment; one that began during this session starts
// where the journal says.
func (u *upload) from(seg journal.Segment) uint64 {
	if n, ok := u.next[seg.ID]; ok {
		return n
	}
	u.next[seg.ID], u.header[seg.ID] = seg.Held+1, seg.Held > 0
	return u.next[seg.ID]
}

func (u *upload) sendFrom(seg journal.Segment) error {
	c := u.session.client.c
	run, err := c.Outbox.Read(seg.ID, u.next[seg.ID], wire.MaxRecords, u.pace.batch())
	if err == nil && len(run.Records) == 0 {
		err = errors.New("nothing there, though the segment goes on")
	}
	if err != nil { // others go on; the journal heals or marks what is damaged
		c.Log.Error("a segment cannot be read for sending", "segment", seg.ID.String(), "from", u.next[seg.ID], "err", err)
		u.blocked[seg.ID] = true
		return nil
	}
	if err := u.send(seg, run); err != nil {
		return err
	}
	u.next[seg.ID] = run.First + uint64(len(run.Records))
	return nil
}

// send puts one batch on its way.
func (u *upload) send(seg journal.Segment, run journal.Run) error {
	c := u.session.client.c
	b := wire.Batch{Epoch: u.session.epoch, Segment: seg.ID, First: run.First, Records: run.Records, Before: run.Before, Tip: run.Tip}
	if !u.header[seg.ID] {
		b.Header = &seg.Header
	}
	b.Sign(c.Key)
	sent := time.Now()
	bytes, err := u.session.link.send(wire.TypeBatch, b)
	if err != nil {
		return err
	}
	u.header[seg.ID] = true
	u.flight = append(u.flight, flown{seg.ID, b.Last(), b.Tip, bytes, sent})
	u.session.client.update(func(s *State) {
		s.SentRecords += uint64(len(b.Records))
		s.SentBytes += uint64(bytes)
	})
	return nil
}

func (u *upload) answered(answer any) error {
	switch a := answer.(type) {
	case record.Receipt:
		return u.receipt(a)
	case wire.Refusal:
		return u.refused(a)
	}
	return nil
}

// receipt takes the office's word, when it is the office's and about our own
// history.
func (u *upload) receipt(r record.Receipt) error {
	c := u.session.client.c
	same, err := u.ours(r)
	if err != nil {
		return err
	}
	if !same {
		u.block(r.Segment, fmt.Sprintf("a receipt with another chain at record %d", r.Held))
		return nil
	}
	if err := c.Outbox.Receive(r); err != nil {
		return fmt.Errorf("keep receipt of segment %s: %w", r.Segment, err)
	}
	u.retire(r)
	u.session.client.update(func(*State) {})
	return nil
}

// ours is proven, which asks the disk only for what is not in flight.
func (u *upload) ours(r record.Receipt) (bool, error) {
	c := u.session.client
	for _, f := range u.flight {
		if f.segment == r.Segment && f.last == r.Held && r.Station == c.c.Station && r.Verify(c.c.Office.Sign) {
			return f.tip == r.Chain, nil
		}
	}
	return c.proven(r)
}

// retire takes what a receipt confirms out of flight. A receipt that confirms
// nothing new still answers one batch: the office stored it behind a gap.
func (u *upload) retire(r record.Receipt) {
	now, before := time.Now(), len(u.flight)
	u.flight = slices.DeleteFunc(u.flight, func(f flown) bool {
		done := f.segment == r.Segment && f.last <= r.Held
		if done {
			u.pace.confirmed(f.bytes, f.sent, now)
		}
		return done
	})
	if len(u.flight) < before {
		return
	}
	if i := slices.IndexFunc(u.flight, func(f flown) bool { return f.segment == r.Segment }); i >= 0 {
		u.flight = slices.Delete(u.flight, i, i+1)
	}
}

// refused handles a no: about one segment, the others go on; else the link ends.
func (u *upload) refused(r wire.Refusal) error {
	if r.Segment == (record.SegmentID{}) {
		return &refusal{r}
	}
	switch r.Code {
	case wire.RefuseChain, wire.RefuseSegment:
		u.block(r.Segment, "the office refused a batch: "+r.Text)
		return nil
	}
	return &refusal{r}
}

// block stops sending a segment in this session and shows it as a fork. Nothing
// of it is pruned, because no receipt for it is taken.
func (u *upload) block(seg record.SegmentID, why string) {
	u.blocked[seg] = true
	u.flight = slices.DeleteFunc(u.flight, func(f flown) bool { return f.segment == seg })
	u.session.client.fork(seg, why)
}
