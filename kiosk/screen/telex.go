package screen

import (
	"strings"
	"unicode"
)

// typingMethod says how Vietnamese letters are typed. The window switches the
// system's own input method off, since scanners that type break behind it
// (measured: 95 % of our codes arrive broken behind Telex), so text fields
// compose for themselves.
type typingMethod uint8

// The methods. Plain leaves every letter as it is.
const (
	plain typingMethod = iota
	telex
	vni
)

// letter is one letter of a word under way.
type letter struct {
	base  rune // without marks, lower case
	mark  rune // '^' as in â ê ô, '+' as in ơ ư, '(' as in ă, '-' as in đ; 0 = none
	upper bool
	alone bool // an ư that a single w made
}

// composer is a word under way: what the keys typed so far make of it. The zero
// value is an empty word. It follows the usual engines (Telex as published with
// TCVN 5712's typing rules, UniKey, bamboo): a mark may be typed right after its
// letter or later in the word, typing it twice takes it back and leaves the rest
// of the word plain, and what cannot become a Vietnamese syllable stays as typed.
type composer struct {
	letters []letter
	tone    rune // key of the tone in Telex: s f r x j; 0 = level
	literal bool // no more composing in this word
}

// vniTones are VNI's digits in the letters of Telex.
var vniTones = map[rune]rune{'1': 's', '2': 'f', '3': 'r', '4': 'x', '5': 'j', '0': 'z'}

// takes says that r goes on with the word: a letter, or a digit of VNI.
func (c *composer) takes(r rune, m typingMethod) bool {
	if m == plain {
		return false
	}
	return unicode.IsLetter(r) || m == vni && r >= '0' && r <= '9' && len(c.letters) > 0
}

// key types one character that [composer.takes].
func (c *composer) key(r rune, m typingMethod) {
	k := unicode.ToLower(r)
	if c.literal || !c.compose(k, m) {
		c.append(r)
	} else if n := len(c.letters) - 1; k != r && c.letters[n].alone {
		c.letters[n].upper = true
	}
}

// compose lets k change what is there; false when k is a letter of its own.
func (c *composer) compose(k rune, m typingMethod) bool {
	switch m {
	case plain:
		return false
	case vni:
		return c.vni(k)
	}
	switch k {
	case 's', 'f', 'r', 'x', 'j', 'z':
		return c.toned(k)
	case 'a', 'e', 'o':
		return c.marked(k, '^', k)
	case 'd':
		return c.marked(k, '-', k)
	case 'w':
		return c.horned(true)
	}
	return false
}

func (c *composer) vni(k rune) bool {
	switch k {
	case '6':
		return c.marked(k, '^', 'a', 'e', 'o')
	case '7':
		return c.horned(false)
	case '8':
		return c.marked(k, '(', 'a')
	case '9':
		return c.marked(k, '-', 'd')
	}
	if tone, ok := vniTones[k]; ok {
		return c.toned(tone)
	}
	return false
}

// toned gives the word a tone; the same tone again takes it back.
func (c *composer) toned(k rune) bool {
	switch {
	case k == 'z':
		had := c.tone != 0
		c.tone = 0
		return had
	case c.tone == k:
		c.tone, c.literal = 0, true
		return false
	case !syllable(c.letters, k):
		return false
	}
	c.tone = k
	return true
}

// marked puts mark on the last letter of bases that can carry it; where it is
// there already, it is taken back.
func (c *composer) marked(k rune, mark rune, bases ...rune) bool {
	for i := len(c.letters) - 1; i >= 0; i-- {
		l := c.letters[i]
		if !strings.ContainsRune(string(bases), l.base) || mark == '-' && i > 0 {
			continue
		}
		if l.mark == mark {
			c.letters[i].mark, c.literal = 0, true
			return false
		}
		c.letters[i].mark = mark
		if syllable(c.letters, c.tone) {
			return true
		}
		c.letters[i].mark = l.mark
	}
	return false
}

