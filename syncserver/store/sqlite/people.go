package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"quachot/syncserver/store"
)

// AddOfficer implements store.People. Officers without an id get C001, C002 ...
func (s *Store) AddOfficer(ctx context.Context, o store.Officer) (store.Officer, error) {
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		if o.ID == "" {
			var last int
			if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(CAST(substr(id, 2) AS INTEGER)), 0) FROM officer WHERE id GLOB '[Cc][0-9]*'`).Scan(&last); err != nil {
				return err
			}
			o.ID = fmt.Sprintf("C%03d", last+1)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO officer (id, name, role, pin) VALUES (?, ?, ?, ?)`, o.ID, o.Name, o.Role, o.PIN)
		return err
	})
	if err != nil {
		return o, fmt.Errorf("add officer %s: %w", o.Name, taken(err))
	}
	return o, nil
}

// ChangeOfficer implements store.People.
func (s *Store) ChangeOfficer(ctx context.Context, o store.Officer) error {
	done, err := s.exec(ctx, `UPDATE officer SET pin = CASE WHEN ? = '' THEN pin ELSE ? END, badge = coalesce(?, badge)
		WHERE id = ? COLLATE NOCASE AND removed = 0`, o.PIN, o.PIN, o.Badge, o.ID)
	return changed(done, err, "change officer "+o.ID)
}

// RemoveOfficer implements store.People. Badge and PIN go at once.
func (s *Store) RemoveOfficer(ctx context.Context, id string, when time.Time) error {
	done, err := s.exec(ctx, `UPDATE officer SET removed = ?, pin = '', badge = NULL WHERE id = ? COLLATE NOCASE AND removed = 0`, ms(when), id)
	return changed(done, err, "remove officer "+id)
}

// changed makes a change of no row store.ErrNotFound.
func changed(done sql.Result, err error, what string) error {
	if err == nil {
		if n, _ := done.RowsAffected(); n == 0 { // this driver always knows
			err = store.ErrNotFound
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Officers implements store.People.
func (s *Store) Officers(ctx context.Context) ([]store.Officer, error) {
	return collect(ctx, s.office.r, func(rows *sql.Rows) (store.Officer, error) {
		var o store.Officer
		return o, rows.Scan(&o.ID, &o.Name, &o.Role, &o.PIN, &o.Badge)
	}, `SELECT id, name, role, pin, badge FROM officer WHERE removed = 0 ORDER BY id`)
}

// AddAccount implements store.People.
func (s *Store) AddAccount(ctx context.Context, a store.Account) error {
	_, err := s.exec(ctx, `INSERT INTO account (name, role, password, created) VALUES (?, ?, ?, ?)`, a.Name, a.Role, a.Password, ms(a.Created))
	if err != nil {
		return fmt.Errorf("add account %s: %w", a.Name, err)
	}
	return nil
}

// Account implements store.People.
func (s *Store) Account(ctx context.Context, name string) (store.Account, error) {
	found, err := s.accounts(ctx, `WHERE name = ?`, name)
	if err != nil {
		return store.Account{}, err
	}
	if len(found) == 0 {
		return store.Account{}, fmt.Errorf("account: %w", store.ErrNotFound)
	}
	return found[0], nil
}

// Accounts implements store.People.
func (s *Store) Accounts(ctx context.Context) ([]store.Account, error) {
	return s.accounts(ctx, `ORDER BY name`)
}

func (s *Store) accounts(ctx context.Context, rest string, args ...any) ([]store.Account, error) {
	return collect(ctx, s.office.r, func(rows *sql.Rows) (store.Account, error) {
		var a store.Account
		var created int64
		err := rows.Scan(&a.Name, &a.Role, &a.Password, &created)
		a.Created = at(created)
		return a, err
	}, `SELECT name, role, password, created FROM account `+rest, args...)
}

// Audit implements store.People.
func (s *Store) Audit(ctx context.Context, a store.Audit) error {
	_, err := s.exec(ctx, `INSERT INTO audit (at, who, what, subject) VALUES (?, ?, ?, ?)`, ms(a.At), a.Who, a.What, a.On)
	if err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	return nil
}

// Audits implements store.People.
func (s *Store) Audits(ctx context.Context, limit int) ([]store.Audit, error) {
	return collect(ctx, s.office.r, func(rows *sql.Rows) (store.Audit, error) {
		var a store.Audit
		var when int64
		err := rows.Scan(&when, &a.Who, &a.What, &a.On)
		a.At = at(when)
		return a, err
	}, `SELECT at, who, what, subject FROM audit ORDER BY id DESC LIMIT ?`, limit)
}
