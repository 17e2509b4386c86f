package clock

import (
	"sync"
	"time"
)

// Exchange is one question and answer between station and office. Times since
// boot are used for the round trip and to carry the result on, because the wall
// clock may be set in between.
type Exchange struct {
	SentWall      time.Time     // station's wall clock when the question left
	SentBoot      time.Duration // station's time since boot then; 0 = unknown
	ReceivedWall  time.Time
	ReceivedBoot  time.Duration
	OfficeAnswers time.Time // office's clock when the answer left
}

// Office estimates the office's clock from exchanges. The zero value knows
// nothing; safe for concurrent use.
type Office struct {
	mu     sync.Mutex
	known  bool
	at     time.Duration // time since boot of the estimate
	office time.Time     // office's time at that moment
	margin time.Duration // the truth lies within office +- margin
	latest time.Time     // highest office time ever seen
	seen   time.Duration // time since boot when it was seen; 0 = unknown
}

// drift is how much an uncorrected laptop clock may go wrong in time: 200 ppm is
// four times what a common crystal does.
const drift = 200e-6

// Observe takes in one exchange. Of two estimates the one with the narrower
// margin now is kept, so a slow link does not spoil what a fast one showed.
func (o *Office) Observe(e Exchange) {
	trip := e.ReceivedBoot - e.SentBoot
	if e.SentBoot == 0 || trip < 0 {
		trip = e.ReceivedWall.Sub(e.SentWall)
	}
	if trip < 0 || trip > time.Hour || e.OfficeAnswers.IsZero() {
		return // the clock was set while we waited: this exchange says nothing
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.see(e.OfficeAnswers, e.ReceivedBoot)
	margin := trip / 2
	if o.known && e.ReceivedBoot != 0 && o.marginAt(e.ReceivedBoot) < margin {
		return
	}
	o.known, o.at, o.margin = true, e.ReceivedBoot, margin
	o.office = e.OfficeAnswers.Add(margin)
}

// See takes in a time that the office signed, for example a manifest's as_of,
// without saying how long ago. It only raises Latest.
func (o *Office) See(t time.Time, sinceBoot time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.see(t, sinceBoot)
}

func (o *Office) see(t time.Time, sinceBoot time.Duration) {
	if t.After(o.latestAt(sinceBoot)) {
		o.latest, o.seen = t, sinceBoot
	}
}

// Latest is a time the office's clock has certainly reached; zero when it was
// never heard of.
func (o *Office) Latest(c Clock) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.latestAt(c.SinceBoot())
}

func (o *Office) latestAt(now time.Duration) time.Time {
	if o.latest.IsZero() || o.seen == 0 || now < o.seen {
		return o.latest
	}
	return o.latest.Add(now - o.seen)
}

// Skew is how far the station's wall clock is ahead of the office's (negative
// when it is behind), and by how much that may be wrong. False when no exchange
// has told.
func (o *Office) Skew(c Clock) (skew, margin time.Duration, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.known {
		return 0, 0, false
	}
	now := c.SinceBoot()
	office := o.office
	if o.at != 0 && now > o.at {
		office = office.Add(now - o.at)
	}
	return c.Now().Round(0).Sub(office), o.marginAt(now), true
}

func (o *Office) marginAt(now time.Duration) time.Duration {
	return o.margin + time.Duration(float64(max(0, now-o.at))*drift)
}
