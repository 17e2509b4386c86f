package gateway

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// session is an enrolled station's connection after its hello.
type session struct {
	*conversation
	station store.Station
	epoch   uint64
	since   time.Time
	clock   store.Exchange
	acks    chan ack // batches on their way to the disk, in order; full = the reader waits

	refused map[record.SegmentID]bool // segments whose header was no good; owned by read

	changed <-chan struct{} // closed when the lists are newer than what was sent

	state  sync.Mutex // guards the two below
	heard  time.Time
	unsent uint64
}

// ack is one batch whose answer is due.
type ack struct {
	segment record.SegmentID
	answer  <-chan store.Answer
}

func (s *session) live() Live {
	s.state.Lock()
	defer s.state.Unlock()
	return Live{Since: s.since, Heard: s.heard, Unsent: s.unsent}
}

// run talks until the connection breaks. When it returns, all it started has
// ended.
func (s *session) run(ctx context.Context, h wire.Hello) {
	log := s.g.c.Log.With("station", s.station.ID, "epoch", s.epoch)
	if err := s.meet(ctx, h); err != nil {
		log.Warn("no welcome", "error", err)
		s.refuse(notNow(err))
		return
	}
	s.g.register(s)
	defer s.g.unregister(s)
	log.Info("station connected", "program", h.Program, "unsent", h.Unsent, "remote", s.remote)

	ctx, cancel := context.WithCancel(ctx)
	var parts sync.WaitGroup
	parts.Go(func() { s.end(s.receipts(ctx), cancel) })
	parts.Go(func() { s.end(s.push(ctx), cancel) })
	parts.Go(func() { s.end(s.ping(ctx), cancel) })
	err := s.read(ctx)
	cancel()
	s.ws.Close()
	parts.Wait()
	s.left(log.With("reason", err))
}

// meet answers the hello, and the full one that it may ask for.
func (s *session) meet(ctx context.Context, h wire.Hello) error {
	if err := s.welcome(ctx, h); err != nil || !s.recall(h) {
		return err
	}
	full, err := s.hello()
	if err != nil {
		return err
	}
	full.Full = true // whatever it says, it is not asked a third time
	return s.welcome(ctx, full)
}

// end breaks the connection when a part of the session failed.
func (s *session) end(err error, cancel func()) {
	cancel()
	s.ws.Close()
	if err != nil {
		s.g.c.Log.Debug("session ends", "station", s.station.ID, "error", err)
	}
}

// read takes frames until the connection breaks.
func (s *session) read(ctx context.Context) error {
	s.ws.SetPongHandler(func(string) error { return s.alive() })
	pong := s.ws.PingHandler()
	s.ws.SetPingHandler(func(data string) error {
		if err := s.alive(); err != nil {
			return err
		}
		return pong(data)
	})
	for {
		if err := s.alive(); err != nil {
			return err
		}
		kind, frame, err := s.ws.ReadMessage()
		if err != nil {
			return err
		}
		if kind != websocket.BinaryMessage {
			s.refuse(wire.Refusal{Code: wire.RefuseFrame, Text: "a text message"})
			return errors.New("a text message came")
		}
		if err := s.frame(ctx, frame); err != nil {
			return err
		}
	}
}

func (s *session) alive() error {
	s.state.Lock()
	s.heard = s.g.c.Now()
	s.state.Unlock()
	return s.ws.SetReadDeadline(time.Now().Add(deadAfter))
}

// frame handles one frame. An error ends the connection.
func (s *session) frame(ctx context.Context, frame []byte) error {
	t, body, err := wire.Unmarshal(frame)
	if err == nil {
		switch t {
		case wire.TypeBatch:
			var b wire.Batch
			if err = wire.Into(body, &b); err == nil {
				return s.batch(ctx, b)
			}
		case wire.TypeWant:
			var w wire.Want
			if err = wire.Into(body, &w); err == nil {
				return s.send(wire.TypeChunk, s.g.c.Lists.Chunk(w))
			}
		}
	}
	if err != nil {
		s.refuse(wire.Refusal{Code: wire.RefuseFrame, Text: "a frame could not be read"})
	}
	return err
}

