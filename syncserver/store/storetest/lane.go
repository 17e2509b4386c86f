// Package storetest is the suite that every store passes, and the station that
// its tests send from.
package storetest

import (
	"crypto/ed25519"
	"crypto/rand"
	"testing"
	"time"

	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// Station is a station that lives in a test: it seals and signs as a real one.
type Station struct {
	t      testing.TB
	ID     string
	Key    ed25519.PrivateKey
	Office wire.OfficeKeys
	Start  time.Time
	Boot   [16]byte
	Dict   uint8
	last   *record.Position
}

// NewStation makes one that is not enrolled anywhere yet.
func NewStation(t testing.TB, office wire.OfficeKeys) *Station {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Station{t: t, Key: key, Office: office, Start: time.Now().Add(-time.Hour).Truncate(time.Millisecond), Boot: [16]byte{1}, Dict: seal.CurrentDict}
}

// Public is the key that its peers know it by.
func (s *Station) Public() ed25519.PublicKey { return s.Key.Public().(ed25519.PublicKey) }

// Continue makes the next segment follow the end of g, as a copied disk would.
func (s *Station) Continue(g *Segment) {
	n := uint64(len(g.Records))
	s.last = &record.Position{Segment: g.ID, Seq: n, Chain: g.chains[n]}
}

// In gives the station to another test, such as the body of a fuzz target.
func (s *Station) In(t testing.TB) *Station {
	s.t = t
	return s
}

// Segment is one segment of its records.
type Segment struct {
	s       *Station
	ID      record.SegmentID
	Header  record.SignedHeader
	codec   *seal.Codec
	Records [][]byte
	chains  []record.Chain
}

// Segment begins a new segment after the last one.
func (s *Station) Segment() *Segment {
	s.t.Helper()
	g := &Segment{s: s}
	rand.Read(g.ID[:])
	key := seal.NewKey()
	var wrapped []seal.Wrapped
	for _, to := range []seal.Recipient{s.Office.Seal, s.Office.Recovery} {
		w, err := seal.Wrap(key, g.ID, to)
		s.fatal(err)
		wrapped = append(wrapped, w)
	}
	var err error
	g.Header, err = record.SignHeader(record.Header{
		Version: record.HeaderVersion, Segment: g.ID, Station: s.ID, Parent: s.last, Wall: s.Start.UnixMilli(), SinceBoot: 60_000,
		Boot: s.Boot, Dict: s.Dict, Program: "test", Keys: wrapped,
	}, s.Key)
	s.fatal(err)
	g.codec, err = seal.NewCodec(key, g.ID, seal.CurrentDict)
	s.fatal(err)
	g.chains = []record.Chain{g.Header.Chain()}
	return g
}

func (s *Station) fatal(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// Add seals one record, made after seconds.
func (g *Segment) Add(kind record.Kind, seconds int, body any) *Segment {
	g.s.t.Helper()
	plain, err := record.Encode(kind, time.Duration(seconds)*time.Second, body)
	g.s.fatal(err)
	return g.AddPlain(plain)
}

// AddPlain seals any bytes as a record.
func (g *Segment) AddPlain(plain []byte) *Segment {
	return g.AddSealed(g.codec.Seal(uint64(len(g.Records)+1), plain))
}

// AddSealed adds bytes that pass for a sealed record.
func (g *Segment) AddSealed(sealed []byte) *Segment {
	g.Records = append(g.Records, sealed)
	g.chains = append(g.chains, g.chains[len(g.chains)-1].Next(sealed))
	g.s.last = &record.Position{Segment: g.ID, Seq: uint64(len(g.Records)), Chain: g.chains[len(g.Records)]}
	return g
}

// Scans adds n scans of different persons, a second apart.
func (g *Segment) Scans(n int) *Segment {
	g.s.t.Helper()
	for range n {
		seq := len(g.Records)
		g.Add(record.KindScan, seq, record.Scan{Direction: record.In, Verdict: record.Pass, Card: uint64(4600010000000 + seq)})
	}
	return g
}

// Chain is the chain at seq.
func (g *Segment) Chain(seq uint64) record.Chain { return g.chains[seq] }

// Batch is the signed batch of records first to last, with the header.
func (g *Segment) Batch(first, last uint64) wire.Batch {
	b := wire.Batch{Header: &g.Header, Segment: g.ID, First: first, Records: g.Records[first-1 : last], Before: g.chains[first-1], Tip: g.chains[last]}
	b.Sign(g.s.Key)
	return b
}

// Deliver is a batch as the gateway hands it over.
func (g *Segment) Deliver(first, last uint64) store.Delivery {
	now := time.Now()
	return store.Delivery{Station: g.s.ID, Batch: g.Batch(first, last), Clock: store.Exchange{
		Received: now.UnixMilli(), Known: true, Boot: g.s.Boot, SinceBoot: 3_660_000, BootWall: now.UnixMilli() - 3_660_000, BoundMS: 5,
	}}
}

// Bare is a delivery without its header.
func (g *Segment) Bare(first, last uint64) store.Delivery {
	d := g.Deliver(first, last)
	d.Batch.Header = nil
	return d
}
