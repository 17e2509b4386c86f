package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/record"
	"quachot/syncserver/store"
)

// recoverBatches bounds what is in memory at once while recovering.
const recoverBatches = 64

// recover applies what the raw files hold beyond the cursor: what a crash, or a
// failed write, left between them.
func (w *writer) recover(ctx context.Context) error {
	w.forget()
	cursor := uint64(1)
	err := w.s.office.r.QueryRowContext(ctx, `SELECT n FROM cursor`).Scan(&cursor)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read cursor: %w", disk(err))
	}
	days, err := w.s.raw.days()
	if err != nil {
		return err
	}
	w.n = cursor
	from := newest(days, func(day string) (bool, error) { return w.reaches(ctx, day, cursor) })
	for _, day := range days[from:] {
		if err := w.recoverDay(ctx, day, cursor); err != nil {
			return fmt.Errorf("day %s: %w", day, err)
		}
	}
	w.dirty = false
	return nil
}

// newest is the index from which the days may hold something new: one before
// the first that reaches beyond the cursor at its end, or the last day.
func newest(days []string, reaches func(day string) (bool, error)) int {
	for i := len(days) - 1; i >= 0; i-- {
		if beyond, err := reaches(days[i]); err == nil && !beyond {
			return i
		}
	}
	return 0
}

// reaches says whether a raw file holds batches beyond the cursor.
func (w *writer) reaches(ctx context.Context, day string, cursor uint64) (bool, error) {
	f, release, err := w.s.raw.get(ctx, day)
	if err != nil {
		return false, err
	}
	defer release()
	var n sql.NullInt64
	if err := f.r.QueryRowContext(ctx, `SELECT max(n) FROM batch`).Scan(&n); err != nil {
		return false, disk(err)
	}
	return n.Valid && uint64(n.Int64) >= cursor, nil
}

func (w *writer) recoverDay(ctx context.Context, day string, cursor uint64) error {
	f, release, err := w.s.raw.get(ctx, day)
	if err != nil {
		return err
	}
	defer release()
	headers, err := w.lostHeaders(ctx, f, day)
	if err != nil {
		return err
	}
	if err := w.apply(ctx, headers); err != nil {
		return err
	}
	for {
		some, err := readArrivals(ctx, f.r, day, `n >= ? ORDER BY n LIMIT ?`, cursor, recoverBatches)
		if err != nil || len(some) == 0 {
			return err
		}
		if err := w.apply(ctx, some); err != nil {
			return err
		}
		last := some[len(some)-1]
		cursor = last.n + uint64(len(last.batch.Records))
		w.n = max(w.n, cursor)
		w.s.o.Log.Info("applied what a stop left behind", "day", day, "batches", len(some))
	}
}

// lostHeaders are the day's headers that office.db does not have.
func (w *writer) lostHeaders(ctx context.Context, f *file, day string) ([]*arrival, error) {
	rows, err := f.r.QueryContext(ctx, `SELECT segment, station, body, sig, received FROM header`)
	if err != nil {
		return nil, disk(err)
	}
	defer rows.Close()
	var lost []*arrival
	for rows.Next() {
		var id []byte
		var h record.SignedHeader
		a := &arrival{day: day}
		if err := rows.Scan(&id, &a.station, &h.Body, &h.Sig, &a.exchange.Received); err != nil {
			return nil, disk(err)
		}
		copy(a.batch.Segment[:], id)
		a.batch.Header = &h
		if _, err := w.s.signedHeader(ctx, a.batch.Segment); errors.Is(err, store.ErrNotFound) {
			lost = append(lost, a)
		} else if err != nil {
			return nil, err
		}
	}
	return lost, rows.Err()
}

// readArrivals reads batches of one raw file.
func readArrivals(ctx context.Context, q querier, day, where string, args ...any) ([]*arrival, error) {
	rows, err := q.QueryContext(ctx, `SELECT n, station, segment, first, before, tip, sig, exchange, fresh, records FROM batch WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read batches: %w", disk(err))
	}
	defer rows.Close()
	var all []*arrival
	for rows.Next() {
		a := &arrival{day: day}
		var segment, before, tip, exchange, records []byte
		var fresh string
		b := &a.batch
		if err := rows.Scan(&a.n, &a.station, &segment, &b.First, &before, &tip, &b.Sig, &exchange, &fresh, &records); err != nil {
			return nil, fmt.Errorf("read batches: %w", disk(err))
		}
		copy(b.Segment[:], segment)
		copy(b.Before[:], before)
		copy(b.Tip[:], tip)
		if err := cbor.Unmarshal(exchange, &a.exchange); err != nil {
			return nil, fmt.Errorf("read batch %d: %w", a.n, err)
		}
		if a.fresh, err = parseSpans(fresh); err != nil {
			return nil, err
		}
		if b.Records, err = decodeRecords(records); err != nil {
			return nil, fmt.Errorf("read batch %d: %w", a.n, err)
		}
		all = append(all, a)
	}
	return all, disk(rows.Err())
}
