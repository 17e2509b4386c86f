package sqlite

import (
	"context"
	"fmt"

	"quachot/internal/record"
	"quachot/syncserver/store"
)

// Retry implements store.Intake. Each segment is a job of its own, so that
// deliveries come in between.
func (s *Store) Retry(ctx context.Context, why string) (int, error) {
	segments, err := s.waiting(ctx, why)
	if err != nil {
		return 0, err
	}
	total := 0
	for _, id := range segments {
		if ctx.Err() != nil {
			return total, ctx.Err()
		}
		err := s.serialised(ctx, func(ctx context.Context) error {
			n, err := s.w.retry(ctx, id, why)
			total += n
			return err
		})
		if err != nil {
			return total, fmt.Errorf("open pending records of segment %s: %w", id, err)
		}
	}
	return total, nil
}

func (s *Store) waiting(ctx context.Context, why string) ([]record.SegmentID, error) {
	rows, err := s.office.r.QueryContext(ctx, `SELECT DISTINCT segment FROM pending WHERE ? = '' OR why = ?`, why, why)
	if err != nil {
		return nil, fmt.Errorf("find pending records: %w", disk(err))
	}
	defer rows.Close()
	var all []record.SegmentID
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return nil, fmt.Errorf("find pending records: %w", disk(err))
		}
		all = append(all, record.SegmentID(b))
	}
	return all, disk(rows.Err())
}

type wait struct{ why, day string }

// retry opens a segment's pending records again; it says how many are readable
// now.
func (w *writer) retry(ctx context.Context, id record.SegmentID, why string) (int, error) {
	waits, low, high, err := w.waits(ctx, id, why)
	if err != nil || len(waits) == 0 {
		return 0, err
	}
	g, err := w.segment(ctx, id)
	if err != nil {
		return 0, err
	}
	p := newPlan()
	p.touched[id] = g
	for _, day := range g.rawDays {
		if err := w.retryDay(ctx, p, g, id, day, waits, low, high); err != nil {
			return 0, err
		}
	}
	if len(p.resolved) == 0 {
		return 0, nil
	}
	if err := w.save(ctx, p); err != nil {
		w.forget()
		return 0, err
	}
	return len(p.resolved) - len(p.pending), nil
}

func (w *writer) waits(ctx context.Context, id record.SegmentID, why string) (waits map[uint64]wait, low, high uint64, err error) {
	rows, err := w.s.office.r.QueryContext(ctx, `SELECT seq, why, day FROM pending WHERE segment = ? AND (? = '' OR why = ?) ORDER BY seq`, id[:], why, why)
	if err != nil {
		return nil, 0, 0, disk(err)
	}
	defer rows.Close()
	waits = map[uint64]wait{}
	for rows.Next() {
		var seq uint64
		var x wait
		if err := rows.Scan(&seq, &x.why, &x.day); err != nil {
			return nil, 0, 0, disk(err)
		}
		if len(waits) == 0 {
			low = seq
		}
		high = seq
		waits[seq] = x
	}
	return waits, low, high, disk(rows.Err())
}

func (w *writer) retryDay(ctx context.Context, p *plan, g *segment, id record.SegmentID, day string, waits map[uint64]wait, low, high uint64) error {
	f, release, err := w.s.raw.get(ctx, day)
	if err != nil {
		return err
	}
	defer release()
	arrivals, err := readArrivals(ctx, f.r, day, `segment = ? AND first <= ? AND first + count > ? ORDER BY n`, id[:], high, low)
	if err != nil {
		return err
	}
	for _, a := range arrivals {
		a.opened = w.s.o.Opener.Open(g.header, a.batch.First, a.batch.Records)
		for i, o := range a.opened {
			seq := a.batch.First + uint64(i)
			before, waited := waits[seq]
			if !waited || o.Pending == before.why || !contains(a.fresh, seq) {
				continue
			}
			if err := w.planRecord(ctx, p, g, a, i, o); err != nil {
				return err
			}
			p.resolved = append(p.resolved, store.ID{Segment: id, Seq: seq})
			p.stale[before.day] = append(p.stale[before.day], a.n+uint64(i))
		}
	}
	return nil
}
