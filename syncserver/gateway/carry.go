package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"quachot/internal/bundle"
	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// ErrUnknownStation says that a bundle comes from no station of this office.
var ErrUnknownStation = errors.New("the bundle comes from a station that is not enrolled here")

// ErrLost says that a bundle comes from a station that was reported lost.
var ErrLost = errors.New("the bundle comes from a station that was reported lost")

// Imported is what became of one bundle.
type Imported struct {
	Station string    `json:"station"`
	Name    string    `json:"name"`
	Made    time.Time `json:"made"` // by the station's clock
	Records uint64    `json:"records"`
	New     uint64    `json:"new"`     // of them, that the office did not hold before
	Refused int       `json:"refused"` // batches that prove nothing: damaged or tampered with
	Forks   int       `json:"forks"`   // segments of which the office holds another history
	Whole   bool      `json:"whole"`   // false: the file is cut or damaged; what could be read is taken
	Why     string    `json:"why,omitempty"`
	// Answer is where the answer is sealed to, Segments what it is about.
	Answer   seal.Recipient     `json:"-"`
	Segments []record.SegmentID `json:"-"`
	// Enrolled is what the station became by this bundle's proof; nil when it was
	// enrolled before.
	Enrolled *wire.Enrolled `json:"-"`
}

// Import takes a station's bundle. Every batch goes the way of a batch from the
// network, so importing a bundle twice, out of order or beside a running sync
// changes nothing. Errors: those of package bundle when nothing of the file can
// be taken, ErrUnknownStation, ErrLost, and the store's, after which the whole
// file may be imported again.
func (g *Gateway) Import(ctx context.Context, from io.Reader, progress func(records uint64)) (Imported, error) {
	r, err := bundle.NewReader(from)
	if err != nil {
		return Imported{}, err
	}
	if err := r.Head.Verify(g.c.Vault.Keys().Deployment); err != nil {
		return Imported{}, err
	}
	station, enrolled, err := g.carrier(ctx, r.Head)
	if err != nil {
		return Imported{}, err
	}
	i := importing{g: g, station: station, progress: progress, seen: map[record.SegmentID]uint64{}, refused: map[record.SegmentID]bool{}, received: g.c.Now().UnixMilli(),
		done: Imported{Station: station.ID, Name: station.Name, Made: time.UnixMilli(r.Head.Made), Answer: r.Head.Answer, Enrolled: enrolled, Whole: true}}
	if err := i.read(ctx, r); err != nil {
		return i.done, err
	}
	return i.done, i.close(ctx, r.Head)
}

// carrier is the station a bundle's head comes from. One that was enrolled by a
// file is heard of here for the first time.
func (g *Gateway) carrier(ctx context.Context, h bundle.Head) (store.Station, *wire.Enrolled, error) {
	if h.From != bundle.FromStation {
		return store.Station{}, nil, bundle.ErrStranger
	}
	station, err := g.c.Store.StationByKey(ctx, h.Key)
	var enrolled *wire.Enrolled
	if errors.Is(err, store.ErrNotFound) && h.Enrol != nil {
		var certificate []byte
		if station, certificate, err = g.useCode(ctx, h.Key, *h.Enrol); err == nil {
			err = g.c.Lists.Refresh(ctx)
		}
		enrolled = &wire.Enrolled{Station: station.ID, Name: station.Name, Post: station.Post, Office: g.c.Vault.Keys(), Issuer: certificate}
	}
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, errCode), err == nil && station.ID != h.Station:
		return station, nil, fmt.Errorf("%w: station %s", ErrUnknownStation, h.Station)
	case err == nil && station.State == store.Lost:
		return station, nil, ErrLost
	}
	return station, enrolled, err
}

// importing is one bundle under way.
type importing struct {
	g        *Gateway
	station  store.Station
	progress func(uint64)
	received int64
	flight   []ack
	seen     map[record.SegmentID]uint64 // held before, by segment
	refused  map[record.SegmentID]bool   // their header was no good
	done     Imported
}

func (i *importing) read(ctx context.Context, r *bundle.Reader) error {
	for {
		t, body, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return i.settle(0)
		case errors.Is(err, bundle.ErrDamaged):
			i.broken(err)
			continue
		case err != nil:
			i.broken(err)
			return i.settle(0)
		}
		if t != wire.TypeBatch {
			continue
		}
		var b wire.Batch
		if err := wire.Into(body, &b); err != nil {
			i.broken(err)
			continue
		}
		if err := i.batch(ctx, b); err != nil {
			return err
		}
	}
}

func (i *importing) broken(err error) {
	i.done.Whole, i.done.Why = false, err.Error()
}

