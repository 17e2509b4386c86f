// Package name writes people's names the way records have them.
package name

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean is a name in Unicode's NFC with single blanks. Marks are never guessed:
// a name typed without them stays without.
func Clean(s string) string { return norm.NFC.String(strings.Join(strings.Fields(s), " ")) }

// Title is Clean with a capital at each word's beginning, also after an
// apostrophe or a dash (H'Hen Niê, Y-Blôk). A word of mixed case that begins with
// a capital stays as it is (McDonald).
func Title(s string) string {
	words := strings.Split(Clean(s), " ")
	for i, w := range words {
		words[i] = title(w)
	}
	return strings.Join(words, " ")
}

func title(w string) string {
	if mixed(w) {
		return w
	}
	r := []rune(w)
	for i := range r {
		if i == 0 || strings.ContainsRune("'’-.", r[i-1]) {
			r[i] = unicode.ToUpper(r[i])
			continue
		}
		r[i] = unicode.ToLower(r[i])
	}
	return norm.NFC.String(string(r))
}

// mixed says that a word begins with a capital and has small and further large
// letters.
func mixed(w string) bool {
	r := []rune(w)
	if len(r) == 0 || !unicode.IsUpper(r[0]) {
		return false
	}
	rest := string(r[1:])
	return strings.ContainsFunc(rest, unicode.IsUpper) && strings.ContainsFunc(rest, unicode.IsLower)
}

// Plausible says that s can be somebody's name: letters, blanks, and a few
// marks; at least two letters.
func Plausible(s string) bool {
	letters := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.Is(unicode.Mn, r), strings.ContainsRune(" '’-.", r):
		default:
			return false
		}
	}
	return letters >= 2
}
