package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	driver "modernc.org/sqlite"

	"quachot/syncserver/store"
)

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// Constraint violations. Source: sqlite.org/rescode.html.
const (
	codePrimaryKey = 1555
	codeUnique     = 2067
)

// taken turns a broken UNIQUE or PRIMARY KEY into ErrExists.
func taken(err error) error {
	var e *driver.Error
	if errors.As(err, &e) && (e.Code() == codePrimaryKey || e.Code() == codeUnique) {
		return store.ErrExists
	}
	return disk(err)
}

// exec runs one statement of the office in a transaction of its own.
func (s *Store) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	var done sql.Result
	err := s.office.write(ctx, func(tx *sql.Tx) (err error) {
		done, err = tx.ExecContext(ctx, query, args...)
		return err
	})
	return done, taken(err)
}

// AddPost implements store.Stations.
func (s *Store) AddPost(ctx context.Context, p store.Post) error {
	var lat, lon any
	if p.At != nil {
		lat, lon = p.At[0], p.At[1]
	}
	_, err := s.exec(ctx, `INSERT INTO post (code, name, kind, lat, lon) VALUES (?, ?, ?, ?, ?)`, p.Code, p.Name, p.Kind, lat, lon)
	if err != nil {
		return fmt.Errorf("add post %s: %w", p.Code, err)
	}
	s.wake()
	return nil
}

// Posts implements store.Stations.
func (s *Store) Posts(ctx context.Context) ([]store.Post, error) {
	return collect(ctx, s.office.r, func(rows *sql.Rows) (store.Post, error) {
		var p store.Post
		var lat, lon sql.NullFloat64
		err := rows.Scan(&p.Code, &p.Name, &p.Kind, &lat, &lon)
		if lat.Valid && lon.Valid {
			p.At = &[2]float64{lat.Float64, lon.Float64}
		}
		return p, err
	}, `SELECT code, name, kind, lat, lon FROM post ORDER BY code`)
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, disk(err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, disk(err)
		}
		all = append(all, v)
	}
	return all, disk(rows.Err())
}

