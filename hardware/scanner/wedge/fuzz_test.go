package wedge

import (
	"testing"
	"time"
)

// FuzzDecoder plays any keys at any speed: no key is invented, doubled or put
// out of order, nothing is held for ever, and a scan holds no more characters
// than were typed.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte("\x01V\x01D\x01T\x01|\x010\x017\x019\x012\x010\x013\x01\x0d"))
	f.Add([]byte("\x60h\x60u\x60e\x60\x0d"))
	f.Add([]byte("\x01a\x01a\x01a\x01\x08\x01\xc2\x01a\x01a\x01a\x01a\x01a\x01a\x01\x0d"))
	f.Fuzz(func(t *testing.T, script []byte) {
		b := newBoard()
		serial := 0
		for i := 0; i+1 < len(script); i += 2 {
			wait, c := time.Duration(script[i])*time.Millisecond, script[i+1]
			if c&0x80 == 0 {
				b.pass(wait)
			} else {
				b.stall(wait)
			}
			for _, e := range eventsOf(c) {
				serial++
				e.Code = serial
				b.feed(e)
			}
		}
		b.pass(time.Hour)
		check(t, b)
	})
}

// eventsOf maps a byte to what a keyboard might do.
func eventsOf(c byte) []Event {
	switch {
	case c == '\r':
		return []Event{{Action: Press, Key: KeyEnter}, {Action: Release, Key: KeyEnter}}
	case c == '\t':
		return []Event{{Action: Press, Key: KeyTab}}
	case c == 8:
		return []Event{{Action: Press, Key: KeyBackspace}, {Action: Release, Key: KeyBackspace}}
	case c < 8:
		return []Event{{Action: Release, Key: Key('0' + c)}, {Action: Repeat, Key: 'A'}}
	case c < ' ':
		return []Event{{Action: Press, Key: 280 + Key(c)}, {Action: Press, Key: KeyUnknown}}
	case c < 0x7f:
		k, shift := usKey(c)
		return []Event{{Action: Press, Key: k, Shift: shift}, {Action: Char, Rune: rune(c)}, {Action: Release, Key: k, Shift: shift}}
	}
	return []Event{{Action: Char, Rune: 0x1E00 + rune(c)}}
}

func check(t *testing.T, b *board) {
	t.Helper()
	if len(b.d.held) != 0 {
		t.Fatalf("%d events held for ever", len(b.d.held))
	}
	seen := map[int]bool{}
	last := map[Action]int{}
	for _, e := range b.replayed {
		if e.Key.modifies() {
			continue
		}
		if seen[e.Code] {
			t.Fatalf("event %d replayed twice", e.Code)
		}
		seen[e.Code] = true
		// Releases may overtake held presses; characters and presses keep their order.
		if e.Action != Release && !aside(e) {
			if e.Code < last[e.Action] {
				t.Fatalf("event %d replayed after %d", e.Code, last[e.Action])
			}
			last[e.Action] = e.Code
		}
	}
	typed := 0
	for _, e := range b.fed { // swallowed by a scan; the first text never joins what was given back
		if !seen[e.Code] && !e.Key.modifies() && e.Action != Release {
			typed++
		}
	}
	for _, s := range b.scans {
		if len(s.Texts) == 0 || len([]rune(s.Texts[0])) > typed {
			t.Fatalf("scan %+v of %d swallowed keys", s, typed)
		}
	}
}

// aside are keys that may overtake a code just arriving.
func aside(e Event) bool {
	return e.Action == Press && !e.Key.prints() && !e.Key.ends() && e.Key != KeyBackspace && e.Key != KeyUnknown
}