func (i *importing) batch(ctx context.Context, b wire.Batch) error {
	r := checkBatch(i.station.ID, i.station.Key, b)
	if r == nil && b.Header == nil && i.refused[b.Segment] {
		r = &wire.Refusal{Text: "the segment's header was refused"}
	}
	if r != nil {
		i.refused[b.Segment] = i.refused[b.Segment] || r.Code == wire.RefuseSegment
		i.g.c.Log.Warn("a carried batch was refused", "station", i.station.ID, "segment", b.Segment.String(), "first", b.First, "why", r.Text)
		i.done.Refused++
		return nil
	}
	if _, known := i.seen[b.Segment]; !known {
		held, err := i.held(ctx, b.Segment)
		if err != nil {
			return err
		}
		i.seen[b.Segment] = held.Held
		i.done.Segments = append(i.done.Segments, b.Segment)
	}
	d := store.Delivery{Station: i.station.ID, Batch: b, Clock: store.Exchange{Received: i.received}}
	i.flight = append(i.flight, ack{b.Segment, i.g.c.Store.Ingest(ctx, d)})
	i.done.Records += uint64(len(b.Records))
	return i.settle(maxInFlight)
}

// settle waits until at most left deliveries are under way.
func (i *importing) settle(left int) error {
	for len(i.flight) > left {
		a := <-i.flight[0].answer
		i.flight = i.flight[1:]
		if errors.Is(a.Err, store.ErrOwner) {
			i.done.Refused++
			continue
		}
		if a.Err != nil {
			return fmt.Errorf("store a bundle of station %s: %w", i.station.ID, a.Err)
		}
		if i.progress != nil {
			i.progress(i.done.Records)
		}
	}
	return nil
}

func (i *importing) held(ctx context.Context, s record.SegmentID) (store.Progress, error) {
	p, err := i.g.c.Store.Progress(ctx, i.station.ID, []record.SegmentID{s})
	if err != nil || len(p) != 1 {
		return store.Progress{}, fmt.Errorf("ask what is held of segment %s: %w", s, err)
	}
	return p[0], nil
}

// close counts what is new and remembers what the station told of itself.
func (i *importing) close(ctx context.Context, h bundle.Head) error {
	for segment, before := range i.seen {
		p, err := i.held(ctx, segment)
		if err != nil {
			return err
		}
		i.done.New += p.Held - min(p.Held, before)
		if p.Fork {
			i.done.Forks++
		}
	}
	seen := i.station.Seen
	if made := i.done.Made; made.After(seen.At) && made.Before(i.g.c.Now()) {
		seen.At, seen.Program, seen.Serial, seen.Lists = made, clip(h.Program), h.Serial, h.Lists
		seen.Unsent = h.Unsent - min(h.Unsent, i.done.Records)
		if err := i.g.c.Store.Saw(ctx, i.station.ID, seen); err != nil {
			return err
		}
	}
	return nil
}

// Answer writes the bundle that a station takes back: the receipts of what it
// brought, and all lists.
func (g *Gateway) Answer(ctx context.Context, to io.Writer, i Imported) error {
	keys := g.c.Vault.Keys()
	head := bundle.Head{Version: bundle.Version, From: bundle.FromOffice, Deployment: keys.Deployment, Made: g.c.Now().UnixMilli(), Clock: wire.Clock{Wall: g.c.Now().UnixMilli()}}
	if err := head.Sign(g.c.Vault.Sign); err != nil {
		return err
	}
	w, err := bundle.NewWriter(to, head)
	if err != nil {
		return err
	}
	s, err := w.For(keys.Deployment, i.Station, i.Answer)
	if err != nil {
		return err
	}
	if i.Enrolled != nil {
		if err := s.Put(wire.TypeWelcome, wire.Welcome{Version: wire.Version, Clock: wire.Clock{Wall: g.c.Now().UnixMilli()}, Enrolled: i.Enrolled}); err != nil {
			return err
		}
	}
	progress, err := g.c.Store.Progress(ctx, i.Station, i.Segments)
	if err != nil {
		return err
	}
	for _, p := range progress {
		receipt := record.Receipt{Station: i.Station, Segment: p.Segment, Held: p.Held, Chain: p.Chain, Kept: keptOf(p)}
		receipt.Sign(g.c.Vault.Sign)
		if err := s.Put(wire.TypeReceipt, receipt); err != nil {
			return err
		}
	}
	if err := g.answerLists(ctx, s, i.Station); err != nil {
		return err
	}
	return w.End()
}

// answerLists adds the manifest and every list's bytes. A station that was given
// back gets none.
func (g *Gateway) answerLists(ctx context.Context, s *bundle.Section, id string) error {
	station, err := g.c.Store.Station(ctx, id)
	if err != nil || station.State != store.Active {
		return err
	}
	signed, _, err := g.c.Lists.Manifest()
	if err != nil {
		return err
	}
	manifest, err := signed.Open(g.c.Vault.Keys().Sign)
	if err != nil {
		return err
	}
	if err := s.Put(wire.TypeManifest, signed); err != nil {
		return err
	}
	for _, l := range manifest.Lists {
		for n := range l.Chunks {
			c := g.c.Lists.Chunk(wire.Want{List: l.Name, Version: l.Version, Offset: uint64(n) * wire.ChunkSize})
			if err := s.Put(wire.TypeChunk, c); err != nil {
				return err
			}
		}
	}
	return nil
}
