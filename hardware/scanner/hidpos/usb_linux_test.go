package hidpos

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"quachot/hardware/scanner"
	"quachot/hardware/scanner/scannertest"
	"quachot/hardware/scanner/scannertest/gadget"
	"quachot/hardware/usb"
)

// plugged is a scanner on the kernel's USB stack; see package gadget.
type plugged struct {
	device *gadget.Device
	id     usb.ID
	ready  chan struct{} // closed when the scanner has opened it
	f      *os.File      // the device's end
}

func (g *plugged) Plug() (err error) {
	if err = g.device.Plug(); err != nil {
		return err
	}
	g.ready = make(chan struct{})
	if g.f, err = gadget.Open("/dev/hidg0"); err != nil {
		return err
	}
	return gadget.Wait(func() error {
		_, err := usb.Choose(g.id.String(), Devices)
		return err
	})
}

// Unplug also waits until the system has forgotten the device, so that the next one
// is not taken for it.
func (g *plugged) Unplug() error {
	err := errors.Join(g.f.Close(), g.device.Unplug())
	return errors.Join(err, gadget.Wait(func() error {
		if path, err := usb.Choose(g.id.String(), Devices); err == nil {
			return fmt.Errorf("%s is still there", path)
		}
		return nil
	}))
}

func (g *plugged) open(device string) (port, Layout, error) {
	p, l, err := openDevice(device)
	if err == nil {
		close(g.ready)
	}
	return p, l, err
}

func (g *plugged) Send(pieces ...string) error { return g.send(pieces, false) }
func (g *plugged) Half(b string) error         { return g.send([]string{b}, true) }

func (g *plugged) send(pieces []string, goesOn bool) error {
	select {
	case <-g.ready:
	case <-time.After(30 * time.Second):
		return errors.New("the device was not opened")
	}
	for i, p := range pieces {
		for _, r := range asReports(standard, p, goesOn || i < len(pieces)-1) {
			if _, err := g.f.Write(r); err != nil { // waits for the host to fetch the last one
				return err
			}
		}
	}
	return nil
}

func newPlugged(t *testing.T) (*plugged, *Scanner) {
	spec := gadget.Spec{
		VID: "05E0", PID: "1300", Serial: "POS01", Product: "DS2208 HID-POS", Function: "hid.0",
		Attributes: map[string]string{"protocol": "0", "subclass": "0", "report_length": "64", "report_desc": string(posDescriptor)},
	}
	g := &plugged{device: gadget.New(t, spec), id: usb.ID{VID: spec.VID, PID: spec.PID, Serial: spec.Serial}}
	if err := g.Plug(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Unplug() }) // it may be
	return g, &Scanner{Device: g.id.String(), open: g.open}
}

func TestConformanceOnUSB(t *testing.T) {
	o := scannertest.Options{Ends: []string{"", "\r", "\r\n"}, Framed: true, Flood: 64 << 10}
	scannertest.Run(t, o, func(t *testing.T) scannertest.Peer {
		g, s := newPlugged(t)
		return scannertest.Peer{Scanner: s, Far: g}
	})
}

// How soon a scanner that was plugged in is ready, and how soon its loss is
// noticed. The aims are 3 s and 1 s; a busy machine may miss them.
func TestHotPlugTimesOnUSB(t *testing.T) {
	g, s := newPlugged(t)
	if err := g.Unplug(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := g.Plug(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Scan(t.Context(), func(scanner.Code) {}) }()
	<-g.ready
	t.Logf("plug to ready: %v", time.Since(began))
	began = time.Now()
	if err := g.Unplug(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, scanner.ErrLost) {
		t.Errorf("got %v", err)
	}
	t.Logf("unplug to noticed: %v", time.Since(began))
}

func TestThousandScansOnUSB(t *testing.T) {
	g, s := newPlugged(t)
	scannertest.Thousand(t, "\r", scannertest.Peer{Scanner: s, Far: g})
}
