// Package plate knows how number plates of Viet Nam are written. A plate that
// breaks a rule is a reason to look again: foreign and very old plates exist.
//
// Sources: circulars 15/2014, 58/2020, 24/2023 and 79/2024/TT-BCA of the Ministry
// of Public Security (civil and diplomatic plates), 169/2021/TT-BQP of the
// Ministry of National Defence (army). Numbers of provinces: appendix 2 of
// circular 58/2020; they stayed in use after the mergers of 2025.
package plate

import (
	"errors"
	"slices"
	"strings"
)

// Kind says whose plate it is, as far as its text tells.
type Kind uint8

// The kinds.
const (
	Car       Kind = iota + 1 // 75A-123.45; also a motorbike with four digits, which reads alike without its dash
	Motorbike                 // 75-H1 123.45
	Special                   // car with a series of two letters: 75LD-123.45 (joint venture), KT, DA, MK, HC ...; or a small motorbike, 75-AA 123.45
	Electric                  // electric motorbike, 29-MĐ1 123.45
	Military                  // TM-12-34
	Diplomat                  // 80-011-NG-01, also QT, CV and NN
	Temporary                 // T-75-123.45
)

// Colour is the ground of a plate.
type Colour string

// The colours. Text alone does not tell blue, yellow and white ones apart.
const (
	White  Colour = "white"  // private, diplomats
	Yellow Colour = "yellow" // goods and passengers for money, since August 2020
	Blue   Colour = "blue"   // the state: series A to M
	Red    Colour = "red"    // army
)

// Plate is a plate that was understood.
type Plate struct {
	Text     string // upper case, no separators, D for Đ: "75A12345"
	Kind     Kind
	Province string // the two digits; "" = army
	Series   string // letters, and for a motorbike their digit: "A", "H1", "LD", "NG"
	Number   string // "12345"; a diplomat's has the country in front: "01101"
	Old      bool   // of a province that is no more, or four digits
}

// ErrPlate is Parse's error.
var ErrPlate = errors.New("not a Vietnamese number plate")

// Normal is the plate as lists and records have it: upper case, D for Đ, nothing
// but letters and digits.
func Normal(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'Đ' || r == 'đ':
			return 'D'
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, s)
}

// form is a way to write a plate: # a digit, p a digit of the province, l a
// letter of a civil series, m a letter of the army's, everything else itself.
type form struct {
	pattern string
	kind    Kind
	series  [2]int // from, to
	old     bool
}

// forms in the order they are tried; the first that fits counts.
var forms = []form{
	{"pp###NG##", Diplomat, [2]int{5, 7}, false},
	{"pp###QT##", Diplomat, [2]int{5, 7}, false},
	{"pp###CV##", Diplomat, [2]int{5, 7}, false},
	{"pp###NN##", Diplomat, [2]int{5, 7}, false},
	{"ppNG#####", Diplomat, [2]int{2, 4}, false}, // as older plates have it
	{"ppQT#####", Diplomat, [2]int{2, 4}, false},
	{"ppCV#####", Diplomat, [2]int{2, 4}, false},
	{"ppNN#####", Diplomat, [2]int{2, 4}, false},
	{"ppMD######", Electric, [2]int{2, 5}, false},
	{"ppl#####", Car, [2]int{2, 3}, false},
	{"ppl####", Car, [2]int{2, 3}, true},
	{"ppl######", Motorbike, [2]int{2, 4}, false},
	{"ppll#####", Special, [2]int{2, 4}, false},
	{"ppll####", Special, [2]int{2, 4}, true},
	{"ppll######", Motorbike, [2]int{2, 5}, false}, // 29-AA1 123.45
	{"Tpp#####", Temporary, [2]int{0, 1}, false},
	{"Tpp####", Temporary, [2]int{0, 1}, true},
	{"Tppl#####", Temporary, [2]int{0, 1}, false},
	{"mm####", Military, [2]int{0, 2}, false},
}

