// Package qr writes QR codes as a matrix of modules, for cards, enrolment codes
// and whatever else is printed or shown.
package qr

import (
	"errors"
	"fmt"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

// ErrTooLong is returned when a text needs a bigger code than the level allows.
var ErrTooLong = errors.New("the text is too long for a QR code of this size")

// Quiet is the white margin a code needs on each side, in modules.
const Quiet = 4

// Level is a QR error correction level with the greatest version we print it
// in. A version is 17 + 4v modules wide; beyond version 12 a module on a card is
// below the 0.42 mm that cheap imagers need.
type Level struct {
	name       decoder.ErrorCorrectionLevel
	maxVersion int
}

// The levels (design, section 5).
var (
	M = Level{decoder.ErrorCorrectionLevel_M, 10} // the default
	Q = Level{decoder.ErrorCorrectionLevel_Q, 12} // plastic handled outdoors
	// MLong is M up to the size of the biggest Q. Only the cards of people with
	// a name above about 40 letters need it: cutting the name would make the
	// token say another name than the identity card does.
	MLong = Level{decoder.ErrorCorrectionLevel_M, 12}
)

// Code is a QR symbol without its quiet zone.
type Code struct {
	Size    int    // modules a side
	Version int    // 1 to 40
	Mode    string // "numeric", "alphanumeric" or "byte"
	dark    []bool // row by row
}

// Encode makes the smallest code of the level for text: numeric when it is all
// digits, alphanumeric when every character allows it, else UTF-8 bytes. One
// lower-case letter makes the whole code byte mode. A text too long for the
// level is ErrTooLong.
func Encode(text string, level Level) (*Code, error) {
	if text == "" {
		return nil, errors.New("write a QR code: no text")
	}
	// No character set is named: the bytes are UTF-8 all the same, and some
	// imagers type the name (ECI) as "\000026" before the text.
	symbol, err := encoder.Encoder_encode(text, level.name, nil)
	if err != nil {
		return nil, fmt.Errorf("write a QR code of %d characters: %w: %v", len(text), ErrTooLong, err)
	}
	version := symbol.GetVersion().GetVersionNumber()
	if version > level.maxVersion {
		return nil, fmt.Errorf("write a QR code of %d characters at level %s: version %d above %d: %w",
			len(text), level.name, version, level.maxVersion, ErrTooLong)
	}
	matrix := symbol.GetMatrix()
	c := &Code{Size: matrix.GetWidth(), Version: version, Mode: modes[symbol.GetMode().String()]}
	c.dark = make([]bool, c.Size*c.Size)
	for y := range c.Size {
		for x := range c.Size {
			c.dark[y*c.Size+x] = matrix.Get(x, y) == 1
		}
	}
	return c, nil
}

var modes = map[string]string{"NUMERIC": "numeric", "ALPHANUMERIC": "alphanumeric", "BYTE": "byte"}

// Dark says whether the module is black; false outside the code.
func (c *Code) Dark(x, y int) bool {
	return x >= 0 && y >= 0 && x < c.Size && y < c.Size && c.dark[y*c.Size+x]
}

// Bar is a rectangle of dark modules.
type Bar struct{ X, Y, Width, Height int }

// Bars are the dark modules as few rectangles that do not overlap: runs of a
// row, joined with equal runs below. Drawn as vectors they leave no hairlines
// between modules.
func (c *Code) Bars() []Bar {
	var bars []Bar
	open := map[[2]int]int{} // run (x, width) that ends in the row above -> its bar
	for y := range c.Size {
		next := map[[2]int]int{}
		for x := 0; x < c.Size; x++ {
			start := x
			for c.Dark(x, y) {
				x++
			}
			if x == start {
				continue
			}
			run := [2]int{start, x - start}
			at, ok := open[run]
			if ok {
				bars[at].Height++
			} else {
				at = len(bars)
				bars = append(bars, Bar{start, y, x - start, 1})
			}
			next[run] = at
		}
		open = next
	}
	return bars
}
