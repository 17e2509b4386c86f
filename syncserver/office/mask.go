package office

import (
	"strings"
	"unicode"

	"quachot/internal/identity"
	"quachot/internal/text"
)

const dots = "••••"

// masked names a document without giving it away: its kind and its last four
// characters, two of a short number. Two people are told apart, nobody is found.
func masked(t *text.Catalogue, d identity.Document) string {
	kind := d.Kind.String()
	if t.Has("document." + kind) {
		kind = t.T("document." + kind)
	}
	return kind + " " + tail(d.Number)
}

func tail(number string) string {
	r := []rune(number)
	keep := 4
	if len(r) < 8 {
		keep = 2
	}
	if len(r) <= keep {
		return dots
	}
	return dots + string(r[len(r)-keep:])
}

// hideNumbers masks what may be a document or phone number inside free text:
// every run of nine or more digits, also when blanks, dots or dashes part them.
func hideNumbers(s string) string {
	r := []rune(s)
	var b strings.Builder
	for i := 0; i < len(r); {
		end, digits := digitRun(r[i:])
		if digits < 9 {
			if end == 0 {
				end = 1
			}
			b.WriteString(string(r[i : i+end]))
		} else {
			b.WriteString(dots)
		}
		i += end
	}
	return b.String()
}

// digitRun is the length of the run of digits at the start of r, single
// separators inside it included, and how many digits it has.
func digitRun(r []rune) (length, digits int) {
	for i, c := range r {
		switch {
		case unicode.IsDigit(c):
			digits++
			length = i + 1
		case digits > 0 && length == i && strings.ContainsRune(" .-", c):
		default:
			return length, digits
		}
	}
	return length, digits
}
