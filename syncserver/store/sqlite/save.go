package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"quachot/internal/record"
	"quachot/syncserver/store"
)

const insertEvent = `INSERT OR REPLACE INTO event
	(n, segment, seq, station, post, lane, kind, at, ts, unc, received, officer, verdict, way, pending, body)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

func (w *writer) saveDay(ctx context.Context, day string, p *plan) error {
	f, release, err := w.s.days.get(ctx, day)
	if err != nil {
		return err
	}
	defer release()
	return f.write(ctx, func(tx *sql.Tx) error {
		for _, n := range p.stale[day] {
			if _, err := tx.ExecContext(ctx, `DELETE FROM event WHERE n = ?`, n); err != nil {
				return err
			}
		}
		if err := insertRows(ctx, tx, p.rows[day]); err != nil {
			return err
		}
		for _, m := range p.moves {
			if err := moveRows(ctx, tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func insertRows(ctx context.Context, tx *sql.Tx, rows []row) error {
	insert, err := tx.PrepareContext(ctx, insertEvent)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, r := range rows {
		_, err := insert.ExecContext(ctx, r.N, r.Segment[:], r.Seq, r.Station, r.Post, r.Lane, r.Kind, ms(r.At), ms(r.Corrected),
			r.Uncertainty.Milliseconds(), ms(r.Received), r.Officer, r.Verdict, r.Way, r.Pending, r.Body)
		if err != nil {
			return err
		}
	}
	return nil
}

// moveRows gives the rows after a context that came late their place. A scan's
// own direction stands.
func moveRows(ctx context.Context, tx *sql.Tx, m move) error {
	until := m.until
	if until == 0 {
		until = 1 << 62
	}
	_, err := tx.ExecContext(ctx, `UPDATE event SET officer = ?, lane = ?, post = CASE WHEN ? = '' THEN post ELSE ? END,
		way = CASE WHEN way = 0 THEN ? ELSE way END WHERE segment = ? AND seq > ? AND seq < ?`,
		m.place.officer, m.place.lane, m.place.post, m.place.post, m.place.way, m.segment[:], m.place.seq, until)
	return err
}

func (w *writer) saveOffice(ctx context.Context, p *plan) error {
	return w.s.office.write(ctx, func(tx *sql.Tx) error {
		for id, g := range p.touched {
			if err := saveSegment(ctx, tx, id, g); err != nil {
				return err
			}
		}
		for _, save := range []func(context.Context, *sql.Tx, *plan) error{savePlaces, savePending, saveDays, saveLinks, saveCards, saveStored, saveCursor} {
			if err := save(ctx, tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveSegment(ctx context.Context, tx *sql.Tx, id record.SegmentID, g *segment) error {
	var body, sig, chain, parent []byte
	var wall int64
	var parentSeq uint64
	if g.signed != nil {
		body, sig = g.signed.Body, g.signed.Sig
	}
	if g.known {
		chain = g.chain[:]
	}
	if g.header != nil {
		wall = g.header.Wall
		if q := g.header.Parent; q != nil {
			parent, parentSeq = q.Segment[:], q.Seq
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO segment (id, station, body, sig, held, chain, highest, fork, first, wall, parent, parent_seq)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id[:], g.station, body, sig, g.held, chain, g.highest, g.fork, g.first, wall, parent, parentSeq)
	if err != nil {
		return err
	}
	if err := saveSegmentDays(ctx, tx, id, true, g.rawDays); err != nil {
		return err
	}
	if err := saveSegmentDays(ctx, tx, id, false, g.days); err != nil {
		return err
	}
	if parent != nil {
		if err := markSiblings(ctx, tx, id, g, parent); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE station SET held = held + ?, forked = MAX(forked, ?) WHERE id = ?`, g.moved, g.fork, g.station)
	return err
}

