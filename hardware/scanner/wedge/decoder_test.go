package wedge

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var start = time.Date(2021, 11, 22, 8, 0, 0, 0, time.UTC)

// board plays keys into a decoder and collects what comes out. It keeps the
// promise of the hook: Idle only after the time asked for.
type board struct {
	d        Decoder
	now      time.Time
	wait     time.Duration
	waitFrom time.Time
	replayed []Event
	fed      []Event
	hasty    bool
	scans    []Scan
}

func newBoard() *board { return &board{now: start} }

func (b *board) take(out Out) {
	b.replayed = append(b.replayed, out.Replay...)
	b.hasty = b.hasty || out.Hasty
	if out.Scan != nil {
		b.scans = append(b.scans, *out.Scan)
	}
	b.wait, b.waitFrom = out.Wait, b.now
}

func (b *board) feed(e Event) {
	e.At = b.now
	b.fed = append(b.fed, e)
	b.take(b.d.Feed(e))
}

// pass lets time go by, with Idle where it is due.
func (b *board) pass(t time.Duration) {
	end := b.now.Add(t)
	if due := b.waitFrom.Add(b.wait); b.wait > 0 && !due.After(end) {
		b.now = due
		b.take(b.d.Idle(due))
	}
	b.now = end
}

// stall lets time go by without Idle: the drawing goroutine hangs.
func (b *board) stall(t time.Duration) { b.now = b.now.Add(t) }

func (b *board) tap(k Key) {
	b.feed(Event{Action: Press, Key: k})
	b.feed(Event{Action: Release, Key: k})
}

// usKey finds the key that types c on a US keyboard.
func usKey(c byte) (Key, bool) {
	for k := Key(' '); k < 128; k++ {
		for _, shift := range []bool{false, true} {
			if got, ok := k.us(shift); ok && got == c {
				return k, shift
			}
		}
	}
	return KeyUnknown, false
}

const leftShift = firstShift

// letter types c as a US scanner does, r being what the layout makes of it.
func (b *board) letter(c byte, r rune) {
	k, shift := usKey(c)
	if shift {
		b.feed(Event{Action: Press, Key: leftShift})
	}
	b.feed(Event{Action: Press, Key: k, Shift: shift})
	if r != 0 {
		b.feed(Event{Action: Char, Rune: r})
	}
	b.feed(Event{Action: Release, Key: k, Shift: shift})
	if shift {
		b.feed(Event{Action: Release, Key: leftShift})
	}
}

func (b *board) typeText(s string, every time.Duration) {
	for i := range len(s) {
		b.letter(s[i], rune(s[i]))
		b.pass(every)
	}
}

const code = "VDT|079203012345|NGUYEN THI UNG|$%*+-./:0000"

func TestScanIsOneCodeAndTouchesNothing(t *testing.T) {
	for _, every := range []time.Duration{0, time.Millisecond, 5 * time.Millisecond, 16 * time.Millisecond, 25 * time.Millisecond} {
		for _, end := range []Key{KeyEnter, KeyTab, KeyPadEnter} {
			b := newBoard()
			for range 3 {
				b.typeText(code, every)
				b.tap(end)
				b.pass(60 * time.Millisecond)
			}
			b.pass(time.Second)
			if len(b.scans) != 3 {
				t.Fatalf("%v a key, end %d: %d scans, want 3", every, end, len(b.scans))
			}
			for _, s := range b.scans {
				if !slices.Equal(s.Texts, []string{code}) || s.InputMethod || s.Silent {
					t.Errorf("%v a key: got %+v", every, s)
				}
			}
			for _, e := range b.replayed {
				if !e.Key.modifies() {
					t.Fatalf("the program saw %+v of a scan", e)
				}
			}
		}
	}
}

func TestOtherLineEnds(t *testing.T) {
	for _, end := range []Event{
		{Action: Press, Key: KeyUnknown, Newline: true},
		{Action: Press, Key: 'J', Command: true},
		{Action: Press, Key: 'M', Command: true},
	} {
		b := newBoard()
		b.typeText(code, time.Millisecond)
		b.feed(end)
		if len(b.scans) != 1 || b.scans[0].Texts[0] != code || b.scans[0].Silent {
			t.Errorf("%+v: got %+v, want the code", end, b.scans)
		}
	}
}

func TestSilenceEndsAScan(t *testing.T) {
	b := newBoard()
	b.typeText(code, time.Millisecond)
	b.pass(scanWait)
	if len(b.scans) != 1 || b.scans[0].Texts[0] != code || !b.scans[0].Silent {
		t.Fatalf("got %+v, want %q ended by silence", b.scans, code)
	}
}

