package serial

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"quachot/hardware/scanner"
	"quachot/hardware/scanner/scannertest"
)

// terminal is the far end of a pseudo terminal: a real tty of the kernel with real
// termios and real hang-up. What it does not have is a USB bus behind it.
type terminal struct {
	f      *os.File
	opened chan struct{}
}

func (x terminal) Send(pieces ...string) error {
	select {
	case <-x.opened: // what is written before goes through the terminal's line editing
	case <-time.After(30 * time.Second):
		return errors.New("the port was not opened")
	}
	for _, p := range pieces {
		if _, err := x.f.WriteString(p); err != nil {
			return err
		}
	}
	return nil
}

func (x terminal) Half(s string) error { return x.Send(s) }
func (x terminal) Unplug() error       { return x.f.Close() }

func TestConformance(t *testing.T) {
	o := scannertest.Options{
		Ends: []string{"\r", "\n", "\r\n", "\t", "\x03"}, Framed: true, Whole: true,
		Missing: &Scanner{Device: "/dev/does-not-exist"},
	}
	scannertest.Run(t, o, func(t *testing.T) scannertest.Peer {
		f, port := openPTY(t)
		opened := make(chan struct{})
		return scannertest.Peer{Scanner: &Scanner{Device: port, opened: opened}, Far: terminal{f, opened}}
	})
}

// timed gives the wire the timeouts of a serial port.
type timed struct{ *scannertest.Wire }

func (w timed) SetReadTimeout(d time.Duration) error { return w.SetReadDeadline(time.Now().Add(d)) }

func (w timed) Read(p []byte) (int, error) {
	n, err := w.Wire.Read(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, nil
	}
	return n, err
}

func TestNoBusyLoop(t *testing.T) {
	scannertest.Quiet(t, "046187001234", func(ctx context.Context, w *scannertest.Wire, found func(scanner.Code)) error {
		return (&Scanner{Device: "x"}).read(ctx, timed{w}, found)
	})
}
