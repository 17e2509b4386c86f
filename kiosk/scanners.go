//go:build !nowindow

package main

import (
	"context"
	"sync"

	"quachot/hardware/scanner"
	"quachot/kiosk/command"
	"quachot/kiosk/screen"
)

// attached are the scanners beside the keyboard and how they are.
type attached struct {
	mu   sync.Mutex // guards have
	have []screen.Scanner
}

// read gives what a reads to desk until ctx ends. It returns when ctx ended and
// all it started has.
func (t *attached) read(ctx context.Context, all []command.Attached, desk *screen.Desk, log func(msg string, args ...any)) {
	t.mu.Lock()
	t.have = make([]screen.Scanner, len(all))
	for i, a := range all {
		t.have[i] = screen.Scanner{Name: a.Name}
	}
	t.mu.Unlock()
	var reading sync.WaitGroup
	defer reading.Wait()
	for i, a := range all {
		reading.Go(func() {
			found := func(c scanner.Code) { desk.Scan(screen.Scan{Texts: []string{c.Text}, At: c.At, Device: c.Device}) }
			command.ReadScanner(ctx, a.Scanner, found, func(lost error) {
				log("scanner", "name", a.Name, "lost", lost)
				t.mu.Lock()
				defer t.mu.Unlock()
				t.have[i].Lost = lost != nil
			})
		})
	}
}

// state is a copy of how they are now.
func (t *attached) state() []screen.Scanner {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]screen.Scanner(nil), t.have...)
}
