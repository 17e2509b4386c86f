package lane

import (
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/identity"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/journal"
)

// RecentBucket is the journal's state bucket of the last scan per identity key,
// key the 16 bytes, value the CBOR of [checkpoint.Seen].
const RecentBucket = "recent"

// recentKeep is how long a last scan is remembered, over restarts too.
const recentKeep = 24 * time.Hour

// recent finds the last scan of an identity key. The journal answers also for
// what it holds in memory only.
func (l *Lane) recent(m identity.Match) (s checkpoint.Seen, ok bool) {
	b, ok := l.d.Journal.Get(RecentBucket, m[:])
	if !ok {
		return s, false
	}
	if err := cbor.Unmarshal(b, &s); err != nil {
		l.d.Log.Warn("last scan not readable", "err", err)
		return checkpoint.Seen{}, false
	}
	return s, true
}

// remember makes the changes of state that go into the scan's own commit.
func remember(keys []identity.Keys, seen checkpoint.Seen) []journal.Put {
	if len(keys) == 0 {
		return nil
	}
	b, err := encodeTime.Marshal(seen)
	if err != nil {
		panic(err) // a struct of our own with nothing that cannot be encoded
	}
	puts := make([]journal.Put, len(keys))
	for i, k := range keys {
		puts[i] = journal.Put{Bucket: RecentBucket, Key: k.Match[:], Value: b, Keep: recentKeep}
	}
	return puts
}

// encodeTime keeps milliseconds, which CBOR's default time drops.
var encodeTime = func() cbor.EncMode {
	m, err := cbor.EncOptions{Time: cbor.TimeUnixDynamic}.EncMode()
	if err != nil {
		panic(err) // constant options
	}
	return m
}()
