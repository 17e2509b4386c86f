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
	// deliveredPause bounds the pause after a session that brought something; all
	// stations of a province together still spread over two seconds.
	deliveredPause = 2 * time.Second
	refusedPause   = 5 * time.Minute // the office said no for good: ask rarely
	stable         = time.Minute
)

// backoff is the zero value at the start.
type backoff struct{ pause time.Duration }

// next is how long to wait after a session of that length. One that delivered
// something is no reason to wait longer: some links only ever last seconds.
func (b *backoff) next(lasted time.Duration, delivered, refused bool) time.Duration {
	switch {
	case refused:
		b.pause = refusedPause
	case b.pause == 0 || lasted >= stable:
		b.pause = firstPause
	case delivered:
		b.pause = min(b.pause, deliveredPause)
	default:
		b.pause = min(2*b.pause, longestPause)
	}
	return b.pause/2 + rand.N(b.pause)
}
