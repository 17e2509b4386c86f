package hardware

import (
	"strings"
	"testing"

	"quachot/hardware/scanner/evdev"
	"quachot/hardware/scanner/hidpos"
	"quachot/hardware/scanner/serial"
	"quachot/hardware/scanner/simulated"
)

func TestOpenScanner(t *testing.T) {
	in := strings.NewReader("")
	s, err := OpenScanner("serial:/dev/ttyACM0@9600", in)
	if p, ok := s.(*serial.Scanner); err != nil || !ok || p.Device != "/dev/ttyACM0" || p.Baud != 9600 {
		t.Errorf("serial with baud: %+v, %v", s, err)
	}
	s, err = OpenScanner("serial:COM3", in)
	if p, ok := s.(*serial.Scanner); err != nil || !ok || p.Device != "COM3" || p.Baud != 0 {
		t.Errorf("serial: %+v, %v", s, err)
	}
	s, err = OpenScanner("stdin", in)
	if l, ok := s.(*simulated.Lines); err != nil || !ok || l.From != in {
		t.Errorf("stdin: %+v, %v", s, err)
	}
	s, err = OpenScanner("hidpos:0C2E:0B6A:SN:1", in)
	if p, ok := s.(*hidpos.Scanner); err != nil || !ok || p.Device != "0C2E:0B6A:SN:1" {
		t.Errorf("hidpos: %+v, %v", s, err)
	}
	s, err = OpenScanner("evdev:/dev/input/event5", in)
	if p, ok := s.(*evdev.Scanner); err != nil || !ok || p.Device != "/dev/input/event5" {
		t.Errorf("evdev: %+v, %v", s, err)
	}
	for _, bad := range []string{"", "serial", "serial:", "serial:COM3@fast", "serial:COM3@-1", "stdin:x", "hidpos", "evdev:", "camera:0", "nothing"} {
		if s, err := OpenScanner(bad, in); err == nil {
			t.Errorf("%q opened %+v", bad, s)
		}
	}
	if _, err := OpenScanner("laser:0", in); err == nil || !strings.Contains(err.Error(), "stdin, serial") {
		t.Errorf("unknown driver: %v, want the names there are", err)
	}
}

func TestDriversAreComplete(t *testing.T) {
	for _, d := range Drivers() {
		if d.Name == "" || d.Kind == "" || d.About == "" || d.Open == nil {
			t.Errorf("driver %+v", d)
		}
		if d.Devices != nil {
			if _, err := d.Devices(); err != nil {
				t.Logf("%s: %v (no such bus here)", d.Name, err)
			}
		}
	}
}
