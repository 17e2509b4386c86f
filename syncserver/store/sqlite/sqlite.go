// Package sqlite keeps the office's memory in SQLite files of one folder, pure
// Go, for a province on one machine (design, section 12):
//
//	office.db           what the office decided, and the cursor
//	raw/YYYY-MM-DD.db   the sealed batches by day of receipt: the truth
//	days/YYYY-MM-DD.db  the opened records by day of the corrected time
//
// Days are those of Vietnam, so that retention is the removal of a file. One
// writer goroutine commits the deliveries that wait together, in this order:
// raw, day files (idempotent), cursor; only then they are answered. What a crash
// left between raw and cursor is applied again at the next start.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"quachot/syncserver/store"
)

// Options of a store.
type Options struct {
	Opener store.Opener     // opens sealed records; needed
	Log    *slog.Logger     // nil = nothing is logged
	Now    func() time.Time // nil = time.Now

	// MaxPages bounds every file, for tests of the full disk; 0 = no bound.
	MaxPages int
}

func (o Options) maxPages() int {
	if o.MaxPages > 0 {
		return o.MaxPages
	}
	return 1<<32 - 2
}

// Store implements store.Store.
type Store struct {
	dir    string
	o      Options
	office *file
	raw    *folder
	days   *folder

	jobs    chan job // to the writer; bounded, callers wait
	closing chan struct{}
	ended   chan struct{} // closed when the writer has ended
	once    sync.Once

	w writer // owned by the writer goroutine

	wakers wakers
}

var _ store.Store = (*Store)(nil)

// Open opens the store in dir, makes it when it is not there, and applies what
// a crash left unapplied. One program at a time may have it open; the caller
// sees to that.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find store: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make store: %w", err)
	}
	s := &Store{dir: dir, o: o, jobs: make(chan job, queueLength), closing: make(chan struct{}), ended: make(chan struct{})}
	if s.office, err = openFile(ctx, filepath.Join(dir, "office.db"), "office", o); err != nil {
		return nil, err
	}
	s.raw = newFolder(filepath.Join(dir, "raw"), "raw", o)
	s.days = newFolder(filepath.Join(dir, "days"), "day", o)
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.raw.close(), s.days.close(), s.office.close())
	}
	go s.run()
	return s, nil
}

func (s *Store) start(ctx context.Context) error {
	if err := errors.Join(s.raw.make(), s.days.make()); err != nil {
		return err
	}
	s.w = newWriter(s)
	if err := s.w.loadEpochs(ctx); err != nil {
		return err
	}
	if err := s.w.recover(ctx); err != nil {
		return fmt.Errorf("apply what is stored but not yet opened: %w", err)
	}
	return nil
}

// Close ends the writer after the deliveries already taken, then closes the
// files.
func (s *Store) Close() error {
	s.once.Do(func() { close(s.closing) })
	<-s.ended
	return errors.Join(s.raw.close(), s.days.close(), s.office.close())
}

// one reads a single row of office.db; a missing row is ErrNotFound.
func one(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
