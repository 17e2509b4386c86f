package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

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
