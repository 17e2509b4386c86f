package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/identity"
	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// AddWatch implements store.Lists; an entry of the same document is replaced.
func (s *Store) AddWatch(ctx context.Context, watches []store.Watch) error {
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		for _, w := range watches {
			details, err := cbor.Marshal(w.Details)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `INSERT OR REPLACE INTO watch (kind, number, details, added) VALUES (?, ?, ?, ?)`,
				w.Document.Kind, w.Document.Number, details, ms(w.Added))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("add to watch-list: %w", err)
	}
	return nil
}

// RemoveWatch implements store.Lists.
func (s *Store) RemoveWatch(ctx context.Context, doc identity.Document) error {
	done, err := s.exec(ctx, `DELETE FROM watch WHERE kind = ? AND number = ?`, doc.Kind, doc.Number)
	if err != nil {
		return fmt.Errorf("remove from watch-list: %w", err)
	}
	if n, _ := done.RowsAffected(); n == 0 {
		return fmt.Errorf("remove from watch-list: %w", store.ErrNotFound)
	}
	return nil
}

// Watches implements store.Lists.
func (s *Store) Watches(ctx context.Context) ([]store.Watch, error) {
	return collect(ctx, s.office.r, func(rows *sql.Rows) (store.Watch, error) {
		var w store.Watch
		var details []byte
		var added int64
		if err := rows.Scan(&w.Document.Kind, &w.Document.Number, &details, &added); err != nil {
			return w, err
		}
		w.Added = at(added)
		return w, cbor.Unmarshal(details, &w.Details)
	}, `SELECT kind, number, details, added FROM watch ORDER BY added, kind, number`)
}

// Sealed implements store.Lists.
func (s *Store) Sealed(ctx context.Context) (map[identity.Document]store.Sealed, error) {
	all := map[identity.Document]store.Sealed{}
	_, err := collect(ctx, s.office.r, func(rows *sql.Rows) (struct{}, error) {
		var doc identity.Document
		var entry, details []byte
		var x store.Sealed
		if err := rows.Scan(&doc.Kind, &doc.Number, &entry, &details); err != nil {
			return struct{}{}, err
		}
		err := errors.Join(cbor.Unmarshal(entry, &x.Entry), cbor.Unmarshal(details, &x.Details))
		all[doc] = x
		return struct{}{}, err
	}, `SELECT kind, number, entry, details FROM sealed`)
	if err != nil {
		return nil, fmt.Errorf("read sealed entries: %w", err)
	}
	return all, nil
}

// PutSealed implements store.Lists.
func (s *Store) PutSealed(ctx context.Context, all map[identity.Document]store.Sealed) error {
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		for doc, x := range all {
			entry, err1 := cbor.Marshal(x.Entry)
			details, err2 := cbor.Marshal(x.Details)
			if err := errors.Join(err1, err2); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO sealed (kind, number, entry, details) VALUES (?, ?, ?, ?)`,
				doc.Kind, doc.Number, entry, details); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write sealed entries: %w", err)
	}
	return nil
}

// DropSealed implements store.Lists.
func (s *Store) DropSealed(ctx context.Context, docs []identity.Document) error {
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		for _, doc := range docs {
			if _, err := tx.ExecContext(ctx, `DELETE FROM sealed WHERE kind = ? AND number = ?`, doc.Kind, doc.Number); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("drop sealed entries: %w", err)
	}
	return nil
}

// RevokeCard implements store.Lists; the first revocation stands.
func (s *Store) RevokeCard(ctx context.Context, r store.Revocation) error {
	token := r.Token
	if token == nil {
		token = []byte{}
	}
	_, err := s.exec(ctx, `INSERT OR IGNORE INTO revoked (card, token, reason, at) VALUES (?, ?, ?, ?)`, r.Card, token, r.Reason, ms(r.At))
	if err != nil {
		return fmt.Errorf("revoke card: %w", err)
	}
	return nil
}

// Revocations implements store.Lists.
func (s *Store) Revocations(ctx context.Context) ([]store.Revocation, error) {
	return s.revocations(ctx, `ORDER BY card, token`)
}

func (s *Store) revocations(ctx context.Context, rest string, args ...any) ([]store.Revocation, error) {
	return collect(ctx, s.office.r, func(rows *sql.Rows) (store.Revocation, error) {
		var r store.Revocation
		var when int64
		err := rows.Scan(&r.Card, &r.Token, &r.Reason, &when)
		r.At = at(when)
		return r, err
	}, `SELECT card, token, reason, at FROM revoked `+rest, args...)
}

// AddCardKey implements store.Lists; a key with the same kid is replaced.
func (s *Store) AddCardKey(ctx context.Context, k store.CardKey) error {
	err := s.office.write(ctx, func(tx *sql.Tx) error { return insertCardKey(ctx, tx, k) })
	if err != nil {
		return fmt.Errorf("add issuing key: %w", err)
	}
	return nil
}

func insertCardKey(ctx context.Context, tx *sql.Tx, k store.CardKey) error {
	key, err := cbor.Marshal(k.CardKey)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT OR REPLACE INTO card_key (kid, station, key) VALUES (?, ?, ?)`, k.KID, k.Station, key)
	return err
}

