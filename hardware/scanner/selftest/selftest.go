// Package selftest tells what is wrong with a scanner from one scan of the test
// card, whose text is known (assets/scanners): the layout it types in, an input
// method that rewrites it, Caps Lock, a missing Enter, characters lost or doubled.
// It is pure: what was read goes in, findings come out.
package selftest

import (
	"strings"
	"unicode"

	"quachot/assets/scanners"
)

// Input is one scan of the test card. Of a scanner that is no keyboard only Text
// is set; of one that types, Chars and Keys.
type Input struct {
	Text string // as the device gave it, without prefix and terminator
	// Chars is what the computer's layout and input method made of the keys, Keys
	// what a US keyboard would have given. Either may be "" where none came.
	Chars, Keys string
	CapsLock    bool // was on
	InputMethod bool // something rewrote the keys on their way
	Silent      bool // no Enter or Tab at the end
	Devices     []string
}

// Level says how bad a finding is.
type Level uint8

// The levels.
const (
	Good Level = iota // as it should be
	Note              // codes are read all the same
	Bad               // codes are lost or wrong
)

// The codes of findings. The texts are under "selftest." + code, what to do
// under "selftest." + code + ".do".
const (
	Whole         = "whole"          // the card came as it is
	Serial        = "serial"         // not a keyboard: nothing on the computer can change codes
	NotTheCard    = "not-card"       // something else was scanned
	ScannerLayout = "scanner-layout" // Arg: the scanner types for this layout
	SystemLayout  = "system-layout"  // Arg: the computer has this layout
	BothLayout    = "both-layout"    // Arg: both have it, so that it comes right
	InputMethod   = "input-method"   // Arg: telex, vni or unknown
	CapsLock      = "caps-lock"
	NoSuffix      = "no-suffix"
	Lost          = "lost"    // N characters, the first at At
	Doubled       = "doubled" // N characters, the first at At
	Changed       = "changed" // N characters that nothing explains, the first at At
	SerialThere   = "serial-there"
	Garbled       = "garbled" // nothing explains it
)

// Finding is one thing found.
type Finding struct {
	Code  string
	Level Level
	Arg   string
	N     int // characters
	At    int // of the first one, counted from 1
	Near  string
}

// Diagnose says what one scan of the test card tells, the worst first. It always
// finds something.
func Diagnose(in Input) []Finding {
	if in.Text != "" {
		return onSerial(in)
	}
	chars, keys := explain(in.Chars, fromChars), explain(in.Keys, fromKeys)
	best := keys
	if in.Keys == "" || in.Chars != "" && chars.cost() < keys.cost() {
		best = chars
	}
	if !best.isCard() {
		return []Finding{{Code: NotTheCard, Level: Bad}}
	}
	var found []Finding
	found = append(found, rewritten(in, chars, keys)...)
	if len(found) == 0 {
		found = append(found, damage(best)...)
		found = append(found, layoutOf(chars, keys)...)
	}
	if in.CapsLock || best.caps || chars.caps && in.Chars != "" {
		found = append(found, Finding{Code: CapsLock, Level: Note})
	}
	if in.Silent {
		found = append(found, Finding{Code: NoSuffix, Level: Bad})
	}
	if readable(in) && len(damage(best)) == 0 {
		found = append(found, Finding{Code: Whole})
	}
	for _, d := range in.Devices {
		found = append(found, Finding{Code: SerialThere, Level: Note, Arg: d})
	}
	return sorted(found)
}

// onSerial is for a scanner that is no keyboard.
func onSerial(in Input) []Finding {
	e := explain(in.Text, fromDevice)
	if !e.isCard() {
		return []Finding{{Code: NotTheCard, Level: Bad}}
	}
	found := damage(e)
	if len(found) == 0 {
		found = append(found, Finding{Code: Whole})
	}
	return sorted(append(found, Finding{Code: Serial}))
}

// readable says that the kiosk gets the text right from what came.
func readable(in Input) bool { return in.Chars == scanners.TestText || in.Keys == scanners.TestText }

// rewritten finds an input method: letters that no layout types.
func rewritten(in Input, chars, keys explanation) []Finding {
	telex, vni := 0, 0
	words := map[string]bool{}
	for _, w := range strings.Fields(in.Chars) {
		words[w] = true
	}
	for i, before := range strings.Fields(scanners.Telex) {
		if words[afterTelex[i]] && !words[before] {
			telex++
		}
	}
	for i, before := range strings.Fields(scanners.VNI) {
		if words[afterVNI[i]] && !words[before] {
			vni++
		}
	}
	f := Finding{Code: InputMethod, Level: Bad, Arg: "unknown"}
	switch {
	case telex >= 3 && telex > vni:
		f.Arg = "telex"
	case vni >= 3:
		f.Arg = "vni"
	case !in.InputMethod || layoutLetters(in.Chars) || chars.layout != US && chars.isCard():
		return nil // a layout's own letters, its dead keys' among them
	}
	if keys.cost() == 0 && keys.layout == US {
		f.Level = Note // its keys were seen before it
	}
	return []Finding{f}
}

// What the input methods make of the words of scanners.Telex and scanners.VNI.
var (
	afterTelex = strings.Fields("â ê ô đ ă ơ ư á à ả ã ạ")
	afterVNI   = strings.Fields("á è ỏ ũ ỵ â ư ă đ")
)

// layoutLetters says that one of the layouts explains every letter that is no
// ASCII, so that nobody need have rewritten anything.
func layoutLetters(chars string) bool {
	for _, l := range layouts {
		all := true
		for _, r := range chars {
			all = all && (r <= unicode.MaxASCII || strings.ContainsRune(l.plain+l.high, r))
		}
		if all {
			return true
		}
	}
	return false
}

// layoutOf says which keyboards scanner and computer have in mind.
func layoutOf(chars, keys explanation) []Finding {
	switch {
	case !keys.isCard() || !chars.isCard():
		return nil
	case keys.layout != US && chars.layout == US && chars.cost() <= keys.cost():
		return []Finding{{Code: BothLayout, Level: Note, Arg: keys.layout}}
	case keys.layout != US:
		return []Finding{{Code: ScannerLayout, Level: Bad, Arg: keys.layout}}
	case chars.layout != US:
		return []Finding{{Code: SystemLayout, Level: Note, Arg: chars.layout}}
	}
	return nil
}

// sorted puts the worst first and keeps the order otherwise.
func sorted(all []Finding) (out []Finding) {
	for _, l := range []Level{Bad, Note, Good} {
		for _, f := range all {
			if f.Level == l {
				out = append(out, f)
			}
		}
	}
	return out
}
