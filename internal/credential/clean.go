package credential

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxFact bounds every fact of a Reading, in characters. Addresses on identity
// cards stay below 200.
const maxFact = 300

// normalise cuts text at its first NUL, drops line ends and byte order marks,
// and composes letters (NFC). Blanks stay: they are characters of Base45. A text
// that is not UTF-8 is repaired, and broken says so.
func normalise(text string) (clean string, broken bool) {
	text, _, _ = strings.Cut(text, "\x00")
	broken = !utf8.ValidString(text)
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	text = strings.NewReplacer("\r", "", "\n", "", "\ufeff", "").Replace(text)
	return norm.NFC.String(text), broken
}

// fact makes one value fit to be shown and kept: UTF-8 and NFC, without control
// and invisible characters, words one blank apart, at most maxFact characters.
func fact(s string) string {
	if len(s) > 8*maxFact { // the rest is cut anyway; spares the work
		s = s[:8*maxFact]
	}
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) {
			if r == '\n' || r == '\t' {
				return ' '
			}
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
	s = strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	if utf8.RuneCountInString(s) > maxFact {
		s = norm.NFC.String(strings.TrimSpace(string([]rune(s)[:maxFact])))
	}
	return s
}

// garbled says whether a name lost letters between the card and here: the
// replacement character, or question marks as some scanners send for letters
// they cannot type.
func garbled(s string) bool { return strings.ContainsAny(s, "\ufffd?") }

// digits says whether s is not empty and only 0-9.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// part is field i, blanks trimmed; empty when there is none.
func part(fields []string, i int) string {
	if i >= len(fields) {
		return ""
	}
	return strings.TrimSpace(fields[i])
}
