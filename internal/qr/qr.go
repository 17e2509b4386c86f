// Package qr writes QR codes as a matrix of modules.
package qr

import "errors"

// ErrTooLong is returned when a text needs a bigger code than allowed.
var ErrTooLong = errors.New("the text is too long for the QR size allowed")

// Level is a QR error correction level.
type Level string

// The levels we print: M at most version 10, Q at most version 12.
const (
	M Level = "M"
	Q Level = "Q"
)

// Code is a QR symbol without its quiet zone.
type Code struct {
	Size    int // modules a side
	Version int
	dark    []bool
}

// Encode makes the smallest code of the level for text.
func Encode(text string, level Level) (*Code, error) { return nil, ErrTooLong }

// Dark says whether the module is black; false outside.
func (c *Code) Dark(x, y int) bool { return false }
