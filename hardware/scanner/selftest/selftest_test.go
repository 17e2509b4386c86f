package selftest

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"quachot/assets/scanners"
)

const card = scanners.TestText

// typed is what comes of text through layout l of the computer; anything is lost.
func typed(l Layout, text string) string { return clean(l.onComputer(text)) }

func clean(text []rune) string {
	return string(slices.DeleteFunc(slices.Clone(text), func(r rune) bool { return r == anything }))
}

// composed is typed on a system whose dead keys make letters of their own.
func composed(l Layout, text string) string {
	var b strings.Builder
	dead := false
	for _, r := range l.onComputer(text) {
		switch {
		case r != anything:
			b.WriteRune(r)
			dead = false
		case dead:
			dead = false
		default:
			b.WriteRune('ŕ')
			dead = true
		}
	}
	return b.String()
}

func layout(name string) Layout {
	i := slices.IndexFunc(layouts, func(l Layout) bool { return l.Name == name })
	return layouts[i]
}

func swapped(s string) string { return string(swapCase([]rune(s))) }

// unikey is what an input method makes of the card's words.
func unikey(words, after string) string {
	into := strings.Fields(after)
	text := card
	for i, w := range strings.Fields(words) {
		text = strings.Replace(text, " "+w, " "+into[i], 1)
	}
	return text
}

func TestDiagnose(t *testing.T) {
	telex := unikey(scanners.Telex, "â ê ô đ ă ơ ư á à ả ã ạ")
	vni := unikey(scanners.VNI, "á è ỏ ũ ỵ â ư ă đ")
	lost := strings.Replace(card, "qwerty", "qwrty", 1)
	doubled := strings.Replace(card, "12345", "122345", 1)
	cut := card[:120]
	fr, de := layout("azerty"), layout("qwertz")
	tests := []struct {
		name string
		in   Input
		want string // codes with their argument, the worst first
	}{
		{"a good scanner", Input{Chars: card, Keys: card}, "whole"},
		{"keys that were dropped, characters whole", Input{Chars: card, Keys: lost}, "whole"},
		{"no Enter", Input{Chars: card, Keys: card, Silent: true}, "no-suffix whole"},
		{"Caps Lock", Input{Chars: swapped(card), Keys: card, CapsLock: true}, "caps-lock whole"},
		{"Caps Lock that nobody told", Input{Chars: swapped(card), Keys: card}, "caps-lock whole"},
		{"a French computer", Input{Chars: typed(fr, card), Keys: card}, "system-layout:azerty whole"},
		{"a German computer", Input{Chars: typed(de, card), Keys: card}, "system-layout:qwertz whole"},
		{"a Vietnamese computer", Input{Chars: typed(layout("vietnamese"), card), Keys: card}, "system-layout:vietnamese whole"},
		{"a Czech computer", Input{Chars: typed(layout("czech"), card), Keys: card}, "system-layout:czech whole"},
		{"a Czech computer with its dead keys", Input{Chars: composed(layout("czech"), card), Keys: card, InputMethod: true}, "system-layout:czech whole"},
		{"a French computer with its dead keys", Input{Chars: composed(fr, card), Keys: card, InputMethod: true}, "system-layout:azerty whole"},
		{"an international computer", Input{Chars: `QCTEST1` + strings.TrimSuffix(card[7:], `'e "o ~n ^a END`) + "é ö ñ â END", Keys: card}, "system-layout:us-intl whole"},
		{"a French scanner", Input{Chars: clean(fr.onScanner(card)), Keys: clean(fr.onScanner(card))}, "scanner-layout:azerty"},
		{"a German scanner", Input{Chars: clean(de.onScanner(card)), Keys: clean(de.onScanner(card))}, "scanner-layout:qwertz"},
		{"a British scanner", Input{Chars: clean(layout("uk").onScanner(card)), Keys: clean(layout("uk").onScanner(card))}, "scanner-layout:uk"},
		{"French both", Input{Chars: card, Keys: clean(fr.onScanner(card))}, "both-layout:azerty whole"},
		{"Telex, the keys seen", Input{Chars: telex, Keys: card, InputMethod: true}, "input-method:telex whole"},
		{"VNI, the keys seen", Input{Chars: vni, Keys: card, InputMethod: true}, "input-method:vni whole"},
		{"Telex, the keys gone", Input{Chars: telex, Keys: lost, InputMethod: true}, "input-method:telex"},
		{"Telex, no keys", Input{Chars: telex}, "input-method:telex"},
		{"an input method that nobody knows", Input{Chars: strings.Replace(card, "QWERTY", "QWỀRTY", 1), Keys: lost, InputMethod: true}, "input-method:unknown"},
		{"a lost character", Input{Chars: lost, Keys: lost}, "lost"},
		{"a doubled character", Input{Chars: doubled, Keys: doubled}, "doubled"},
		{"the end is missing", Input{Chars: cut, Keys: cut}, "lost"},
		{"something else", Input{Chars: "046187001234||A|18011987|Nu|B|25042021", Keys: "046187001234||A|18011987|Nu|B|25042021"}, "not-card"},
		{"nothing", Input{}, "not-card"},
		{"a serial scanner", Input{Text: card}, "whole serial"},
		{"a serial scanner that loses", Input{Text: lost}, "lost serial"},
		{"a serial scanner with something else", Input{Text: "x"}, "not-card"},
		{"a serial port is there", Input{Chars: card, Keys: card, Devices: []string{"/dev/ttyACM0"}}, "serial-there:/dev/ttyACM0 whole"},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range Diagnose(tt.in) {
			code := f.Code
			if f.Arg != "" {
				code += ":" + f.Arg
			}
			got = append(got, code)
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, g, tt.want)
		}
	}
}

func TestWhereCharactersWereLost(t *testing.T) {
	at := strings.Index(card, "qwerty") + 2
	f := Diagnose(Input{Text: strings.Replace(card, "qwerty", "qwrty", 1)})[0]
	if f.Code != Lost || f.N != 1 || f.At != at+1 || !strings.HasSuffix(f.Near, "qw") {
		t.Errorf("got %+v, want 1 lost at %d", f, at+1)
	}
	f = Diagnose(Input{Text: card[:150]})[0]
	if f.N != len(card)-150 || f.At != 151 {
		t.Errorf("got %+v, want %d lost from 151", f, len(card)-150)
	}
}

// Every layout has a character or a blank for each key.
func TestLayoutTables(t *testing.T) {
	for _, l := range layouts {
		if len([]rune(l.plain)) != len(usPlain) || len([]rune(l.high)) != len(usHigh) {
			t.Errorf("%s: %d and %d keys, want %d", l.Name, len([]rune(l.plain)), len([]rune(l.high)), len(usPlain))
		}
	}
}

// Whatever is scanned: findings, and places within the card's text.
func FuzzDiagnose(f *testing.F) {
	f.Add(card, card, "", true)
	f.Add("QCTEST1 â ê", "QCTEST1 aa ee", "", false)
	f.Add("", "", strings.Repeat("x", 300), false)
	f.Fuzz(func(t *testing.T, chars, keys, text string, flag bool) {
		if max(len(chars), len(keys), len(text)) > 600 {
			t.Skip()
		}
		for _, p := range Diagnose(Input{Chars: chars, Keys: keys, Text: text, CapsLock: flag, InputMethod: !flag, Silent: flag}) {
			if p.Code == "" || p.At < 0 || p.At > len(card)+1 || strings.ContainsFunc(p.Near, func(r rune) bool { return r > unicode.MaxASCII }) {
				t.Errorf("finding %+v", p)
			}
		}
	})
}
