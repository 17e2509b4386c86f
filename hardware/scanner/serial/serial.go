// Package serial reads scanners that are a serial port: USB-COM (CDC), RS-232
// and Bluetooth SPP. It is the mode to recommend: bytes as they are, no
// keyboard layout, no input method, no focus.
package serial

import (
	"context"
	"fmt"
	"time"

	"go.bug.st/serial"

	"quachot/hardware/scanner"
)

// DefaultBaud is what USB-COM scanners ignore and RS-232 scanners are shipped
// with (Honeywell, Newland: 115200 8N1).
const DefaultBaud = 115200

// idle is how long one read waits when no code is under way, and so how fast
// Scan notices that ctx ended.
const idle = 200 * time.Millisecond

// Scanner is one port. Device is its name ("COM3", "/dev/ttyACM0"); Baud 0
// means [DefaultBaud].
type Scanner struct {
	Device string
	Baud   int

	opened chan struct{} // closed when the port is open; for tests, may be nil
}

// Name is the device.
func (s *Scanner) Name() string { return s.Device }

// port is the part of a serial port that Scan needs.
type port interface {
	Read(p []byte) (int, error) // 0, nil = nothing came in time
	SetReadTimeout(t time.Duration) error
	Close() error
}

// Scan opens the port, reads codes until ctx ends or the device is lost, and
// closes it. A code cut off by the loss is not reported, only counted in the
// error: half a code could look like a whole one of another kind.
func (s *Scanner) Scan(ctx context.Context, found func(scanner.Code)) error {
	baud := s.Baud
	if baud == 0 {
		baud = DefaultBaud
	}
	p, err := serial.Open(s.Device, &serial.Mode{BaudRate: baud, DataBits: 8})
	if err != nil {
		return fmt.Errorf("open %s: %w: %w", s.Device, scanner.ErrLost, err)
	}
	defer p.Close()
	if s.opened != nil {
		close(s.opened)
	}
	return s.read(ctx, p, found)
}

func (s *Scanner) read(ctx context.Context, p port, found func(scanner.Code)) error {
	var framer scanner.Framer
	give := func(text string, truncated bool) {
		found(scanner.Code{Text: text, At: time.Now(), Device: s.Device, Truncated: truncated})
	}
	buf := make([]byte, 4096)
	for ctx.Err() == nil {
		wait := idle
		if framer.Pending() > 0 {
			wait = framer.Silence()
		}
		if err := p.SetReadTimeout(wait); err != nil {
			return s.lost(&framer, err)
		}
		n, err := p.Read(buf)
		framer.Feed(buf[:n], give)
		if err != nil {
			return s.lost(&framer, err)
		}
		if n == 0 {
			framer.Flush(give)
		}
	}
	return nil
}

func (s *Scanner) lost(f *scanner.Framer, err error) error {
	if n := f.Drop(); n > 0 {
		return fmt.Errorf("read %s: %w in the middle of a code (%d bytes dropped, scan it again): %w", s.Device, scanner.ErrLost, n, err)
	}
	return fmt.Errorf("read %s: %w: %w", s.Device, scanner.ErrLost, err)
}
