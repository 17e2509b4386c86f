package uplink

import (
	"math/rand/v2"
	"time"
)

// Pauses between attempts: doubled each time up to the longest, spread by half
// so that all stations of a province do not come back in one second, and short
// again only after a link that lasted.
const (
	firstPause   = 500 * time.Millisecond
	longestPause = time.Minute
	refusedPause = 5 * time.Minute // the office said no for good: ask rarely
	stable       = time.Minute
)

// backoff is the zero value at the start.
type backoff struct{ pause time.Duration }

// next is how long to wait after a session of that length.
func (b *backoff) next(lasted time.Duration, refused bool) time.Duration {
	switch {
	case refused:
		b.pause = refusedPause
	case b.pause == 0 || lasted >= stable:
		b.pause = firstPause
	default:
		b.pause = min(2*b.pause, longestPause)
	}
	return b.pause/2 + rand.N(b.pause)
}
