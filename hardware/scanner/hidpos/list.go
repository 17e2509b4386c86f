package hidpos

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"quachot/hardware/usb"
)

// list gives the scanners among the devices under root, which is
// /sys/class/hidraw. A device that went away meanwhile is left out.
func list(root string) ([]usb.Device, error) {
	entries, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // no such device was ever plugged in
	}
	if err != nil {
		return nil, fmt.Errorf("list HID devices: %w", err)
	}
	var found []usb.Device
	for _, e := range entries {
		device := filepath.Join(root, e.Name(), "device")
		descriptor, err := os.ReadFile(filepath.Join(device, "report_descriptor"))
		if err != nil || !Describe(descriptor).Scanner {
			continue
		}
		facts, err := os.ReadFile(filepath.Join(device, "uevent"))
		if err != nil {
			continue
		}
		d := parseFacts(string(facts))
		d.Path = "/dev/" + e.Name()
		found = append(found, d)
	}
	return found, nil
}

// parseFacts reads a device's uevent: lines of KEY=value, of which
// HID_ID=0003:00000C2E:00000B6A is bus, vendor and product.
func parseFacts(s string) (d usb.Device) {
	for line := range strings.Lines(s) {
		key, v, _ := strings.Cut(strings.TrimRight(line, "\n"), "=")
		switch key {
		case "HID_ID":
			if parts := strings.Split(v, ":"); len(parts) == 3 {
				d.VID, d.PID = four(parts[1]), four(parts[2])
			}
		case "HID_NAME":
			d.About = v
		case "HID_UNIQ":
			d.Serial = v
		}
	}
	return d
}

// four shortens a hexadecimal number to the four digits of USB.
func four(s string) string {
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%04X", n&0xFFFF)
}
