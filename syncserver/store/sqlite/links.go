package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"quachot/internal/identity"
	"quachot/syncserver/store"
)

// Links implements store.Records: everything that hangs together, breadth first.
func (s *Store) Links(ctx context.Context, doc identity.Document) ([]identity.Document, error) {
	all, err := linksOf(ctx, s.office.r, doc)
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	return all, nil
}

func linksOf(ctx context.Context, q querier, doc identity.Document) ([]identity.Document, error) {
	all := []identity.Document{doc}
	seen := map[identity.Document]bool{doc: true}
	for i := 0; i < len(all) && len(all) < store.MaxLinks; i++ {
		next, err := collect(ctx, q, func(rows *sql.Rows) (identity.Document, error) {
			var d identity.Document
			return d, rows.Scan(&d.Kind, &d.Number)
		}, `SELECT bk, bn FROM link WHERE ak = ?1 AND an = ?2 UNION SELECT ak, an FROM link WHERE bk = ?1 AND bn = ?2 LIMIT 65`,
			all[i].Kind, all[i].Number)
		if err != nil {
			return nil, err
		}
		for _, d := range next {
			if !seen[d] && len(all) < store.MaxLinks {
				seen[d] = true
				all = append(all, d)
			}
		}
	}
	return all, nil
}

// LinksAfter implements store.Records.
func (s *Store) LinksAfter(ctx context.Context, after uint64, limit int) ([]store.NewLink, error) {
	all, err := collect(ctx, s.office.r, func(rows *sql.Rows) (store.NewLink, error) {
		var l store.NewLink
		return l, rows.Scan(&l.ID, &l.Of[0].Kind, &l.Of[0].Number, &l.Of[1].Kind, &l.Of[1].Number)
	}, `SELECT id, ak, an, bk, bn FROM link WHERE id > ? ORDER BY id LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	return all, nil
}

// Link implements store.Records.
func (s *Store) Link(ctx context.Context, docs []identity.Document, why string) ([]identity.Document, error) {
	p := newPlan()
	p.link(docs, why)
	var fresh []identity.Document
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		for _, l := range p.links {
			added, err := insertLink(ctx, tx, l)
			if err != nil {
				return err
			}
			if added {
				fresh = append(fresh, l.b)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("link documents: %w", err)
	}
	s.wake()
	return fresh, nil
}

// PutCards implements store.Records.
func (s *Store) PutCards(ctx context.Context, cards []store.Card) error {
	p := newPlan()
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		for _, c := range cards {
			if err := upsertCard(ctx, tx, c); err != nil {
				return err
			}
			p.link(append([]identity.Document{CardDocument(c.Number)}, c.Documents...), "issued")
		}
		return saveLinks(ctx, tx, p)
	})
	if err != nil {
		return fmt.Errorf("remember cards: %w", err)
	}
	s.wake()
	return nil
}

// Card implements store.Records.
func (s *Store) Card(ctx context.Context, number uint64) (store.Card, error) {
	c := store.Card{Number: number}
	var issued, expires int64
	err := s.office.r.QueryRowContext(ctx, `SELECT token, name, birth, sex, ward, station, step, issued, expires FROM card WHERE number = ?`, number).
		Scan(&c.Token, &c.Name, &c.Birth, &c.Sex, &c.Ward, &c.Station, &c.Step, &issued, &expires)
	known := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return c, fmt.Errorf("read card: %w", disk(err))
	}
	c.Issued, c.Expires = at(issued), at(expires)
	revoked, err := s.revocations(ctx, `WHERE card = ?`, number)
	if err != nil {
		return c, fmt.Errorf("read card: %w", err)
	}
	if len(revoked) > 0 {
		c.Revoked = &revoked[0]
	}
	docs, err := s.Links(ctx, CardDocument(number))
	if err != nil {
		return c, err
	}
	c.Documents = docs[1:]
	if !known && c.Revoked == nil && len(c.Documents) == 0 {
		return c, fmt.Errorf("card: %w", store.ErrNotFound)
	}
	return c, nil
}