// markSiblings finds the fork of a restored image or a cloned laptop: two
// segments that follow the same one.
func markSiblings(ctx context.Context, tx *sql.Tx, id record.SegmentID, g *segment, parent []byte) error {
	var others int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM segment WHERE parent = ? AND id <> ? AND station = ?`, parent, id[:], g.station).Scan(&others)
	if err != nil || others == 0 {
		return err
	}
	g.fork = true
	_, err = tx.ExecContext(ctx, `UPDATE segment SET fork = 1 WHERE parent = ? AND station = ?`, parent, g.station)
	return err
}

func saveSegmentDays(ctx context.Context, tx *sql.Tx, id record.SegmentID, raw bool, days []string) error {
	for _, day := range days {
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO segment_day (segment, raw, day) VALUES (?, ?, ?)`, id[:], raw, day); err != nil {
			return err
		}
	}
	return nil
}

func savePlaces(ctx context.Context, tx *sql.Tx, p *plan) error {
	for _, c := range p.places {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO context (segment, seq, officer, post, lane, way) VALUES (?, ?, ?, ?, ?, ?)`,
			c.segment[:], c.seq, c.officer, c.post, c.lane, c.way)
		if err != nil {
			return err
		}
	}
	return nil
}

func savePending(ctx context.Context, tx *sql.Tx, p *plan) error {
	for _, id := range p.resolved {
		if _, err := tx.ExecContext(ctx, `DELETE FROM pending WHERE segment = ? AND seq = ?`, id.Segment[:], id.Seq); err != nil {
			return err
		}
	}
	for _, r := range p.pending {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO pending (segment, seq, station, why, day) VALUES (?, ?, ?, ?, ?)`,
			r.Segment[:], r.Seq, r.station, r.why, r.day)
		if err != nil {
			return err
		}
	}
	return nil
}

func saveDays(ctx context.Context, tx *sql.Tx, p *plan) error {
	for day, rows := range p.rows {
		low, high := rows[0].N, rows[0].N
		for _, r := range rows {
			low, high = min(low, r.N), max(high, r.N)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO day (day, min_n, max_n) VALUES (?, ?, ?)
			ON CONFLICT (day) DO UPDATE SET min_n = MIN(min_n, excluded.min_n), max_n = MAX(max_n, excluded.max_n)`, day, low, high)
		if err != nil {
			return err
		}
	}
	return nil
}

func saveLinks(ctx context.Context, tx *sql.Tx, p *plan) error {
	for _, l := range p.links {
		if _, err := insertLink(ctx, tx, l); err != nil {
			return err
		}
	}
	return nil
}

// insertLink stores a link once, whichever way round, and says whether it is new.
func insertLink(ctx context.Context, tx *sql.Tx, l linkOf) (bool, error) {
	a, b := l.a, l.b
	if a.Kind > b.Kind || (a.Kind == b.Kind && a.Number > b.Number) {
		a, b = b, a
	}
	done, err := tx.ExecContext(ctx, `INSERT INTO link (ak, an, bk, bn, why) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		a.Kind, a.Number, b.Kind, b.Number, l.why)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

func saveCards(ctx context.Context, tx *sql.Tx, p *plan) error {
	for _, c := range p.cards {
		if err := upsertCard(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

func upsertCard(ctx context.Context, tx *sql.Tx, c store.Card) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO card (number, token, name, birth, sex, ward, station, step, issued, expires)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET step = excluded.step,
		token = COALESCE(excluded.token, token), name = CASE WHEN excluded.name = '' THEN name ELSE excluded.name END,
		birth = CASE WHEN excluded.birth = '' THEN birth ELSE excluded.birth END, sex = CASE WHEN excluded.sex = '' THEN sex ELSE excluded.sex END,
		ward = CASE WHEN excluded.ward = '' THEN ward ELSE excluded.ward END`,
		c.Number, c.Token, c.Name, c.Birth, c.Sex, c.Ward, c.Station, c.Step, ms(c.Issued), ms(c.Expires))
	return err
}

func saveStored(ctx context.Context, tx *sql.Tx, p *plan) error {
	for station, n := range p.stored {
		if _, err := tx.ExecContext(ctx, `UPDATE station SET stored = stored + ? WHERE id = ?`, n, station); err != nil {
			return err
		}
	}
	return nil
}

func saveCursor(ctx context.Context, tx *sql.Tx, p *plan) error {
	if p.next == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO cursor (one, n) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET n = MAX(n, excluded.n)`, p.next)
	if err != nil {
		return fmt.Errorf("cursor: %w", err)
	}
	return nil
}
