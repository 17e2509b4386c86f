package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"

	"quachot/syncserver/store"
)

//go:embed migrations
var migrations embed.FS

// Checkpointing: SQLite's own, after 1,000 pages, makes random pages of the
// indexes dominate ingest (measured: 4.5 k against 11.3 k rows/s). A goroutine
// checkpoints instead when the log has so many bytes; only a log that readers
// kept from starting over for long is waited for.
const (
	checkpointBytes = 8000 * 4096
	truncateBytes   = 64000 * 4096
	backstopPages   = 100_000 // SQLite's own, should the goroutine fail
)

// Each connection keeps pages of its own, and dozens of files are open when
// lanes deliver weeks at once: together these stay below half the office's
// memory (openDays files of two kinds, a writer and two readers each).
const (
	officeCacheKB = 16_000
	dayCacheKB    = 6_000
	readCacheKB   = 2_000
)

// file is one database file: one connection that writes, a few that read.
type file struct {
	path string
	w, r *sql.DB

	checking sync.Mutex // held by the one checkpoint under way
	wg       sync.WaitGroup
	log      *slog.Logger
}

// openFile opens or makes a database of the given schema (a folder under
// migrations). ErrNewer when it has migrations this program does not know.
func openFile(ctx context.Context, path, schema string, o Options) (*file, error) {
	cache := dayCacheKB
	if schema == "office" {
		cache = officeCacheKB
	}
	w, err := sql.Open("sqlite", dsn(path, cache, "_txlock=immediate", "_pragma=synchronous(FULL)",
		fmt.Sprintf("_pragma=wal_autocheckpoint(%d)", backstopPages), fmt.Sprintf("_pragma=max_page_count(%d)", o.maxPages())))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	w.SetMaxOpenConns(1)
	f := &file{path: path, w: w, log: o.Log}
	if err := migrate(ctx, w, schema); err != nil {
		w.Close()
		return nil, fmt.Errorf("open %s: %w", path, disk(err))
	}
	if f.r, err = sql.Open("sqlite", dsn(path, readCacheKB, "_pragma=query_only(1)")); err != nil {
		w.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	f.r.SetMaxOpenConns(4)
	f.r.SetMaxIdleConns(2)
	f.r.SetConnMaxIdleTime(time.Minute) // each holds its own pages
	return f, nil
}

// dsn escapes the path, which may hold blanks, percent and question marks.
func dsn(path string, cacheKB int, options ...string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: p}
	options = append([]string{"_pragma=journal_mode(WAL)", "_pragma=busy_timeout(15000)", fmt.Sprintf("_pragma=cache_size(-%d)", cacheKB)}, options...)
	return u.String() + "?" + strings.Join(options, "&")
}

func migrate(ctx context.Context, db *sql.DB, schema string) error {
	dir, err := fs.Sub(migrations, "migrations/"+schema)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("look at its version: %w", err)
	}
	if current > target {
		return fmt.Errorf("%w: its schema is %d, this program knows %d", store.ErrNewer, current, target)
	}
	if current == target {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// checkpoint moves the log into the database on a goroutine of its own when it
// has grown enough. It is called after a commit and never waits.
func (f *file) checkpoint() {
	info, err := os.Stat(f.path + "-wal")
	if err != nil || info.Size() < checkpointBytes || !f.checking.TryLock() {
		return
	}
	mode, db := "PASSIVE", f.r
	if info.Size() > truncateBytes {
		mode, db = "TRUNCATE", f.w
	}
	f.wg.Go(func() {
		defer f.checking.Unlock()
		if err := runCheckpoint(db, mode); err != nil {
			f.log.Warn("checkpoint failed, the log grows on", "file", filepath.Base(f.path), "error", err)
		}
	})
}

func runCheckpoint(db *sql.DB, mode string) error {
	var busy, pages, done int
	return db.QueryRow("PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &pages, &done)
}

func (f *file) close() error {
	f.wg.Wait()
	return errors.Join(f.r.Close(), f.w.Close())
}

// write runs do in one durable transaction.
func (f *file) write(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := f.w.BeginTx(ctx, nil)
	if err != nil {
		return disk(err)
	}
	defer tx.Rollback() // after Commit it does nothing
	if err := do(tx); err != nil {
		return disk(err)
	}
	if err := tx.Commit(); err != nil {
		return disk(err)
	}
	f.checkpoint()
	return nil
}

// Primary result codes of SQLite that mean the medium, not the statement.
// Source: sqlite.org/rescode.html.
const (
	codeNoMem    = 7
	codeReadOnly = 8
	codeIOErr    = 10
	codeFull     = 13
	codeCantOpen = 14
)

// disk marks errors of the medium with ErrDisk.
func disk(err error) error {
	var e *driver.Error
	if err == nil || errors.Is(err, store.ErrDisk) || !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case codeNoMem, codeReadOnly, codeIOErr, codeFull, codeCantOpen:
		return fmt.Errorf("%w: %w", store.ErrDisk, err)
	}
	return err
}
