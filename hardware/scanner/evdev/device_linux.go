package evdev

import (
	"errors"
	"fmt"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"quachot/hardware/usb"
)

// Devices lists what could be a scanner that types, people's keyboards included.
func Devices() ([]usb.Device, error) { return list("/sys/class/input") }

// Requests of linux/input.h: EVIOCGKEY(96) and EVIOCGRAB.
const (
	getKeys = 2<<30 | 96<<16 | 'E'<<8 | 0x18
	grab    = 1<<30 | 4<<16 | 'E'<<8 | 0x90
)

// release is how long keys may be down before the device is taken anyway.
const release = time.Second

// openDevice opens an input device and takes it away from everybody else.
func openDevice(device string) (port, error) {
	path, err := usb.Choose(device, Devices)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := take(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// take grabs the device once no key is down: whoever had its keys would never see
// them come up, and repeat them for ever.
func take(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var done error
	err = raw.Control(func(fd uintptr) {
		for until := time.Now().Add(release); ; {
			var down [96]byte
			if _, _, e := unix.Syscall(unix.SYS_IOCTL, fd, getKeys, uintptr(unsafe.Pointer(&down))); e != 0 {
				done = fmt.Errorf("no input device: %w", e)
				return
			}
			if down == [96]byte{} || time.Now().After(until) {
				break
			}
			time.Sleep(release / 50)
		}
		done = unix.IoctlSetInt(int(fd), grab, 1)
	})
	if errors.Is(done, unix.EBUSY) {
		return fmt.Errorf("another program holds it: %w", done)
	}
	return errors.Join(err, done)
}