// horned is w of Telex (ă ơ ư ươ, and ư where there is no vowel to mark) and 7
// of VNI (ơ ư ươ).
func (c *composer) horned(w bool) bool {
	if n := len(c.letters); n > 0 && c.letters[n-1].alone {
		c.letters, c.literal = c.letters[:n-1], true
		return false
	}
	was := append([]letter(nil), c.letters...)
	for _, try := range hornTries(c.letters, w) {
		for _, i := range try {
			c.letters[i].mark = hornOf(c.letters[i].base)
		}
		if syllable(c.letters, c.tone) && !sameLetters(c.letters, was) {
			return true
		}
		copy(c.letters, was)
	}
	if c.unhorn(w) {
		c.literal = true
		return false
	}
	if !w || len(nucleus(c.letters)) > 0 {
		return false
	}
	c.letters = append(c.letters, letter{base: 'u', mark: '+', alone: true})
	if syllable(c.letters, c.tone) {
		return true
	}
	c.letters = c.letters[:len(c.letters)-1]
	return false
}

// hornTries are the sets of letters that one key may mark, the best first.
func hornTries(ls []letter, w bool) (tries [][]int) {
	start, end := nucleusAt(ls)
	if len(ls) == 2 && start == 2 { // qưới
		return [][]int{{1}}
	}
	for i := start; i+1 < end; i++ {
		if ls[i].base == 'u' && ls[i+1].base == 'o' {
			// thuở, huơ and khuơ have a plain u until something follows.
			if !(i+2 == len(ls) && lateHorn(ls[:start])) {
				tries = append(tries, []int{i, i + 1})
			}
			tries = append(tries, []int{i + 1})
		}
	}
	for i := start; i < end; i++ {
		if ls[i].base == 'u' || ls[i].base == 'o' || w && ls[i].base == 'a' {
			tries = append(tries, []int{i})
		}
	}
	return tries
}

// lateHorn says that an open uơ may follow these first letters.
func lateHorn(first []letter) bool {
	s := plainLetters(first)
	return s == "h" || s == "th" || s == "kh"
}

func hornOf(base rune) rune {
	if base == 'a' {
		return '('
	}
	return '+'
}

// unhorn takes the marks of w back.
func (c *composer) unhorn(w bool) (had bool) {
	for i, l := range c.letters {
		if l.mark == '+' || w && l.mark == '(' {
			c.letters[i].mark, had = 0, true
		}
	}
	return had
}

// append adds a letter, and completes ươ when something follows ưo or uơ.
func (c *composer) append(r rune) {
	l, tone := letterOf(r)
	c.letters = append(c.letters, l)
	if tone != 0 {
		c.tone = tone
	}
	if c.literal {
		return
	}
	start, end := nucleusAt(c.letters)
	for i := start; i+1 < min(end, len(c.letters)-1); i++ {
		u, o := c.letters[i], c.letters[i+1]
		if u.base == 'u' && o.base == 'o' && (u.mark == '+') != (o.mark == '+') && o.mark != '^' {
			c.letters[i].mark, c.letters[i+1].mark = '+', '+'
		}
	}
	c.loosen()
}

// loosen gives a w back that began no Vietnamese word: windows, not ưindows.
func (c *composer) loosen() {
	if len(c.letters) > 0 && c.letters[0].alone && !syllable(c.letters, c.tone) {
		c.letters[0] = letter{base: 'w', upper: c.letters[0].upper}
		c.literal = true
	}
}

// back takes the last letter away; false when there is none.
func (c *composer) back() bool {
	n := len(c.letters)
	if n == 0 {
		return false
	}
	c.letters = c.letters[:n-1]
	if n == 1 {
		*c = composer{}
	} else if len(nucleus(c.letters)) == 0 {
		c.tone = 0
	}
	return true
}

// String is the word as it reads now.
func (c *composer) String() string {
	var b strings.Builder
	at := -1
	if c.tone != 0 {
		at = toneAt(c.letters)
	}
	for i, l := range c.letters {
		tone := rune(0)
		if i == at {
			tone = c.tone
		}
		b.WriteRune(l.rune(tone))
	}
	return b.String()
}

// compose is the word that keys make, from the first to the last.
func compose(keys string, m typingMethod) string {
	var c composer
	for _, r := range keys {
		c.key(r, m)
	}
	return c.String()
}
