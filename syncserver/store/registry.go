package store

import (
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
)

// The days of files and of reports are the days of Vietnam.
var zone = time.FixedZone("+07", 7*60*60)

// Day is the day of t in Vietnam, YYYY-MM-DD.
func Day(t time.Time) string { return t.In(zone).Format(time.DateOnly) }

// Post is a place where stations stand.
type Post struct {
	Code string // unique, compared without regard to case
	Name string
	Kind string // road, place, lodging, patrol
	At   *[2]float64
}

// States of a station.
const (
	Invited = "invited" // its code was not used yet
	Active  = "active"
	Retired = "retired" // given back: may still deliver what it has
	Lost    = "lost"    // refused
)

// Station is one laptop.
type Station struct {
	ID       string // 6 digits
	Name     string
	Post     string // code
	State    string
	Issuer   bool
	Computer string // the name it gave itself
	Key      []byte // Ed25519; nil while invited
	Epoch    uint64
	Created  time.Time
	Enrolled time.Time
	Ended    time.Time // when it was revoked
	Seen     Seen

	// What is stored of it.
	Held    uint64 // records in contiguous prefixes
	Stored  uint64 // records stored anywhere
	Pending uint64
	Forked  bool
}

// Seen is what a station told last.
type Seen struct {
	At      time.Time // zero = never
	Program string
	Unsent  uint64
	Serial  uint64 // of its manifest
	AsOf    time.Time
	SkewMS  *int64
	Lists   map[string]uint64
}

// NewStation asks for a number.
type NewStation struct {
	Prefix  string // province, 2 digits
	Name    string
	Post    string // code
	Issuer  bool
	Token   [10]byte
	Created time.Time
	Expires time.Time // of the code
}

// Code is an enrolment code that was given out.
type Code struct {
	Token   [10]byte
	Station string
	Issuer  bool
	Expires time.Time
	Key     []byte // who used it; nil = nobody
}

// Enrolment uses a code.
type Enrolment struct {
	Token    [10]byte
	Key      []byte
	Computer string
	At       time.Time
	CardKey  *CardKey // of an issuer
}

// Officer is somebody who may log in at a station.
type Officer struct {
	ID   string // given by AddOfficer when empty
	Name string
	Role string // steward, issuer, supervisor
	PIN  string // Argon2id verifier, PHC
	// Badge is the SHA-256 of the secret in the badge that counts; nil = none was
	// made.
	Badge []byte
}

// Account is somebody who may log in at the office.
type Account struct {
	Name     string // unique
	Role     string // viewer, tracer, admin
	Password string // Argon2id verifier, PHC
	Created  time.Time
}

// Audit is one line of who did what.
type Audit struct {
	At   time.Time
	Who  string
	What string
	On   string
}

// Watch is one wish of the office to stop a person.
type Watch struct {
	Document identity.Document
	Details  wire.WatchDetails
	Added    time.Time
}

// Sealed is a finished entry with the details it was made of, so that it is
// made again only when these change.
type Sealed struct {
	Entry   wire.WatchEntry
	Details wire.WatchDetails
}

// Revocation takes a card out of use.
type Revocation struct {
	Card   uint64
	Token  []byte // of one token; empty = every token of the number
	Reason string
	At     time.Time
}

// CardKey is a certified issuing key.
type CardKey struct {
	wire.CardKey
	Station string
}

// List is one published list.
type List struct {
	wire.ListEntry
	Content []byte
}

// ID names a record.
type ID = record.ID
