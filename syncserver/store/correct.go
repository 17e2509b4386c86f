package store

import (
	"time"

	"quachot/internal/record"
)

// drift is how much an uncorrected laptop clock may go wrong in time.
const drift = 200e-6

// The corrected time of a record lies within these bounds around its receipt;
// what lies outside is clamped and its uncertainty says so.
const (
	maxAge    = 400 * 24 * time.Hour
	maxFuture = 24 * time.Hour
)

// unmeasured is the uncertainty of a clock that no exchange tells about.
const unmeasured = time.Hour

// Correct computes when a record was made from what its segment and the
// exchange that brought it tell, and nothing else, so that it can be computed
// again: by the time since boot when the exchange was in the same boot, else by
// the wall clock, taken to be as wrong then as at the exchange.
func Correct(h record.Header, offset time.Duration, x Exchange) (at, corrected time.Time, uncertainty time.Duration) {
	at = time.UnixMilli(h.Wall).Add(offset)
	received := time.UnixMilli(x.Received)
	bound := time.Duration(x.BoundMS) * time.Millisecond
	switch {
	case x.Known && x.Boot != [16]byte{} && x.Boot == h.Boot:
		up := time.Duration(h.SinceBoot)*time.Millisecond + offset
		corrected = time.UnixMilli(x.BootWall).Add(up)
		age := (time.Duration(x.SinceBoot)*time.Millisecond - up).Abs()
		uncertainty = bound + time.Duration(float64(age)*drift)
	case x.Known:
		skew := time.Duration(x.SkewMS) * time.Millisecond
		corrected = at.Add(-skew)
		age := received.Sub(corrected).Abs()
		uncertainty = bound + skew.Abs() + time.Duration(float64(age)*drift)
	default:
		corrected, uncertainty = at, unmeasured
	}
	return clamp(at, corrected, received, uncertainty)
}

func clamp(at, corrected, received time.Time, uncertainty time.Duration) (time.Time, time.Time, time.Duration) {
	inside := corrected
	if low := received.Add(-maxAge); inside.Before(low) {
		inside = low
	}
	if high := received.Add(maxFuture); inside.After(high) {
		inside = high
	}
	if !inside.Equal(corrected) {
		uncertainty = max(uncertainty, corrected.Sub(inside).Abs())
	}
	return at, inside, uncertainty
}
