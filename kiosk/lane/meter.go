package lane

import (
	"time"

	"quachot/internal/record"
)

// Meter is how fast the lane is in the shift that is under way.
type Meter struct {
	Since time.Time // when the shift began
	// PerMinute is scans a minute over the last five minutes of this program, or
	// since the shift began if that is less.
	PerMinute float64
	Total     Hour   // of the whole shift; Start is Since
	Hours     []Hour // the full hours of Viet Nam's clock, oldest first, empty ones between too
}

// Hour is what a lane did in one hour.
type Hour struct {
	Start        time.Time
	Scans        uint64
	Verdicts     [record.Unreadable + 1]uint64   // by verdict
	Decisions    [record.ToQuarantine + 1]uint64 // by decision; the undone ones are not among them
	Declarations uint64
	// PerPerson is the median time from one closing to the next, divided by the
	// people it closed, while the next one was waiting already (queuedWithin); 0
	// when nobody waited.
	PerPerson time.Duration
}

const (
	meterSpan = 5 * time.Minute
	// queuedWithin is how soon after a closing the next code has to be read for
	// its person to have stood in a queue: as long as walking up takes.
	queuedWithin = 10 * time.Second
)

// Meter is how fast the lane is.
func (l *Lane) Meter() Meter {
	now := l.d.Clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.shift
	m := Meter{Since: s.Began, PerMinute: l.perMinute(now)}
	total := hourRow{Counts: make([]uint64, counters)}
	first := s.latest
	for h, row := range s.hours {
		first = min(first, h)
		total.add(row)
	}
	m.Total = total.hour(s.Began)
	for h := first; h <= s.latest; h++ {
		row, ok := s.hours[h]
		if !ok {
			row = &hourRow{Counts: make([]uint64, counters)}
		}
		m.Hours = append(m.Hours, row.hour(time.Unix(h*3600, 0).In(zone)))
	}
	return m
}

// perMinute is counted from the scans in memory. The caller holds mu.
func (l *Lane) perMinute(now time.Time) float64 {
	span := min(meterSpan, max(now.Sub(l.shift.Began), time.Minute))
	n := 0
	for i := len(l.scans) - 1; i >= 0 && now.Sub(l.scans[i].at) < span; i-- {
		n++
	}
	return float64(n) / span.Minutes()
}

func (r *hourRow) add(o *hourRow) {
	for i, n := range o.Counts[:counters] {
		r.Counts[i] += n
	}
	for bin, n := range o.Gaps {
		r.gaps(bin, n)
	}
}

func (r *hourRow) gaps(bin int, n uint64) {
	if len(r.Gaps) <= bin {
		r.Gaps = append(r.Gaps, make([]uint64, bin+1-len(r.Gaps))...)
	}
	r.Gaps[bin] += n
}

func (r *hourRow) hour(start time.Time) Hour {
	h := Hour{Start: start, Scans: r.Counts[countScans], Declarations: r.Counts[countDeclarations], PerPerson: medianGap(r.Gaps)}
	for v := record.Pass; v <= record.Unreadable; v++ {
		h.Verdicts[v] = r.Counts[verdictCounter(v)]
	}
	for d := record.LetThrough; d <= record.ToQuarantine; d++ {
		h.Decisions[d] = r.Counts[decisionCounter(d)]
	}
	return h
}

// closed notes that people were done with, at now; their first code was read
// at read. The caller holds mu.
func (l *Lane) closed(read, now time.Time, people int) {
	s := l.shift
	before := s.closedAt
	s.closedAt = now
	if before.IsZero() || read.Sub(before) > queuedWithin || now.Before(before) || people < 1 {
		return
	}
	s.hour(now).gaps(gapBin(now.Sub(before)/time.Duration(people)), uint64(people))
}

// Gaps are counted in bins: half seconds up to 10 s, seconds up to 30 s, then 5 s
// up to 2 minutes, and all above in the last.
const lastGapBin = 20 + 20 + 18

func gapBin(d time.Duration) int {
	switch s := d.Seconds(); {
	case s < 10:
		return int(2 * s)
	case s < 30:
		return 20 + int(s-10)
	default:
		return 40 + min(int((s-30)/5), lastGapBin-40)
	}
}

// binGap is the middle of a bin.
func binGap(bin int) time.Duration {
	switch {
	case bin < 20:
		return time.Duration(2*bin+1) * time.Second / 4
	case bin < 40:
		return time.Duration(2*(bin-20)+21) * time.Second / 2
	default:
		return 30*time.Second + time.Duration(2*(bin-40)+1)*5*time.Second/2
	}
}

func medianGap(bins []uint64) time.Duration {
	var all, sum uint64
	for _, n := range bins {
		all += n
	}
	if all == 0 {
		return 0
	}
	for bin, n := range bins {
		if sum += n; 2*sum >= all {
			return binGap(bin)
		}
	}
	return 0
}
