// Package hidpos reads scanners in HID-POS mode (also called "USB HID bar code
// scanner" or "OPOS"): USB reports with a length, not key presses, so no keyboard
// layout, no input method and no focus is in the way. Linux only for now.
package hidpos

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
	// patience is how long the next report of a code may take. Measured: 13 ms for
	// five of them.
	patience = time.Second
	// longest is more than any report: the kernel's bound is 4 KiB (HID_MAX_BUFFER_SIZE
	// of Linux 6.1 is 16 KiB, of reports that a scanner does not send).
	longest = 16 << 10
)

// Scanner is one device: its path ("/dev/hidraw0") or what it says of itself
// ("0C2E:0B6A", "0C2E:0B6A:SERIAL"), which stays when it is plugged in elsewhere.
type Scanner struct {
	Device string

	open func(device string) (port, Layout, error) // for tests; nil = the system's
}

// port is the part of a device file that Scan needs; a read gives one report.
type port interface {
	Read(p []byte) (int, error) // os.ErrDeadlineExceeded when nothing came in time
	SetReadDeadline(t time.Time) error
	Close() error
}

// Name is the device.
func (s *Scanner) Name() string { return s.Device }

// Scan opens the device, reads codes until ctx ends or the device is lost, and
// closes it. A code of which a report is missing is not given out, only counted in
// the error: half a code could look like a whole one of another kind. Where the
// system cannot read such devices yet, the error is errors.ErrUnsupported.
func (s *Scanner) Scan(ctx context.Context, found func(scanner.Code)) error {
	if ctx.Err() != nil {
		return nil
	}
	open := s.open
	if open == nil {
		open = openDevice
	}
	p, layout, err := open(s.Device)
	if errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("open %s: %w", s.Device, err)
	}
	if err != nil {
		return fmt.Errorf("open %s: %w: %w", s.Device, scanner.ErrLost, err)
	}
	defer p.Close()
	return s.read(ctx, p, layout, found)
}

func (s *Scanner) read(ctx context.Context, p port, layout Layout, found func(scanner.Code)) error {
	stop := context.AfterFunc(ctx, func() { _ = p.SetReadDeadline(time.Now()) })
	defer stop()
	reports := Reports{Layout: layout}
	give := func(text string, truncated bool) {
		found(scanner.Code{Text: text, At: time.Now(), Device: s.Device, Truncated: truncated})
	}
	buf := make([]byte, longest)
	for ctx.Err() == nil {
		wait := idle
		if reports.Pending() {
			wait = patience
		}
		if err := p.SetReadDeadline(time.Now().Add(wait)); err != nil {
			return s.lost(&reports, err)
		}
		n, err := p.Read(buf)
		if n > 0 {
			if err := reports.Feed(buf[:n], give); err != nil {
				return s.lost(&reports, err)
			}
			continue
		}
		late := errors.Is(err, os.ErrDeadlineExceeded)
		if late && ctx.Err() != nil {
			break
		}
		if err != nil && (!late || reports.Pending()) {
			return s.lost(&reports, err)
		}
	}
	return nil
}

func (s *Scanner) lost(r *Reports, err error) error {
	if r.Pending() {
		n := r.Drop()
		return fmt.Errorf("read %s: %w in the middle of a code (%d bytes dropped, scan it again): %w", s.Device, scanner.ErrLost, n, err)
	}
	return fmt.Errorf("read %s: %w: %w", s.Device, scanner.ErrLost, err)
}
