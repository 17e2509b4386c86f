// Package checkpoint says what a station thinks of one scanned text: it reads
// the credential, proves it, and holds it against the lists that came down from
// the office. It has no screen, no disk and no clock of its own; one input, one
// answer (design, section 6).
//
// The order is fixed: recognise, verify, revoked or expired, watch-list, age of
// the lists, rules, recent scan. Validity always comes before duplicates, every finding is a [record.Reason],
// and the worst one is the verdict. Nothing that is not signed is ever green.
package checkpoint

import (
	"time"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/rules"
	"quachot/internal/wire"
)

// Lists is what Judge asks of the lists; [quachot/kiosk/lists.Snapshot] is one.
type Lists interface {
	Trusted() *credential.Trusted
	// Revoked tells of a card by its 13-digit number or by the hash of its
	// token; 0 and the zero hash ask for nothing.
	Revoked(card uint64, token [32]byte) bool
	// Watch finds the entry of one identity key. Details that do not open are
	// empty, and the entry counts all the same.
	Watch(k identity.Keys) (wire.WatchDetails, bool)
	Settings() wire.Settings
	AsOf() time.Time // office time of the lists; zero when none ever came
}

// Seen is the last scan of an identity key.
type Seen struct {
	At        time.Time        `cbor:"1,keyasint" json:"at"`
	Direction record.Direction `cbor:"2,keyasint,omitempty" json:"direction,omitempty"`
	Verdict   record.Verdict   `cbor:"3,keyasint" json:"verdict"`
	Lane      string           `cbor:"4,keyasint,omitempty" json:"lane,omitempty"`
}

// Input is all that one verdict depends on.
type Input struct {
	Text string
	Now  time.Time // wall clock
	// LatestOffice is a time the office's clock has certainly reached; zero when
	// the office was never heard of.
	LatestOffice time.Time
	// Ahead is how far Now is measured to be ahead of the office's clock; 0 when
	// nobody measured it, or it is behind.
	Ahead     time.Duration
	Direction record.Direction
	Lists     Lists
	// Derive gives the identity keys of documents, in their order. It costs
	// milliseconds, so Judge calls it once, and not for what nobody can be
	// known by.
	Derive func([]identity.Document) []identity.Keys
	// Recent finds the last scan of an identity key; nil = no memory.
	Recent func(identity.Match) (Seen, bool)

	// Rules are asked last; nil asks none.
	Rules *rules.Set
	// Declared finds the health declaration of an identity key and when it was
	// made; nil = no memory. What is older than [DeclaredFor] does not count.
	Declared func(identity.Match) (record.Declaration, time.Time, bool)
	Post     wire.Post // where the station stands; zero = not known
	// Level is the epidemic level there, 1 to 4, see [LevelAt]; 0 = the office's
	// for everywhere.
	Level   uint8
	Purpose string // what this lane takes people to travel for; "" = not set
	Vehicle *Ride  // the one that is open; nil = on foot
}

// Ride is what people sit in, as far as the officer has written it down.
type Ride struct {
	Plate  string
	Type   string // a code of quachot/assets/rules.Vehicles
	Permit string // green-lane permit; "" = none was shown
	// Purpose is what it travels for; "" = not said, then the lane's counts.
	Purpose string
}

// Outcome is what came out, for the record and for the screen.
type Outcome struct {
	Reading credential.Reading
	// Keys are the identity keys of the person: of the documents in the reading
	// and of our card's number. Empty when the text could not be read.
	Keys    []identity.Keys
	Verdict record.Verdict
	Reasons []record.Reason    // the weightiest first
	Watch   *wire.WatchDetails // of the watch-list entry that was hit
	Last    *Seen              // the latest scan within 24 h of one of Keys
}

// Judge reads and judges one scanned text.
func Judge(in Input) Outcome {
	c := newCase(in)
	return c.judge(credential.Read(in.Text, in.Lists.Trusted(), c.now))
}

// Vehicle says what the watch-list has on a plate, and the entry's details. Of in
// only the time, Lists and Derive are looked at. A plate that is empty is
// nobody's.
func Vehicle(plate string, in Input) ([]record.Reason, *wire.WatchDetails) {
	c := newCase(in)
	c.vehicle(plate)
	return c.out.Reasons, c.out.Watch
}
