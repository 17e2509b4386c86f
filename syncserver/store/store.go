// Package store is the contract of the office's memory: what stations sent, as
// it came (raw) and opened (records), and what the office itself decided
// (posts, stations, officers, accounts, lists). store/sqlite implements it;
// store/storetest is the suite every implementation passes.
//
// The raw batches are the truth about records: everything else about records is
// a projection that can be rebuilt. A delivery is answered only after, in this
// order, the raw batch, the projections and the cursor are durable (design,
// section 12).
package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
)

// Errors that implementations wrap.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("exists already")
	// ErrDisk says that nothing can be written now: full or failing. What was
	// answered before is safe; the caller tries again later.
	ErrDisk = errors.New("the store cannot write now")
	// ErrEpoch says that the station has a newer connection.
	ErrEpoch = errors.New("a newer connection of this station exists")
	// ErrOwner says that the segment belongs to another station.
	ErrOwner = errors.New("the segment belongs to another station")
	// ErrUsed says that an enrolment code was used or has expired.
	ErrUsed = errors.New("the enrolment code was used or has expired")
	// ErrClosed says that the store is closed or closing.
	ErrClosed = errors.New("the store is closed")
	// ErrNewer says that a newer version of the program wrote this data.
	ErrNewer = errors.New("the data was written by a newer version of the program")
)

// Store is everything. Callers that need a part take the part. All methods may
// be called by many goroutines.
type Store interface {
	Intake
	Records
	Raw
	Stations
	People
	Lists
	// Close waits for what is under way, then closes the files.
	Close() error
}

// Intake takes what stations send.
type Intake interface {
	// Ingest hands over one delivery; the channel gives its one answer when it
	// is durable. Deliveries are taken in the order of the calls, and those that
	// wait together are committed together. The same delivery again changes
	// nothing and gets the same answer. Errors wrap ErrEpoch, ErrOwner, ErrDisk
	// or ErrClosed; after an error the whole delivery may be sent again.
	// Ingest waits while too much is under way, until ctx ends.
	Ingest(ctx context.Context, d Delivery) <-chan Answer
	// Progress is what the office holds of each segment, in the order asked;
	// the zero Progress (with the Segment set) of one it does not know.
	Progress(ctx context.Context, station string, segments []record.SegmentID) ([]Progress, error)
	// Retry opens pending records again, all when why is empty, else those that
	// wait for that; it says how many are readable now.
	Retry(ctx context.Context, why string) (int, error)
	// Wake gives a channel that receives after something was stored or a
	// station changed, until ctx ends. It has room for one signal, is never
	// closed and never waited for; signals may be merged, none is lost.
	Wake(ctx context.Context) <-chan struct{}
}

// Records are the opened records.
type Records interface {
	// Records gives what the query asks for in the order of N. It stops at the
	// first error, which comes with a zero Record.
	Records(ctx context.Context, q Query) iter.Seq2[Record, error]
	// Latest are the newest records, newest first.
	Latest(ctx context.Context, limit int) ([]Record, error)
	// Links are the documents that records or the issuing of cards showed to
	// belong to one person, doc itself first; at most MaxLinks.
	Links(ctx context.Context, doc identity.Document) ([]identity.Document, error)
	// Link says that these documents are one person's. It gives the ones that
	// were not linked with each other before.
	Link(ctx context.Context, docs []identity.Document, why string) ([]identity.Document, error)
	// LinksAfter are the links made after the one numbered after, oldest first.
	LinksAfter(ctx context.Context, after uint64, limit int) ([]NewLink, error)
	// Card is what is known of one of our cards.
	Card(ctx context.Context, number uint64) (Card, error)
	// PutCards remembers cards that the office issued.
	PutCards(ctx context.Context, cards []Card) error
}

// MaxLinks bounds the documents of one person: a chain of wrong links must not
// put a town on the watch-list.
const MaxLinks = 64

