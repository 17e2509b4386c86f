package hidpos

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"quachot/hardware/scanner/scannertest"
	"quachot/hardware/usb"
)

// virtual is a HID device made with /dev/uhid: the kernel's own HID core, parser,
// hidraw and sysfs, as for a scanner on USB. What is missing is the USB bus. It
// needs root and a kernel with uhid, and is skipped elsewhere.
type virtual struct {
	id    usb.ID
	ready chan struct{} // closed when the scanner has opened it

	f    *os.File
	mu   sync.Mutex // guards what follows
	woke []byte     // the feature report that was set last
}

// Message types and sizes of linux/uhid.h.
const (
	uhidCreate2, uhidDestroy, uhidInput2        = 11, 1, 12
	uhidSetReport, uhidSetReportReply           = 13, 14
	uhidName, uhidPhys, uhidUniq, uhidEventSize = 128, 64, 64, 4380
)

func (v *virtual) Plug() error {
	f, err := os.OpenFile("/dev/uhid", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	field := func(s string, n int) []byte { return append([]byte(s), make([]byte, n-len(s))...) }
	le := binary.NativeEndian
	b := le.AppendUint32(nil, uhidCreate2)
	b = append(b, field("Test scanner in HID-POS mode", uhidName)...)
	b = append(b, field("test", uhidPhys)...)
	b = append(b, field(v.id.Serial, uhidUniq)...)
	b = le.AppendUint16(b, uint16(len(posDescriptor)))
	b = le.AppendUint16(b, 3) // USB
	for _, n := range []string{v.id.VID, v.id.PID, "0", "0"} {
		var x uint32
		if _, err := fmt.Sscanf(n, "%x", &x); err != nil {
			return err
		}
		b = le.AppendUint32(b, x)
	}
	if _, err := f.Write(append(b, field(string(posDescriptor), 4096)...)); err != nil {
		return err
	}
	v.f, v.ready = f, make(chan struct{})
	go v.answer(f)
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if _, err = usb.Choose(v.id.String(), Devices); err == nil {
			return nil
		}
	}
	return err
}

// answer says yes to feature reports, as a device does, until it is unplugged.
func (v *virtual) answer(f *os.File) {
	b := make([]byte, uhidEventSize)
	for {
		n, err := f.Read(b)
		if err != nil {
			return
		}
		if n < 12 || binary.NativeEndian.Uint32(b) != uhidSetReport {
			continue
		}
		v.mu.Lock()
		v.woke = append([]byte(nil), b[12:12+binary.NativeEndian.Uint16(b[10:])]...)
		v.mu.Unlock()
		reply := binary.NativeEndian.AppendUint32(nil, uhidSetReportReply)
		reply = append(reply, b[4:8]...)
		_, _ = f.Write(append(reply, 0, 0))
	}
}

func (v *virtual) open(device string) (port, Layout, error) {
	p, l, err := openDevice(device)
	if err == nil {
		close(v.ready)
	}
	return p, l, err
}

func (v *virtual) Send(pieces ...string) error { return v.send(pieces, false) }
func (v *virtual) Half(b string) error         { return v.send([]string{b}, true) }

func (v *virtual) send(pieces []string, goesOn bool) error {
	select {
	case <-v.ready:
	case <-time.After(30 * time.Second):
		return errors.New("the device was not opened")
	}
	for i, p := range pieces {
		for _, r := range asReports(standard, p, goesOn || i < len(pieces)-1) {
			b := binary.NativeEndian.AppendUint32(nil, uhidInput2)
			b = binary.NativeEndian.AppendUint16(b, uint16(len(r)))
			if _, err := v.f.Write(append(b, r...)); err != nil {
				return err
			}
			time.Sleep(time.Millisecond) // the interval of the interrupt endpoint
		}
	}
	return nil
}

func (v *virtual) Unplug() error {
	_, err := v.f.Write(binary.NativeEndian.AppendUint32(nil, uhidDestroy))
	return errors.Join(err, v.f.Close())
}

func newVirtual(t *testing.T, vid string) (*virtual, *Scanner) {
	if _, err := os.Stat("/dev/uhid"); err != nil {
		t.Skip("no /dev/uhid here: the kernel's own HID is not tested")
	}
	v := &virtual{id: usb.ID{VID: vid, PID: "1300", Serial: "T" + fmt.Sprint(time.Now().UnixNano())}}
	if err := v.Plug(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.f.Close() })
	return v, &Scanner{Device: v.id.String(), open: v.open}
}

func TestConformanceInTheKernel(t *testing.T) {
	o := scannertest.Options{
		Ends: []string{"", "\r", "\r\n"}, Framed: true, Flood: 64 << 10,
		Missing: &Scanner{Device: "FFFF:FFFF"},
	}
	scannertest.Run(t, o, func(t *testing.T) scannertest.Peer {
		v, s := newVirtual(t, "05E0")
		return scannertest.Peer{Scanner: s, Far: v}
	})
}

// Honeywell's scanners send codes to this interface once they are told to.
func TestWake(t *testing.T) {
	v, s := newVirtual(t, "0C2E")
	p, l, err := s.open(s.Device)
	if err != nil || l != standard {
		t.Fatalf("%+v, %v", l, err)
	}
	defer p.Close()
	v.mu.Lock()
	defer v.mu.Unlock()
	if string(v.woke) != "\xfe\x01" {
		t.Errorf("the device was sent % x, want fe 01", v.woke)
	}
}
