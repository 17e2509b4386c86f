package office

import (
	"crypto/rand"
	"crypto/subtle"
	"strings"
)

const setupAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewSetupCode is a fresh code for Deps.SetupCode, three groups of four
// characters that cannot be mistaken for each other (58 bits).
func NewSetupCode() string {
	var b strings.Builder
	for i := 0; i < 12; i++ {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(setupAlphabet[pick(len(setupAlphabet))])
	}
	return b.String()
}

// pick draws a number below n without bias.
func pick(n int) int {
	limit := 256 - 256%n
	for {
		var b [1]byte
		rand.Read(b[:])
		if int(b[0]) < limit {
			return int(b[0]) % n
		}
	}
}

// sameCode compares what was typed, whatever its case, blanks and dashes.
func sameCode(want, typed string) bool {
	clean := strings.NewReplacer(" ", "", "-", "")
	w := clean.Replace(strings.ToUpper(want))
	t := clean.Replace(strings.ToUpper(typed))
	return w != "" && subtle.ConstantTimeCompare([]byte(w), []byte(t)) == 1
}
