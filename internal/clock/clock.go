// Package clock gives the time a station can trust: the wall clock, the time
// since boot that counts suspend, and how far the wall clock is from the
// office's (design, section 8).
package clock

import "time"

// Clock is what the programs ask for the time. Tests bring their own.
type Clock interface {
	Now() time.Time
	// SinceBoot counts suspend too and never jumps; 0 when the system cannot say.
	SinceBoot() time.Duration
	// BootID differs after every boot; all zero when the system has none.
	BootID() [16]byte
}

// System is this computer's clock.
func System() Clock { return system{boot: bootID()} }

type system struct{ boot [16]byte }

func (system) Now() time.Time           { return time.Now() }
func (system) SinceBoot() time.Duration { return sinceBoot() }
func (s system) BootID() [16]byte       { return s.boot }
