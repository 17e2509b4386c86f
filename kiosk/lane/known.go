package lane

import (
	"errors"
	"fmt"
	"time"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/kiosk/checkpoint"
)

// ErrNoScan is for a scan this lane does not remember.
var ErrNoScan = errors.New("no such scan of this lane")

// keepScans is how many scans back a decision may name one by its number alone,
// and how many decisions back one may be undone.
const keepScans = 2000

// keepReadings is how many scans back a declaration is judged with what was read:
// a full bus.
const keepReadings = 100

// scanned is a scan as decisions and declarations need it.
type scanned struct {
	id      record.ID
	at      time.Time // when it was read
	verdict record.Verdict
	keys    []identity.Match
	reading *credential.Reading // nil when keepReadings others came since, or nothing could be read
	done    bool                // the person was dealt with: nothing is to decide, or it was decided
	through bool                // the person is counted among those who went through
}

// closing is a decision as its undoing needs it.
type closing struct {
	id      record.ID
	passage record.Passage
	scans   []record.ID
	through int // people counted as gone through beyond the scans
	undone  bool
}

// scanned remembers a scan that was saved.
func (l *Lane) scanned(read time.Time, id record.ID, o checkpoint.Outcome) {
	done := closesItself(o.Verdict, l.kind() == kindPlace)
	s := &scanned{id: id, at: read, verdict: o.Verdict, done: done, through: done}
	for _, k := range o.Keys {
		s.keys = append(s.keys, k.Match)
	}
	if o.Reading.Kind != credential.Unknown {
		s.reading = &o.Reading
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.scans = latest(append(l.scans, s))
	if n := len(l.scans); n > keepReadings {
		l.scans[n-keepReadings-1].reading = nil
	}
}

// latest cuts a list to what is remembered, now and then.
func latest[T any](all []*T) []*T {
	if len(all) <= 2*keepScans {
		return all
	}
	n := copy(all, all[len(all)-keepScans:])
	clear(all[n:])
	return all[:n]
}

// named is the full names of scans given by their seq alone or in full.
func (l *Lane) named(seqs []uint64, full []record.ID) ([]record.ID, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []record.ID
	for _, seq := range seqs {
		s := l.bySeq(seq)
		if s == nil {
			return nil, fmt.Errorf("scan %d: %w", seq, ErrNoScan)
		}
		found = append(found, s.id)
	}
	return append(found, full...), nil
}

// bySeq is the newest scan with that seq; nil = none. The caller holds mu.
func (l *Lane) bySeq(seq uint64) *scanned {
	for i := len(l.scans) - 1; i >= 0; i-- {
		if l.scans[i].id.Seq == seq {
			return l.scans[i]
		}
	}
	return nil
}

// known are those of ids that are remembered. The caller holds mu.
func (l *Lane) known(ids []record.ID) (found []*scanned) {
	for _, id := range ids {
		for i := len(l.scans) - 1; i >= 0; i-- {
			if l.scans[i].id == id {
				found = append(found, l.scans[i])
				break
			}
		}
	}
	return found
}

// split names the scans of segment by seq and all others in full.
func split(scans []record.ID, segment record.SegmentID) (seqs []uint64, full []record.ID) {
	for _, id := range scans {
		if id.Segment == segment {
			seqs = append(seqs, id.Seq)
		} else {
			full = append(full, id)
		}
	}
	return seqs, full
}
