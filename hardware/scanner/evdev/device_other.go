//go:build !linux

package evdev

import (
	"errors"
	"fmt"

	"quachot/hardware/usb"
)

// Devices lists nothing: see openDevice.
func Devices() ([]usb.Device, error) { return nil, nil }

// openDevice says that evdev is Linux's. What Windows has instead, Raw Input by
// device, is not written yet.
func openDevice(string) (port, error) {
	return nil, fmt.Errorf("keyboard scanners are read below the window on Linux only: the window reads them as typed, or set the scanner to USB-COM and use serial: %w", errors.ErrUnsupported)
}
