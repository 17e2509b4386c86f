package identity

import (
	"errors"
	"testing"
)

func TestParseDocument(t *testing.T) {
	tests := []struct {
		in   string
		want Document
	}{
		{"cccd:046187001234", Document{CCCD, "046187001234"}},
		{" CCCD : 046 187.001-234 ", Document{CCCD, "046187001234"}},
		{"passport:b1234567", Document{Passport, "B1234567"}},
		{"plate:75c-123.45", Document{Plate, "75C12345"}},
		{"bhyt:DN4460123456789", Document{BHYT, "0123456789"}}, // the BHXH number both cards share
		{"bhyt:0123456789", Document{BHYT, "0123456789"}},
	}
	for _, test := range tests {
		got, err := ParseDocument(test.in)
		if err != nil || got != test.want {
			t.Errorf("ParseDocument(%q) = %v, %v, want %v", test.in, got, err, test.want)
		}
		if again, err := ParseDocument(got.String()); err != nil || again != got {
			t.Errorf("%v does not come back: %v, %v", got, again, err)
		}
	}
	for _, in := range []string{"", "046187001234", "cccd:", "cccd: .-", "cmt:123", ":"} {
		if _, err := ParseDocument(in); !errors.Is(err, ErrDocument) {
			t.Errorf("ParseDocument(%q): got %v, want ErrDocument", in, err)
		}
	}
}

func FuzzParseDocument(f *testing.F) {
	f.Add("cccd:046187001234")
	f.Add("bhyt:DN4460123456789")
	f.Fuzz(func(t *testing.T, in string) {
		d, err := ParseDocument(in)
		if err != nil {
			return
		}
		if again := NewDocument(d.Kind, d.Number); again != d {
			t.Fatalf("%q: normalised twice is %v, once %v", in, again, d)
		}
	})
}
