package serial

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"quachot/hardware/scanner/scannertest"
	"quachot/hardware/scanner/scannertest/gadget"
)

// plugged is a USB-COM scanner on the kernel's USB stack; see package gadget.
type plugged struct {
	device *gadget.Device
	serial string
	s      *Scanner
	f      *os.File // the device's end
}

func (g *plugged) Plug() (err error) {
	if err = g.device.Plug(); err != nil {
		return err
	}
	if g.f, err = gadget.Open("/dev/ttyGS0"); err != nil {
		return err
	}
	raw, err := unix.IoctlGetTermios(int(g.f.Fd()), unix.TCGETS)
	if err != nil {
		return err
	}
	raw.Lflag, raw.Oflag, raw.Iflag = 0, 0, 0
	if err = unix.IoctlSetTermios(int(g.f.Fd()), unix.TCSETS, raw); err != nil {
		return err
	}
	g.s.opened = make(chan struct{})
	return gadget.Wait(func() error {
		ports, err := Ports()
		for _, p := range ports {
			if p.Serial == g.serial {
				g.s.Device = p.Name
				_, err = os.Stat(p.Name) // the node comes a moment after the device
				return err
			}
		}
		return fmt.Errorf("%s is not among %v: %w", g.serial, ports, errors.Join(err, os.ErrNotExist))
	})
}

func (g *plugged) Unplug() error { return errors.Join(g.f.Close(), g.device.Unplug()) }

func (g *plugged) Send(pieces ...string) error {
	return terminal{g.f, g.s.opened}.Send(pieces...)
}

func (g *plugged) Half(s string) error { return g.Send(s) }

func newPlugged(t *testing.T) scannertest.Peer {
	spec := gadget.Spec{VID: "0C2E", PID: "0B6A", Serial: "SN20260001", Product: "1470g CDC", Function: "acm.0"}
	g := &plugged{device: gadget.New(t, spec), serial: spec.Serial, s: &Scanner{}}
	if err := g.Plug(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Unplug() }) // it may be
	return scannertest.Peer{Scanner: g.s, Far: g}
}

func TestConformanceOnUSB(t *testing.T) {
	o := scannertest.Options{Ends: []string{"\r", "\n", "\r\n"}, Framed: true, Whole: true, Flood: 256 << 10}
	scannertest.Run(t, o, newPlugged)
}

func TestThousandScansOnUSB(t *testing.T) { scannertest.Thousand(t, "\r", newPlugged(t)) }