// batch checks a batch and hands it to the store. A batch that is no good is
// refused and the talk goes on: others may be.
func (s *session) batch(ctx context.Context, b wire.Batch) error {
	if b.Epoch != s.epoch {
		s.refuse(wire.Refusal{Code: wire.RefuseEpoch, Text: "the batch is of another connection"})
		return store.ErrEpoch
	}
	r := checkBatch(s.station.ID, s.key, b)
	if r == nil && b.Header == nil && s.refused[b.Segment] {
		r = &wire.Refusal{Code: wire.RefuseSegment, Text: "the segment's header was refused", Segment: b.Segment}
	}
	if r != nil {
		if r.Code == wire.RefuseSegment {
			s.refused[b.Segment] = true // what comes without a header after a bad one belongs to it
		}
		s.g.c.Log.Warn("a batch was refused", "station", s.station.ID, "segment", b.Segment.String(), "first", b.First, "code", r.Code, "why", r.Text)
		return s.send(wire.TypeRefusal, r)
	}
	x := s.clock
	x.Received = s.g.c.Now().UnixMilli()
	answer := s.g.c.Store.Ingest(ctx, store.Delivery{Station: s.station.ID, Epoch: s.epoch, Batch: b, Clock: x})
	select {
	case s.acks <- ack{b.Segment, answer}:
	case <-ctx.Done():
		return ctx.Err()
	}
	s.state.Lock()
	s.unsent -= min(s.unsent, uint64(len(b.Records)))
	s.state.Unlock()
	return nil
}

// checkBatch proves that a batch is the station's own.
func checkBatch(station string, key ed25519.PublicKey, b wire.Batch) *wire.Refusal {
	if err := store.Verify(b, key); err != nil {
		return &wire.Refusal{Code: wire.RefuseChain, Text: err.Error(), Segment: b.Segment}
	}
	if b.Header == nil {
		return nil
	}
	h, err := b.Header.Open(key)
	switch {
	case errors.Is(err, record.ErrVersion):
		return nil // signed by the station, of a newer program: kept until this one can read it
	case err != nil:
		return &wire.Refusal{Code: wire.RefuseSegment, Text: err.Error(), Segment: b.Segment}
	case h.Segment != b.Segment || h.Station != station:
		return &wire.Refusal{Code: wire.RefuseSegment, Text: "the header is of another segment or station", Segment: b.Segment}
	}
	return nil
}

// receipts answers batches in their order, each after its commit.
func (s *session) receipts(ctx context.Context) error {
	for {
		var a ack
		select {
		case <-ctx.Done():
			return nil
		case a = <-s.acks:
		}
		select {
		case <-ctx.Done():
			return nil
		case answer := <-a.answer:
			if err := s.answer(a.segment, answer); err != nil {
				return err
			}
		}
	}
}

func (s *session) answer(segment record.SegmentID, a store.Answer) error {
	switch {
	case a.Err == nil:
		r := record.Receipt{Station: s.station.ID, Segment: segment, Held: a.Held, Chain: a.Chain, Kept: keptOf(a.Progress)}
		r.Sign(s.g.c.Vault.Sign)
		return s.send(wire.TypeReceipt, r)
	case errors.Is(a.Err, store.ErrEpoch):
		s.refuse(wire.Refusal{Code: wire.RefuseEpoch, Text: "a newer connection of this station exists"})
	case errors.Is(a.Err, store.ErrOwner):
		return s.send(wire.TypeRefusal, wire.Refusal{Code: wire.RefuseSegment, Text: "the segment belongs to another station", Segment: segment})
	default:
		s.refuse(notNow(a.Err))
	}
	return fmt.Errorf("store batch of segment %s: %w", segment, a.Err)
}

// push sends the manifest whenever it changed or was signed anew. A retired
// station gets no more lists.
func (s *session) push(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.changed:
		}
		s.changed = s.g.c.Lists.Changed()
		if s.station.State != store.Active {
			continue
		}
		m, _, err := s.g.c.Lists.Manifest()
		if err != nil {
			return err
		}
		if err := s.send(wire.TypeManifest, m); err != nil {
			return err
		}
	}
}

func (s *session) ping(ctx context.Context) error {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(deadAfter)); err != nil {
				return fmt.Errorf("ping: %w", err)
			}
		}
	}
}
