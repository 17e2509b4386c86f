// Package wedge tells a scanner that types (a keyboard wedge) from a hand. It
// is fed every key of a window before anything else sees it, and says which
// keys were a code and which must go on to the program.
//
// It knows no window system: a plain struct, fed with key, character and time.
// What it is built on was measured in a real window (docs/hardware): the keys
// of one drawn frame arrive together and the next ones 16-33 ms later whatever
// the scanner's speed, a busy machine leaves one long gap, and X11 drops the
// second of two equal keys in the same millisecond although its character
// still comes.
package wedge

import "time"

// Action is what happened to a key.
type Action uint8

// The actions. Char is a character after layout and input method; it belongs to
// no key for certain.
const (
	Release Action = 0
	Press   Action = 1
	Repeat  Action = 2
	Char    Action = 3
)

// Event is one key or character. Code, Mods and Key are handed back unchanged
// when the event is replayed.
type Event struct {
	Action  Action
	Key     Key  // of Release, Press, Repeat
	Rune    rune // of Char
	Shift   bool // Shift was held
	Command bool // Control, Alt or Super was held: never a character of a code
	// CapsLock and NumLock are on.
	CapsLock, NumLock bool
	// Newline says that the window system knows the key as a line feed although
	// it is none of the named ones. Some scanners end a code so.
	Newline bool
	Code    int // the window system's scan code
	Mods    int // the window system's modifiers
	At      time.Time
}

// ends says that e ends a scan: Enter, Tab, a line feed, or the Control+J and
// Control+M by which scanners type line feed and carriage return.
func (e Event) ends() bool {
	if e.Action != Press {
		return false
	}
	return e.Newline || !e.Command && e.Key.ends() || e.Command && (e.Key == 'J' || e.Key == 'M')
}

// Scan is one code the scanner typed.
type Scan struct {
	// Texts are the ways to read the keys, the likeliest first: what the layout
	// made of them and what a US keyboard would have, and with keys before a pause
	// that may have belonged to the code. One when there is no doubt. Which one is
	// right only the code's own checksum can tell.
	Texts []string
	At    time.Time // of its last key
	// InputMethod says that something rewrote the keys on their way: a character
	// no code holds, or a Backspace within the burst.
	InputMethod bool
	Truncated   bool // longer than Limit; Texts hold the first Limit characters
	Silent      bool // ended by silence: the scanner sends no Enter
	CapsLock    bool // was on
	// Chars is what layout and input method made of the keys, Keys what a US
	// keyboard would have; "" where none came. For a test of the scanner.
	Chars, Keys string
}

// Out is what the decoder says to one event.
type Out struct {
	Replay []Event // hand these on to the program, in this order
	Scan   *Scan   // a code is complete
	// Hasty says that Replay holds several characters that came faster than a
	// hand types: half a code, most likely. A text field may take them; a key
	// that decides something must not.
	Hasty bool
	// Wait asks for a call of Idle when no event comes for so long; 0 = nothing
	// is held back.
	Wait time.Duration
}

// Limits of the decoder. A character more than the 8 KiB a reading accepts is
// kept, so that a longer code is told as too large and not as a broken one.
const (
	Limit     = 8<<10 + 1
	minLength = 8
	// perChar is the slowest scanner: mean time from key to key.
	perChar = 30 * time.Millisecond
	// handGap, handGaps times in a row, is a hand. Once is a busy machine.
	handGap  = 35 * time.Millisecond
	handGaps = 4
	// handWait is how long a single key is held back, scanWait a fast burst.
	handWait = 120 * time.Millisecond
	scanWait = 300 * time.Millisecond
	// stallWait is the silence that ends a code of a scanner that ended its last
	// one with Enter. Measured at a load of 8 on two cores: pauses of 450 ms
	// within a code, and with scanWait 2 codes of 200 were torn. It is not longer,
	// nor for every scanner: two codes without Enter must not become one.
	stallWait = time.Second
	// joinWithin is how long after a pause a code may go on: on a machine so busy
	// that its first keys were taken for a hand's.
	joinWithin = 2 * time.Second
	// suffix is the time in which a second terminator belongs to the same code.
	suffix = 100 * time.Millisecond
)

