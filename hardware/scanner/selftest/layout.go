package selftest

// A Layout is a keyboard layout by its keys: what each key of a US keyboard gives
// under it, without and with Shift. A key that gives nothing a code can hold, or
// waits for the next one (a dead key), is a blank.
type Layout struct {
	Name        string // as in the texts "selftest.layout."
	plain, high string // beside usPlain and usHigh, a rune a key
}

// The keys of a US keyboard in the order of the tables below.
const (
	usPlain = "`1234567890-=" + "qwertyuiop[]\\" + "asdfghjkl;'" + "zxcvbnm,./"
	usHigh  = "~!@#$%^&*()_+" + "QWERTYUIOP{}|" + "ASDFGHJKL:\"" + "ZXCVBNM<>?"
)

// US is the layout everything is compared with.
const US = "us"

// layouts are those that scanners are shipped with for Europe, and those of
// computers in Viet Nam. Source: xkeyboard-config 2.35, symbols fr, de, gb, cz, es,
// vn and us(intl), read with xkbcomp.
var layouts = []Layout{
	{US, usPlain, usHigh},
	{"us-intl",
		" 1234567890-=" + "qwertyuiop[]\\" + "asdfghjkl; " + "zxcvbnm,./",
		" !@#$% &*()_+" + "QWERTYUIOP{}|" + "ASDFGHJKL: " + "ZXCVBNM<>?"},
	{"uk",
		"`1234567890-=" + "qwertyuiop[]#" + "asdfghjkl;'" + "zxcvbnm,./",
		"¬!\"£$%^&*()_+" + "QWERTYUIOP{}~" + "ASDFGHJKL:@" + "ZXCVBNM<>?"},
	{"azerty",
		"²&é\"'(-è_çà)=" + "azertyuiop $*" + "qsdfghjklmù" + "wxcvbn,;:!",
		"~1234567890°+" + "AZERTYUIOP £µ" + "QSDFGHJKLM%" + "WXCVBN?./§"},
	{"qwertz",
		" 1234567890ß " + "qwertzuiopü+#" + "asdfghjklöä" + "yxcvbnm,.-",
		"°!\"§$%&/()=? " + "QWERTZUIOPÜ*'" + "ASDFGHJKLÖÄ" + "YXCVBNM;:_"},
	{"czech",
		";+ěščřžýáíé= " + "qwertzuiopú) " + "asdfghjklů§" + "yxcvbnm,.-",
		" 1234567890% " + "QWERTZUIOP/('" + "ASDFGHJKL\"!" + "YXCVBNM?:_"},
	{"spanish",
		"º1234567890'¡" + "qwertyuiop +ç" + "asdfghjklñ " + "zxcvbnm,.-",
		"ª!\"·$%&/()=?¿" + "QWERTYUIOP *Ç" + "ASDFGHJKLÑ " + "ZXCVBNM;:_"},
	{"vietnamese", // the tones are characters of their own
		"`ăâêô\u0300\u0309\u0303\u0301\u0323đ-₫" + "qwertyuiopươ\\" + "asdfghjkl;'" + "zxcvbnm,./",
		"~ĂÂÊÔ%^&*(Đ_+" + "QWERTYUIOPƯƠ|" + "ASDFGHJKL:\"" + "ZXCVBNM<>?"},
}

// anything stands for a character that a layout has no key for, or that a dead key
// swallows or changes: whatever comes in its place, or nothing, is explained.
const anything rune = 0

// onComputer is what text becomes when a scanner set to a US keyboard types it
// into a computer with layout l. A dead key changes the next character too.
func (l Layout) onComputer(text string) []rune {
	out := swap(text, usPlain+usHigh, l.plain+l.high)
	for i := len(out) - 1; i > 0; i-- {
		if out[i-1] == anything {
			out[i] = anything
		}
	}
	return out
}

// onScanner is what text becomes when a scanner set to l types it into a computer
// with a US keyboard.
func (l Layout) onScanner(text string) []rune { return swap(text, l.plain+l.high, usPlain+usHigh) }

func swap(text, from, to string) []rune {
	into := []rune(to)
	at := map[rune]rune{}
	for i, r := range []rune(from) {
		if _, ok := at[r]; !ok && r != ' ' && into[i] != ' ' {
			at[r] = into[i]
		}
	}
	at[' '] = ' '
	var out []rune
	for _, r := range text {
		c, ok := at[r]
		if !ok {
			c = anything
		}
		out = append(out, c)
	}
	return out
}
