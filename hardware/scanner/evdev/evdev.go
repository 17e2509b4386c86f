// Package evdev reads scanners that type, below the window system: no keyboard
// layout, no Vietnamese input method and no focus is in the way, and what the
// scanner types reaches no other program. Linux only.
//
// The kernel keeps about 128 events for a reader, some 20 characters: on a machine
// too busy for 40 ms a code can lose keys. The kernel says so, and then the code
// is thrown away and told; it is the reason to prefer serial and HID-POS.
package evdev

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"quachot/hardware/scanner"
)

const (
	// idle is how long one read waits when no code is under way, and so how fast
	// Scan notices at the latest that ctx ended.
	idle = 200 * time.Millisecond
	// pause is the longest silence within a code of a scanner that was not yet seen
	// to end its codes with a key. Scanners can be set to wait up to 99 ms a key.
	pause = 300 * time.Millisecond
)

// errKeys is a code of which keys are missing.
var errKeys = errors.New("the computer was too busy and lost keys")

// Scanner is one device: its path ("/dev/input/event5", better a link that stays,
// such as /dev/input/by-id/usb-...-event-kbd) or what it says of itself
// ("1EAB:0003"). While Scan runs, nobody else gets its keys: naming the keyboard of
// a person locks that person out.
type Scanner struct {
	Device string

	open func(device string) (port, error) // for tests; nil = the system's
}

// port is the part of a device file that Scan needs.
type port interface {
	Read(p []byte) (int, error) // os.ErrDeadlineExceeded when nothing came in time
	SetReadDeadline(t time.Time) error
	Close() error
}

// Name is the device.
func (s *Scanner) Name() string { return s.Device }

// Scan opens the device, takes it for itself, reads codes until ctx ends or the
// device is lost, and gives it back. A code cut off by the loss is not given out,
// only counted in the error. Where the system has no such devices, the error is
// errors.ErrUnsupported.
func (s *Scanner) Scan(ctx context.Context, found func(scanner.Code)) error {
	if ctx.Err() != nil {
		return nil
	}
	open := s.open
	if open == nil {
		open = openDevice
	}
	p, err := open(s.Device)
	if errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("open %s: %w", s.Device, err)
	}
	if err != nil {
		return fmt.Errorf("open %s: %w: %w", s.Device, scanner.ErrLost, err)
	}
	defer p.Close()
	return s.read(ctx, p, found)
}

func (s *Scanner) read(ctx context.Context, p port, found func(scanner.Code)) error {
	stop := context.AfterFunc(ctx, func() { _ = p.SetReadDeadline(time.Now()) })
	defer stop()
	t := typist{give: func(text string, truncated bool) {
		found(scanner.Code{Text: text, At: time.Now(), Device: s.Device, Truncated: truncated})
	}}
	buf := make([]byte, 64*EventSize)
	held := 0 // bytes of an event that came in pieces
	for ctx.Err() == nil {
		if err := p.SetReadDeadline(time.Now().Add(t.wait())); err != nil {
			return s.lost(&t, err)
		}
		n, err := p.Read(buf[held:])
		held = t.events(buf, held+n)
		late := errors.Is(err, os.ErrDeadlineExceeded)
		if late && ctx.Err() != nil {
			break
		}
		if late {
			t.silence()
		}
		if t.torn {
			return s.lost(&t, errKeys)
		}
		if err != nil && !late {
			return s.lost(&t, err)
		}
	}
	return nil
}

func (s *Scanner) lost(t *typist, err error) error {
	if n := t.framer.Drop(); n > 0 || t.torn {
		return fmt.Errorf("read %s: %w in the middle of a code (scan it again): %w", s.Device, scanner.ErrLost, err)
	}
	return fmt.Errorf("read %s: %w: %w", s.Device, scanner.ErrLost, err)
}

// typist puts keys together to codes.
type typist struct {
	give   func(text string, truncated bool)
	keys   Keys
	framer scanner.Framer
	torn   bool // a code with keys missing came to its end
}

// events takes the whole events among the first n bytes of buf, moves the rest to
// its beginning and returns how long that is.
func (t *typist) events(buf []byte, n int) int {
	at := 0
	for ; at+EventSize <= n && !t.torn; at += EventSize {
		text := t.keys.Feed(ParseEvent(buf[at:]), nil)
		if !t.keys.Lost {
			t.framer.Feed(text, t.give)
			continue
		}
		t.framer.Drop()
		for _, c := range text {
			t.torn = t.torn || c == '\r' || c == '\n' || c == '\t'
		}
	}
	return copy(buf, buf[at:n])
}

// wait is how long the next event may take.
func (t *typist) wait() time.Duration {
	if t.framer.Pending() == 0 && !t.keys.Lost {
		return idle
	}
	return max(pause, t.framer.Silence())
}

// silence ends the code under way, if any.
func (t *typist) silence() {
	if t.keys.Lost {
		t.torn = true
		return
	}
	t.framer.Flush(t.give)
}
