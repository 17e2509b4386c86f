package hidpos

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"quachot/hardware/usb"
)

// Devices lists the HID-POS scanners that are plugged in now.
func Devices() ([]usb.Device, error) { return list("/sys/class/hidraw") }

// errMode is a HID device that is none of ours: most likely the scanner types.
var errMode = errors.New("not a scanner in HID-POS mode: scan the code \"USB HID POS\" of its manual, or read it as evdev or serial")

// openDevice opens a hidraw device and finds out how to read it.
func openDevice(device string) (port, Layout, error) {
	path, err := usb.Choose(device, Devices)
	if err != nil {
		return nil, Layout{}, err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrPermission) { // enough for all that need no waking
		f, err = os.OpenFile(path, os.O_RDONLY, 0)
	}
	if err != nil {
		return nil, Layout{}, err
	}
	layout, err := prepare(f)
	if err != nil {
		f.Close()
		return nil, Layout{}, err
	}
	return f, layout, nil
}

// prepare asks the device for its descriptor and wakes it where its row says so.
func prepare(f *os.File) (Layout, error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return Layout{}, err
	}
	var descriptor unix.HIDRawReportDescriptor
	var info *unix.HIDRawDevInfo
	var asked error
	err = raw.Control(func(fd uintptr) {
		var size int
		if size, asked = unix.IoctlGetInt(int(fd), unix.HIDIOCGRDESCSIZE); asked != nil {
			return
		}
		descriptor.Size = uint32(size)
		if asked = unix.IoctlHIDGetDesc(int(fd), &descriptor); asked != nil {
			return
		}
		info, asked = unix.IoctlHIDGetRawInfo(int(fd))
	})
	if err = errors.Join(err, asked); err != nil {
		return Layout{}, fmt.Errorf("ask for its reports: %w", err)
	}
	d := descriptor.Value[:min(int(descriptor.Size), len(descriptor.Value))]
	about := Describe(d)
	if !about.Scanner {
		return Layout{}, errMode
	}
	vid := fmt.Sprintf("%04X", uint16(info.Vendor))
	if wake := rowOf(vid).wake; wake != nil && about.Features[wake[0]] {
		err = raw.Control(func(fd uintptr) { asked = setFeature(fd, wake) })
		if err = errors.Join(err, asked); err != nil {
			return Layout{}, fmt.Errorf("turn its codes to this interface: %w", err)
		}
	}
	return LayoutFor(vid, d), nil
}

// setFeature sends a feature report, number first: HIDIOCSFEATURE(len), which is
// _IOC(write and read, 'H', 6, len) of linux/hidraw.h.
func setFeature(fd uintptr, report []byte) error {
	b := append([]byte(nil), report...) // the kernel may write into it
	request := uintptr(3<<30 | len(b)<<16 | 'H'<<8 | 6)
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, fd, request, uintptr(unsafe.Pointer(&b[0]))); e != 0 {
		return e
	}
	return nil
}
