package plate

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		typed, text, shown, province, series string
		kind                                 Kind
		old                                  bool
	}{
		{"75a-123.45", "75A12345", "75A-123.45", "75", "A", Car, false},
		{"75A 1234", "75A1234", "75A-1234", "75", "A", Car, true},
		{"75H12345", "75H12345", "75H-123.45", "75", "H", Car, false},
		{"13A-1234", "13A1234", "13A-1234", "13", "A", Car, true},
		{"75-H1 123.45", "75H112345", "75-H1 123.45", "75", "H1", Motorbike, false},
		{"75-h1 2345", "75H12345", "75-H1 2345", "75", "H1", Motorbike, true},
		{"29-AA1 123.45", "29AA112345", "29-AA1 123.45", "29", "AA1", Motorbike, false},
		{"75LD-123.45", "75LD12345", "75LD-123.45", "75", "LD", Special, false},
		{"75-AA 123.45", "75AA12345", "75AA-123.45", "75", "AA", Special, false},
		{"51KT1234", "51KT1234", "51KT-1234", "51", "KT", Special, true},
		{"29-MĐ1 123.45", "29MD112345", "29-MĐ1 123.45", "29", "MD1", Electric, false},
		{"TM-12-34", "TM1234", "TM-12-34", "", "TM", Military, false},
		{"qh 45 67", "QH4567", "QH-45-67", "", "QH", Military, false},
		{"80-011-NG-01", "80011NG01", "80-011-NG-01", "80", "NG", Diplomat, false},
		{"80-NG-011-01", "80NG01101", "80-011-NG-01", "80", "NG", Diplomat, false},
		{"41-291-QT-05", "41291QT05", "41-291-QT-05", "41", "QT", Diplomat, false},
		{"80A-001.01", "80A00101", "80A-001.01", "80", "A", Car, false},
		{"T-75-123.45", "T7512345", "T-75-123.45", "75", "T", Temporary, false},
		{"T75A12345", "T75A12345", "T-75A-123.45", "75", "T", Temporary, false},
		{"75R-001.23", "75R00123", "75R-001.23", "75", "R", Car, false},
	} {
		p, err := Parse(c.typed)
		if err != nil || p.Text != c.text || p.Kind != c.kind || p.Province != c.province || p.Series != c.series || p.Old != c.old || p.String() != c.shown {
			t.Errorf("%s: %#v (%s), %v; want %#v", c.typed, p, p, err, c)
		}
		for i := range c.typed {
			if !Begins(c.typed[:i]) {
				t.Errorf("%q cannot become %s", c.typed[:i], c.typed)
			}
		}
	}
	for _, s := range []string{"", "75", "75A", "10A12345", "75I12345", "75A123456789", "87A12345", "00A12345", "WW1234", "75A12B45", "AB-123-CD"} {
		if p, err := Parse(s); err == nil {
			t.Errorf("%q is %+v", s, p)
		}
	}
	for _, s := range []string{"10", "75I", "7A", "75A123456789", "M1", "X", "0"} {
		if Begins(s) {
			t.Errorf("%q can become a plate", s)
		}
	}
}

func TestColours(t *testing.T) {
	for s, want := range map[string][]Colour{
		"TM1234": {Red}, "80011NG01": {White}, "75A12345": {White, Yellow, Blue}, "75S12345": {White, Yellow}, "75H112345": {White, Blue},
	} {
		if p, _ := Parse(s); !slices.Equal(p.Colours(), want) {
			t.Errorf("%s: %v, want %v", s, p.Colours(), want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"75a-123.45", "29-MĐ1 123.45", "TM1234", "80-NG-011-01", "\xff", "T"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := Parse(s)
		if err != nil {
			return
		}
		again, err := Parse(p.String())
		if err != nil || again.Text != p.Text && p.Kind != Diplomat || again.String() != p.String() {
			t.Fatalf("%q is %+v, shown %s, which is %+v, %v", s, p, p, again, err)
		}
		if !Begins(s) || len(p.Colours()) == 0 {
			t.Fatalf("%q is a plate and cannot begin one", s)
		}
	})
}
