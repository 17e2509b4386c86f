// Package scanner is the contract of everything that reads codes: what a
// driver promises, and the framing that turns a device's bytes into codes. The
// drivers are subpackages; only package hardware lists them.
package scanner

import (
	"context"
	"errors"
	"time"
)

// MaxCode is the longest code passed on whole, in bytes. The largest QR holds
// 7,089 digits or 2,953 bytes, so nothing honest is longer.
const MaxCode = 8 << 10

// Code is one code as the device gave it, without prefix and terminator.
type Code struct {
	Text      string    // raw bytes; not always valid UTF-8
	At        time.Time // when its last byte was read
	Device    string    // which device, for the log and the devices screen
	Truncated bool      // longer than MaxCode: Text is the first MaxCode+1 bytes, so that no reader takes it for a whole code
}

// ErrLost is wrapped by Scan when the device went away: unplugged, switched
// off, no permission. Plugging it in again and calling Scan again is the cure.
var ErrLost = errors.New("scanner lost")

// A Scanner calls found with each code, in order, on the goroutine of Scan,
// until ctx ends (nil), the input came to its end (nil; only a reader of
// lines has one) or the device is lost (an error wrapping [ErrLost]). It never
// waits between codes for anything but the device, so found must not drop
// one. Scan may be called again after it returned; not twice at once.
type Scanner interface {
	Scan(ctx context.Context, found func(Code)) error
}

// A Namer tells which device a scanner is, for people.
type Namer interface {
	Name() string
}
