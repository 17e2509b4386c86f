package uplink

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"quachot/internal/clock"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
)

// session is one connection from hello to its end. Its parts run side by side
// and talk through the channels; the first to fail ends the others.
type session struct {
	client   *Client
	link     *link
	epoch    uint64
	receipts chan any // record.Receipt or wire.Refusal, for the upload; full = the reader waits
	downs    chan any // wire.SignedManifest or wire.Chunk, for the lists; full = dropped, the next manifest asks again
}

// session connects, says hello and works until something breaks or ctx ends.
// The error is never nil.
func (c *Client) session(ctx context.Context) error {
	if err := c.introduce(ctx); err != nil {
		return err
	}
	l, err := dial(ctx, c.c.Dial, c.c.Address, wire.StationTLS(c.c.Key, c.officeKeys))
	if err != nil {
		return err
	}
	defer l.ws.Close()
	stop := context.AfterFunc(ctx, l.bye)
	defer stop()

	hello := c.hello(false)
	welcome, err := c.greet(l, hello)
	if err == nil && welcome.Recall {
		hello = c.hello(true)
		welcome, err = c.greet(l, hello)
	}
	if err != nil {
		return err
	}
	c.c.Log.Info("link to the office", "epoch", welcome.Epoch)
	c.update(func(s *State) {
		s.Connected, s.LastError, s.ErrorCode, s.NextTry = true, "", "", time.Time{}
		s.ListsCurrent = welcome.Manifest == nil // a station that was given back gets no lists any more
	})
	s := &session{client: c, link: l, epoch: welcome.Epoch, receipts: make(chan any, 64), downs: make(chan any, 64)}
	up, err := s.plan(hello, welcome)
	if err != nil {
		return err
	}
	c.run = welcome.Run // not before all was compared: else it would never be again
	if welcome.Manifest != nil {
		s.downs <- *welcome.Manifest
	}
	return s.work(ctx, s.read, l.ping, up.run, s.download)
}

func (c *Client) officeKeys() [][]byte {
	return [][]byte{c.c.Office.TLS, c.c.Office.TLSNext}
}

// work runs the parts until the first ends, then ends and waits for the others.
// The error is never nil: a part ends without one only because ctx ended.
func (s *session) work(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	for _, part := range parts {
		running.Go(func() {
			cancel(part(ctx))
			s.link.bye() // wakes the others
		})
	}
	running.Wait()
	return context.Cause(ctx)
}

// hello names every segment the office may still want something of, and the
// newest, which will grow; a full one names all that are stored.
func (c *Client) hello(full bool) wire.Hello {
	h := wire.Hello{
		Version: wire.Version,
		Station: c.c.Station,
		Program: c.c.Program,
		Serial:  c.c.Lists.Serial(),
		Unsent:  c.c.Outbox.Counts().Unsent,
		Run:     c.run,
		Full:    full,
	}
	if c.c.Versions != nil {
		h.Lists = c.c.Versions()
	}
	segments := c.c.Outbox.Segments()
	for i, s := range segments {
		if full || s.Kept < s.Last || i == len(segments)-1 {
			h.Segments = append(h.Segments, wire.SegmentState{Segment: s.ID, First: s.First, Last: s.Last, Tip: s.Tip})
		}
	}
	h.Clock = clockNow(c.c.Clock)
	return h
}

func clockNow(c clock.Clock) wire.Clock {
	return wire.Clock{Wall: c.Now().UnixMilli(), SinceBoot: c.SinceBoot().Milliseconds(), Boot: c.BootID()}
}

// greet exchanges hello and welcome and measures the office's clock by it.
func (c *Client) greet(l *link, hello wire.Hello) (wire.Welcome, error) {
	e := clock.Exchange{SentWall: c.c.Clock.Now(), SentBoot: c.c.Clock.SinceBoot()}
	w, err := greet(l, hello)
	if err != nil {
		return w, err
	}
	e.ReceivedWall, e.ReceivedBoot = c.c.Clock.Now(), c.c.Clock.SinceBoot()
	if w.Echo == hello.Clock.Wall {
		e.OfficeAnswers = time.UnixMilli(w.Clock.Wall)
		c.office.Observe(e)
	}
	c.contact()
	return w, nil
}

func greet(l *link, hello wire.Hello) (wire.Welcome, error) {
	var w wire.Welcome
	if _, err := l.send(wire.TypeHello, hello); err != nil {
		return w, err
	}
	for {
		t, body, err := l.receive()
		if err != nil {
			return w, err
		}
		switch t {
		case wire.TypeWelcome:
			return w, wire.Into(body, &w)
		case wire.TypeRefusal:
			var r refusal
			if err := wire.Into(body, &r.Refusal); err != nil {
				return w, err
			}
			return w, &r
		}
	}
}

