package lane

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/record"
	"quachot/kiosk/journal"
)

// ShiftBucket is the journal's state bucket of what was counted: key the hour
// since 1970 as 8 bytes, value the CBOR of [hourRow]. A row goes into the
// transaction of the record it counts, so a crash loses no count.
const ShiftBucket = "shift"

// shiftKeep is how long a shift that nobody ended may be taken up again.
const shiftKeep = 18 * time.Hour

// counter is one of the numbers of a shift. Values are on disk: append only.
type counter int

const (
	countScans counter = iota
	countPass
	countCheck
	countStop
	countUnreadable
	countLetThrough
	countTurnedBack
	countToTest
	countToQuarantine
	countDeclarations
	countIncidents
	countNotes
	countCards
	countRepeats
	countPassages // people who went through
	counters
)

var counterNames = [counters]string{
	"scans", "pass", "check", "stop", "unreadable", "let-through", "turned-back", "to-test", "to-quarantine",
	"declarations", "incidents", "notes", "cards", "repeats", "passages",
}

// hourRow is one hour of one shift.
type hourRow struct {
	_       struct{} `cbor:",toarray"`
	Began   int64    // unix ms of the shift
	Officer string
	Counts  []uint64 // by counter
	Gaps    []uint64 // see gapBin
}

// shift is what was counted since the officer came. The lane's mu guards the
// one in force.
type shift struct {
	Officer string
	Began   time.Time
	hours   map[int64]*hourRow // by hour since 1970, at most shiftKeep of them
	latest  int64              // the hour of the last count
	// closedAt is when the last people were done with; zero at the beginning and
	// after a restart.
	closedAt time.Time
}

func newShift(officer string, now time.Time) *shift {
	s := &shift{Officer: officer, Began: now, hours: map[int64]*hourRow{}}
	s.hour(now)
	return s
}

func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

// hour is the row of now. A shift that nobody ends forgets its oldest hours.
func (s *shift) hour(now time.Time) *hourRow {
	s.latest = hourOf(now)
	if row, ok := s.hours[s.latest]; ok {
		return row
	}
	limit := int64(shiftKeep / time.Hour)
	maps.DeleteFunc(s.hours, func(h int64, _ *hourRow) bool { return h <= s.latest-limit || h > s.latest+limit })
	row := &hourRow{Began: s.Began.UnixMilli(), Officer: s.Officer, Counts: make([]uint64, counters)}
	s.hours[s.latest] = row
	return row
}

// add counts; n may be below zero to take back what was counted.
func (s *shift) add(now time.Time, c counter, n int) {
	row := s.hour(now)
	row.Counts[c] = uint64(max(0, int64(row.Counts[c])+int64(n)))
}

// puts is the state to write with the next record: the hour counted last.
func (s *shift) puts() []journal.Put {
	b, err := cbor.Marshal(s.hours[s.latest])
	if err != nil {
		panic(err) // numbers and a string
	}
	return []journal.Put{{Bucket: ShiftBucket, Key: hourKey(s.latest), Value: b, Keep: shiftKeep}}
}

func hourKey(hour int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(hour)) }

func (l *Lane) puts(s *shift) []journal.Put {
	l.mu.Lock()
	defer l.mu.Unlock()
	return s.puts()
}

// count adds to the shift, and gives the state to write with the record that is
// counted, and how to take it back when that was not saved.
func (l *Lane) count(steps ...step) (puts []journal.Put, undo func()) {
	now := l.d.Clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.shift
	s.addAll(now, steps, 1)
	return s.puts(), func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		s.addAll(now, steps, -1)
	}
}

// step is a change of one number.
type step struct {
	counter counter
	n       int
}

func (s *shift) addAll(now time.Time, steps []step, sign int) {
	for _, d := range steps {
		s.add(now, d.counter, sign*d.n)
	}
}

// unfinished is the shift a crash cut short, with nobody on duty yet; a new one
// of nobody when there is none.
func (l *Lane) unfinished() *shift {
	now := l.d.Clock.Now()
	var found *shift
	for back := range int64(shiftKeep / time.Hour) {
		hour := hourOf(now) - back
		row, ok := l.hourRow(hour)
		switch {
		case !ok:
			continue
		case found == nil:
			found = &shift{Officer: row.Officer, Began: time.UnixMilli(row.Began), hours: map[int64]*hourRow{}, latest: hour}
		case row.Began != found.Began.UnixMilli():
			return found
		}
		found.hours[hour] = row
	}
	if found == nil {
		return newShift("", now)
	}
	return found
}

func (l *Lane) hourRow(hour int64) (*hourRow, bool) {
	b, ok := l.d.Journal.Get(ShiftBucket, hourKey(hour))
	if !ok {
		return nil, false
	}
	var row hourRow
	if err := cbor.Unmarshal(b, &row); err != nil {
		l.d.Log.Warn("counts of an hour not readable", "err", err)
		return nil, false
	}
	row.Counts = slices.Concat(row.Counts, make([]uint64, max(0, int(counters)-len(row.Counts)))) // of an older version
	return &row, true
}

// Counts are the numbers of the shift, for the hand-over: "passages" (people who
// went through: who passed and was not sent elsewhere, and who was let through),
// "scans", the four verdicts, the four decisions, "declarations", "incidents",
// "notes", "cards", "repeats"; and "unsent", the records that wait for the
// office.
func (l *Lane) Counts() map[string]uint64 {
	unsent := l.d.Journal.Counts().Unsent
	l.mu.Lock()
	defer l.mu.Unlock()
	all := map[string]uint64{"unsent": unsent}
	for i, name := range counterNames {
		for _, row := range l.shift.hours {
			all[name] += row.Counts[i]
		}
	}
	return all
}

func verdictCounter(v record.Verdict) counter { return countScans + counter(min(v, record.Unreadable)) }

func decisionCounter(d record.Decision) counter { return countUnreadable + counter(d) }
