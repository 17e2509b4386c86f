package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"quachot/internal/record"
	"quachot/syncserver/store"
)

const eventColumns = `n, segment, seq, station, post, lane, kind, at, ts, unc, received, officer, verdict, way, pending, body`

// chunk is how many rows are read from a day file at a time.
const chunk = 256

// Records implements store.Records: a merge over the day files that may hold
// something, by N.
func (s *Store) Records(ctx context.Context, q store.Query) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		cursors, err := s.cursors(ctx, q)
		if err != nil {
			yield(store.Record{}, err)
			return
		}
		for given := 0; q.Limit == 0 || given < q.Limit; given++ {
			next, err := lowest(ctx, cursors)
			if err != nil {
				yield(store.Record{}, err)
				return
			}
			if next == nil || !yield(next.pop(), nil) {
				return
			}
		}
	}
}

// dayCursor walks one day file.
type dayCursor struct {
	s     *Store
	day   string
	q     store.Query
	after uint64
	rows  []store.Record
	ended bool
}

func (s *Store) cursors(ctx context.Context, q store.Query) ([]*dayCursor, error) {
	days, err := s.daysAbove(ctx, q.After)
	if err != nil {
		return nil, err
	}
	var all []*dayCursor
	for _, day := range days {
		all = append(all, &dayCursor{s: s, day: day, q: q, after: q.After})
	}
	return all, nil
}

// daysAbove are the days with records above n, those with the newest last.
func (s *Store) daysAbove(ctx context.Context, n uint64) ([]string, error) {
	rows, err := s.office.r.QueryContext(ctx, `SELECT day FROM day WHERE max_n > ? ORDER BY max_n`, n)
	if err != nil {
		return nil, fmt.Errorf("list days: %w", disk(err))
	}
	defer rows.Close()
	var days []string
	for rows.Next() {
		var day string
		if err := rows.Scan(&day); err != nil {
			return nil, fmt.Errorf("list days: %w", disk(err))
		}
		days = append(days, day)
	}
	return days, disk(rows.Err())
}

// lowest is the cursor whose next record has the lowest N; nil at the end.
func lowest(ctx context.Context, cursors []*dayCursor) (*dayCursor, error) {
	var best *dayCursor
	for _, c := range cursors {
		if err := c.fill(ctx); err != nil {
			return nil, err
		}
		if len(c.rows) > 0 && (best == nil || c.rows[0].N < best.rows[0].N) {
			best = c
		}
	}
	return best, nil
}

func (c *dayCursor) pop() store.Record {
	r := c.rows[0]
	c.rows = c.rows[1:]
	return r
}

func (c *dayCursor) fill(ctx context.Context) error {
	if c.ended || len(c.rows) > 0 {
		return nil
	}
	choose, args := where(c.q, c.after)
	rows, err := c.s.dayRows(ctx, c.day, choose+` ORDER BY n LIMIT ?`, append(args, chunk)...)
	if err != nil {
		return err
	}
	c.rows = rows
	c.ended = len(rows) < chunk
	if len(rows) > 0 {
		c.after = rows[len(rows)-1].N
	}
	return nil
}

func where(q store.Query, after uint64) (string, []any) {
	parts, args := []string{`n > ?`}, []any{after}
	if q.Kind != 0 {
		parts, args = append(parts, `kind = ?`), append(args, q.Kind)
	}
	if q.Station != "" {
		parts, args = append(parts, `station = ?`), append(args, q.Station)
	}
	if q.Pending {
		parts = append(parts, `pending <> ''`)
	}
	return strings.Join(parts, ` AND `), args
}

func (s *Store) dayRows(ctx context.Context, day, where string, args ...any) ([]store.Record, error) {
	f, release, err := s.days.get(ctx, day)
	if err != nil {
		return nil, err
	}
	defer release()
	rows, err := f.r.QueryContext(ctx, `SELECT `+eventColumns+` FROM event WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read records of %s: %w", day, disk(err))
	}
	defer rows.Close()
	var all []store.Record
	for rows.Next() {
		r, err := scanEvent(rows)
		if err != nil {
			return nil, fmt.Errorf("read records of %s: %w", day, disk(err))
		}
		all = append(all, r)
	}
	return all, disk(rows.Err())
}

func scanEvent(rows *sql.Rows) (store.Record, error) {
	var r store.Record
	var segment []byte
	var made, corrected, uncertainty, received int64
	err := rows.Scan(&r.N, &segment, &r.Seq, &r.Station, &r.Post, &r.Lane, &r.Kind, &made, &corrected, &uncertainty, &received,
		&r.Officer, &r.Verdict, &r.Way, &r.Pending, &r.Body)
	copy(r.Segment[:], segment)
	r.At, r.Corrected, r.Received = at(made), at(corrected), at(received)
	r.Uncertainty = time.Duration(uncertainty) * time.Millisecond
	return r, err
}

// Latest implements store.Records.
func (s *Store) Latest(ctx context.Context, limit int) ([]store.Record, error) {
	rows, err := s.office.r.QueryContext(ctx, `SELECT day, max_n FROM day ORDER BY max_n DESC`)
	if err != nil {
		return nil, fmt.Errorf("list days: %w", disk(err))
	}
	defer rows.Close()
	var all []store.Record
	for rows.Next() {
		var day string
		var newest uint64
		if err := rows.Scan(&day, &newest); err != nil {
			return nil, fmt.Errorf("list days: %w", disk(err))
		}
		if len(all) >= limit && newest < all[limit-1].N {
			break
		}
		more, err := s.dayRows(ctx, day, `TRUE ORDER BY n DESC LIMIT ?`, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
		slices.SortFunc(all, func(a, b store.Record) int { return compare(b.N, a.N) })
	}
	return all[:min(limit, len(all))], disk(rows.Err())
}

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
