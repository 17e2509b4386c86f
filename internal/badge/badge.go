// Package badge is the text in the QR of an officer's badge: digits only, so
// that it comes whole through any keyboard layout and any Vietnamese input
// method. The office makes it, the station reads it.
//
//	73917  v  n  id        secret     check  71937
//	begin  1  1  2 x n     39         2      end
//
// v is the version, 1. n is the length of the officer's id; each character of it
// is two digits: 01 to 26 for A to Z, 30 to 39 for 0 to 9. secret is 128 random
// bits as a decimal number with leading zeros. check makes what stands between
// begin and end a number that leaves 1 when divided by 97 (ISO 7064, MOD 97-10):
// it finds every single wrong digit and every two that changed places. A badge of
// C001 has 62 digits.
//
// begin and end are there so that a damaged reading, too, is known for a badge
// and is never written down: see [Is].
package badge

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
)

// The layout's constants; see the package comment.
const (
	begin   = "73917"
	end     = "71937"
	version = '1'
	// MaxID is how long an officer's id may be, in characters.
	MaxID        = 9
	secretDigits = 39
	checkDigits  = 2
	// minLike and maxLike bound what [Is] takes for a badge: below, too little of
	// the secret is in it; above, it is the digits form of a citizen's card, which
	// has 200 at least. Two badges run together have 144 at most.
	minLike = 16
	maxLike = 150
)

// Errors of New, which cannot write every id, and of Parse.
var (
	ErrID     = errors.New("a badge can hold an officer's number of 1 to 9 letters A-Z and digits")
	ErrFormat = errors.New("not the text of a badge, or part of it is missing")
)

// Badge is what a badge says. The zero value is nobody's.
type Badge struct {
	Officer string // id, in upper case
	Secret  [16]byte
}

// New makes a badge with a fresh secret for an officer; letter case is not kept.
// ErrID when the id cannot be written in digits.
func New(officer string) (Badge, error) {
	b := Badge{Officer: strings.ToUpper(officer)}
	if _, err := writeID(b.Officer); err != nil {
		return Badge{}, err
	}
	_, _ = rand.Read(b.Secret[:]) // never fails, by its contract
	return b, nil
}

// Text is what the QR holds; empty for a badge that New or Parse did not make.
func (b Badge) Text() string {
	id, err := writeID(b.Officer)
	if err != nil {
		return ""
	}
	secret := new(big.Int).SetBytes(b.Secret[:]).String()
	body := fmt.Sprintf("%c%d%s%0*s", version, len(b.Officer), id, secretDigits, secret)
	return begin + body + fmt.Sprintf("%02d", 98-remainder(body+"00")) + end
}

// Hash is what the officers' list holds: SHA-256 of the secret. The secret has
// 128 bits, so nobody gets back to it.
func (b Badge) Hash() []byte {
	sum := sha256.Sum256(b.Secret[:])
	return sum[:]
}

// String and LogValue hide the secret.
func (b Badge) String() string { return "badge of " + b.Officer }

// LogValue implements slog.LogValuer.
func (b Badge) LogValue() slog.Value { return slog.StringValue(b.String()) }

// Parse reads the text of a badge, blanks and line ends around it and a scanner's
// symbology mark before it allowed. Every error is ErrFormat, without the text.
func Parse(text string) (Badge, error) {
	s := tidy(text)
	body, ok := strings.CutPrefix(s, begin)
	if body, ok = cut(body, end, ok); !ok || !digits(body) || len(body) < 2 || body[0] != version {
		return Badge{}, ErrFormat
	}
	n := int(body[1] - '0')
	if n == 0 || len(body) != 2+2*n+secretDigits+checkDigits || remainder(body) != 1 {
		return Badge{}, ErrFormat
	}
	id, ok := readID(body[2 : 2+2*n])
	secret, _ := new(big.Int).SetString(body[2+2*n:2+2*n+secretDigits], 10)
	if !ok || secret.BitLen() > 128 {
		return Badge{}, ErrFormat
	}
	b := Badge{Officer: id}
	secret.FillBytes(b.Secret[:])
	return b, nil
}

// Is tells whether text is a badge, also a damaged reading of one: whoever stores
// what was scanned asks it first, since a badge holds a secret. Digits that begin
// or end as a badge does are one, and nothing else: of the other codes of digits a
// citizen shows, numbers are shorter and cards longer.
func Is(text string) bool {
	s := tidy(text)
	return len(s) >= minLike && len(s) <= maxLike && digits(s) && (strings.HasPrefix(s, begin) || strings.HasSuffix(s, end))
}

// tidy takes away what scanners put around a text: blanks, line ends, and the
// symbology mark of ISO 15424 ("]Q1").
func tidy(text string) string {
	if len(text) > 2*maxLike { // no badge; spares the work
		return ""
	}
	s := strings.TrimSpace(text)
	if len(s) > 3 && s[0] == ']' {
		s = s[3:]
	}
	return s
}

func cut(s, suffix string, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	return strings.CutSuffix(s, suffix)
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// writeID is id with two digits a character.
func writeID(id string) (string, error) {
	if len(id) < 1 || len(id) > MaxID {
		return "", ErrID
	}
	var out strings.Builder
	for _, c := range []byte(id) {
		switch {
		case c >= 'A' && c <= 'Z':
			fmt.Fprintf(&out, "%02d", c-'A'+1)
		case c >= '0' && c <= '9':
			fmt.Fprintf(&out, "%02d", c-'0'+30)
		default:
			return "", ErrID
		}
	}
	return out.String(), nil
}

func readID(s string) (string, bool) {
	var out []byte
	for i := 0; i+1 < len(s); i += 2 {
		n := (s[i]-'0')*10 + s[i+1] - '0'
		switch {
		case n >= 1 && n <= 26:
			out = append(out, 'A'+n-1)
		case n >= 30 && n <= 39:
			out = append(out, '0'+n-30)
		default:
			return "", false
		}
	}
	return string(out), true
}

// remainder of a decimal number divided by 97.
func remainder(s string) int {
	r := 0
	for _, c := range []byte(s) {
		r = (r*10 + int(c-'0')) % 97
	}
	return r
}