// Seen in a window at a load of 8: the second half of a code came 450 ms late,
// and the office got a torn address.
func TestPauseWithinACodeDoesNotTearIt(t *testing.T) {
	for _, at := range []int{8, 20, len(code) - 9, len(code) - 1} {
		b := newBoard()
		for _, pause := range []time.Duration{0, 900 * time.Millisecond, 900 * time.Millisecond} {
			b.typeText(code[:at], time.Millisecond)
			b.pass(pause)
			b.typeText(code[at:], time.Millisecond)
			b.tap(KeyEnter)
			b.pass(60 * time.Millisecond)
		}
		if len(b.scans) != 3 || b.scans[1].Texts[0] != code || b.scans[2].Texts[0] != code {
			t.Errorf("pause after %d keys: got %+v, want the whole code three times", at, b.scans)
		}
	}
}

func TestSecondTerminatorBelongsToTheScan(t *testing.T) {
	b := newBoard()
	b.typeText(code, time.Millisecond)
	b.tap(KeyTab)
	b.tap(KeyEnter)
	b.pass(time.Second)
	if len(b.scans) != 1 {
		t.Fatalf("%d scans, want 1", len(b.scans))
	}
	b.tap(KeyEnter)
	if n := len(b.replayed); n == 0 || b.replayed[n-1].Key != KeyEnter {
		t.Error("an Enter a second later is a hand's, but was swallowed")
	}
}

// plain is what the program would see without a decoder.
func plain(events []Event) []Event {
	var out []Event
	for _, e := range events {
		if !e.Key.modifies() {
			out = append(out, e)
		}
	}
	return out
}

func TestHandIsReplayedIntact(t *testing.T) {
	for _, every := range []time.Duration{40 * time.Millisecond, 50 * time.Millisecond, 90 * time.Millisecond, 200 * time.Millisecond} {
		b := newBoard()
		b.typeText("460012 000123 7", every)
		b.tap(KeyBackspace)
		b.pass(every)
		b.typeText("Huong Thuy, Hue 2021", every)
		b.tap(KeyEnter)
		b.pass(time.Second)
		if len(b.scans) != 0 {
			t.Fatalf("%v a key: a hand gave a scan %+v", every, b.scans)
		}
		if got, want := plain(b.replayed), plain(b.fed); !slices.Equal(got, want) {
			t.Errorf("%v a key: replayed %d events, fed %d, or in another order", every, len(got), len(want))
		}
		if b.hasty {
			t.Errorf("%v a key: called hasty", every)
		}
	}
}

func TestOneKeyIsHandedOnSoon(t *testing.T) {
	b := newBoard()
	b.letter('1', '1')
	if len(b.replayed) != 0 || b.wait != handWait {
		t.Fatalf("first key: replayed %v, wait %v; want it held for %v", b.replayed, b.wait, handWait)
	}
	b.pass(handWait)
	if len(b.replayed) != 3 || b.hasty {
		t.Errorf("replayed %d events (hasty %v), want press, character and release", len(b.replayed), b.hasty)
	}
}

// Half a code must not decide anything: its digits come faster than a hand.
func TestHalfACodeIsHasty(t *testing.T) {
	b := newBoard()
	b.typeText("12345", time.Millisecond)
	b.pass(time.Second)
	if !b.hasty || len(b.scans) != 0 {
		t.Errorf("hasty %v, scans %v; want hasty keys and no scan", b.hasty, b.scans)
	}
}

func TestStalledMachineLosesNothing(t *testing.T) {
	for _, at := range []int{1, 4, 9, len(code) - 1} {
		b := newBoard()
		b.typeText(code[:at], time.Millisecond)
		b.stall(500 * time.Millisecond)
		b.typeText(code[at:], 0)
		b.tap(KeyEnter)
		if len(b.scans) != 1 || b.scans[0].Texts[0] != code {
			t.Errorf("stall after %d keys: got %+v", at, b.scans)
		}
	}
}

// Seen in a window on a machine with a load of 24: a code's first keys,
// then half a second nothing, then the rest.
func TestPauseAfterTheFirstKeysIsOffered(t *testing.T) {
	for _, at := range []int{1, 3, 7} {
		b := newBoard()
		b.typeText(code[:at], time.Millisecond)
		b.pass(500 * time.Millisecond)
		b.typeText(code[at:], time.Millisecond)
		b.tap(KeyEnter)
		if want := []string{code[at:], code}; len(b.scans) != 1 || !slices.Equal(b.scans[0].Texts, want) {
			t.Errorf("pause after %d keys: got %+v, want the rest and the whole", at, b.scans)
		}
	}
	b := newBoard()
	b.typeText("12", 200*time.Millisecond)
	b.pass(joinWithin)
	b.typeText(code, time.Millisecond)
	b.tap(KeyEnter)
	if len(b.scans) != 1 || len(b.scans[0].Texts) != 1 {
		t.Errorf("got %+v, want a hand's keys left out", b.scans)
	}
}

