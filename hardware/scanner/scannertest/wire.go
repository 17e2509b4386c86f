package scannertest

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"quachot/hardware/scanner"
)

// Wire is a device file in memory: what is written comes out as it was put in, one
// write a read. It obeys the clock of a synctest bubble, so that silences and idle
// hours take no time. The zero value is not ready: see NewWire.
type Wire struct {
	wake chan struct{}

	mu       sync.Mutex // guards what follows
	pieces   []string
	broken   error
	deadline time.Time
	reads    int
}

// NewWire makes one that is plugged in.
func NewWire() *Wire { return &Wire{wake: make(chan struct{}, 1)} }

// Write puts a piece in; one at a time, from one goroutine.
func (w *Wire) Write(p []byte) (int, error) {
	w.change(func() { w.pieces = append(w.pieces, string(p)) })
	return len(p), nil
}

// Break makes reads fail once what was written is read.
func (w *Wire) Break(err error) { w.change(func() { w.broken = err }) }

// Reads is how often somebody read.
func (w *Wire) Reads() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reads
}

// SetReadDeadline is as of a file.
func (w *Wire) SetReadDeadline(t time.Time) error {
	w.change(func() { w.deadline = t })
	return nil
}

// Close does nothing.
func (w *Wire) Close() error { return nil }

// Read waits for a piece, as of a file.
func (w *Wire) Read(p []byte) (int, error) {
	w.mu.Lock()
	w.reads++
	late := time.NewTimer(time.Until(w.deadline))
	w.mu.Unlock()
	defer late.Stop()
	for {
		if n, err := w.take(p); n > 0 || err != nil {
			return n, err
		}
		select {
		case <-w.wake:
		case <-late.C:
			return 0, os.ErrDeadlineExceeded
		}
	}
}

func (w *Wire) take(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.pieces) == 0 {
		return 0, w.broken
	}
	n := copy(p, w.pieces[0])
	w.pieces = w.pieces[1:]
	return n, nil
}

func (w *Wire) change(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Quiet tests that a driver's loop sleeps: in an hour without codes, and in one
// with half a code, it reads no more than ten times a second; and that it ends
// within a second when ctx does. Half is the beginning of a code on the wire.
func Quiet(t *testing.T, half string, scan func(ctx context.Context, w *Wire, found func(scanner.Code)) error) {
	for name, pieces := range map[string]string{"Idle": "", "HalfACode": half} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				w := NewWire()
				if pieces != "" {
					_, _ = io.Copy(w, strings.NewReader(pieces))
				}
				done := make(chan error, 1)
				go func() { done <- scan(ctx, w, func(scanner.Code) {}) }()
				time.Sleep(time.Hour) // of the bubble's clock
				if n := w.Reads(); n > 36_000 {
					t.Errorf("%d reads in an idle hour", n)
				}
				cancel()
				began := time.Now()
				if err := <-done; err != nil && !errors.Is(err, scanner.ErrLost) {
					t.Errorf("ended with %v", err)
				}
				if d := time.Since(began); d > time.Second {
					t.Errorf("ended %v after ctx", d)
				}
			})
		})
	}
}
