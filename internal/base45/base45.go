// Package base45 is the Base45 of RFC 9285: bytes as text of the 45 characters
// that a QR code's alphanumeric mode holds at 5.5 bits each.
package base45

import (
	"errors"
	"fmt"
	"strings"
)

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// ErrText is wrapped by Decode's errors.
var ErrText = errors.New("not base45")

// none marks a byte outside the alphabet in values.
const none = 0xFF

var values = func() (v [256]byte) {
	for i := range v {
		v[i] = none
	}
	for i := range len(alphabet) {
		v[alphabet[i]] = byte(i)
	}
	return v
}()

// Encode writes two bytes as three characters, lowest digit first, and a last
// odd byte as two. No bytes give the empty text.
func Encode(b []byte) string {
	var t strings.Builder
	t.Grow((len(b)*3 + 1) / 2)
	for ; len(b) >= 2; b = b[2:] {
		n := int(b[0])<<8 | int(b[1])
		t.WriteByte(alphabet[n%45])
		t.WriteByte(alphabet[n/45%45])
		t.WriteByte(alphabet[n/45/45])
	}
	if len(b) == 1 {
		t.WriteByte(alphabet[b[0]%45])
		t.WriteByte(alphabet[b[0]/45])
	}
	return t.String()
}

// Decode is the inverse of Encode. It refuses a character outside the
// alphabet, a length that Encode never gives, and groups above 65535 or 255
// (such as "GGX"), so that every accepted text is the one text of its bytes.
// Blanks count: they are in the alphabet and are not trimmed.
func Decode(s string) ([]byte, error) {
	if len(s)%3 == 1 {
		return nil, fmt.Errorf("%w: %d characters, one too many or two missing", ErrText, len(s))
	}
	out := make([]byte, 0, len(s)/3*2+1)
	for at := 0; at < len(s); at += 3 {
		n, group, err := number(s, at)
		if err != nil {
			return nil, err
		}
		switch {
		case group == 3 && n <= 0xFFFF:
			out = append(out, byte(n>>8), byte(n))
		case group == 2 && n <= 0xFF:
			out = append(out, byte(n))
		default:
			return nil, fmt.Errorf("%w: the group at character %d is out of range", ErrText, at+1)
		}
	}
	return out, nil
}

// number is the value of the two or three characters from at on.
func number(s string, at int) (n, group int, err error) {
	group = min(3, len(s)-at)
	for i := group - 1; i >= 0; i-- {
		v := values[s[at+i]]
		if v == none {
			return 0, 0, fmt.Errorf("%w: character %d is outside the alphabet", ErrText, at+i+1)
		}
		n = n*45 + int(v)
	}
	return n, group, nil
}
