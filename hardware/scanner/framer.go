package scanner

import "time"

// Control bytes that scanners put around a code.
const (
	stx = 0x02
	etx = 0x03
)

// Silences after which a frame without terminator is taken as whole: Gap at
// first, LearnedGap once the device was seen to send terminators, when silence
// is only a slow cable. Source: measured, USB-CDC sends a 270-byte code in
// under 1 ms, and 200 codes in 44 ms.
const (
	Gap        = 60 * time.Millisecond
	LearnedGap = 500 * time.Millisecond
)

// Framer cuts a device's bytes into codes. A frame ends at CR, LF, TAB or ETX,
// or when the caller saw a silence and calls Flush. It drops a leading STX,
// an AIM symbology identifier such as "]Q1", and NULs around the code; empty
// frames, such as the one between CR and LF, are no codes. Bytes past
// [MaxCode] are thrown away up to the end of the frame.
//
// The zero value is ready. It keeps no clock and starts nothing; one goroutine
// at a time.
type Framer struct {
	// LinesOnly makes LF the only terminator, for files and pipes, where a tab
	// belongs to the line. A CR before the LF is dropped.
	LinesOnly bool

	buf     []byte
	ended   bool // a terminator was seen: the device sends them
	started bool // a frame began with STX: the device sends them
}

// Feed takes bytes as they come, split anywhere, and calls found for each code
// that ended in them.
func (f *Framer) Feed(p []byte, found func(text string, truncated bool)) {
	for _, b := range p {
		switch {
		case f.terminator(b):
			f.ended = true
			f.emit(found)
		case b == stx && !f.LinesOnly && (len(f.buf) == 0 || f.started):
			f.started = true
			f.emit(found) // its ETX was lost
		case len(f.buf) <= MaxCode:
			f.buf = append(f.buf, b)
		}
	}
}

// Flush ends the frame that is open, if any: the device fell silent, or the
// input ended.
func (f *Framer) Flush(found func(text string, truncated bool)) { f.emit(found) }

// Pending is how many bytes of an unfinished code are held.
func (f *Framer) Pending() int { return len(f.buf) }

// Drop forgets the unfinished code, as when the device went away in its middle,
// and returns how many bytes it had.
func (f *Framer) Drop() int {
	n := len(f.buf)
	f.buf = f.buf[:0]
	return n
}

// Silence is how long to wait without bytes before Flush.
func (f *Framer) Silence() time.Duration {
	if f.ended {
		return LearnedGap
	}
	return Gap
}

func (f *Framer) terminator(b byte) bool {
	if f.LinesOnly {
		return b == '\n'
	}
	return b == '\r' || b == '\n' || b == '\t' || b == etx
}

func (f *Framer) emit(found func(string, bool)) {
	b := f.buf
	f.buf = f.buf[:0]
	if len(b) > MaxCode {
		found(string(b), true)
		return
	}
	if b = Strip(b); len(b) > 0 {
		found(string(b), false)
	}
}

// Strip takes off what is around the code: NUL padding, CR before LF, STX and
// ETX of devices behind a pipe, and the AIM identifier: "]", a letter for the
// symbology, one character more. No code that we read starts with "]".
func Strip(b []byte) []byte {
	for len(b) > 0 && (b[0] == 0 || b[0] == stx) {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == 0 || b[len(b)-1] == '\r' || b[len(b)-1] == etx) {
		b = b[:len(b)-1]
	}
	if len(b) >= 3 && b[0] == ']' && letter(b[1]) && (letter(b[2]) || b[2] >= '0' && b[2] <= '9') {
		b = b[3:]
	}
	return b
}

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
