package evdev

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"quachot/hardware/scanner"
	"quachot/hardware/scanner/scannertest"
	"quachot/hardware/usb"
)

// virtual is a keyboard made with /dev/uinput: the kernel's own input core, evdev
// with its bounded buffer and grab, and sysfs, as for a scanner on USB. What is
// missing is the USB bus. It needs root and a kernel with uinput, and is skipped
// elsewhere.
type virtual struct {
	id    usb.ID
	ready chan struct{} // closed when the scanner has opened it
	f     *os.File
}

// Requests of linux/uinput.h.
const (
	uiDevCreate, uiDevDestroy = 'U'<<8 | 1, 'U'<<8 | 2
	uiDevSetup                = 1<<30 | 92<<16 | 'U'<<8 | 3
	uiSetEvBit, uiSetKeyBit   = 1<<30 | 4<<16 | 'U'<<8 | 100, 1<<30 | 4<<16 | 'U'<<8 | 101
)

func (v *virtual) Plug() error {
	f, err := os.OpenFile("/dev/uinput", os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	fd := int(f.Fd())
	var setup [92]byte
	for i, s := range []string{"3", v.id.VID, v.id.PID} { // bus, vendor, product
		var n uint16
		if _, err := fmt.Sscanf(s, "%x", &n); err != nil {
			return err
		}
		binary.NativeEndian.PutUint16(setup[2*i:], n)
	}
	copy(setup[8:], "Test scanner that types")
	err = unix.IoctlSetInt(fd, uiSetEvBit, evKey)
	for key := 1; key < 128; key++ {
		err = errors.Join(err, unix.IoctlSetInt(fd, uiSetKeyBit, key))
	}
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), uiDevSetup, uintptr(unsafe.Pointer(&setup))); e != 0 {
		err = errors.Join(err, e)
	}
	if err = errors.Join(err, unix.IoctlSetInt(fd, uiDevCreate, 0)); err != nil {
		return err
	}
	v.f, v.ready = f, make(chan struct{})
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		var path string
		if path, err = usb.Choose(v.id.String(), Devices); err == nil {
			if _, err = os.Stat(path); err == nil {
				return nil
			}
		}
	}
	return err
}

func (v *virtual) open(device string) (port, error) {
	p, err := openDevice(device)
	if err == nil {
		close(v.ready)
	}
	return p, err
}

func (v *virtual) Send(pieces ...string) error {
	select {
	case <-v.ready:
	case <-time.After(30 * time.Second):
		return errors.New("the device was not opened")
	}
	for _, c := range strings.Join(pieces, "") {
		if _, err := v.f.Write(asBytes(strokes(string(c)))); err != nil {
			return err
		}
		time.Sleep(time.Millisecond) // the kernel drops what is not read; USB is no faster
	}
	return nil
}

func (v *virtual) Half(s string) error { return v.Send(s) }

func (v *virtual) Unplug() error {
	err := unix.IoctlSetInt(int(v.f.Fd()), uiDevDestroy, 0)
	return errors.Join(err, v.f.Close())
}

func newVirtual(t *testing.T) (*virtual, *Scanner) {
	if _, err := os.Stat("/dev/uinput"); err != nil {
		t.Skip("no /dev/uinput here: the kernel's own input devices are not tested")
	}
	v := &virtual{id: usb.ID{VID: "1EAB", PID: "FF03"}}
	if err := v.Plug(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.f.Close() })
	return v, &Scanner{Device: v.id.String(), open: v.open}
}

func TestConformanceInTheKernel(t *testing.T) {
	o := scannertest.Options{
		Ends: []string{"\r", "\t", "\n"}, Typed: true, Whole: true,
		Flood:   10 << 10, // at the speed of a device on USB
		Missing: &Scanner{Device: "FFFF:FFFF"},
	}
	scannertest.Run(t, o, func(t *testing.T) scannertest.Peer {
		v, s := newVirtual(t)
		return scannertest.Peer{Scanner: s, Far: v}
	})
}

// What the scanner types reaches nobody else, and a second station is told.
func TestNobodyElseGetsTheKeys(t *testing.T) {
	v, s := newVirtual(t)
	path, err := usb.Choose(v.id.String(), Devices)
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	p, err := s.open(s.Device)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := openDevice(path); !errors.Is(err, unix.EBUSY) {
		t.Errorf("a second station opened it: %v", err)
	}
	if err := v.Send("abc\r"); err != nil {
		t.Fatal(err)
	}
	if err := other.SetReadDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := other.Read(make([]byte, 1024)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("another program read %d bytes: %v", n, err)
	}
}

// A machine that is too busy to read: the kernel drops keys and says so. Nothing of
// that code comes out.
func TestTheKernelDropsKeys(t *testing.T) {
	v, s := newVirtual(t)
	p, err := s.open(s.Device)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := v.f.Write(asBytes(strokes(strings.Repeat("0123456789", 50) + "\r"))); err != nil {
		t.Fatal(err)
	}
	err = s.read(t.Context(), p, func(c scanner.Code) { t.Errorf("got %q", c.Text) })
	if !errors.Is(err, scanner.ErrLost) || !errors.Is(err, errKeys) {
		t.Errorf("got %v, want the loss of keys", err)
	}
}