// Parse reads a plate however it is parted. A motorbike of the old form (75-H1
// 2345) reads like a car when its parts are not kept apart; with them it does not.
func Parse(s string) (Plate, error) {
	text := Normal(s)
	for _, f := range forms {
		if len(text) != len(f.pattern) || !f.begins(text) {
			continue
		}
		p := Plate{Text: text, Kind: f.kind, Old: f.old, Series: text[f.series[0]:f.series[1]]}
		if i := strings.Index(f.pattern, "pp"); i >= 0 {
			p.Province = text[i : i+2]
			p.Old = p.Old || oldProvinces[p.Province] != ""
		}
		p.Number = number(text, f)
		if p.Kind == Car && parted(s) {
			p.Kind, p.Series, p.Number, p.Old = Motorbike, text[2:4], text[4:], true
		}
		return p, nil
	}
	return Plate{Text: text}, ErrPlate
}

// number is every digit that is neither the province's nor the series'.
func number(text string, f form) string {
	var b strings.Builder
	for i := range len(text) {
		if f.pattern[i] == '#' && (i < f.series[0] || i >= f.series[1]) {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// parted says that a letter with one digit stands by itself: 75-H1 2345.
func parted(s string) bool {
	s = strings.ToUpper(strings.TrimSpace(s))
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == '/' })
	return len(parts) == 3 && len(parts[0]) == 2 && len(parts[1]) == 2 && len(Normal(parts[2])) == 4
}

// Begins says that s can become a plate when more is typed; an empty one can.
func Begins(s string) bool {
	text := Normal(s)
	return slices.ContainsFunc(forms, func(f form) bool { return len(text) <= len(f.pattern) && f.begins(text) })
}

// begins fits text into the first characters of the pattern.
func (f form) begins(text string) bool {
	for i := range len(text) {
		c, want := text[i], f.pattern[i]
		fits := c == want
		switch want {
		case '#':
			fits = c >= '0' && c <= '9'
		case 'p':
			fits = c >= '1' && c <= '9' || c == '0' && i > 0 && f.pattern[i-1] == 'p'
			if second := i > 0 && f.pattern[i-1] == 'p'; fits && second {
				fits = Province(text[i-1:i+1]) != ""
			}
		case 'l':
			fits = strings.IndexByte(seriesLetters, c) >= 0
		case 'm':
			fits = i == 0 && strings.IndexByte(armyLetters, c) >= 0 || i == 1 && c >= 'A' && c <= 'Z'
		}
		if !fits {
			return false
		}
	}
	return true
}

// seriesLetters are those of civil series; I, J, O, Q and W are not used, R is
// of trailers.
const seriesLetters = "ABCDEFGHKLMNPRSTUVXYZ"

// armyLetters begin the army's codes: corps, regions, schools, general staff.
const armyLetters = "ABCDHKNPQTV"

// String writes the plate as it is painted: "75A-123.45", "75-H1 123.45",
// "TM-12-34", "80-011-NG-01".
func (p Plate) String() string {
	n := p.Number
	if len(n) == 5 {
		n = n[:3] + "." + n[3:]
	}
	switch p.Kind {
	case Car, Special:
		return p.Province + p.Series + "-" + n
	case Motorbike, Electric:
		return p.Province + "-" + strings.Replace(p.Series, "MD", "MĐ", 1) + " " + n
	case Military:
		return p.Series + "-" + p.Number[:2] + "-" + p.Number[2:]
	case Diplomat:
		return p.Province + "-" + p.Number[:3] + "-" + p.Series + "-" + p.Number[3:]
	case Temporary:
		if rest := p.Text[3:]; rest[0] > '9' {
			return "T-" + p.Province + rest[:1] + "-" + n
		}
		return "T-" + p.Province + "-" + n
	}
	return p.Text
}

// Colours are the grounds such a plate can have.
func (p Plate) Colours() []Colour {
	switch p.Kind {
	case Military:
		return []Colour{Red}
	case Diplomat, Temporary, Electric, Motorbike:
		if p.Kind == Motorbike && p.Series[0] <= 'M' {
			return []Colour{White, Blue}
		}
		return []Colour{White}
	case Car:
		if p.Series[0] <= 'M' {
			return []Colour{White, Yellow, Blue}
		}
	}
	return []Colour{White, Yellow}
}