// AddStation implements store.Stations.
func (s *Store) AddStation(ctx context.Context, n store.NewStation) (store.Station, error) {
	var id string
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		var last sql.NullString
		if err := tx.QueryRowContext(ctx, `SELECT max(id) FROM station WHERE id LIKE ? || '____'`, n.Prefix).Scan(&last); err != nil {
			return err
		}
		number := 1
		if last.Valid {
			if _, err := fmt.Sscanf(last.String[len(n.Prefix):], "%d", &number); err != nil {
				return fmt.Errorf("read last station number %q: %w", last.String, err)
			}
			number++
		}
		if number > 9999 {
			return fmt.Errorf("all station numbers of province %s are used", n.Prefix)
		}
		id = fmt.Sprintf("%s%04d", n.Prefix, number)
		if _, err := tx.ExecContext(ctx, `INSERT INTO station (id, name, post, state, issuer, created) VALUES (?, ?, ?, ?, ?, ?)`,
			id, n.Name, n.Post, store.Invited, n.Issuer, ms(n.Created)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO code (token, station, issuer, expires) VALUES (?, ?, ?, ?)`, n.Token[:], id, n.Issuer, ms(n.Expires))
		return err
	})
	if err != nil {
		return store.Station{}, fmt.Errorf("add station %s: %w", n.Name, taken(err))
	}
	s.wake()
	return s.Station(ctx, id)
}

const stationColumns = `SELECT id, name, post, state, issuer, computer, key, epoch, created, enrolled, ended, seen, held, stored, forked,
	(SELECT count(*) FROM pending p WHERE p.station = s.id) FROM station s`

func scanStation(rows *sql.Rows) (store.Station, error) {
	var t store.Station
	var created, enrolled, ended int64
	var seen []byte
	err := rows.Scan(&t.ID, &t.Name, &t.Post, &t.State, &t.Issuer, &t.Computer, &t.Key, &t.Epoch, &created, &enrolled, &ended, &seen,
		&t.Held, &t.Stored, &t.Forked, &t.Pending)
	if err != nil {
		return t, err
	}
	t.Created, t.Enrolled, t.Ended = at(created), at(enrolled), at(ended)
	if seen != nil {
		if err := json.Unmarshal(seen, &t.Seen); err != nil {
			return t, fmt.Errorf("read what station %s told: %w", t.ID, err)
		}
	}
	return t, nil
}

// Stations implements store.Stations.
func (s *Store) Stations(ctx context.Context) ([]store.Station, error) {
	return collect(ctx, s.office.r, scanStation, stationColumns+` ORDER BY id`)
}

// Station implements store.Stations.
func (s *Store) Station(ctx context.Context, id string) (store.Station, error) {
	return s.stationBy(ctx, `id = ?`, id)
}

// StationByKey implements store.Stations.
func (s *Store) StationByKey(ctx context.Context, key []byte) (store.Station, error) {
	return s.stationBy(ctx, `key = ?`, key)
}

func (s *Store) stationBy(ctx context.Context, where string, arg any) (store.Station, error) {
	found, err := collect(ctx, s.office.r, scanStation, stationColumns+` WHERE `+where, arg)
	if err != nil {
		return store.Station{}, fmt.Errorf("read station: %w", err)
	}
	if len(found) == 0 {
		return store.Station{}, fmt.Errorf("station: %w", store.ErrNotFound)
	}
	return found[0], nil
}

// RevokeStation implements store.Stations.
func (s *Store) RevokeStation(ctx context.Context, id, reason string, when time.Time) error {
	done, err := s.exec(ctx, `UPDATE station SET state = ?, ended = ? WHERE id = ?`, reason, ms(when), id)
	if err != nil {
		return fmt.Errorf("revoke station %s: %w", id, err)
	}
	if n, _ := done.RowsAffected(); n == 0 {
		return fmt.Errorf("revoke station %s: %w", id, store.ErrNotFound)
	}
	s.wake()
	return nil
}

// Codes implements store.Stations.
func (s *Store) Codes(ctx context.Context, now time.Time) ([]store.Code, error) {
	return collect(ctx, s.office.r, func(rows *sql.Rows) (store.Code, error) {
		var c store.Code
		var token []byte
		var expires int64
		err := rows.Scan(&token, &c.Station, &c.Issuer, &expires, &c.Key)
		copy(c.Token[:], token)
		c.Expires = at(expires)
		return c, err
	}, `SELECT token, station, issuer, expires, key FROM code WHERE expires > ? AND
		(SELECT state FROM station WHERE id = code.station) IN (?, ?)`, ms(now), store.Invited, store.Active)
}

// Enrol implements store.Stations.
func (s *Store) Enrol(ctx context.Context, e store.Enrolment) (store.Station, error) {
	var id string
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		var expires int64
		var key []byte
		err := tx.QueryRowContext(ctx, `SELECT station, expires, key FROM code WHERE token = ?`, e.Token[:]).Scan(&id, &expires, &key)
		if errors.Is(err, sql.ErrNoRows) || (err == nil && (expires <= ms(e.At) || (key != nil && !bytes.Equal(key, e.Key)))) {
			return store.ErrUsed
		}
		if err != nil || key != nil {
			return err // used by this very key: its answer was lost
		}
		done, err := tx.ExecContext(ctx, `UPDATE station SET key = ?, computer = ?, state = ?, enrolled = ? WHERE id = ? AND state = ?`,
			e.Key, e.Computer, store.Active, ms(e.At), id, store.Invited)
		if err != nil {
			return err
		}
		if n, _ := done.RowsAffected(); n != 1 {
			return store.ErrUsed
		}
		if e.CardKey != nil {
			if err := insertCardKey(ctx, tx, *e.CardKey); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE code SET key = ? WHERE token = ?`, e.Key, e.Token[:])
		return err
	})
	if err != nil {
		return store.Station{}, fmt.Errorf("enrol: %w", taken(err))
	}
	s.wake()
	return s.Station(ctx, id)
}

// NextEpoch implements store.Stations. Deliveries of older epochs that are
// still in the queue are refused from now on.
func (s *Store) NextEpoch(ctx context.Context, id string) (uint64, error) {
	var epoch uint64
	err := s.office.write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `UPDATE station SET epoch = epoch + 1 WHERE id = ? RETURNING epoch`, id).Scan(&epoch)
	})
	if err != nil {
		return 0, fmt.Errorf("raise epoch of station %s: %w", id, one(err))
	}
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	s.w.epochs[id] = max(s.w.epochs[id], epoch)
	return epoch, nil
}

// Saw implements store.Stations.
func (s *Store) Saw(ctx context.Context, id string, seen store.Seen) error {
	text, err := json.Marshal(seen)
	if err != nil {
		return fmt.Errorf("write what station %s told: %w", id, err)
	}
	if _, err := s.exec(ctx, `UPDATE station SET seen = ? WHERE id = ?`, text, id); err != nil {
		return fmt.Errorf("write what station %s told: %w", id, err)
	}
	s.wake()
	return nil
}
