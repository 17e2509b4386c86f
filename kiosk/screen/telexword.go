package screen

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What a syllable is made of: first consonants, vowels, last consonants. Besides
// those of Vietnamese proper there are the beginnings and ends of names of the
// highlands (Krông Pắc, Đắk Lắk, Ea Kpam), which people here have to write.
var (
	firsts = set("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x kr kl kp pl pr br bl dr đr gr hl hr " +
		"bh chr dj kb kd km kn pn rc rs rt rv sr")
	lasts = set("c ch k m n ng nh p t")
	// Vowels that may stand alone, and those that a consonant may follow.
	opens = vowels("a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iu oa oă oe oi oo ôi ơi oai oao oay oeo " +
		"ua uâ uê ui uô uơ uy uya uyê uyu uây uôi ưa ưi ươ ưu ươi ươu yê iêu yêu")
	closeds = vowels("a ă â e ê i o ô ơ u ư y iê oa oă oe oo uâ uê uô uy uyê ươ yê")
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

func vowels(words string) (all [][]letter) {
	for w := range strings.FieldsSeq(words) {
		var one []letter
		for _, r := range w {
			l, _ := letterOf(r)
			one = append(one, l)
		}
		all = append(all, one)
	}
	return all
}

// syllable says that letters may become a Vietnamese syllable with tone: marks
// may still be missing, and letters at the end. A tone needs a vowel; p, t, c
// and ch at the end take s and j alone.
func syllable(ls []letter, tone rune) bool {
	start, end := nucleusAt(ls)
	vowels, last := ls[start:end], spell(ls[end:])
	if !firsts[spell(ls[:start])] && start > 0 || len(vowels) == 0 && (tone != 0 || len(last) > 0) {
		return false
	}
	if len(vowels) == 0 {
		return true
	}
	if last == "" {
		return fitsAny(vowels, opens, true)
	}
	if !lastBegins(last) || !fitsAny(vowels, closeds, false) {
		return false
	}
	stopped := last == "p" || last == "t" || last == "c" || last == "ch" || last == "k"
	return !stopped || tone == 0 || tone == 's' || tone == 'j'
}

// lastBegins says that a last consonant may begin so.
func lastBegins(s string) bool {
	for l := range lasts {
		if strings.HasPrefix(l, s) {
			return true
		}
	}
	return false
}

// fitsAny says that the vowels are, or with more marks (and when part, more
// letters) become, one of them.
func fitsAny(vowels []letter, of [][]letter, part bool) bool {
	for _, want := range of {
		if (len(want) == len(vowels) || part && len(want) > len(vowels)) && becomes(vowels, want) {
			return true
		}
	}
	return false
}

func becomes(vowels, want []letter) bool {
	for i, v := range vowels {
		if v.base != want[i].base || v.mark != 0 && v.mark != want[i].mark {
			return false
		}
	}
	return true
}

// nucleusAt is where the vowels of a word stand: the u of qu, and the i of gi
// before a vowel, belong to the first consonant.
func nucleusAt(ls []letter) (start, end int) {
	for start < len(ls) && !vowel(ls[start]) {
		start++
	}
	if start == 1 && start+1 < len(ls) && vowel(ls[2]) {
		q := ls[0].base == 'q' && ls[1].base == 'u' && ls[1].mark == 0
		g := ls[0].base == 'g' && ls[1].base == 'i' && ls[2].base != 'i'
		if q || g {
			start++
		}
	} else if start == 1 && len(ls) == 2 && ls[0].base == 'q' && ls[1].base == 'u' {
		start++
	}
	end = start
	for end < len(ls) && vowel(ls[end]) {
		end++
	}
	return start, end
}

func nucleus(ls []letter) []letter {
	start, end := nucleusAt(ls)
	return ls[start:end]
}

func vowel(l letter) bool { return strings.ContainsRune("aeiouy", l.base) }

// toneAt is the letter that carries the tone by the current orthography (the
// schoolbooks of 2018 and the resolutions of 2025-2026: hoà, thuý, quý): the
// marked vowel, the last one of ươ; else before a last consonant the last vowel;
// else of two the first, but the second of oa, oe, uy; of three the middle one.
func toneAt(ls []letter) int {
	start, end := nucleusAt(ls)
	for i := end - 1; i >= start; i-- {
		if ls[i].mark != 0 {
			return i
		}
	}
	n := end - start
	switch {
	case n == 0:
		return -1
	case n == 1:
		return start
	case n >= 3:
		return start + 1
	case end < len(ls):
		return end - 1
	}
	switch plainLetters(ls[start:end]) {
	case "oa", "oe", "ue", "uy":
		return end - 1
	}
	return start
}

// tones and marks are the combining characters of Unicode.
var (
	tones = map[rune]rune{'f': '\u0300', 's': '\u0301', 'x': '\u0303', 'r': '\u0309', 'j': '\u0323'}
	marks = map[rune]rune{'^': '\u0302', '(': '\u0306', '+': '\u031b'}
)

// rune is the letter with its marks and a tone, 0 for none.
func (l letter) rune(tone rune) rune {
	s := string(l.base)
	if l.mark == '-' {
		s = "đ"
	}
	if m, ok := marks[l.mark]; ok {
		s += string(m)
	}
	if t, ok := tones[tone]; ok {
		s += string(t)
	}
	r := []rune(norm.NFC.String(s))[0]
	if l.upper {
		r = unicode.ToUpper(r)
	}
	return r
}

// letterOf takes a character apart, and the tone that stands on it; 0 = none.
func letterOf(r rune) (l letter, tone rune) {
	l.upper = unicode.IsUpper(r)
	r = unicode.ToLower(r)
	if r == 'đ' {
		l.base, l.mark = 'd', '-'
		return l, 0
	}
	parts := []rune(norm.NFD.String(string(r)))
	l.base = parts[0]
	for _, p := range parts[1:] {
		for mark, c := range marks {
			if p == c {
				l.mark = mark
			}
		}
		for k, c := range tones {
			if p == c {
				tone = k
			}
		}
	}
	return l, tone
}

// spell writes letters in lower case with their marks.
func spell(ls []letter) string {
	var b strings.Builder
	for _, l := range ls {
		l.upper = false
		b.WriteRune(l.rune(0))
	}
	return b.String()
}

// plainLetters writes letters in lower case without marks.
func plainLetters(ls []letter) string {
	var b strings.Builder
	for _, l := range ls {
		b.WriteRune(l.base)
	}
	return b.String()
}

func sameLetters(a, b []letter) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