// Raw is the truth as it arrived, for the checker and for rebuilding.
type Raw interface {
	// Segments are a station's segments, oldest first; of all stations when
	// station is empty.
	Segments(ctx context.Context, station string) ([]Segment, error)
	// Batches gives every stored batch of a segment by First, then arrival.
	Batches(ctx context.Context, segment record.SegmentID) iter.Seq2[Batch, error]
}

// Stations are posts and the laptops that stand there.
type Stations interface {
	AddPost(ctx context.Context, p Post) error
	Posts(ctx context.Context) ([]Post, error)

	// AddStation gives the station its number (prefix and four digits counted
	// up, never used again) and remembers its code.
	AddStation(ctx context.Context, n NewStation) (Station, error)
	Stations(ctx context.Context) ([]Station, error)
	Station(ctx context.Context, id string) (Station, error)
	StationByKey(ctx context.Context, key []byte) (Station, error)
	// RevokeStation ends a station; reason is Retired or Lost.
	RevokeStation(ctx context.Context, id, reason string, at time.Time) error

	// Codes are the enrolment codes that have not expired, used ones too.
	Codes(ctx context.Context, now time.Time) ([]Code, error)
	// Enrol uses a code. The same key again is no error (the answer was lost);
	// another key gets ErrUsed.
	Enrol(ctx context.Context, e Enrolment) (Station, error)

	// NextEpoch raises the station's epoch and gives the new one.
	NextEpoch(ctx context.Context, id string) (uint64, error)
	// Saw remembers what a hello told.
	Saw(ctx context.Context, id string, s Seen) error
}

// People are officers, accounts and the audit.
type People interface {
	AddOfficer(ctx context.Context, o Officer) (Officer, error)
	// ChangeOfficer sets what is not empty of PIN and Badge. ErrNotFound.
	ChangeOfficer(ctx context.Context, o Officer) error
	// RemoveOfficer takes one off the list. The number is never given again: it
	// stands in records. ErrNotFound.
	RemoveOfficer(ctx context.Context, id string, at time.Time) error
	// Officers are those on the list.
	Officers(ctx context.Context) ([]Officer, error)
	AddAccount(ctx context.Context, a Account) error
	Account(ctx context.Context, name string) (Account, error)
	Accounts(ctx context.Context) ([]Account, error)
	// Audit remembers who did what.
	Audit(ctx context.Context, a Audit) error
	Audits(ctx context.Context, limit int) ([]Audit, error)
}

// Lists are what the lists for the stations are made of, and the lists as
// published.
type Lists interface {
	AddWatch(ctx context.Context, w []Watch) error
	RemoveWatch(ctx context.Context, doc identity.Document) error
	Watches(ctx context.Context) ([]Watch, error)
	// Sealed are the watch entries made so far, by document; PutSealed adds and
	// DropSealed forgets some.
	Sealed(ctx context.Context) (map[identity.Document]Sealed, error)
	PutSealed(ctx context.Context, s map[identity.Document]Sealed) error
	DropSealed(ctx context.Context, docs []identity.Document) error

	RevokeCard(ctx context.Context, r Revocation) error
	Revocations(ctx context.Context) ([]Revocation, error)

	AddCardKey(ctx context.Context, k CardKey) error
	CardKeys(ctx context.Context) ([]CardKey, error)
	// ReserveCards takes n numbers of the office's own station number out of
	// the supply, durably, and gives the first counter.
	ReserveCards(ctx context.Context, station string, n uint32) (first uint32, err error)

	// Setting is a value of the deployment, empty when it was never set.
	Setting(ctx context.Context, name string) (string, error)
	SetSetting(ctx context.Context, name, value string) error

	// Publish stores lists whose content changed, with the manifest's new
	// serial, all or none.
	Publish(ctx context.Context, serial uint64, lists []List) error
	// Published are all current lists and the serial.
	Published(ctx context.Context) (serial uint64, lists []List, err error)
}
