package evdev

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"quachot/hardware/scanner"
	"quachot/hardware/scanner/scannertest"
)

// pipe stands for the kernel's input device: a pipe with the bytes the kernel
// would give, real files and deadlines. What it cannot do is ioctl, so nothing is
// grabbed; see uinput_linux_test.go for the kernel's own.
type pipe struct{ here, there *os.File }

func (p *pipe) Plug() error {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
		return err
	}
	p.here, p.there = os.NewFile(uintptr(fds[0]), "keyboard"), os.NewFile(uintptr(fds[1]), "scanner")
	return nil
}

func (p *pipe) open(string) (port, error) {
	if p.there == nil {
		return nil, os.ErrNotExist
	}
	return p.here, nil
}

func (p *pipe) Send(pieces ...string) error {
	// In pieces that end within an event, which the kernel never does and which must
	// not matter.
	for b := asBytes(strokes(strings.Join(pieces, ""))); len(b) > 0; {
		n := min(len(b), 1000)
		if _, err := p.there.Write(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

func (p *pipe) Half(s string) error { return p.Send(s) }

func (p *pipe) Unplug() error {
	f := p.there
	p.there = nil
	return f.Close()
}

// asBytes is how the kernel hands events over.
func asBytes(events []Event) (b []byte) {
	for _, e := range events {
		b = append(b, make([]byte, 2*wordSize)...)
		b = binary.NativeEndian.AppendUint16(b, e.Type)
		b = binary.NativeEndian.AppendUint16(b, e.Code)
		b = binary.NativeEndian.AppendUint32(b, uint32(e.Value))
	}
	return b
}

func TestConformance(t *testing.T) {
	o := scannertest.Options{
		Ends: []string{"\r", "\t", "\n", "\r\n"}, Typed: true, Whole: true,
		Missing: &Scanner{Device: "/dev/does-not-exist"},
		Flood:   100 << 10, // of 120 bytes and more a character
	}
	scannertest.Run(t, o, func(t *testing.T) scannertest.Peer {
		p := &pipe{}
		if err := p.Plug(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if p.there != nil {
				p.there.Close()
			}
		})
		return scannertest.Peer{Scanner: &Scanner{Device: "pipe", open: p.open}, Far: p}
	})
}

func TestNoBusyLoop(t *testing.T) {
	half := string(asBytes(strokes("046187001234")))
	scannertest.Quiet(t, half, func(ctx context.Context, w *scannertest.Wire, found func(scanner.Code)) error {
		return (&Scanner{Device: "x"}).read(ctx, w, found)
	})
}

// The kernel dropped events: the code they belonged to is not given out, nor its
// rest, and it is told.
func TestKeysTheKernelDropped(t *testing.T) {
	dropped := []Event{{evSyn, synDropped, 0}}
	for name, events := range map[string][]Event{
		"in the middle":            join(strokes("046187"), dropped, strokes("001234\r")),
		"at the end":               join(strokes("046187001234"), dropped),
		"then more, until silence": join(strokes("046187"), dropped, strokes("001234")),
	} {
		w := scannertest.NewWire()
		for _, e := range join(strokes("whole\r"), events) {
			_, _ = w.Write(asBytes([]Event{e}))
		}
		var got []string
		err := (&Scanner{Device: "x"}).read(t.Context(), w, func(c scanner.Code) { got = append(got, c.Text) })
		if !errors.Is(err, scanner.ErrLost) || !errors.Is(err, errKeys) || !strings.Contains(err.Error(), "scan it again") {
			t.Errorf("%s: %v, want ErrLost and what to do", name, err)
		}
		if len(got) != 1 || got[0] != "whole" {
			t.Errorf("%s: got %q, want the code before only", name, got)
		}
	}
}

func TestNotAnInputDevice(t *testing.T) {
	err := (&Scanner{Device: os.DevNull}).Scan(t.Context(), func(scanner.Code) {})
	if !errors.Is(err, scanner.ErrLost) {
		t.Errorf("got %v, want ErrLost", err)
	}
}
