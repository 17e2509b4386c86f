package evdev

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quachot/hardware/usb"
)

// Capabilities of a USB keyboard, a power button and a mouse, as Linux 6.1 shows
// them on a 64-bit machine.
const (
	keyboardKeys = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
	powerKeys    = "8000 10000000000000 0"
	mouseKeys    = "70000 0 0 0 0"
)

func TestList(t *testing.T) {
	if wordSize != 8 {
		t.Skip("the bitmaps here are of a 64-bit machine")
	}
	root := t.TempDir()
	add := func(event, bus, vid, pid, name, uniq, keys string) {
		for file, v := range map[string]string{
			"id/bustype": bus, "id/vendor": vid, "id/product": pid, "name": name, "uniq": uniq, "capabilities/key": keys,
		} {
			path := filepath.Join(root, event, "device", file)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(v+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	add("event0", "0019", "0000", "0001", "Power Button", "", powerKeys)
	add("event1", "0003", "1eab", "0003", "Newland HR22 HID KBW", "KB0001", keyboardKeys)
	add("event2", "0003", "046d", "c077", "Logitech USB Optical Mouse", "", mouseKeys)
	add("event3", "0011", "0001", "0001", "AT Translated Set 2 keyboard", "", keyboardKeys)
	add("mouse0", "0003", "046d", "c077", "Logitech USB Optical Mouse", "", keyboardKeys)
	got, err := list(root)
	want := []usb.Device{{ID: usb.ID{VID: "1EAB", PID: "0003", Serial: "KB0001"}, Path: "/dev/input/event1", About: "Newland HR22 HID KBW"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := list(filepath.Join(root, "nothing")); len(got) > 0 || err != nil {
		t.Errorf("a computer without input devices: %v, %v", got, err)
	}
}
