package lane

import (
	"errors"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/journal"
)

// ErrPlace is for a map point that is none.
var ErrPlace = errors.New("no such point on the earth")

// kindPlace is the kind of post where people scan themselves and an officer is
// not needed: a market, an office.
const kindPlace = "place"

// InsideBucket is the journal's state bucket of how many people are in, key
// "now", value the CBOR of [inside].
const InsideBucket = "inside"

// inside counts who came in and did not go out again today.
type inside struct {
	_   struct{} `cbor:",toarray"`
	Day string   // in Viet Nam
	N   int
}

// post is this lane's post as the office describes it; only the code is known
// before the first lists came.
func (l *Lane) post() wire.Post {
	for _, p := range l.d.Lists().Settings().Posts {
		if p.Code == l.d.Post {
			return p
		}
	}
	return wire.Post{Code: l.d.Post}
}

func (l *Lane) kind() string { return l.post().Kind }

// Kind is the kind of the post: road, place, lodging, patrol; "" = not known yet.
func (l *Lane) Kind() string { return l.kind() }

// Inside is how many people are in now, at a place: in minus out, today. Who
// scans twice the same way is counted once.
func (l *Lane) Inside() int {
	today := dayOf(l.d.Clock.Now())
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inside.Day != today {
		return 0
	}
	return l.inside.N
}

// enter counts a person who came in or went out.
func (l *Lane) enter(way record.Direction, o checkpoint.Outcome) (puts []journal.Put, undo func()) {
	today := dayOf(l.d.Clock.Now())
	if !closesItself(o.Verdict, true) || wentAlready(o.Last, way, today) {
		return nil, func() {}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inside.Day != today {
		l.inside = inside{Day: today}
	}
	before := l.inside.N
	if way == record.Out {
		l.inside.N = max(0, before-1)
	} else {
		l.inside.N = before + 1
	}
	b, err := cbor.Marshal(l.inside)
	if err != nil {
		panic(err) // a string and a number
	}
	by := l.inside.N - before
	return []journal.Put{{Bucket: InsideBucket, Key: []byte("now"), Value: b, Keep: 24 * time.Hour}}, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.inside.N = max(0, l.inside.N-by)
	}
}

// wentAlready says that the person went that way today and did not come back.
func wentAlready(last *checkpoint.Seen, way record.Direction, today string) bool {
	return last != nil && last.Direction == way && dayOf(last.At) == today && closesItself(last.Verdict, true)
}

// whoIsIn takes the count up again after a restart.
func (l *Lane) whoIsIn() (in inside) {
	b, ok := l.d.Journal.Get(InsideBucket, []byte("now"))
	if !ok {
		return inside{}
	}
	if err := cbor.Unmarshal(b, &in); err != nil {
		l.d.Log.Warn("how many people are in is not readable", "err", err)
		return inside{}
	}
	return in
}

// dayOf is the day in Viet Nam.
func dayOf(t time.Time) string { return t.In(zone).Format(time.DateOnly) }