// Decoder is the state machine. The zero value is ready. One goroutine owns it.
type Decoder struct {
	held  []Event      // of the present burst, in order
	down  map[Key]bool // pressed and swallowed; their releases are too
	chars []rune
	keys  []byte
	count int // characters so far: the longer of the two
	// cut is set when the burst outgrew Limit; imed when something rewrote it; caps
	// when Caps Lock was on.
	cut, imed, caps bool

	first, last time.Time // of the burst's characters
	longest     time.Duration
	slow        int       // gaps in a row of handGap and more
	ended       time.Time // end of the last scan
	enters      bool      // the last scan was ended by a key: this scanner sends Enter
	// before are the characters that were given back after a pause, the last of
	// them at gone: the beginning of a code, perhaps.
	before string
	gone   time.Time
}

// Feed takes the next event.
func (d *Decoder) Feed(e Event) Out {
	switch {
	case e.Action == Char:
		return d.char(e)
	case e.Action == Release:
		return d.release(e)
	case e.Key.modifies():
		return Out{Replay: []Event{e}, Wait: d.wait()}
	case e.ends():
		return d.end(e)
	case e.Command || e.Action == Repeat:
		return d.handOn(e)
	case e.Key == KeyBackspace:
		return d.backspace(e)
	case e.Key.prints() || e.Key == KeyUnknown:
		return d.press(e)
	}
	return d.aside(e)
}

// Idle says that no event came for the time Out.Wait asked for. The caller must
// have let the window system deliver what it had queued: after a stall the
// timer and the missing keys are due together, and the keys come first.
func (d *Decoder) Idle(now time.Time) Out {
	if len(d.held) == 0 {
		return Out{}
	}
	if d.isScan() {
		return d.emit(now, true)
	}
	text, last := d.before+d.texts()[0], d.last
	if !d.joins() {
		text = d.texts()[0]
	}
	out := d.flush()
	d.before, d.gone = text[max(0, len(text)-Limit):], last
	return out
}

// joins says that the present burst may be the rest of what was given back.
func (d *Decoder) joins() bool {
	return d.before != "" && d.count > 0 && d.first.Sub(d.gone) < joinWithin
}

// press takes a key that prints.
func (d *Decoder) press(e Event) Out {
	out := d.gap(e.At)
	d.caps = d.caps || e.CapsLock
	if c, ok := e.Key.us(e.Shift); ok {
		if len(d.keys) < Limit {
			d.keys = append(d.keys, c)
		} else {
			d.cut = true
		}
	}
	return d.hold(e, out)
}

// char takes a character. It opens a burst by itself when no key came with it:
// so do input methods that type for the user.
func (d *Decoder) char(e Event) Out {
	if e.Rune == '\r' || e.Rune == '\n' || e.Rune == '\t' {
		return d.aside(e)
	}
	var out Out
	if len(d.chars) >= len(d.keys) {
		out = d.gap(e.At)
	}
	if e.Rune > '~' || e.Rune < ' ' {
		d.imed = true
	}
	if len(d.chars) < Limit {
		d.chars = append(d.chars, e.Rune)
	} else {
		d.cut = true
	}
	return d.hold(e, out)
}

// gap notes the time since the last character and, when it shows a hand, gives
// back what was held before.
func (d *Decoder) gap(at time.Time) Out {
	if d.count == 0 {
		d.first, d.last = at, at
		return Out{}
	}
	g := at.Sub(d.last)
	d.last = at
	if g < handGap {
		d.slow = 0
	} else {
		d.slow++
	}
	d.longest = max(d.longest, g)
	if d.slow < handGaps || d.isScan() {
		return Out{}
	}
	out := d.flush()
	d.first, d.last, d.slow = at, at, handGaps-1
	return out
}

// hold keeps e back until it is clear who types.
func (d *Decoder) hold(e Event, out Out) Out {
	if !d.cut {
		d.held = append(d.held, e)
	}
	if e.Action == Press {
		d.swallow(e.Key)
	}
	d.count = max(len(d.keys), len(d.chars))
	out.Wait = d.wait()
	return out
}

