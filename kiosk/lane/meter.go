package lane

import (
	"time"

	"quachot/internal/record"
)

// Meter is how fast the lane is in the shift that is under way.
type Meter struct {
	Since time.Time // when the shift began
	// PerMinute is scans a minute over the last five minutes, or since the shift
	// began if that is less.
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
	// people it closed, while the next one was waiting already; 0 when there were
	// none. See queuedWithin.
	PerPerson time.Duration
}
