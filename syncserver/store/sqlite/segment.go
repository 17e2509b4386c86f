package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"quachot/internal/record"
	"quachot/syncserver/store"
)

// segment is what the writer remembers of one segment.
type segment struct {
	station string
	signed  *record.SignedHeader
	header  *record.Header // nil while it is not known
	known   bool           // chain at held is known
	held    uint64
	chain   record.Chain
	highest uint64 // the highest seq stored anywhere
	moved   uint64 // not saved: how far this group moved held
	fork    bool
	forked  bool // not saved: this group found the fork
	first   int64
	rawDays []string
	days    []string
	places  []place // contexts by seq
}

// place is what a context record says of the records after it.
type place struct {
	seq                 uint64
	officer, post, lane string
	way                 record.Direction
}

func (g *segment) progress(id record.SegmentID) store.Progress {
	return store.Progress{Segment: id, Station: g.station, Held: g.held, Chain: g.chain, HasHeader: g.signed != nil, Fork: g.fork}
}

// segment gives what is known of a segment; a new one has no station.
func (w *writer) segment(ctx context.Context, id record.SegmentID) (*segment, error) {
	if g := w.segs[id]; g != nil {
		return g, nil
	}
	g, err := w.load(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read segment %s: %w", id, disk(err))
	}
	w.segs[id] = g
	return g, nil
}

func (w *writer) load(ctx context.Context, id record.SegmentID) (*segment, error) {
	g := &segment{}
	var body, sig, chain []byte
	err := w.s.office.r.QueryRowContext(ctx, `SELECT station, body, sig, held, chain, highest, fork, first FROM segment WHERE id = ?`, id[:]).
		Scan(&g.station, &body, &sig, &g.held, &chain, &g.highest, &g.fork, &g.first)
	if errors.Is(err, sql.ErrNoRows) {
		return g, nil
	}
	if err != nil {
		return nil, err
	}
	if body != nil {
		g.setHeader(&record.SignedHeader{Body: body, Sig: sig})
	}
	if chain != nil {
		g.known = true
		copy(g.chain[:], chain)
	}
	if err := w.loadDays(ctx, id, g); err != nil {
		return nil, err
	}
	g.places, err = w.loadPlaces(ctx, id)
	return g, err
}

func (w *writer) loadDays(ctx context.Context, id record.SegmentID, g *segment) error {
	rows, err := w.s.office.r.QueryContext(ctx, `SELECT raw, day FROM segment_day WHERE segment = ? ORDER BY day`, id[:])
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var raw bool
		var day string
		if err := rows.Scan(&raw, &day); err != nil {
			return err
		}
		if raw {
			g.rawDays = append(g.rawDays, day)
		} else {
			g.days = append(g.days, day)
		}
	}
	return rows.Err()
}

func (w *writer) loadPlaces(ctx context.Context, id record.SegmentID) ([]place, error) {
	rows, err := w.s.office.r.QueryContext(ctx, `SELECT seq, officer, post, lane, way FROM context WHERE segment = ? ORDER BY seq`, id[:])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []place
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.seq, &p.officer, &p.post, &p.lane, &p.way); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

// setHeader takes a verified header. A second, different one is a fork.
func (g *segment) setHeader(signed *record.SignedHeader) {
	if g.signed != nil {
		if !bytes.Equal(g.signed.Body, signed.Body) {
			g.markFork()
		}
		return
	}
	g.signed = &record.SignedHeader{Body: bytes.Clone(signed.Body), Sig: bytes.Clone(signed.Sig)} // the delivery's must not stay in memory
	if h, err := signed.Read(); err == nil {
		g.header = &h
	}
	if start := signed.Chain(); !g.known {
		g.known, g.chain = true, start
	} else if g.held == 0 && g.chain != start {
		g.chain = start
	}
}

func (g *segment) markFork() {
	if !g.fork {
		g.fork, g.forked = true, true
	}
}

// placeAt is the context that holds for a record; false when the segment says
// nothing before it.
func (g *segment) placeAt(seq uint64) (place, bool) {
	i, found := slices.BinarySearchFunc(g.places, seq, func(p place, seq uint64) int { return compare(p.seq, seq) })
	if found {
		return g.places[i], true
	}
	if i == 0 {
		return place{}, false
	}
	return g.places[i-1], true
}

// addPlace puts a context in its place and says which seq the next one has; 0 =
// it is the last.
func (g *segment) addPlace(p place) (next uint64) {
	i, found := slices.BinarySearchFunc(g.places, p.seq, func(q place, seq uint64) int { return compare(q.seq, seq) })
	if found {
		g.places[i] = p
	} else {
		g.places = slices.Insert(g.places, i, p)
	}
	if i+1 < len(g.places) {
		return g.places[i+1].seq
	}
	return 0
}

func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func addDay(days []string, day string) []string {
	i, found := slices.BinarySearch(days, day)
	if found {
		return days
	}
	return slices.Insert(days, i, day)
}

// inherit looks for a context in the segments before, a few steps back: a
// segment begins with what held at the end of its parent.
func (w *writer) inherit(ctx context.Context, g *segment, seq uint64) (place, bool, error) {
	for range 16 {
		if p, ok := g.placeAt(seq); ok {
			return p, true, nil
		}
		if g.header == nil || g.header.Parent == nil {
			return place{}, false, nil
		}
		parent := g.header.Parent
		before, err := w.segment(ctx, parent.Segment)
		if err != nil {
			return place{}, false, err
		}
		if before.station != g.station {
			return place{}, false, nil
		}
		g, seq = before, parent.Seq
	}
	return place{}, false, nil
}
