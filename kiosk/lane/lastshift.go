package lane

import (
	"github.com/fxamacker/cbor/v2"

	"quachot/internal/record"
	"quachot/kiosk/journal"
)

// LastShiftBucket is the journal's state bucket of the shift that ended last, for
// whoever comes next: one key, value the CBOR of [LastShift].
const LastShiftBucket = "last-shift"

var lastShiftKey = []byte("last")

// LastShift is a shift that ended.
type LastShift struct {
	Officer string            `cbor:"1,keyasint"`
	Next    string            `cbor:"2,keyasint,omitempty"` // who took over; "" = nobody followed at once
	Began   int64             `cbor:"3,keyasint"`           // unix ms
	Ended   int64             `cbor:"4,keyasint"`
	Counts  map[string]uint64 `cbor:"5,keyasint,omitempty"` // see [Lane.Counts]
}

// ReadLastShift is the shift that ended last on this station; false when none
// did, or it cannot be read.
func ReadLastShift(j Journal) (LastShift, bool) {
	var last LastShift
	b, ok := j.Get(LastShiftBucket, lastShiftKey)
	return last, ok && cbor.Unmarshal(b, &last) == nil
}

// lastShift is the state to write with the end of a shift. Nobody took over from
// an officer who was no longer there.
func (l *Lane) lastShift(out record.Shift, before, next string) journal.Put {
	if before == "" {
		next = ""
	}
	l.mu.Lock()
	began := l.shift.Began
	l.mu.Unlock()
	b, err := cbor.Marshal(LastShift{
		Officer: out.Officer, Next: next, Began: began.UnixMilli(), Ended: l.d.Clock.Now().UnixMilli(), Counts: out.Counts,
	})
	if err != nil {
		panic(err) // numbers and texts
	}
	return journal.Put{Bucket: LastShiftBucket, Key: lastShiftKey, Value: b}
}