// read takes frames to the parts they are for.
func (s *session) read(ctx context.Context) error {
	for {
		t, body, err := s.link.receive()
		if err != nil {
			return err
		}
		s.client.contact()
		if err := s.dispatch(ctx, t, body); err != nil {
			return err
		}
	}
}

func (s *session) dispatch(ctx context.Context, t wire.Type, body []byte) error {
	switch t {
	case wire.TypeReceipt:
		return pass[record.Receipt](ctx, body, s.receipts)
	case wire.TypeRefusal:
		return pass[wire.Refusal](ctx, body, s.receipts)
	case wire.TypeManifest:
		return s.offer(parse[wire.SignedManifest](body))
	case wire.TypeChunk:
		return s.offer(parse[wire.Chunk](body))
	}
	return nil // a newer office's frame
}

func parse[T any](body []byte) (any, error) {
	var v T
	err := wire.Into(body, &v)
	return v, err
}

func pass[T any](ctx context.Context, body []byte, to chan<- any) error {
	v, err := parse[T](body)
	if err != nil {
		return err
	}
	select {
	case to <- v:
	case <-ctx.Done():
	}
	return nil
}

// offer hands something to the lists without ever waiting for them: a list that
// takes long to switch must not hold up receipts.
func (s *session) offer(v any, err error) error {
	if err != nil {
		return err
	}
	select {
	case s.downs <- v:
	default:
		s.client.c.Log.Warn("lists are slow, a frame for them was dropped")
	}
	return nil
}

// plan compares the welcome with the journal and says where to go on.
func (s *session) plan(hello wire.Hello, w wire.Welcome) (*upload, error) {
	u := &upload{session: s, pace: &s.client.pace, next: map[record.SegmentID]uint64{}, header: map[record.SegmentID]bool{}, blocked: map[record.SegmentID]bool{}, hurried: map[record.ID]bool{}}
	held := map[record.SegmentID]wire.Held{}
	for _, h := range w.Held {
		held[h.Segment] = h
	}
	for _, seg := range s.client.c.Outbox.Segments() {
		asked := slices.ContainsFunc(hello.Segments, func(x wire.SegmentState) bool { return x.Segment == seg.ID })
		if !asked { // begun since, or wholly kept
			u.next[seg.ID], u.header[seg.ID] = seg.Held+1, seg.Held > 0
			continue
		}
		if err := u.resume(seg, held[seg.ID]); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// resume sets where to go on in one segment. The zero h = the office has nothing
// of it. A held number counts only when our own chain there is the same: a
// restored disk image or a cloned laptop has another history under the same
// name, and then nothing of ours may be pruned or passed off as the office's.
func (u *upload) resume(seg journal.Segment, h wire.Held) error {
	u.next[seg.ID], u.header[seg.ID] = max(h.Held+1, seg.First, 1), h.Header
	if h.Held > 0 {
		same, err := u.session.client.sameChain(seg, h.Held, h.Chain)
		if err != nil {
			return fmt.Errorf("compare segment %s with the office: %w", seg.ID, err)
		}
		if !same {
			u.block(seg.ID, fmt.Sprintf("another chain at record %d", h.Held))
			return nil
		}
	}
	switch {
	case h.Held < seg.Held:
		u.session.client.c.Log.Warn("the office holds less than it did, sending again", "segment", seg.ID.String(), "held", h.Held, "before", seg.Held)
		if err := u.session.client.c.Outbox.Lower(seg.ID, h.Held); err != nil {
			return fmt.Errorf("lower segment %s to %d: %w", seg.ID, h.Held, err)
		}
	case h.Held > seg.Held || h.Kept > seg.Kept:
		// The receipt was lost with the last link. Only a signed one counts, so
		// the last held record goes again: its answer is the receipt.
		u.next[seg.ID] = max(h.Held, seg.First, 1)
	}
	return nil
}

// sameChain says whether our own chain value at seq is chain. What is pruned
// here cannot be compared; the office once confirmed it, so it counts as same.
func (c *Client) sameChain(seg journal.Segment, seq uint64, chain record.Chain) (bool, error) {
	switch {
	case seq > seg.Last:
		return false, nil
	case seq == seg.Last:
		return seg.Tip == chain, nil
	case seq+1 < seg.First:
		return true, nil
	}
	run, err := c.c.Outbox.Read(seg.ID, seq+1, 1, largestBatch)
	if err != nil {
		return false, err
	}
	return run.Before == chain, nil
}
