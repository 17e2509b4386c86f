package sqlite

import (
	"context"

	"quachot/internal/record"
)

// advance moves held when the arrival continues it; gaps are left to catchUp.
func (g *segment) advance(a *arrival) {
	b := a.batch
	if !g.known && b.First == 1 {
		g.known, g.chain = true, b.Before
	}
	if !g.known || b.First != g.held+1 {
		return
	}
	if b.Before != g.chain {
		g.markFork()
		return
	}
	g.moveTo(b.Last(), b.Tip)
}

func (g *segment) moveTo(held uint64, chain record.Chain) {
	g.moved += held - g.held
	g.held, g.chain = held, chain
}

// catchUp moves held over batches that came before their time.
func (w *writer) catchUp(ctx context.Context, id record.SegmentID, g *segment) error {
	for g.known && g.highest > g.held {
		next := span{g.held + 1, g.held + 1}
		candidates, err := w.stretches(ctx, nil, "", g, id, next)
		if err != nil {
			return err
		}
		before := g.held
		for _, s := range candidates {
			chain, err := w.chainBefore(ctx, g, id, s)
			if err != nil {
				return err
			}
			if chain == g.chain {
				g.moveTo(s.last, s.tip)
				break
			}
		}
		if g.held == before {
			if len(candidates) > 0 {
				g.markFork()
			}
			return nil
		}
	}
	return nil
}

// chainBefore is the chain at held as the stretch tells it.
func (w *writer) chainBefore(ctx context.Context, g *segment, id record.SegmentID, s stretch) (record.Chain, error) {
	if s.first == g.held+1 {
		return s.before, nil
	}
	var records [][]byte
	err := w.reading(ctx, nil, "", s.day, func(q querier) (err error) {
		records, err = readRecords(ctx, q, s.n)
		return err
	})
	if err != nil {
		return record.Chain{}, err
	}
	return w.chainAt(ctx, g.station, s.before, id, s.first, records, g.held)
}
