package store

import (
	"time"

	"quachot/internal/record"
	"quachot/internal/wire"
)

// Delivery is one verified batch: the caller has checked its signature, its
// chain and, if it brings a header, the header's signature and station.
type Delivery struct {
	Station string
	// Epoch of the connection; 0 = not from a connection (a bundle), never old.
	Epoch uint64
	Batch wire.Batch
	Clock Exchange
}

// Exchange is what the connection told about the station's clock. It is stored
// with the batch, so that corrected times can be computed again.
type Exchange struct {
	Received  int64    `cbor:"1,keyasint"`           // office's clock when the batch came, unix ms
	Known     bool     `cbor:"2,keyasint,omitempty"` // false = nothing below is known
	SkewMS    int64    `cbor:"3,keyasint,omitempty"` // station's wall clock minus the office's
	Boot      [16]byte `cbor:"4,keyasint,omitempty"` // all zero = unknown
	BootWall  int64    `cbor:"5,keyasint,omitempty"` // office's clock at the station's boot, unix ms
	BoundMS   int64    `cbor:"6,keyasint,omitempty"` // how wrong SkewMS and BootWall may be
	SinceBoot int64    `cbor:"7,keyasint,omitempty"` // the station's, at the exchange, ms
}

// Progress is what the office holds of one segment.
type Progress struct {
	Segment   record.SegmentID
	Station   string
	Held      uint64       // the contiguous prefix
	Chain     record.Chain // at Held
	HasHeader bool         // its header is stored
	Fork      bool         // another history of the segment was sent
}

// Segment is one segment as the office knows it.
type Segment struct {
	Progress
	Signed  *record.SignedHeader // nil when it never came
	Header  record.Header        // zero when Signed is nil
	Highest uint64               // the highest seq stored anywhere
	First   time.Time            // when its first batch came
	Pending uint64               // records that cannot be read yet
}

// Batch is one stored batch.
type Batch struct {
	N        uint64 // of its first record; the others follow without a gap
	Station  string
	Day      string // of receipt, YYYY-MM-DD at UTC+7
	Received time.Time
	wire.Batch
}

// Why a record is pending. PendingHeader, PendingKey and PendingDict end when
// what is missing comes; PendingKind when the program learns the kind.
const (
	PendingHeader = "header" // the segment's header never came
	PendingKey    = "key"    // sealed for a key that is not here
	PendingDict   = "dict"   // packed with a dictionary that is not here
	PendingOpen   = "open"   // does not open with its segment's key
	PendingParse  = "parse"  // opened, but it is no record
	PendingKind   = "kind"   // a kind, or a body, that this program does not know
)

// Answer is what became of a delivery.
type Answer struct {
	Progress
	Err error
}

// Opened is one record as far as it could be opened.
type Opened struct {
	Pending string // empty = read
	Entry   record.Entry
}

// Opener opens sealed records; syncserver/vault has the keys. header is nil
// when it is not known. It is called by many goroutines.
type Opener interface {
	Open(header *record.Header, first uint64, sealed [][]byte) []Opened
}
