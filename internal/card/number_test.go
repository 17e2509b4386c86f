package card

import (
	"errors"
	"fmt"
	"testing"
)

func TestNewNumber(t *testing.T) {
	tests := []struct {
		station string
		counter uint32
		want    Number
		grouped string
	}{
		{"460012", 123, "4600120001230", "460012 000123 0"},
		{"460001", 0, "4600010000003", "460001 000000 3"},
		{"000000", 572, "0000000005724", "000000 000572 4"}, // 572 -> 4 is the example of Damm's thesis
	}
	for _, test := range tests {
		n, err := NewNumber(test.station, test.counter)
		if err != nil {
			t.Fatal(err)
		}
		if n != test.want || n.Grouped() != test.grouped {
			t.Errorf("got %s, want %s", n, test.want)
		}
		back, err := ParseNumber(n.Grouped())
		if err != nil || back != n {
			t.Errorf("ParseNumber(%q) = %q, %v", n.Grouped(), back, err)
		}
		if u, err := NumberFromUint(n.Uint()); err != nil || u != n {
			t.Errorf("NumberFromUint(%d) = %q, %v", n.Uint(), u, err)
		}
		if want := n.Uint() / 10; n.Serial() != want || fmt.Sprintf("%012d", want) != string(n[:12]) {
			t.Errorf("serial %d, want %d", n.Serial(), want)
		}
	}
	if damm("572") != 4 {
		t.Errorf("damm(572) = %d, want 4", damm("572"))
	}
	for _, station := range []string{"", "46001", "4600123", "46001a", "４６００１２"} {
		if _, err := NewNumber(station, 1); !errors.Is(err, ErrNumber) {
			t.Errorf("station %q: got %v", station, err)
		}
	}
	if _, err := NewNumber("460012", MaxCounter+1); !errors.Is(err, ErrNumber) {
		t.Error("counter 1000000 was taken")
	}
}

func TestParseNumberAsTyped(t *testing.T) {
	n, err := NewNumber("460012", 123)
	if err != nil {
		t.Fatal(err)
	}
	s := string(n)
	for _, typed := range []string{
		s, n.Grouped(), s[:6] + "." + s[6:12] + "-" + s[12:], " " + s + "\r\n", s[:6] + "\u00a0" + s[6:], s[:6] + "–" + s[6:],
	} {
		if got, err := ParseNumber(typed); err != nil || got != n {
			t.Errorf("ParseNumber(%q) = %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "1", s + "0", s[1:], s[:12] + "x", "46001200012３7", string(make([]byte, 1<<20))} {
		if _, err := ParseNumber(typed); !errors.Is(err, ErrNumber) {
			t.Errorf("ParseNumber(%.20q) = %v, want ErrNumber", typed, err)
		}
	}
}

// The promise of Damm's digit: one wrong digit and one swap of neighbours are
// always seen.
func TestCheckDigitFindsSlips(t *testing.T) {
	n, err := NewNumber("463917", 805264)
	if err != nil {
		t.Fatal(err)
	}
	for at := range len(n) {
		for d := byte('0'); d <= '9'; d++ {
			b := []byte(n)
			if b[at] == d {
				continue
			}
			b[at] = d
			if _, err := ParseNumber(string(b)); !errors.Is(err, ErrCheckDigit) {
				t.Errorf("%s for %s: got %v", b, n, err)
			}
		}
		if at+1 < len(n) && n[at] != n[at+1] {
			b := []byte(n)
			b[at], b[at+1] = b[at+1], b[at]
			if _, err := ParseNumber(string(b)); !errors.Is(err, ErrCheckDigit) {
				t.Errorf("%s for %s: got %v", b, n, err)
			}
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	f.Add("4600120001230")
	f.Add("460012 000123 0")
	f.Fuzz(func(t *testing.T, typed string) {
		n, err := ParseNumber(typed)
		if err != nil {
			return
		}
		again, err := NumberFromUint(n.Uint())
		if err != nil || again != n || n.Uint() == 0 && n != "0000000000000" {
			t.Fatalf("%q -> %q -> %q, %v", typed, n, again, err)
		}
	})
}
