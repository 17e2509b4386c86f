// Package proof checks from the raw records what the office claims to hold:
// every segment's header and batches signed by its station, its records in one
// unbroken chain, segments following each other, forks found.
package proof

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"quachot/internal/record"
	"quachot/syncserver/store"
)

// Source is what the checker reads.
type Source interface {
	store.Raw
	Stations(ctx context.Context) ([]store.Station, error)
}

// Report is the answer of `syncserver check --json`.
type Report struct {
	OK       bool      `json:"ok"`
	Stations []Station `json:"stations"`
}

// Station is one station's part. It is OK when nothing is missing, broken or
// forked; pending records are whole, only not readable yet.
type Station struct {
	Station  string    `json:"station"`
	Name     string    `json:"name"`
	OK       bool      `json:"ok"`
	Segments int       `json:"segments"`
	Records  uint64    `json:"records"` // in unbroken chains from the first record
	Pending  uint64    `json:"pending"`
	Gaps     int       `json:"gaps"`
	Forks    int       `json:"forks"`
	Broken   int       `json:"broken"` // signatures, chains, counts, unreadable batches
	Problems []Problem `json:"problems"`
}

// What a problem can be.
const (
	Gap       = "gap"       // records between are not here (yet)
	Fork      = "fork"      // two histories under one name
	Signature = "signature" // not signed by the station
	Chain     = "chain"     // records do not fit
	Header    = "header"    // missing or wrong
	Held      = "held"      // the office claims another number than it has
	Raw       = "raw"       // a stored batch cannot be read
)

// Problem is one finding.
type Problem struct {
	What    string           `json:"what"`
	Segment record.SegmentID `json:"segment"`
	Seq     uint64           `json:"seq"`
	Text    string           `json:"text"`
}

// maxProblems bounds the findings told of one station; all are counted.
const maxProblems = 100

// Check goes through every station.
func Check(ctx context.Context, s Source) (Report, error) {
	r := Report{OK: true, Stations: []Station{}}
	stations, err := s.Stations(ctx)
	if err != nil {
		return r, err
	}
	for _, t := range stations {
		c := checker{source: s, key: t.Key, report: Station{Station: t.ID, Name: t.Name, OK: true, Problems: []Problem{}}, segments: map[record.SegmentID]*segment{}}
		if err := c.run(ctx); err != nil {
			return r, fmt.Errorf("check station %s: %w", t.ID, err)
		}
		r.OK = r.OK && c.report.OK
		r.Stations = append(r.Stations, c.report)
	}
	return r, nil
}

// checker goes through one station.
type checker struct {
	source   Source
	key      ed25519.PublicKey
	report   Station
	segments map[record.SegmentID]*segment
}

// segment is what was proved of one. chains[n] is the chain at record n of the
// unbroken prefix.
type segment struct {
	store.Segment
	chains  []record.Chain
	follows []record.SegmentID // who names it as parent
	gap     bool               // one was found: what lies behind it is not judged
}

func (g *segment) id() record.SegmentID { return g.Progress.Segment }

func (c *checker) find(what string, g *segment, seq uint64, text string, args ...any) {
	c.report.OK = false
	switch what {
	case Gap:
		c.report.Gaps++
	case Fork:
		c.report.Forks++
	default:
		c.report.Broken++
	}
	if len(c.report.Problems) < maxProblems {
		c.report.Problems = append(c.report.Problems, Problem{what, g.id(), seq, fmt.Sprintf(text, args...)})
	}
}

func (c *checker) run(ctx context.Context) error {
	all, err := c.source.Segments(ctx, c.report.Station)
	if err != nil {
		return err
	}
	var order []*segment
	for _, s := range all {
		g := &segment{Segment: s}
		c.segments[g.id()] = g
		order = append(order, g)
		c.report.Segments++
		c.report.Pending += s.Pending
		if err := c.segment(ctx, g); err != nil {
			return err
		}
	}
	for _, g := range order {
		c.parent(g)
	}
	return nil
}

