package uplink

import (
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
)

// hurry sends urgent records alone and ahead of the backlog, once in a session.
// They go again in their place: what is held is a prefix without a gap, and a
// record behind a gap moves nothing. The office stores any record of a segment
// as soon as it comes, so it knows of a patient at the post before it knows of
// the queue before him.
func (u *upload) hurry() error {
	for _, id := range u.session.client.c.Outbox.Urgent() {
		seg, ok := u.segment(id.Segment)
		if !ok || u.hurried[id] || u.blocked[id.Segment] || u.from(seg) > id.Seq {
			continue // sent already, or soon to be
		}
		u.hurried[id] = true
		if u.from(seg) == id.Seq {
			continue // it is the next one anyway
		}
		if err := u.sendAlone(seg, id); err != nil {
			return err
		}
	}
	return nil
}

func (u *upload) segment(id record.SegmentID) (journal.Segment, bool) {
	for _, seg := range u.session.client.c.Outbox.Segments() {
		if seg.ID == id {
			return seg, true
		}
	}
	return journal.Segment{}, false
}

func (u *upload) sendAlone(seg journal.Segment, id record.ID) error {
	c := u.session.client.c
	run, err := c.Outbox.Read(seg.ID, id.Seq, 1, wire.MaxFrame/2)
	if err != nil || len(run.Records) != 1 {
		c.Log.Warn("an urgent record cannot be read alone, it goes in its place", "segment", seg.ID.String(), "seq", id.Seq, "err", err)
		return nil
	}
	return u.send(seg, run)
}
