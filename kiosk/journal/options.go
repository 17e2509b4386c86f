// Package journal is the station's append-only store of facts (design, sections
// 4 and 7): sealed, chained records in bbolt, written by one goroutine; a second
// copy beside it, and a third on a stick where one is configured; the small
// encrypted state the station must keep readable; recovery and the checker.
//
// Append returns when a record is on disk. What it reported as durable reaches
// the office exactly once, in order, whatever is cut, killed or filled.
package journal

import (
	"crypto/ed25519"
	"errors"
	"log/slog"
	"time"

	"quachot/internal/clock"
	"quachot/internal/record"
	"quachot/internal/seal"
)

// Errors that callers decide by.
var (
	ErrRunning = errors.New("the journal is open in another process")
	ErrNewer   = errors.New("the journal was written by a newer version of the program")
	ErrCorrupt = errors.New("the journal file is corrupt")
	ErrClosed  = errors.New("the journal is closed")
	ErrFull    = errors.New("nothing can be written and the memory for waiting records is full")
	ErrSegment = errors.New("the journal has no such segment")
	ErrFork    = errors.New("the office holds another history of this segment")
)

// Options say whose journal it is. Zero values are as written on each field.
type Options struct {
	Station    string             // station number, in every header
	Sign       ed25519.PrivateKey // the station's key
	Recipients []seal.Recipient   // who can open records: office and recovery
	Office     ed25519.PublicKey  // verifies receipts
	StoreKey   [32]byte           // seals the state buckets
	Program    string             // version of the program, in every header
	Clock      clock.Clock        // nil = the system's
	Log        *slog.Logger       // nil = none
	CopyB      string             // directory of a further copy; "" = none
	KeepDays   int                // what the office keeps stays here so many days more; 0 = 7
	// Probe is the command line of the child that checks the file before it is
	// opened; DIR is appended. Nil = this program with "journal-probe"; empty =
	// check in this process (tests).
	Probe []string

	wrap func(medium string, write func() error) error // tests make media fail or stall; nil = write

	followRetry time.Duration // tests do not wait for a stick as long; 0 = 5 s
	probeLimit  time.Duration // nor for a child that hangs; 0 = 10 s
}

// Item is one record to write, with the changes of state that belong to it.
type Item struct {
	Kind  record.Kind
	Body  any
	State []Put
	// Urgent records go to the office ahead of all that waits, and again in their
	// place: a watch-list hit, a symptom.
	Urgent bool
}

// Put changes one key of a state bucket. Keys and values are encrypted; keys are
// stored as an HMAC.
type Put struct {
	Bucket string
	Key    []byte
	Value  []byte        // nil deletes
	Keep   time.Duration // the value is gone after this long; 0 = for ever
}

// Saved says what became of one item.
type Saved struct {
	ID      record.ID
	At      time.Time     // wall clock, as the office will compute it
	Offset  time.Duration // since the segment's start
	Durable bool          // on one medium at least; false = in memory only, and tried again
	Slow    bool          // took longer than 400 ms
	Err     error         // what failed although it was saved, for the screen
}

// Segment is what the journal has of one segment.
type Segment struct {
	Header record.SignedHeader
	ID     record.SegmentID
	First  uint64 // always 1: segments are pruned as a whole
	Last   uint64
	Tip    record.Chain // at Last
	Held   uint64       // what the office holds
	Kept   uint64       // what it keeps for good
}

// Run is consecutive sealed records of one segment, proven against its chain.
type Run struct {
	First   uint64
	Records [][]byte
	Before  record.Chain // at First-1
	Tip     record.Chain // at the last of Records
}

// Counts are numbers for the screen and `kiosk status`. Head, Held and Kept
// count records over all segments this journal ever had.
type Counts struct {
	Head, Held, Kept, Unsent uint64
	OldestUnsent             time.Time // zero when nothing is unsent
	Health                   string    // see the Health constants
	FreeBytes                uint64    // of the journal's disk
	LowDisk                  bool      // below max(500 MB, twice the file): issuing stops
	Waiting                  uint64    // records in memory only
	CopyBLag                 uint64    // records copy B lacks
	CopyBErr                 string    // why copy B is behind; "" = it is not
	LastErr                  string    // the latest failure, for a person
}

// The states of the journal, from the best to the worst.
const (
	HealthOK       = "ok"
	HealthSlow     = "slow"      // a commit takes longer than 400 ms
	HealthCopyOnly = "copy-only" // the database fails, copy A holds every record
	HealthFull     = "full"      // the disk is full: records are in memory only
	HealthFailing  = "failing"   // nothing can be written: records are in memory only
)