// CardKeys implements store.Lists.
func (s *Store) CardKeys(ctx context.Context) ([]store.CardKey, error) {
	return collect(ctx, s.office.r, func(rows *sql.Rows) (store.CardKey, error) {
		var k store.CardKey
		var key []byte
		if err := rows.Scan(&k.Station, &key); err != nil {
			return k, err
		}
		return k, cbor.Unmarshal(key, &k.CardKey)
	}, `SELECT station, key FROM card_key ORDER BY station, kid`)
}

// ReserveCards implements store.Lists.
func (s *Store) ReserveCards(ctx context.Context, station string, n uint32) (uint32, error) {
	var next uint32
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO supply (station, next) VALUES (?, 1 + ?)
			ON CONFLICT (station) DO UPDATE SET next = next + ? RETURNING next`, station, n, n).Scan(&next)
	})
	if err != nil {
		return 0, fmt.Errorf("reserve card numbers: %w", err)
	}
	return next - n, nil
}

// Setting implements store.Lists.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	var value string
	err := s.office.r.QueryRowContext(ctx, `SELECT value FROM setting WHERE name = ?`, name).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read setting %s: %w", name, disk(err))
	}
	return value, nil
}

// SetSetting implements store.Lists.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	if _, err := s.exec(ctx, `INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)`, name, value); err != nil {
		return fmt.Errorf("write setting %s: %w", name, err)
	}
	return nil
}

// Publish implements store.Lists.
func (s *Store) Publish(ctx context.Context, serial uint64, lists []store.List) error {
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO serial (one, serial) VALUES (1, ?)
			ON CONFLICT (one) DO UPDATE SET serial = MAX(serial, excluded.serial)`, serial); err != nil {
			return err
		}
		for _, l := range lists {
			entry, err := cbor.Marshal(l.ListEntry)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO list (name, entry, content) VALUES (?, ?, ?)`, l.Name, entry, l.Content); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("publish lists: %w", err)
	}
	return nil
}

// Published implements store.Lists.
func (s *Store) Published(ctx context.Context) (uint64, []store.List, error) {
	var serial uint64
	if err := s.office.r.QueryRowContext(ctx, `SELECT serial FROM serial`).Scan(&serial); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, nil, fmt.Errorf("read lists' serial: %w", disk(err))
	}
	lists, err := collect(ctx, s.office.r, func(rows *sql.Rows) (store.List, error) {
		var l store.List
		var entry []byte
		if err := rows.Scan(&entry, &l.Content); err != nil {
			return l, err
		}
		var e wire.ListEntry
		err := cbor.Unmarshal(entry, &e)
		l.ListEntry = e
		return l, err
	}, `SELECT entry, content FROM list ORDER BY name`)
	if err != nil {
		return 0, nil, fmt.Errorf("read lists: %w", err)
	}
	return serial, lists, nil
}
