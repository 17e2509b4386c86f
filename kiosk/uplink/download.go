package uplink

import (
	"context"
	"time"

	"quachot/internal/wire"
)

// wantsOut is how many chunks are asked for at a time.
const wantsOut = 4

// download takes manifests and chunks, apart from the upload: neither waits for
// the other, and an error of the lists never ends the link. A failed switch is
// tried again with the next manifest, at most an hour later.
func (s *session) download(ctx context.Context) error {
	var q wants
	for {
		for w, ok := q.next(); ok; w, ok = q.next() {
			if _, err := s.link.send(wire.TypeWant, w); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case down := <-s.downs:
			err := s.down(&q, down)
			if err != nil {
				s.client.c.Log.Warn("what the office sent for the lists was not taken", "err", err)
			}
			current := err == nil && q.empty()
			s.client.update(func(st *State) { st.ListsCurrent = current })
		}
	}
}

// down gives the lists what came and notes what they want then.
func (s *session) down(q *wants, down any) error {
	c := s.client.c
	switch d := down.(type) {
	case wire.SignedManifest:
		if m, err := d.Open(c.Office.Sign); err == nil {
			s.client.office.See(time.UnixMilli(m.AsOf), c.Clock.SinceBoot())
		}
		more, err := c.Lists.Offer(d)
		if len(more) > 0 {
			*q = wants{} // those of an older manifest, and those whose answer was dropped
		}
		q.add(more)
		return err
	case wire.Chunk:
		q.answered(wire.Want{List: d.List, Version: d.Version, Offset: d.Offset})
		more, err := c.Lists.Put(d)
		q.add(more)
		return err
	}
	return nil
}

// wants are the chunks still to ask for and those asked for. The zero value is
// empty.
type wants struct {
	waiting []wire.Want
	out     map[wire.Want]bool
}

func (q *wants) empty() bool { return len(q.waiting) == 0 && len(q.out) == 0 }

// next takes the next want to send, if one may be sent now.
func (q *wants) next() (wire.Want, bool) {
	if len(q.out) >= wantsOut || len(q.waiting) == 0 {
		return wire.Want{}, false
	}
	w := q.waiting[0]
	q.waiting = q.waiting[1:]
	if q.out == nil {
		q.out = map[wire.Want]bool{}
	}
	q.out[w] = true
	return w, true
}

func (q *wants) answered(w wire.Want) { delete(q.out, w) }

// add puts in what is neither waiting nor asked for.
func (q *wants) add(more []wire.Want) {
	known := make(map[wire.Want]bool, len(q.waiting))
	for _, w := range q.waiting {
		known[w] = true
	}
	for _, w := range more {
		if !known[w] && !q.out[w] {
			q.waiting = append(q.waiting, w)
		}
	}
}
