package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// openDays is how many day files stay open; a lane that delivers months at once
// walks through more.
const openDays = 16

// folder holds one file per day, opened when needed.
type folder struct {
	dir, schema string
	o           Options

	mu   sync.Mutex // guards all below
	open map[string]*opened
	tick uint64
}

type opened struct {
	*file
	users int
	used  uint64 // tick of the last use
}

func newFolder(dir, schema string, o Options) *folder {
	return &folder{dir: dir, schema: schema, o: o, open: map[string]*opened{}}
}

func (f *folder) make() error {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return fmt.Errorf("make folder of days: %w", err)
	}
	return nil
}

// days are the days that have a file, oldest first.
func (f *folder) days() ([]string, error) {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, fmt.Errorf("list days: %w", err)
	}
	var days []string
	for _, e := range entries {
		day, ok := strings.CutSuffix(e.Name(), ".db")
		if _, err := time.Parse(time.DateOnly, day); ok && err == nil {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	return days, nil
}

// get opens the file of a day, which is made when it is not there. The caller
// calls release when done, so that it is not closed under him.
func (f *folder) get(ctx context.Context, day string) (db *file, release func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.open[day]
	if d == nil {
		db, err := openFile(ctx, filepath.Join(f.dir, day+".db"), f.schema, f.o)
		if err != nil {
			return nil, nil, err
		}
		d = &opened{file: db}
		f.open[day] = d
		f.evict(d)
	}
	f.tick++
	d.used = f.tick
	d.users++
	return d.file, func() { f.release(d) }, nil
}

func (f *folder) release(d *opened) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d.users--
}

// evict closes the file not used for longest when too many are open.
func (f *folder) evict(keep *opened) {
	if len(f.open) <= openDays {
		return
	}
	var oldest string
	for day, d := range f.open {
		if d != keep && d.users == 0 && (oldest == "" || d.used < f.open[oldest].used) {
			oldest = day
		}
	}
	if oldest == "" {
		return
	}
	if err := f.open[oldest].close(); err != nil {
		f.o.Log.Warn("close day file", "day", oldest, "error", err)
	}
	delete(f.open, oldest)
}

func (f *folder) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var errs []error
	for day, d := range f.open {
		errs = append(errs, d.close())
		delete(f.open, day)
	}
	return errors.Join(errs...)
}
