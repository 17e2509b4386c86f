package credential

import (
	"bytes"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
)

func TestUntag(t *testing.T) {
	inner := []byte{0x80}
	for _, c := range []struct {
		name string
		in   []byte
		err  error
	}{
		{"bare", inner, nil},
		{"18", append([]byte{0xd2}, inner...), nil},
		{"61 18", append([]byte{0xd8, 0x3d, 0xd2}, inner...), nil},
		{"18 written long", append([]byte{0xd8, 0x12}, inner...), nil},
		{"16", append([]byte{0xd0}, inner...), errEncrypted},
		{"96", append([]byte{0xd8, 0x60}, inner...), errEncrypted},
		{"61 16", append([]byte{0xd8, 0x3d, 0xd0}, inner...), errEncrypted},
		{"98", append([]byte{0xd8, 0x62}, inner...), errMalformed},
		{"tags without end", bytes.Repeat([]byte{0xd2}, 100), errMalformed},
		{"too many", append(bytes.Repeat([]byte{0xd2}, 4), inner...), errMalformed},
		{"a tag of nothing", []byte{0xd2}, errMalformed},
	} {
		got, err := untag(c.in)
		if !errors.Is(err, c.err) || c.err == nil && !bytes.Equal(got, inner) {
			t.Errorf("%s: %x, %v, want %v", c.name, got, err, c.err)
		}
	}
}

// TestEmptyProtectedHeader: no bytes and an empty map are signed alike
// (RFC 9052, section 4.4).
func TestEmptyProtectedHeader(t *testing.T) {
	a := must(sign1{protected: []byte{}, payload: []byte("x")}.toBeSigned())
	b := must(sign1{protected: []byte{0xa0}, payload: []byte("x")}.toBeSigned())
	if !bytes.Equal(a, b) {
		t.Errorf("%x and %x", a, b)
	}
}

func TestParseSign1Refuses(t *testing.T) {
	for name, in := range map[string]any{
		"three elements":          []any{[]byte{}, map[int]any{}, []byte{}},
		"header that is no map":   []any{[]byte{0x01}, map[int]any{}, []byte{}, []byte{}},
		"header of half a map":    []any{[]byte{0xa1}, map[int]any{}, []byte{}, []byte{}},
		"payload that is a text":  []any{[]byte{}, map[int]any{}, 7, []byte{}},
		"unprotected as a number": []any{[]byte{}, 7, []byte{}, []byte{}},
	} {
		if m, err := parseSign1(must(cbor.Marshal(in))); !errors.Is(err, errMalformed) {
			t.Errorf("%s: %+v, %v, want errMalformed", name, m, err)
		}
	}
	double := []byte{0x84, 0x45, 0xa2, 0x01, 0x26, 0x01, 0x27, 0xa0, 0x40, 0x40} // alg twice: -7, then -8
	if m, err := parseSign1(double); !errors.Is(err, errMalformed) {
		t.Errorf("alg twice: %+v, %v, want errMalformed", m, err)
	}
}

func TestWordsAndDates(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
	}{
		{"x", "x"}, {2, "2"}, {-2, "-2"}, {1.5, "1.5"}, {2.0, "2"}, {true, "true"},
		{cbor.Tag{Number: 99, Content: "x"}, "x"}, {cbor.Tag{Number: 0, Content: "2021-10-02T00:00:00Z"}, "2021-10-02T00:00:00Z"},
		{nil, ""}, {[]byte("x"), ""}, {[]string{"x"}, ""},
	} {
		if got := words(value(must(cbor.Marshal(c.in)))); got != c.want {
			t.Errorf("words of %v = %q, want %q", c.in, got, c.want)
		}
	}
	for _, c := range []struct {
		in   any
		want time.Time
	}{
		{1640995200, time.Unix(1640995200, 0)}, {1640995200.75, time.Unix(1640995200, 0)},
		{-1, time.Time{}}, {0, time.Time{}}, {uint64(math.MaxUint64), time.Time{}}, {math.NaN(), time.Time{}}, {math.Inf(1), time.Time{}}, {"2021", time.Time{}}, {nil, time.Time{}},
	} {
		if got := numericDate(must(cbor.Marshal(c.in))); !got.Equal(c.want) {
			t.Errorf("date of %v = %v, want %v", c.in, got, c.want)
		}
	}
}
