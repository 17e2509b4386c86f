package lane

import (
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/kiosk/journal"
)

// StayBucket is the journal's state bucket of who lodges here, key the 16 bytes
// of an identity key, value the CBOR of a [record.Stay].
const StayBucket = "stay"

// kindLodging is the kind of post where people stay overnight.
const kindLodging = "lodging"

// stayGrace is how long after the last night a guest is still known as one.
const stayGrace = 48 * time.Hour

// stay is the state to write with a passage that begins or ends a stay, for the
// people of its scans; back takes it back.
func (l *Lane) stay(s *record.Stay, scans []record.ID, back bool) (puts []journal.Put) {
	if s == nil {
		return nil
	}
	var value []byte // nil: nobody's any more
	if s.Left == back {
		var err error
		if value, err = cbor.Marshal(record.Stay{Room: s.Room, Nights: s.Nights}); err != nil {
			panic(err) // a string and a number
		}
	}
	keep := time.Duration(s.Nights)*24*time.Hour + stayGrace
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, scan := range l.known(scans) {
		for _, m := range scan.keys {
			puts = append(puts, journal.Put{Bucket: StayBucket, Key: m[:], Value: value, Keep: keep})
		}
	}
	return puts
}

// lodges finds the stay of a person; nil when there is none, or this is no
// lodging.
func (l *Lane) lodges(keys []identity.Keys) *record.Stay {
	if l.kind() != kindLodging {
		return nil
	}
	for _, k := range keys {
		b, ok := l.d.Journal.Get(StayBucket, k.Match[:])
		if !ok || len(b) == 0 {
			continue
		}
		var s record.Stay
		if err := cbor.Unmarshal(b, &s); err != nil {
			l.d.Log.Warn("a stay is not readable", "err", err)
			continue
		}
		return &s
	}
	return nil
}
