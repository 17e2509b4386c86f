// Package scannertest is the conformance suite of scanners: every driver passes
// it, against every peer it has. A driver's test says which peers are real and
// which are fakes.
package scannertest

import (
	"context"
	"errors"
	"testing"
	"time"

	"quachot/hardware/scanner"
)

// Far is the far end of a scanner under test: what the device itself does.
type Far interface {
	// Send sends one code in pieces, each as the device sends what belongs together
	// (a write, a report), as soon as the scanner is open. The last piece ends the
	// code, with the end the device was given if it sends one.
	Send(pieces ...string) error
	// Half sends the beginning of a code whose end never comes.
	Half(beginning string) error
	// Unplug takes the device away.
	Unplug() error
}

// Replugger is a far end that can come back after Unplug.
type Replugger interface {
	Plug() error
}

// Peer is a scanner with its far end.
type Peer struct {
	Scanner scanner.Scanner
	Far     Far
}

// Options are what a driver and its peer can do.
type Options struct {
	// Ends are what the device may be set to send after a code; "" is nothing,
	// where the driver knows the end without.
	Ends []string
	// Framed devices send STX and ETX when told to.
	Framed bool
	// Typed devices press keys: what no key gives cannot come.
	Typed bool
	// Whole says that a code which just stops is taken as whole: after a silence, as
	// the bytes on a wire cannot say more. The others know that a part is missing.
	Whole bool
	// Flood is the length of the code without end, 0 = 1 MiB. Less only for a device
	// that takes minutes for it; it bounds InOrder, too.
	Flood int
	// Missing is a scanner whose device does not exist; nil = there is always one.
	Missing scanner.Scanner
}

// Run tests the scanner that open makes; each call makes one anew with its far
// end. Where a device is needed, open calls t.Skip when there is none.
func Run(t *testing.T, o Options, open func(t *testing.T) Peer) {
	if o.Flood == 0 {
		o.Flood = 1 << 20
	}
	for _, c := range []struct {
		name string
		run  func(*testing.T, Options, Peer)
	}{
		{"InOrder", inOrder},
		{"Ends", ends},
		{"STXandETX", framed},
		{"Symbology", symbology},
		{"EveryCharacter", everyCharacter},
		{"SplitUTF8", splitUTF8},
		{"ControlCharacters", controls},
		{"NotUTF8", notUTF8},
		{"WithoutEnd", withoutEnd},
		{"Flood", flood},
		{"UnpluggedBetweenCodes", unplugged},
		{"UnpluggedInACode", torn},
		{"PluggedInAgain", again},
		{"ContextEnds", contextEnds},
		{"ContextEndsInACode", contextEndsInACode},
		{"EndedContext", endedContext},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, o, open(t)) })
	}
	t.Run("Missing", func(t *testing.T) { missing(t, o) })
}

// patience is how long a test waits for what must come. It is not measured
// against: a machine may be busy.
const patience = 30 * time.Second

// reading is a Scan under way.
type reading struct {
	t      *testing.T
	far    Far
	codes  chan scanner.Code
	done   chan error
	cancel context.CancelFunc
}

func begin(t *testing.T, p Peer) *reading {
	ctx, cancel := context.WithCancel(t.Context())
	r := &reading{t: t, far: p.Far, codes: make(chan scanner.Code, 2000), done: make(chan error, 1), cancel: cancel}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.done <- p.Scanner.Scan(ctx, func(c scanner.Code) { r.codes <- c })
	}()
	t.Cleanup(func() {
		cancel()
		<-ended // so that the next test has the device to itself
	})
	return r
}

// send fails the test when the far end does.
func (r *reading) send(pieces ...string) {
	r.t.Helper()
	if err := r.far.Send(pieces...); err != nil {
		r.t.Fatalf("the far end: %v", err)
	}
}

// next is the next code.
func (r *reading) next() scanner.Code {
	r.t.Helper()
	select {
	case c := <-r.codes:
		return c
	default:
	}
	select {
	case c := <-r.codes:
		return c
	case err := <-r.done:
		r.t.Fatalf("Scan ended: %v", err)
	case <-time.After(patience):
		r.t.Fatal("no code came")
	}
	return scanner.Code{}
}

// want compares the next code.
func (r *reading) want(text string) {
	r.t.Helper()
	if c := r.next(); c.Text != text || c.Truncated || c.Device == "" || c.At.IsZero() {
		r.t.Errorf("got %+v, want %q", c, text)
	}
}

// lost waits for Scan to end and wants ErrLost, and no code left.
func (r *reading) lost() {
	r.t.Helper()
	if err := r.end(); !errors.Is(err, scanner.ErrLost) {
		r.t.Errorf("Scan ended with %v, want ErrLost", err)
	}
	r.none()
}

func (r *reading) end() error {
	r.t.Helper()
	select {
	case err := <-r.done:
		return err
	case <-time.After(patience):
		r.t.Fatal("Scan does not end")
	}
	return nil
}

// none fails when a code is left over.
func (r *reading) none() {
	r.t.Helper()
	select {
	case c := <-r.codes:
		r.t.Errorf("a code too many: %.40q (truncated %v)", c.Text, c.Truncated)
	default:
	}
}
