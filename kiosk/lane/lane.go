// Package lane does one lane's work: a scanned text is judged, saved and only
// then answered; the officer's decisions and declarations go the same way. The
// window and `kiosk lane` both stand on it. It knows no device and no screen.
package lane

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"quachot/internal/clock"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/journal"
	"quachot/kiosk/lists"
)

// Journal is what a lane needs of [journal.Journal].
type Journal interface {
	Append(ctx context.Context, items ...journal.Item) ([]journal.Saved, error)
	Get(bucket string, key []byte) ([]byte, bool)
	Roll(why string) error
	Counts() journal.Counts
}

// Deps is what a lane stands on.
type Deps struct {
	Journal Journal
	Lists   func() *lists.Snapshot // the lists in force, asked for each scan
	Deriver *identity.Deriver
	Clock   clock.Clock
	Post    string // post code
	Name    string // of the lane, such as "2"; may be empty
	// Province is the two digits the station's number begins with, for the epidemic
	// level; "" = not known.
	Province string
	Log      *slog.Logger
	// LatestOffice is a time the office's clock has certainly reached; nil or a
	// zero time when it is not known.
	LatestOffice func() time.Time
	// Skew is how far this clock is ahead of the office's; nil when nobody
	// measures it.
	Skew func() (ahead time.Duration, ok bool)
	// Scanner names the device, for the context records.
	Scanner string
}

// Result is one scan, judged and saved.
type Result struct {
	checkpoint.Outcome
	ID      record.ID // zero when the journal took nothing
	At      time.Time
	Took    time.Duration // from the call of Scan until the record was safe
	Durable bool          // false: in memory only ("CHƯA GHI"), the journal tries again
	Health  string        // of the journal, see its Health constants
	Stay    *record.Stay  // at a lodging: the person has a room here; nil = none
	// Repeat says that the same code was read less than RepeatWithin ago: this
	// is the answer given then, no new record, and the read is counted in the
	// next record.
	Repeat bool
}

// Lane is one lane. Its methods are safe for concurrent use: several scanners
// may feed one lane, and then share the journal's commits. Make it with New.
type Lane struct {
	d         Deps                                      // set by New
	preparing chan struct{}                             // bounds what Prepare has under way
	derive    func([]identity.Document) []identity.Keys // tests count them

	// order is held for reading over each append, and for writing over those
	// that change what holds for the records after them (context, shift): so a
	// record is never on the wrong side of its context. It is the one mutex here
	// that is held over the disk.
	order sync.RWMutex

	mu        sync.Mutex // guards what is below; never held over the disk
	officer   string
	direction record.Direction
	purpose   string                 // that people are taken to travel for
	place     *record.Place          // where a patrol stands; nil = where the post is
	ride      *checkpoint.Ride       // the vehicle that is open; nil = none is
	written   record.Context         // the last context on record
	segment   record.SegmentID       // of the last record
	contextIn record.SegmentID       // segment that written stands in
	scans     []*scanned             // the latest, newest last
	passages  []*closing             // the latest, newest last
	shift     *shift                 // what was counted since the officer came
	inside    inside                 // who is in, at a place
	reads     map[string]*read       // codes of the last RepeatWithin
	repeats   uint                   // not in a record yet
	fields    map[fieldsKey]struct{} // documents whose fields are on record today in this segment
	fieldsDay string
}

// New makes a lane that looks one way, with nobody on duty. It writes nothing
// before the first record. What was counted in a shift that a crash cut short is
// taken up again, and so are purpose and place.
func New(d Deps, dir record.Direction) *Lane {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	d.Log = d.Log.With("part", "lane")
	l := &Lane{
		d: d, direction: dir, preparing: make(chan struct{}, preparing), derive: d.Deriver.DeriveAll,
		reads:  map[string]*read{},
		fields: map[fieldsKey]struct{}{},
	}
	if h, ok := readHolds(d.Journal); ok {
		l.purpose, l.place = h.Purpose, h.Place
	}
	l.shift = l.unfinished()
	l.inside = l.whoIsIn()
	return l
}

// Direction is the way the lane looks.
func (l *Lane) Direction() record.Direction {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.direction
}

// Purpose is what people are taken to travel for; empty when nothing is.
func (l *Lane) Purpose() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.purpose
}

// Place is where a patrol stands; false when it stands where its post is.
func (l *Lane) Place() (record.Place, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.place == nil {
		return record.Place{}, false
	}
	return *l.place, true
}

// Officer is who is on duty; empty when nobody is.
func (l *Lane) Officer() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.officer
}
