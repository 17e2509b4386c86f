package usb

import (
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for s, want := range map[string]ID{
		"0c2e:0b6a":       {VID: "0C2E", PID: "0B6A"},
		"0C2E:0B6A:S:N/1": {VID: "0C2E", PID: "0B6A", Serial: "S:N/1"},
	} {
		got, ok := Parse(s)
		if !ok || got != want {
			t.Errorf("%s: %+v %v", s, got, ok)
		}
		if again, ok := Parse(got.String()); !ok || again != got {
			t.Errorf("%s does not come back: %+v", got, again)
		}
	}
	for _, s := range []string{"", "/dev/hidraw0", "0C2E", "0C2E:", "C2E:0B6A", "0C2G:0B6A", "0C2E:0B6A:", "pci-0000:00:14.0"} {
		if got, ok := Parse(s); ok {
			t.Errorf("%q is taken for %+v", s, got)
		}
	}
}

func TestChoose(t *testing.T) {
	list := func() ([]Device, error) {
		return []Device{
			{ID: ID{"0C2E", "0B6A", "A"}, Path: "/dev/hidraw0"},
			{ID: ID{"0C2E", "0B6A", "B"}, Path: "/dev/hidraw1"},
			{ID: ID{"05E0", "1300", ""}, Path: "/dev/hidraw2"},
		}, nil
	}
	for name, want := range map[string]string{
		"/dev/hidraw7": "/dev/hidraw7", "0c2e:0b6a:B": "/dev/hidraw1", "05E0:1300": "/dev/hidraw2",
	} {
		if got, err := Choose(name, list); err != nil || got != want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if _, err := Choose("1EAB:0010", list); err == nil || !strings.Contains(err.Error(), "not plugged in") {
		t.Errorf("absent: %v", err)
	}
	if _, err := Choose("0C2E:0B6A", list); err == nil || !strings.Contains(err.Error(), "/dev/hidraw0, /dev/hidraw1") {
		t.Errorf("two equal ones: %v, want both named", err)
	}
	broken := errors.New("no sysfs")
	if _, err := Choose("0C2E:0B6A", func() ([]Device, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
