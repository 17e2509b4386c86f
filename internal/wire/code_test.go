package wire

import (
	"errors"
	"strings"
	"testing"
)

var codes = []Code{
	{Address: "192.168.1.10:7443", Token: [10]byte{1, 2, 3}, Office: [10]byte{9, 8, 7}},
	{Address: "dong-bo.hue.gov.vn:7443", Token: [10]byte{255, 0, 255}, Office: [10]byte{1}, Issuer: true},
	{Address: "[2001:db8::1]:7443", Office: [10]byte{31, 31, 31, 31, 31, 31, 31, 31, 31, 31}},
	{Address: "010.0.0.1:7443"}, // no IPv4 by Go's rules: stays text
	{Address: "127.0.0.1:65535", Issuer: true},
}

func TestCodeRoundTrip(t *testing.T) {
	for _, c := range codes {
		spoken := strings.ReplaceAll(strings.ToLower(c.String()), "-", " ")
		for _, text := range []string{c.String(), c.Digits(), spoken, "  " + c.String() + "\r\n", strings.ReplaceAll(c.String(), "0", "O")} {
			got, err := ParseCode(text)
			if err != nil || got != c {
				t.Errorf("ParseCode(%q) = %+v, %v; want %+v", text, got, err, c)
			}
		}
	}
}

// A code must survive a QR's alphanumeric mode and keyboards: upper case, digits
// and dashes only.
func TestCodeAlphabet(t *testing.T) {
	for _, c := range codes {
		if rest := strings.Trim(c.String(), alphabet+"-"); rest != "" {
			t.Errorf("%q holds %q", c, rest)
		}
		if rest := strings.Trim(c.Digits(), "0123456789"); rest != "" {
			t.Errorf("digits of %v hold %q", c, rest)
		}
	}
}

func TestCodeFindsEveryWrongSymbol(t *testing.T) {
	text := codes[0].String()
	for i := range text {
		if text[i] == '-' {
			continue
		}
		for _, r := range alphabet {
			wrong := text[:i] + string(r) + text[i+1:]
			if wrong == text {
				continue
			}
			if c, err := ParseCode(wrong); !errors.Is(err, ErrCode) {
				t.Fatalf("%q with %c at %d was read as %+v, %v", text, r, i, c, err)
			}
		}
	}
}

func TestCodeFindsSwaps(t *testing.T) {
	text := codes[1].String()
	for i := 0; i+1 < len(text); i++ {
		if text[i] == text[i+1] || text[i] == '-' || text[i+1] == '-' {
			continue
		}
		wrong := text[:i] + string(text[i+1]) + string(text[i]) + text[i+2:]
		if _, err := ParseCode(wrong); !errors.Is(err, ErrCode) {
			t.Errorf("swapped at %d: %v, want ErrCode", i, err)
		}
	}
	groups := strings.Split(text, "-")
	for i := 0; i+1 < len(groups); i++ {
		g := append([]string(nil), groups...)
		g[i], g[i+1] = g[i+1], g[i]
		if _, err := ParseCode(strings.Join(g, "-")); !errors.Is(err, ErrCode) && groups[i] != groups[i+1] {
			t.Errorf("groups %d and %d swapped: %v, want ErrCode", i, i+1, err)
		}
	}
	for i := range groups {
		g := append(append([]string(nil), groups[:i]...), groups[i+1:]...)
		if _, err := ParseCode(strings.Join(g, "-")); !errors.Is(err, ErrCode) {
			t.Errorf("group %d left out: %v, want ErrCode", i, err)
		}
	}
}

func TestCodeSaysWhichGroup(t *testing.T) {
	groups := strings.Split(codes[0].String(), "-")
	last := groups[2][4]
	groups[2] = groups[2][:4] + string(alphabet[(strings.IndexByte(alphabet, last)+1)%32])
	_, err := ParseCode(strings.Join(groups, "-"))
	if err == nil || !strings.Contains(err.Error(), "group 3") {
		t.Errorf("error %v, want one that names group 3", err)
	}
}

func TestCodeRefusesGarbage(t *testing.T) {
	for _, s := range []string{"", " - ", "HELLO", strings.Repeat("9", 5000), strings.Repeat("9", 200), "1", "é", "UUUUU", codes[0].String()[:11]} {
		if _, err := ParseCode(s); !errors.Is(err, ErrCode) {
			t.Errorf("ParseCode(%.20q) = %v, want ErrCode", s, err)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	for _, c := range codes {
		f.Add(c.String())
		f.Add(c.Digits())
	}
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCode(s)
		if err != nil {
			if !errors.Is(err, ErrCode) {
				t.Errorf("%q: %v does not wrap ErrCode", s, err)
			}
			return
		}
		if again, err := ParseCode(c.String()); err != nil || again != c {
			t.Errorf("%q gave %+v, whose own text gives %+v, %v", s, c, again, err)
		}
	})
}
