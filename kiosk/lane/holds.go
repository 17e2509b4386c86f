package lane

import (
	"github.com/fxamacker/cbor/v2"

	"quachot/internal/record"
	"quachot/kiosk/journal"
)

// HoldsBucket is the journal's state bucket of what holds at this lane, key "now",
// value the CBOR of [holds]. It goes into the transaction of each context record,
// so that a crash in a shift moves no patrol back to its post.
const HoldsBucket = "holds"

var holdsKey = []byte("now")

// holds is what an officer set and a restart keeps.
type holds struct {
	Direction record.Direction `cbor:"1,keyasint,omitempty"`
	Purpose   string           `cbor:"2,keyasint,omitempty"`
	Place     *record.Place    `cbor:"3,keyasint,omitempty"`
}

// kept is the state to write with a context record.
func kept(c record.Context) []journal.Put {
	b, err := cbor.Marshal(holds{c.Direction, c.Purpose, c.Place})
	if err != nil {
		panic(err) // numbers and texts
	}
	return []journal.Put{{Bucket: HoldsBucket, Key: holdsKey, Value: b, Keep: shiftKeep}}
}

func readHolds(j Journal) (h holds, ok bool) {
	b, ok := j.Get(HoldsBucket, holdsKey)
	if !ok || cbor.Unmarshal(b, &h) != nil {
		return holds{}, false
	}
	return h, true
}

// LastDirection is the way this station's lane looked when it worked last, less
// than 18 hours ago; else the other one.
func LastDirection(j Journal, otherwise record.Direction) record.Direction {
	if h, ok := readHolds(j); ok && (h.Direction == record.In || h.Direction == record.Out) {
		return h.Direction
	}
	return otherwise
}