// segment proves one segment by itself.
func (c *checker) segment(ctx context.Context, g *segment) error {
	c.header(g)
	for b, err := range c.source.Batches(ctx, g.id()) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil { // the others must be judged all the same
			c.find(Raw, g, uint64(max(1, len(g.chains))), "from here on the stored batches cannot be read: %v", err)
			break
		}
		c.batch(g, b)
	}
	have := uint64(max(0, len(g.chains)-1))
	c.report.Records += have
	switch {
	case g.Held != have:
		c.find(Held, g, g.Held, "the office claims %d records in a row, the raw ones are %d", g.Held, have)
	case have > 0 && g.chains[have] != g.Chain:
		c.find(Held, g, have, "the office's chain value is another than that of the raw records")
	}
	return nil
}

func (c *checker) header(g *segment) {
	if g.Signed == nil {
		c.find(Header, g, 0, "its header never came")
		return
	}
	h, err := g.Signed.Open(c.key)
	switch {
	case err != nil:
		c.find(Signature, g, 0, "%v", err)
	case h.Station != c.report.Station || h.Segment != g.id():
		c.find(Header, g, 0, "it names station %s, segment %s", h.Station, h.Segment)
	}
	g.chains = []record.Chain{g.Signed.Chain()}
}

// batch proves one batch and hangs it onto what is there. Batches come by first
// record.
func (c *checker) batch(g *segment, b store.Batch) {
	if err := store.Verify(b.Batch, c.key); err != nil {
		c.find(Signature, g, b.First, "%v", err)
		return
	}
	if g.chains == nil { // no header: what the first batch says is all there is
		if b.First != 1 {
			c.find(Gap, g, b.First, "it begins at record %d", b.First)
			return
		}
		g.chains = []record.Chain{b.Before}
	}
	have := uint64(len(g.chains) - 1)
	if g.gap {
		return
	}
	if b.First > have+1 {
		g.gap = true
		c.find(Gap, g, have+1, "records %d to %d are not here", have+1, b.First-1)
		return
	}
	if g.chains[b.First-1] != b.Before {
		c.find(Fork, g, b.First, "another history from before this record")
		return
	}
	c.hang(g, b)
}

func (c *checker) hang(g *segment, b store.Batch) {
	chain := b.Before
	for i, r := range b.Records {
		seq := b.First + uint64(i)
		next, err := record.Follow(chain, g.id(), seq, [][]byte{r}, c.key)
		if err != nil {
			c.find(Chain, g, seq, "%v", err)
			return
		}
		chain = next
		if seq < uint64(len(g.chains)) {
			if g.chains[seq] != chain {
				c.find(Fork, g, seq, "two different records with this number")
				return
			}
			continue
		}
		g.chains = append(g.chains, chain)
	}
}

// parent proves that a segment follows the end of the one before, alone.
func (c *checker) parent(g *segment) {
	p := g.Header.Parent
	if g.Signed == nil || p == nil {
		return
	}
	before := c.segments[p.Segment]
	if before == nil {
		if p.Seq > 0 {
			c.find(Gap, g, 0, "segment %s, after which it comes, is not here", p.Segment)
		}
		return
	}
	before.follows = append(before.follows, g.id())
	have := uint64(max(0, len(before.chains)-1))
	switch {
	case len(before.follows) > 1:
		c.find(Fork, g, 0, "segment %s follows %s too: a copied disk or a restored image", before.follows[0], p.Segment)
	case p.Seq > have:
		c.find(Gap, before, have+1, "records %d to %d are not here", have+1, p.Seq)
	case p.Seq < have:
		c.find(Fork, g, 0, "it follows record %d of segment %s, which goes on to %d", p.Seq, p.Segment, have)
	case before.chains[p.Seq] != p.Chain:
		c.find(Chain, g, 0, "it names another chain value at the end of segment %s", p.Segment)
	}
}
