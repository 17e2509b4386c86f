package base45

import (
	"bytes"
	"errors"
	"testing"
)

// The examples of RFC 9285, section 4.3 and 4.4.
var vectors = []struct{ plain, text string }{
	{"", ""},
	{"AB", "BB8"},
	{"Hello!!", "%69 VD92EX0"},
	{"base-45", "UJCLQE7W581"},
	{"ietf!", "QED8WEX0"},
	{"\xff\xff", "FGW"},
	{"\xff", "U5"},
}

func TestVectorsOfRFC9285(t *testing.T) {
	for _, v := range vectors {
		if got := Encode([]byte(v.plain)); got != v.text {
			t.Errorf("Encode(%q) = %q, want %q", v.plain, got, v.text)
		}
		if got, err := Decode(v.text); err != nil || string(got) != v.plain {
			t.Errorf("Decode(%q) = %q, %v, want %q", v.text, got, err, v.plain)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"group above 65535":     "GGX",
		"last group above 255":  "V5",
		"length 3n+1":           "BB8A",
		"single character":      "A",
		"lower case":            "bb8",
		"outside the alphabet":  "BB8A!0",
		"Vietnamese letter":     "BBĐ",
		"NUL":                   "BB\x00",
		"second group too high": "BB8:::",
	} {
		if got, err := Decode(text); !errors.Is(err, ErrText) {
			t.Errorf("%s: Decode(%q) = %x, %v, want ErrText", name, text, got, err)
		}
	}
}

func FuzzRoundTrip(f *testing.F) {
	for _, v := range vectors {
		f.Add([]byte(v.plain))
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		got, err := Decode(Encode(plain))
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("round trip of %x = %x, %v", plain, got, err)
		}
	})
}

// FuzzDecode: whatever is accepted is the one text of its bytes.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"GGX", "BB8A", "V5", "%69 VD92EX0", "\x00", "NCFOXN%TS3DH3ZS"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Decode(text)
		if err == nil && Encode(b) != text {
			t.Fatalf("Decode(%q) = %x, whose text is %q", text, b, Encode(b))
		}
	})
}
