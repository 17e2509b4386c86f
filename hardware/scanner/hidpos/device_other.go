//go:build !linux

package hidpos

import (
	"errors"
	"fmt"

	"quachot/hardware/usb"
)

// Devices lists nothing: see openDevice.
func Devices() ([]usb.Device, error) { return nil, nil }

// openDevice says that HID-POS is read on Linux only. On Windows it would be
// hid.dll with overlapped reads; nothing of it is written yet.
func openDevice(string) (port, Layout, error) {
	return nil, Layout{}, fmt.Errorf("HID-POS scanners are read on Linux only so far: set the scanner to USB-COM (its manual has the code) and use serial: %w", errors.ErrUnsupported)
}
