package evdev

import (
	"encoding/binary"
	"unicode/utf8"
)

// Event is one input event of the kernel.
type Event struct {
	Type, Code uint16
	Value      int32
}

// EventSize is how long an event is as bytes: two longs of time, type, code and
// value in the machine's byte order. Source: struct input_event of linux/input.h.
const EventSize = 2*wordSize + 8

const wordSize = 4 << (^uint(0) >> 63) // 8 on 64-bit machines

// ParseEvent reads one event; b has at least EventSize bytes.
func ParseEvent(b []byte) Event {
	b = b[2*wordSize:]
	return Event{
		Type:  binary.NativeEndian.Uint16(b),
		Code:  binary.NativeEndian.Uint16(b[2:]),
		Value: int32(binary.NativeEndian.Uint32(b[4:])),
	}
}

// What of linux/input-event-codes.h is used here.
const (
	evSyn, evKey = 0, 1
	synDropped   = 3

	keyTab, keyEnter, keyPadEnter, keyLineFeed = 15, 28, 96, 101
)

// us is what each key gives on a US keyboard, without and with Shift: the layout
// that scanners are shipped with. The computer's layout plays no part here.
var us = map[uint16]string{
	41: "`~", 2: "1!", 3: "2@", 4: "3#", 5: "4$", 6: "5%", 7: "6^", 8: "7&", 9: "8*", 10: "9(", 11: "0)", 12: "-_", 13: "=+",
	16: "qQ", 17: "wW", 18: "eE", 19: "rR", 20: "tT", 21: "yY", 22: "uU", 23: "iI", 24: "oO", 25: "pP", 26: "[{", 27: "]}", 43: "\\|",
	30: "aA", 31: "sS", 32: "dD", 33: "fF", 34: "gG", 35: "hH", 36: "jJ", 37: "kK", 38: "lL", 39: ";:", 40: "'\"",
	44: "zZ", 45: "xX", 46: "cC", 47: "vV", 48: "bB", 49: "nN", 50: "mM", 51: ",<", 52: ".>", 53: "/?", 57: "  ",
	// the number pad, with Num Lock as scanners take it
	55: "**", 74: "--", 78: "++", 98: "//", 83: "..", 82: "00", 79: "11", 80: "22", 81: "33", 75: "44", 76: "55", 77: "66", 71: "77", 72: "88", 73: "99",
	// keys that end a code
	keyEnter: "\r\r", keyPadEnter: "\r\r", keyTab: "\t\t", keyLineFeed: "\n\n",
}

// pad are the keys of the number pad that hold a digit.
var pad = map[uint16]rune{82: 0, 79: 1, 80: 2, 81: 3, 75: 4, 76: 5, 77: 6, 71: 7, 72: 8, 73: 9}

type modifier uint8

const (
	leftShift modifier = 1 << iota
	rightShift
	leftControl
	rightControl
	leftAlt
	rightAlt
	leftMeta
	rightMeta

	shift   = leftShift | rightShift
	control = leftControl | rightControl
	alt     = leftAlt | rightAlt
	meta    = leftMeta | rightMeta
)

// modifiers are the keys that change others; locks are ignored: a scanner does
// not know the state they are in.
var (
	modifiers = map[uint16]modifier{
		42: leftShift, 54: rightShift, 29: leftControl, 97: rightControl, 56: leftAlt, 100: rightAlt, 125: leftMeta, 126: rightMeta,
	}
	locks = map[uint16]bool{58: true, 69: true, 70: true}
)

// unknown stands for a key that is no character: the code is told as unreadable
// instead of being taken for another one.
const unknown = "\uFFFD"

// Keys turns a keyboard's events into the bytes that were typed. The zero value
// is ready. It keeps no clock; one goroutine at a time.
type Keys struct {
	held  modifier
	typed rune // the number typed with Alt so far
	digit bool // there is one

	// Lost is set when the kernel said that events were dropped: what came before
	// and what comes after do not belong together, and a Shift may be missing.
	Lost bool
}

// Feed takes one event and appends what it typed to out. Repeats of a key that
// stays down are no characters: a scanner presses anew.
func (k *Keys) Feed(e Event, out []byte) []byte {
	if e.Type == evSyn && e.Code == synDropped {
		k.Lost = true
	}
	if e.Type != evKey || e.Code > 0xFF { // from 0x100 on buttons of mice and the like
		return out
	}
	if m, ok := modifiers[e.Code]; ok {
		return k.modify(m, e.Value, out)
	}
	if e.Value != 1 || locks[e.Code] {
		return out
	}
	if d, ok := pad[e.Code]; ok && k.held&alt != 0 {
		k.typed, k.digit = min(k.typed*10+d, utf8.MaxRune+1), true
		return out
	}
	return k.press(e.Code, out)
}

// modify notes a modifier. Letting go of Alt ends a number: scanners type what has
// no key so. Below 256 it is a byte, which makes UTF-8 of those that type its
// bytes and is refused as no UTF-8 of those that mean a code page.
func (k *Keys) modify(m modifier, value int32, out []byte) []byte {
	if value != 0 {
		k.held |= m
		return out
	}
	k.held &^= m
	if !k.digit || k.held&alt != 0 {
		return out
	}
	n := k.typed
	k.typed, k.digit = 0, false
	if n < 0x100 {
		return append(out, byte(n))
	}
	return utf8.AppendRune(out, n) // U+FFFD where there is no such character
}

func (k *Keys) press(code uint16, out []byte) []byte {
	pair := us[code]
	switch {
	case pair == "" || k.held&(alt|meta) != 0:
		return append(out, unknown...)
	case k.held&control != 0:
		return controlled(pair, out)
	case k.held&shift != 0:
		return append(out, pair[1])
	}
	return append(out, pair[0])
}

// controlled is a key with Control: scanners type control characters so, GS as
// Control+].
func controlled(pair string, out []byte) []byte {
	for _, c := range []byte(pair) {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c >= '@' && c <= '_' {
			return append(out, c&0x1F)
		}
	}
	return append(out, unknown...)
}
