package evdev

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"quachot/hardware/scanner/scannertest"
	"quachot/hardware/scanner/scannertest/gadget"
	"quachot/hardware/usb"
)

// bootKeyboard is the report descriptor of a keyboard: HID 1.11, appendix B.1.
const bootKeyboard = "\x05\x01\x09\x06\xa1\x01\x05\x07\x19\xe0\x29\xe7\x15\x00\x25\x01\x75\x01\x95\x08\x81\x02" +
	"\x95\x01\x75\x08\x81\x03\x95\x05\x75\x01\x05\x08\x19\x01\x29\x05\x91\x02\x95\x01\x75\x03\x91\x03" +
	"\x95\x06\x75\x08\x15\x00\x25\x65\x05\x07\x19\x00\x29\x65\x81\x00\xc0"

// plugged is a scanner that types on the kernel's USB stack; see package gadget.
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
		path, err := usb.Choose(g.id.String(), Devices)
		if err == nil {
			_, err = os.Stat(path) // the node comes a moment after the device
		}
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

func (g *plugged) open(device string) (port, error) {
	p, err := openDevice(device)
	if err == nil {
		close(g.ready)
	}
	return p, err
}

func (g *plugged) Send(pieces ...string) error {
	select {
	case <-g.ready:
	case <-time.After(30 * time.Second):
		return errors.New("the device was not opened")
	}
	for _, c := range strings.Join(pieces, "") {
		shift, usage := usageOf(byte(c))
		if usage == 0 {
			return fmt.Errorf("no key for %q", c)
		}
		for _, r := range [][]byte{{shift, 0, usage, 0, 0, 0, 0, 0}, make([]byte, 8)} {
			if _, err := g.f.Write(r); err != nil { // waits for the host to fetch the last one
				return err
			}
		}
	}
	return nil
}

func (g *plugged) Half(s string) error { return g.Send(s) }

// usageOf is the key of a US keyboard that gives c: HID Usage Tables 1.12, page 07.
func usageOf(c byte) (shift, usage byte) {
	const keys = "abcdefghijklmnopqrstuvwxyz1234567890\r\x1b\x08\t -=[]\\\x00;'`,./"
	for _, pair := range us {
		if pair[1] == c && pair[0] != c {
			return 2, byte(strings.IndexByte(keys, pair[0]) + 4)
		}
	}
	return 0, byte(strings.IndexByte(keys, c) + 4)
}

func newPlugged(t *testing.T) (*plugged, *Scanner) {
	spec := gadget.Spec{
		VID: "1EAB", PID: "0003", Serial: "KB0001", Product: "HR22 HID KBW", Function: "hid.0",
		Attributes: map[string]string{"protocol": "1", "subclass": "1", "report_length": "8", "report_desc": bootKeyboard},
	}
	g := &plugged{device: gadget.New(t, spec), id: usb.ID{VID: spec.VID, PID: spec.PID, Serial: spec.Serial}}
	if err := g.Plug(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Unplug() }) // it may be
	return g, &Scanner{Device: g.id.String(), open: g.open}
}

func TestConformanceOnUSB(t *testing.T) {
	o := scannertest.Options{Ends: []string{"\r", "\t"}, Typed: true, Whole: true, Flood: 4 << 10}
	scannertest.Run(t, o, func(t *testing.T) scannertest.Peer {
		g, s := newPlugged(t)
		return scannertest.Peer{Scanner: s, Far: g}
	})
}