// release follows its press: swallowed when that was, held when that is.
func (d *Decoder) release(e Event) Out {
	if e.Key.modifies() || !d.down[e.Key] {
		return Out{Replay: []Event{e}, Wait: d.wait()}
	}
	if len(d.held) > 0 && !d.cut {
		d.held = append(d.held, e)
	} else {
		delete(d.down, e.Key)
	}
	return Out{Wait: d.wait()}
}

// end takes Enter or Tab.
func (d *Decoder) end(e Event) Out {
	if d.isScan() {
		d.swallow(e.Key)
		return d.emit(e.At, false)
	}
	if d.count == 0 && !d.ended.IsZero() && e.At.Sub(d.ended) < suffix {
		d.swallow(e.Key)
		d.ended = e.At
		return Out{}
	}
	return d.handOn(e)
}

// backspace within a fast burst is an input method rewriting a letter.
func (d *Decoder) backspace(e Event) Out {
	if d.count < 3 || !d.fast() {
		return d.handOn(e)
	}
	d.imed = true
	if n := len(d.chars); n > 0 {
		d.chars = d.chars[:n-1]
	}
	return d.hold(e, Out{})
}

// handOn gives back everything held and e.
func (d *Decoder) handOn(e Event) Out {
	out := d.flush()
	d.before = "" // a hand's key ends what came before it
	out.Replay = append(out.Replay, e)
	return out
}

// aside lets a key through that cannot be part of a code (a function key, an
// arrow) without breaking a code that is just arriving.
func (d *Decoder) aside(e Event) Out {
	if d.count >= 3 && d.fast() {
		return Out{Replay: []Event{e}, Wait: d.wait()}
	}
	return d.handOn(e)
}

// flush gives back what is held: a hand typed it.
func (d *Decoder) flush() Out {
	out := Out{Replay: d.held, Hasty: d.count >= 2 && d.fast()}
	for _, e := range d.held {
		delete(d.down, e.Key)
	}
	d.reset()
	return out
}

// emit ends the burst as a scan; its keys are never seen by the program.
func (d *Decoder) emit(at time.Time, silent bool) Out {
	texts := d.texts()
	if d.joins() {
		texts = append(texts, d.before+texts[0])
	}
	s := &Scan{
		Texts: texts, At: at, InputMethod: d.imed, Truncated: d.cut, Silent: silent,
		CapsLock: d.caps, Chars: string(d.chars), Keys: string(d.keys),
	}
	for _, e := range d.held {
		switch e.Action {
		case Press:
			d.swallow(e.Key)
		case Release:
			delete(d.down, e.Key)
		}
	}
	d.reset()
	d.ended, d.before, d.enters = at, "", !silent
	return Out{Scan: s}
}

// texts are the candidates. The characters are right under every layout that
// the scanner is set to, and complete where keys were dropped; the keys are
// right under every other layout. A rewritten text is not offered.
func (d *Decoder) texts() []string {
	chars, keys := string(d.chars), string(d.keys)
	switch {
	case chars == keys, keys == "":
		return []string{chars}
	case d.imed, len(d.chars) < len(d.keys):
		return []string{keys}
	}
	return []string{chars, keys}
}

func (d *Decoder) reset() {
	*d = Decoder{down: d.down, ended: d.ended, enters: d.enters, before: d.before, gone: d.gone}
}

func (d *Decoder) swallow(k Key) {
	if d.down == nil {
		d.down = map[Key]bool{}
	}
	d.down[k] = true
}

// fast says that the burst so far is faster than a hand; in a long one, one
// stall of the machine does not count.
func (d *Decoder) fast() bool {
	if d.count < 2 {
		return false
	}
	took := d.last.Sub(d.first)
	if d.count >= minLength {
		took -= d.longest
	}
	return took < time.Duration(d.count-1)*perChar
}

func (d *Decoder) isScan() bool { return d.count >= minLength && d.fast() }

func (d *Decoder) wait() time.Duration {
	switch {
	case len(d.held) == 0:
		return 0
	case d.enters && d.isScan():
		return stallWait
	case d.count >= 2 && d.fast():
		return scanWait
	}
	return handWait
}
