package proof_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/syncserver/proof"
	"quachot/syncserver/store"
	"quachot/syncserver/store/storetest"
)

// source is a store whose every part a test can spoil.
type source struct {
	station  store.Station
	segments []store.Segment
	batches  map[record.SegmentID][]wire.Batch
	failing  map[record.SegmentID]error // after the batches
}

func (s *source) Stations(context.Context) ([]store.Station, error) {
	return []store.Station{s.station}, nil
}

func (s *source) Segments(context.Context, string) ([]store.Segment, error) { return s.segments, nil }

func (s *source) Batches(_ context.Context, id record.SegmentID) iter.Seq2[store.Batch, error] {
	return func(yield func(store.Batch, error) bool) {
		for _, b := range s.batches[id] {
			if !yield(store.Batch{Station: s.station.ID, Batch: b}, nil) {
				return
			}
		}
		if err := s.failing[id]; err != nil {
			yield(store.Batch{}, err)
		}
	}
}

// add stores a segment in batches of 10, as the office would.
func (s *source) add(g *storetest.Segment) {
	n := uint64(len(g.Records))
	h, _ := g.Header.Read() // just signed: it reads
	s.segments = append(s.segments, store.Segment{
		Progress: store.Progress{Segment: g.ID, Station: s.station.ID, Held: n, Chain: g.Chain(n), HasHeader: true},
		Signed:   &g.Header, Header: h, Highest: n,
	})
	for first := uint64(1); first <= n; first += 10 {
		s.batches[g.ID] = append(s.batches[g.ID], g.Batch(first, min(first+9, n)))
	}
}

// made is a station with three segments of 30 records, the last two after one
// another.
func made(t *testing.T) (*source, *storetest.Station, []*storetest.Segment) {
	t.Helper()
	st := storetest.NewStation(t, storetest.NewVault(t).Keys())
	st.ID = "460001"
	s := &source{
		station: store.Station{ID: st.ID, Name: "Làn 1", Key: st.Public()},
		batches: map[record.SegmentID][]wire.Batch{}, failing: map[record.SegmentID]error{},
	}
	var all []*storetest.Segment
	for range 3 {
		g := st.Segment().Scans(30)
		s.add(g)
		all = append(all, g)
	}
	return s, st, all
}

// resign makes a batch that its own station has signed, whatever is in it.
func resign(st *storetest.Station, b wire.Batch) wire.Batch {
	chain := b.Before
	for _, r := range b.Records {
		chain = chain.Next(r)
	}
	b.Tip = chain
	b.Sign(st.Key)
	return b
}

