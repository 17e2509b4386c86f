package evdev

import (
	"testing"
	"unicode/utf8"
)

// Key codes used by tests, as in linux/input-event-codes.h.
const (
	keyShift, keyControl, keyAlt, keyCaps = 42, 29, 56, 58
)

// stroke presses and releases a key with others held down around it.
func stroke(code uint16, held ...uint16) (all []Event) {
	for _, h := range held {
		all = append(all, Event{evKey, h, 1}, Event{evSyn, 0, 0})
	}
	all = append(all, Event{4, 4, int32(code)}, Event{evKey, code, 1}, Event{evSyn, 0, 0}, Event{evKey, code, 0}, Event{evSyn, 0, 0})
	for _, h := range held {
		all = append(all, Event{evKey, h, 0}, Event{evSyn, 0, 0})
	}
	return all
}

// strokes types text as a scanner set to a US keyboard does. What has no key is
// left out.
func strokes(text string) (all []Event) {
	for _, c := range []byte(text) {
		for code, pair := range us {
			if code >= 55 && code != 57 && c != '\n' { // the main keys
				continue
			}
			if pair[0] == c {
				all = append(all, stroke(code)...)
				break
			}
			if pair[1] == c {
				all = append(all, stroke(code, keyShift)...)
				break
			}
		}
	}
	return all
}

func typedBy(events ...Event) string {
	var k Keys
	var out []byte
	for _, e := range events {
		out = k.Feed(e, out)
	}
	return string(out)
}

func join(parts ...[]Event) (all []Event) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestKeys(t *testing.T) {
	const all = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./ ~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?\r\t"
	alt := func(digits ...uint16) []Event {
		e := []Event{{evKey, keyAlt, 1}}
		for _, d := range digits {
			e = append(e, stroke(d)...)
		}
		return append(e, Event{evKey, keyAlt, 0})
	}
	for _, tt := range []struct {
		name   string
		events []Event
		want   string
	}{
		{"every key", strokes(all), all},
		{"the number pad", join(stroke(71), stroke(82), stroke(83), stroke(98), stroke(96)), "70./\r"},
		{"Shift over two keys", []Event{{evKey, 54, 1}, {evKey, 30, 1}, {evKey, 30, 0}, {evKey, 48, 1}, {evKey, 48, 0}, {evKey, 54, 0}, {evKey, 46, 1}}, "ABc"},
		{"the next key before the last one is up", []Event{{evKey, 30, 1}, {evKey, 48, 1}, {evKey, 30, 0}, {evKey, 48, 0}}, "ab"},
		{"both Shifts, one let go", []Event{{evKey, 42, 1}, {evKey, 54, 1}, {evKey, 42, 0}, {evKey, 30, 1}}, "A"},
		{"repeats of a key held down", []Event{{evKey, 30, 1}, {evKey, 30, 2}, {evKey, 30, 2}, {evKey, 30, 0}}, "a"},
		{"locks", join(stroke(keyCaps), stroke(30), stroke(69), stroke(70)), "a"},
		{"GS as Control and ]", stroke(27, keyControl), "\x1d"},
		{"CR and LF as Control and a letter", join(stroke(50, keyControl), stroke(36, keyControl)), "\r\n"},
		{"RS as Control and 6", stroke(7, keyControl), "\x1e"},
		{"Control with what makes no character", stroke(2, keyControl), "\uFFFD"},
		{"Alt and a byte", alt(82, 80, 80, 77), "\xe2"},                                // 0226
		{"Alt and UTF-8 by bytes", join(alt(79, 73, 76), alt(79, 75, 76)), "\xc3\x91"}, // 195 145
		{"Alt and a character", alt(71, 72, 75, 77), "\u1ea6"},                         // 7846 is Ầ
		{"Alt and no character at all", alt(73, 73, 73, 73, 73, 73, 73, 73, 73, 73), "\uFFFD"},
		{"Alt with a letter", stroke(30, keyAlt), "\uFFFD"},
		{"a key without a character", join(stroke(59), stroke(86), stroke(14)), "\uFFFD\uFFFD\uFFFD"},
		{"a button", stroke(0x110), ""},
	} {
		if got := typedBy(tt.events...); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Any events: no panic, and what comes out is characters or single bytes typed
// with Alt.
func FuzzKeys(f *testing.F) {
	f.Add([]byte{1, 42, 1, 1, 30, 1, 1, 30, 0, 1, 42, 0, 1, 28, 1})
	f.Add([]byte{1, 56, 1, 1, 73, 1, 1, 73, 1, 1, 73, 1, 1, 73, 1, 1, 73, 1, 1, 73, 1, 1, 73, 1, 1, 56, 0})
	f.Add([]byte{0, 3, 0, 1, 29, 1, 1, 27, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var k Keys
		for len(b) >= 3 {
			e := Event{uint16(b[0]), uint16(b[1]), int32(b[2])}
			out := k.Feed(e, nil)
			if len(out) > 1 && !utf8.Valid(out) {
				t.Fatalf("%+v typed %q", e, out)
			}
			if e.Type == evSyn && e.Code == synDropped && !k.Lost {
				t.Fatal("a loss was not noticed")
			}
			b = b[3:]
		}
	})
}
