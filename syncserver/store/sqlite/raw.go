package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// arrival is one batch as it stands in a raw file.
type arrival struct {
	n        uint64
	day      string // of the raw file
	station  string
	batch    wire.Batch // Header only when it is new
	exchange store.Exchange
	fresh    []span
	opened   []store.Opened // nil = not opened yet
}

// span is a range of seqs, both ends included.
type span struct{ first, last uint64 }

// stretch is where a stored batch lies in its segment.
type stretch struct {
	n           uint64
	first, last uint64
	before, tip record.Chain
	day         string
}

// storeRaw writes what is new in a group into today's raw file, in one commit.
// A delivery that is refused by itself gets its error in answers.
func (w *writer) storeRaw(ctx context.Context, group []job, answers []store.Answer) ([]*arrival, error) {
	day := store.Day(w.s.o.Now())
	f, release, err := w.s.raw.get(ctx, day)
	if err != nil {
		return nil, err
	}
	defer release()
	var added []*arrival
	n := w.n
	err = f.write(ctx, func(tx *sql.Tx) error {
		for i, j := range group {
			a, err := w.place(ctx, tx, day, n, j)
			switch {
			case errors.Is(err, store.ErrEpoch), errors.Is(err, store.ErrOwner):
				answers[i].Err = err
			case err != nil:
				return err
			case a != nil:
				added = append(added, a)
				n += uint64(len(a.batch.Records))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	w.n = n
	return added, nil
}

// place puts one delivery into the raw file; nil when it brings nothing new.
func (w *writer) place(ctx context.Context, tx *sql.Tx, day string, n uint64, j job) (*arrival, error) {
	d := j.delivery
	if w.old(d) {
		return nil, store.ErrEpoch
	}
	g, err := w.segment(ctx, d.Batch.Segment)
	if err != nil {
		return nil, err
	}
	if g.station != "" && g.station != d.Station {
		return nil, store.ErrOwner
	}
	if g.station == "" {
		g.station, g.first = d.Station, d.Clock.Received
	}
	a := &arrival{n: n, day: day, station: d.Station, batch: d.Batch, exchange: d.Clock, opened: j.opened}
	if a.batch.Header, err = w.placeHeader(ctx, tx, g, d); err != nil {
		return nil, err
	}
	fresh, replay, err := w.overlap(ctx, tx, day, g, d)
	if err != nil {
		return nil, err
	}
	if replay {
		if a.batch.Header == nil && !g.forked {
			return nil, nil
		}
		a.batch.Records, a.opened = nil, nil
		return a, nil
	}
	a.fresh = fresh
	g.highest = max(g.highest, d.Batch.Last())
	g.rawDays = addDay(g.rawDays, day)
	return a, insertBatch(ctx, tx, a)
}

// placeHeader stores the header of a segment that had none.
func (w *writer) placeHeader(ctx context.Context, tx *sql.Tx, g *segment, d store.Delivery) (*record.SignedHeader, error) {
	h := d.Batch.Header
	if h == nil {
		return nil, nil
	}
	fresh := g.signed == nil
	g.setHeader(h)
	if !fresh {
		return nil, nil
	}
	_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO header (segment, station, body, sig, received) VALUES (?, ?, ?, ?, ?)`,
		d.Batch.Segment[:], d.Station, h.Body, h.Sig, d.Clock.Received)
	return h, err
}

func insertBatch(ctx context.Context, tx *sql.Tx, a *arrival) error {
	exchange, err := cbor.Marshal(a.exchange)
	if err != nil {
		return fmt.Errorf("encode exchange: %w", err)
	}
	records, err := cbor.Marshal(a.batch.Records)
	if err != nil {
		return fmt.Errorf("encode records: %w", err)
	}
	b := a.batch
	_, err = tx.ExecContext(ctx, `INSERT INTO batch (n, station, segment, first, count, before, tip, sig, exchange, fresh, records)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.n, a.station, b.Segment[:], b.First, len(b.Records), b.Before[:], b.Tip[:], b.Sig, exchange, spansText(a.fresh), records)
	return err
}

// overlap compares a delivery with what is stored of its segment: replay when
// all of it is there already with the same history, else what no batch had.
// Where two histories meet at a seq and their chains differ, the segment is
// forked; both sides are kept.
func (w *writer) overlap(ctx context.Context, tx *sql.Tx, day string, g *segment, d store.Delivery) (fresh []span, replay bool, err error) {
	all := span{d.Batch.First, d.Batch.Last()}
	if all.first > g.highest {
		return []span{all}, false, nil
	}
	stored, err := w.stretches(ctx, tx, day, g, d.Batch.Segment, all)
	if err != nil {
		return nil, false, err
	}
	fresh, other := []span{all}, []span{all}
	for _, s := range stored {
		same, err := w.sameHistory(ctx, tx, day, d, s)
		if err != nil {
			return nil, false, err
		}
		fresh = subtract(fresh, span{s.first, s.last})
		if same {
			other = subtract(other, span{s.first, s.last})
		} else {
			g.markFork()
		}
	}
	return fresh, len(other) == 0, nil
}

// stretches are the stored batches that share a seq with want.
func (w *writer) stretches(ctx context.Context, tx *sql.Tx, today string, g *segment, id record.SegmentID, want span) ([]stretch, error) {
	var all []stretch
	for _, day := range g.rawDays {
		err := w.reading(ctx, tx, today, day, func(q querier) error {
			found, err := findStretches(ctx, q, id, want)
			for i := range found {
				found[i].day = day
			}
			all = append(all, found...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// querier is a transaction or a pool of connections.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// reading gives the open transaction for today's file, else the day's readers.
func (w *writer) reading(ctx context.Context, tx *sql.Tx, today, day string, do func(q querier) error) error {
	if day == today && tx != nil {
		return do(tx)
	}
	f, release, err := w.s.raw.get(ctx, day)
	if err != nil {
		return err
	}
	defer release()
	return do(f.r)
}

func findStretches(ctx context.Context, q querier, id record.SegmentID, want span) ([]stretch, error) {
	rows, err := q.QueryContext(ctx, `SELECT n, first, count, before, tip FROM batch
		WHERE segment = ? AND first <= ? AND first + count > ? ORDER BY first, n`, id[:], want.last, want.first)
	if err != nil {
		return nil, fmt.Errorf("find batches: %w", err)
	}
	defer rows.Close()
	var all []stretch
	for rows.Next() {
		var s stretch
		var count uint64
		var before, tip []byte
		if err := rows.Scan(&s.n, &s.first, &count, &before, &tip); err != nil {
			return nil, fmt.Errorf("find batches: %w", err)
		}
		s.last = s.first + count - 1
		copy(s.before[:], before)
		copy(s.tip[:], tip)
		all = append(all, s)
	}
	return all, rows.Err()
}

// sameHistory compares the chains at the last seq that both have; equal there
// means equal before it.
func (w *writer) sameHistory(ctx context.Context, tx *sql.Tx, today string, d store.Delivery, s stretch) (bool, error) {
	b := d.Batch
	switch last := b.Last(); {
	case s.last == last:
		return s.tip == b.Tip, nil
	case s.last < last:
		chain, err := w.chainAt(ctx, d.Station, b.Before, b.Segment, b.First, b.Records, s.last)
		return chain == s.tip, err
	default:
		var records [][]byte
		err := w.reading(ctx, tx, today, s.day, func(q querier) (err error) {
			records, err = readRecords(ctx, q, s.n)
			return err
		})
		if err != nil {
			return false, err
		}
		chain, err := w.chainAt(ctx, d.Station, s.before, b.Segment, s.first, records, last)
		return chain == b.Tip, err
	}
}

// chainAt is the chain at seq inside verified records that start at first.
func (w *writer) chainAt(ctx context.Context, station string, before record.Chain, id record.SegmentID, first uint64, records [][]byte, seq uint64) (record.Chain, error) {
	if seq < first {
		return before, nil
	}
	var key []byte
	if err := w.s.office.r.QueryRowContext(ctx, `SELECT key FROM station WHERE id = ?`, station).Scan(&key); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return record.Chain{}, fmt.Errorf("read station's key: %w", err)
	}
	n := min(seq-first+1, uint64(len(records)))
	return record.Follow(before, id, first, records[:n], key)
}

func readRecords(ctx context.Context, q querier, n uint64) ([][]byte, error) {
	var blob []byte
	if err := q.QueryRowContext(ctx, `SELECT records FROM batch WHERE n = ?`, n).Scan(&blob); err != nil {
		return nil, fmt.Errorf("read batch %d: %w", n, err)
	}
	return decodeRecords(blob)
}

func decodeRecords(blob []byte) ([][]byte, error) {
	var records [][]byte
	if err := cbor.Unmarshal(blob, &records); err != nil {
		return nil, fmt.Errorf("decode stored batch: %w", err)
	}
	return records, nil
}

// received is the arrival's time at the office.
func (a *arrival) received() time.Time { return time.UnixMilli(a.exchange.Received) }
