package hidpos

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quachot/hardware/usb"
)

func TestList(t *testing.T) {
	root := t.TempDir()
	add := func(name, uevent string, descriptor []byte) {
		dir := filepath.Join(root, name, "device")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for file, b := range map[string][]byte{"uevent": []byte(uevent), "report_descriptor": descriptor} {
			if err := os.WriteFile(filepath.Join(dir, file), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	add("hidraw0", "DRIVER=hid-generic\nHID_ID=0003:000005E0:00001300\nHID_NAME=Symbol Technologies DS2208 HID-POS\nHID_PHYS=usb-dummy_hcd.0-1/input0\nHID_UNIQ=POS01\nMODALIAS=hid:b0003g0001v000005E0p00001300\n", posDescriptor)
	add("hidraw1", "HID_ID=0003:00001EAB:00000003\nHID_NAME=Newland HR22\n", keyboardDescriptor)
	add("hidraw2", "HID_ID=0003:00001eab:00000010\nHID_NAME=Newland HR22\nHID_UNIQ=\n", posDescriptor)
	got, err := list(root)
	want := []usb.Device{
		{ID: usb.ID{VID: "05E0", PID: "1300", Serial: "POS01"}, Path: "/dev/hidraw0", About: "Symbol Technologies DS2208 HID-POS"},
		{ID: usb.ID{VID: "1EAB", PID: "0010"}, Path: "/dev/hidraw2", About: "Newland HR22"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := list(filepath.Join(root, "nothing")); len(got) > 0 || err != nil {
		t.Errorf("a computer without HID: %v, %v", got, err)
	}
}
