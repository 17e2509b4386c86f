package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"

	"quachot/internal/record"
	"quachot/syncserver/store"
)

// Progress implements store.Intake.
func (s *Store) Progress(ctx context.Context, station string, segments []record.SegmentID) ([]store.Progress, error) {
	all := make([]store.Progress, len(segments))
	for i, id := range segments {
		p, err := s.progress(ctx, id)
		if err != nil {
			return nil, err
		}
		if p.Station != "" && p.Station != station {
			p = store.Progress{Segment: id}
		}
		all[i] = p
	}
	return all, nil
}

func (s *Store) progress(ctx context.Context, id record.SegmentID) (store.Progress, error) {
	p := store.Progress{Segment: id}
	var chain []byte
	err := s.office.r.QueryRowContext(ctx, `SELECT station, held, chain, body IS NOT NULL, fork FROM segment WHERE id = ?`, id[:]).
		Scan(&p.Station, &p.Held, &chain, &p.HasHeader, &p.Fork)
	copy(p.Chain[:], chain)
	if err := one(disk(err)); err != nil && !isNotFound(err) {
		return p, fmt.Errorf("read segment %s: %w", id, err)
	}
	return p, nil
}

// Segments implements store.Raw.
func (s *Store) Segments(ctx context.Context, station string) ([]store.Segment, error) {
	rows, err := s.office.r.QueryContext(ctx, `SELECT id, station, body, sig, held, chain, highest, fork, first,
		(SELECT count(*) FROM pending p WHERE p.segment = s.id) FROM segment s WHERE ? = '' OR station = ? ORDER BY station, first, wall`, station, station)
	if err != nil {
		return nil, fmt.Errorf("read segments: %w", disk(err))
	}
	defer rows.Close()
	var all []store.Segment
	for rows.Next() {
		g, err := scanSegment(rows)
		if err != nil {
			return nil, fmt.Errorf("read segments: %w", disk(err))
		}
		all = append(all, g)
	}
	return all, disk(rows.Err())
}

func scanSegment(rows *sql.Rows) (store.Segment, error) {
	var g store.Segment
	var id, body, sig, chain []byte
	var first int64
	if err := rows.Scan(&id, &g.Station, &body, &sig, &g.Held, &chain, &g.Highest, &g.Fork, &first, &g.Pending); err != nil {
		return g, err
	}
	copy(g.Progress.Segment[:], id)
	copy(g.Chain[:], chain)
	g.First = at(first)
	if body != nil {
		g.HasHeader = true
		g.Signed = &record.SignedHeader{Body: body, Sig: sig}
		g.Header, _ = g.Signed.Read() // unreadable = of a newer program: zero
	}
	return g, nil
}

// Batches implements store.Raw.
func (s *Store) Batches(ctx context.Context, id record.SegmentID) iter.Seq2[store.Batch, error] {
	return func(yield func(store.Batch, error) bool) {
		all, err := s.batchIndex(ctx, id)
		if err != nil {
			yield(store.Batch{}, err)
			return
		}
		for _, x := range all {
			b, err := s.batch(ctx, x)
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

func (s *Store) batchIndex(ctx context.Context, id record.SegmentID) ([]stretch, error) {
	rows, err := s.office.r.QueryContext(ctx, `SELECT day FROM segment_day WHERE segment = ? AND raw ORDER BY day`, id[:])
	if err != nil {
		return nil, fmt.Errorf("read days of segment: %w", disk(err))
	}
	defer rows.Close()
	var all []stretch
	for rows.Next() {
		var day string
		if err := rows.Scan(&day); err != nil {
			return nil, fmt.Errorf("read days of segment: %w", disk(err))
		}
		some, err := s.dayIndex(ctx, day, id)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b stretch) int {
		if c := compare(a.first, b.first); c != 0 {
			return c
		}
		return compare(a.n, b.n)
	})
	return all, disk(rows.Err())
}

func (s *Store) dayIndex(ctx context.Context, day string, id record.SegmentID) ([]stretch, error) {
	f, release, err := s.raw.get(ctx, day)
	if err != nil {
		return nil, err
	}
	defer release()
	some, err := findStretches(ctx, f.r, id, span{1, 1 << 62})
	for i := range some {
		some[i].day = day
	}
	return some, err
}

func (s *Store) batch(ctx context.Context, x stretch) (store.Batch, error) {
	f, release, err := s.raw.get(ctx, x.day)
	if err != nil {
		return store.Batch{}, err
	}
	defer release()
	some, err := readArrivals(ctx, f.r, x.day, `n = ?`, x.n)
	if err != nil {
		return store.Batch{}, err
	}
	if len(some) != 1 {
		return store.Batch{}, fmt.Errorf("batch %d of %s is gone", x.n, x.day)
	}
	a := some[0]
	return store.Batch{N: a.n, Station: a.station, Day: a.day, Received: a.received(), Batch: a.batch}, nil
}
