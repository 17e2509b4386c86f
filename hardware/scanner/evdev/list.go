package evdev

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

// list gives the USB and Bluetooth devices under root, which is /sys/class/input,
// that can type letters, digits and Enter. Keyboards of people are among them: no
// device says that it is a scanner.
func list(root string) ([]usb.Device, error) {
	entries, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list input devices: %w", err)
	}
	var found []usb.Device
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "event") {
			continue
		}
		fact := func(name string) string {
			b, _ := os.ReadFile(filepath.Join(root, e.Name(), "device", name)) // "" when it went away
			return strings.TrimSpace(string(b))
		}
		if bus := fact("id/bustype"); bus != busUSB && bus != busBluetooth || !types(fact("capabilities/key")) {
			continue
		}
		found = append(found, usb.Device{
			ID:    usb.ID{VID: strings.ToUpper(fact("id/vendor")), PID: strings.ToUpper(fact("id/product")), Serial: fact("uniq")},
			Path:  "/dev/input/" + e.Name(),
			About: fact("name"),
		})
	}
	return found, nil
}

// Buses of linux/input.h.
const busUSB, busBluetooth = "0003", "0005"

// types reads a capability bitmap, hexadecimal words of the machine's size with
// the highest first, and says whether the keys of a keyboard are in it.
func types(bitmap string) bool {
	words := strings.Fields(bitmap)
	has := func(key int) bool {
		i := len(words) - 1 - key/(8*wordSize)
		if i < 0 {
			return false
		}
		w, err := strconv.ParseUint(words[i], 16, 64)
		return err == nil && w>>(key%(8*wordSize))&1 != 0
	}
	for _, key := range []int{2, 11, 16, 25, 30, 44, 50, keyEnter} { // 1 0 Q P A Z M
		if !has(key) {
			return false
		}
	}
	return true
}
