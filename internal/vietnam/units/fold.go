package units

import (
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// folded gives the plain letter of every character below its end: 'a' for 'ẫ',
// 'd' for 'Đ', 0 for what is no letter or digit.
var folded = sync.OnceValue(func() *[0x1f00]byte {
	var t [0x1f00]byte
	for r := range rune(len(t)) {
		base := []rune(norm.NFD.String(string(unicode.ToLower(r))))[0]
		switch {
		case base >= 'a' && base <= 'z', base >= '0' && base <= '9':
			t[r] = byte(base)
		case base == 'đ':
			t[r] = 'd'
		}
	}
	return &t
})

// Fold writes text the way it is searched for: lower-case letters without marks,
// digits, and single blanks between words. Apostrophes and combining marks
// vanish (H'leo is hleo), everything else parts words.
func Fold(text string) string { return string(appendFold(nil, text)) }

func appendFold(to []byte, text string) []byte {
	table, start, gap := folded(), len(to), false
	for _, r := range text {
		var c byte
		if int(r) < len(table) {
			c = table[r]
		}
		switch {
		case c != 0:
			if gap && len(to) > start {
				to = append(to, ' ')
			}
			to, gap = append(to, c), false
		case r == '\'' || r == '’' || unicode.Is(unicode.Mn, r):
		default:
			gap = true
		}
	}
	return to
}