func TestFunctionKeyWithinAScan(t *testing.T) {
	b := newBoard()
	b.typeText(code[:20], time.Millisecond)
	b.tap(294) // F5
	b.typeText(code[20:], time.Millisecond)
	b.tap(KeyEnter)
	if len(b.scans) != 1 || b.scans[0].Texts[0] != code {
		t.Fatalf("got %+v, want the whole code", b.scans)
	}
	if got := plain(b.replayed); len(got) != 2 || got[0].Key != 294 {
		t.Errorf("the program saw %v, want F5 pressed and released", got)
	}
}

// Measured under X11: of two equal keys in one millisecond only the character
// of the second comes.
func TestDroppedRepeatedKey(t *testing.T) {
	b := newBoard()
	for i := range len(code) {
		if i > 0 && code[i] == code[i-1] {
			b.feed(Event{Action: Char, Rune: rune(code[i])})
			continue
		}
		b.letter(code[i], rune(code[i]))
	}
	b.tap(KeyEnter)
	if len(b.scans) != 1 || b.scans[0].Texts[0] != code {
		t.Fatalf("got %+v, want %q first", b.scans, code)
	}
}

func TestLayoutAndInputMethod(t *testing.T) {
	t.Run("Vietnamese layout", func(t *testing.T) {
		b := newBoard()
		top := map[byte]rune{'1': 'ă', '2': 'â', '3': 'ê', '4': 'ô', '0': 'đ', '5': 0x300}
		for i := range len(code) {
			r := rune(code[i])
			if v, ok := top[code[i]]; ok {
				r = v
			}
			b.letter(code[i], r)
		}
		b.tap(KeyEnter)
		if len(b.scans) != 1 || b.scans[0].Texts[0] != code || !b.scans[0].InputMethod {
			t.Fatalf("got %+v, want the code by its keys, and the input method noticed", b.scans)
		}
	})
	t.Run("rewriting with Backspace", func(t *testing.T) {
		b := newBoard()
		for _, r := range "6BFOXN" {
			b.feed(Event{Action: Char, Rune: r})
		}
		b.tap(KeyBackspace)
		for _, r := range "Ư5ABC12345" {
			b.feed(Event{Action: Char, Rune: r})
		}
		b.tap(KeyEnter)
		if len(b.scans) != 1 || !b.scans[0].InputMethod {
			t.Fatalf("got %+v, want one scan with the input method noticed", b.scans)
		}
	})
	t.Run("Backspace with capitals only", func(t *testing.T) {
		b := newBoard()
		b.typeText("6BFOXNAAW", time.Millisecond)
		b.tap(KeyBackspace)
		b.typeText("12345", time.Millisecond)
		b.tap(KeyEnter)
		if len(b.scans) != 1 || !b.scans[0].InputMethod {
			t.Fatalf("got %+v, want one scan with the input method noticed", b.scans)
		}
	})
	t.Run("French layout", func(t *testing.T) {
		b := newBoard()
		for _, c := range []byte("HA112233445566") {
			r := rune(c)
			if c == '1' {
				r = '&'
			}
			b.letter(c, r)
		}
		b.tap(KeyEnter)
		want := []string{"HA&&2233445566", "HA112233445566"}
		if len(b.scans) != 1 || !slices.Equal(b.scans[0].Texts, want) {
			t.Fatalf("got %+v, want both readings %q", b.scans, want)
		}
	})
}

func TestTooLongAScanIsCutAndCounted(t *testing.T) {
	b := newBoard()
	b.typeText(strings.Repeat("0123456789", 3000), 0)
	b.tap(KeyEnter)
	if len(b.scans) != 1 || len(b.scans[0].Texts[0]) != Limit || !b.scans[0].Truncated {
		t.Fatalf("want one truncated scan of %d characters", Limit)
	}
	if n := len(b.d.held); n != 0 {
		t.Errorf("%d events still held", n)
	}
}

func TestShortcutsAndRepeatsPass(t *testing.T) {
	b := newBoard()
	b.feed(Event{Action: Press, Key: 'C', Command: true})
	b.feed(Event{Action: Repeat, Key: '1'})
	b.feed(Event{Action: Press, Key: KeyEscape})
	if got := plain(b.replayed); len(got) != 3 {
		t.Errorf("replayed %v, want all three at once", got)
	}
}