func TestCheck(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(s *source, st *storetest.Station, g []*storetest.Segment)
		want  []string // what is found
		seq   uint64   // where, of the first
	}{
		{"whole", func(*source, *storetest.Station, []*storetest.Segment) {}, nil, 0},
		{"a batch twice", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			s.batches[g[0].ID] = append(s.batches[g[0].ID], g[0].Batch(5, 25))
		}, nil, 0},
		{"a bit of a record", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			b := &s.batches[g[1].ID][1]
			b.Records = slices.Clone(b.Records)
			b.Records[3] = slices.Clone(b.Records[3])
			b.Records[3][7] ^= 1
		}, []string{proof.Signature, proof.Gap, proof.Held, proof.Gap}, 11},
		{"a batch is gone", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			s.batches[g[0].ID] = slices.Delete(s.batches[g[0].ID], 1, 2)
		}, []string{proof.Gap, proof.Held, proof.Gap}, 11},
		{"the last batch is gone", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			s.batches[g[2].ID] = s.batches[g[2].ID][:2]
		}, []string{proof.Held}, 30},
		{"batches cannot be read", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			s.batches[g[2].ID], s.failing[g[2].ID] = s.batches[g[2].ID][:1], errors.New("malformed")
		}, []string{proof.Raw, proof.Held}, 11},
		{"another history", func(s *source, st *storetest.Station, g []*storetest.Segment) {
			b := g[2].Batch(21, 30)
			b.Records = slices.Clone(b.Records)
			b.Records[2] = []byte("another record of that number")
			s.batches[g[2].ID] = append(s.batches[g[2].ID], resign(st, b))
		}, []string{proof.Fork}, 23},
		{"another history from before", func(s *source, st *storetest.Station, g []*storetest.Segment) {
			b := g[2].Batch(21, 30)
			b.Before[0] ^= 1
			s.batches[g[2].ID] = append(s.batches[g[2].ID], resign(st, b))
		}, []string{proof.Fork}, 21},
		{"a stranger's batch", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			other := storetest.NewStation(t, storetest.NewVault(t).Keys())
			s.batches[g[2].ID][2] = resign(other, s.batches[g[2].ID][2])
		}, []string{proof.Signature, proof.Held}, 21},
		{"the header is gone", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			s.segments[0].Signed, s.segments[0].HasHeader, s.segments[0].Header = nil, false, record.Header{}
		}, []string{proof.Header}, 0},
		{"the header is another station's", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			other := storetest.NewStation(t, storetest.NewVault(t).Keys())
			h := other.Segment().Header
			s.segments[0].Signed = &h
		}, []string{proof.Signature, proof.Fork, proof.Gap, proof.Held, proof.Gap}, 0},
		{"the office claims more", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			s.segments[2].Held = 31
		}, []string{proof.Held}, 31},
		{"the office claims another chain", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			s.segments[2].Chain[0] ^= 1
		}, []string{proof.Held}, 30},
		{"a segment is gone", func(s *source, _ *storetest.Station, g []*storetest.Segment) {
			s.segments = slices.Delete(s.segments, 1, 2)
		}, []string{proof.Gap}, 0},
		{"a cloned disk", func(s *source, st *storetest.Station, g []*storetest.Segment) {
			st.Continue(g[1])
			s.add(st.Segment().Scans(5))
		}, []string{proof.Fork}, 0},
		{"a restored image", func(s *source, st *storetest.Station, g []*storetest.Segment) {
			st.Continue(g[2])
			g[2].Scans(10) // the segment grows on, its child names record 30
			s.add(st.Segment().Scans(5))
			s.segments[2].Held, s.segments[2].Chain = 40, g[2].Chain(40)
			s.batches[g[2].ID] = append(s.batches[g[2].ID], g[2].Batch(31, 40))
			s.segments[3].Header.Parent = &record.Position{Segment: g[2].ID, Seq: 30, Chain: g[2].Chain(30)}
		}, []string{proof.Fork}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, st, g := made(t)
			c.spoil(s, st, g)
			r, err := proof.Check(context.Background(), s)
			if err != nil {
				t.Fatal(err)
			}
			got := r.Stations[0]
			var found []string
			for _, p := range got.Problems {
				found = append(found, p.What)
			}
			if !slices.Equal(found, c.want) || r.OK != (len(c.want) == 0) || got.OK != r.OK || got.Gaps+got.Forks+got.Broken != len(found) {
				t.Fatalf("found %v, want %v: %+v", found, c.want, r)
			}
			if len(found) > 0 && got.Problems[0].Seq != c.seq {
				t.Errorf("at %d, want %d: %+v", got.Problems[0].Seq, c.seq, got.Problems[0])
			}
		})
	}
}

// TestProblemsAreBounded counts all and tells a hundred.
func TestProblemsAreBounded(t *testing.T) {
	s, _, g := made(t)
	for range 300 {
		b := g[0].Batch(1, 5)
		b.Sig = make([]byte, 64)
		s.batches[g[0].ID] = append(s.batches[g[0].ID], b)
	}
	r, err := proof.Check(context.Background(), s)
	if err != nil || r.Stations[0].Broken != 300 || len(r.Stations[0].Problems) != 100 {
		t.Errorf("%d broken, %d told, %v", r.Stations[0].Broken, len(r.Stations[0].Problems), err)
	}
}
