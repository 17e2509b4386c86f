// Package wire is the language of station and office: the frames on the
// WebSocket, the enrolment code, the signed manifest of lists and what the
// lists hold (design, section 8). docs/protocol.md tells the conversation.
//
// A frame is one binary WebSocket message: CBOR array [type, body]. Unknown
// types and unknown body keys are ignored, so either side may be newer.
//
//	station                                office
//	hello           ------------------->
//	                <-------------------  welcome   (or refusal, then close)
//	batch, batch .. ------------------->             several in flight
//	                <-------------------  receipt    after the commit, in order
//	                <-------------------  manifest   whenever a list changed
//	want            ------------------->             a list's bytes from an offset
//	                <-------------------  chunk
//
// History: 2026-11-22 version 1.
package wire

import (
	"quachot/internal/record"
	"quachot/internal/seal"
)

// Version is the protocol this program speaks, Subprotocol its WebSocket name
// and Path where the office answers.
const (
	Version     = 1
	Subprotocol = "quachot.1"
	Path        = "/sync"
)

// Limits of one frame. A larger one is refused before it is read.
const (
	MaxFrame   = 4 << 20
	MaxRecords = 5000 // in one batch
	ChunkSize  = 64 << 10
)

// Type is a frame's first element. Append only.
type Type uint8

// The frames.
const (
	TypeHello    Type = 1
	TypeWelcome  Type = 2
	TypeBatch    Type = 3
	TypeReceipt  Type = 4
	TypeManifest Type = 5
	TypeWant     Type = 6
	TypeChunk    Type = 7
	TypeRefusal  Type = 8
)

// Clock is the sender's clock at the moment of sending.
type Clock struct {
	Wall      int64    `cbor:"1,keyasint"` // unix ms
	SinceBoot int64    `cbor:"2,keyasint,omitempty"`
	Boot      [16]byte `cbor:"3,keyasint,omitempty"`
}

// SegmentState is what a station still has of one segment.
type SegmentState struct {
	Segment record.SegmentID `cbor:"1,keyasint"`
	First   uint64           `cbor:"2,keyasint"` // oldest record still stored; 0 when none is
	Last    uint64           `cbor:"3,keyasint"`
	Tip     record.Chain     `cbor:"4,keyasint"` // chain at Last
}

// Hello is the station's first frame. Absent Enrol = already enrolled.
type Hello struct {
	Version  uint              `cbor:"1,keyasint"`
	Station  string            `cbor:"2,keyasint,omitempty"` // empty while enrolling
	Program  string            `cbor:"3,keyasint"`
	Segments []SegmentState    `cbor:"4,keyasint,omitempty"` // those not wholly kept, oldest first
	Serial   uint64            `cbor:"5,keyasint,omitempty"` // of the manifest it holds
	Clock    Clock             `cbor:"6,keyasint"`
	Enrol    *EnrolRequest     `cbor:"7,keyasint,omitempty"`
	Unsent   uint64            `cbor:"8,keyasint,omitempty"` // records waiting
	Lists    map[string]uint64 `cbor:"9,keyasint,omitempty"` // versions it holds
	// Run is the office's run (see Welcome) that last compared everything with
	// this station; zero = none since this program began. Full says that Segments
	// are all that the station still stores.
	Run  RunID `cbor:"10,keyasint"`
	Full bool  `cbor:"11,keyasint,omitempty"`
}

// RunID is drawn by the office at each start. An office that came back from a
// backup has another, and may hold less than it once confirmed: so every pair of
// runs compares all segments once.
type RunID [8]byte

// EnrolRequest proves the single-use code.
type EnrolRequest struct {
	Key  []byte `cbor:"1,keyasint"`           // the station's Ed25519 public key, also its TLS key
	Name string `cbor:"2,keyasint,omitempty"` // the computer's name, for the office's list
	MAC  []byte `cbor:"3,keyasint"`           // HMAC-SHA256(token, "quachot enrol 1\n" || Key || OfficeKeys.Hash)
	// Signing is the public half of the station's card signing key, for a code
	// made with --issuer.
	Signing []byte `cbor:"4,keyasint,omitempty"`
}

// Held is the office's word on one segment of the hello.
type Held struct {
	Segment record.SegmentID `cbor:"1,keyasint"`
	Held    uint64           `cbor:"2,keyasint"`
	Chain   record.Chain     `cbor:"3,keyasint"`
	Kept    uint64           `cbor:"4,keyasint"`
	Header  bool             `cbor:"5,keyasint,omitempty"` // the office has its header
}

// Welcome answers Hello.
type Welcome struct {
	Version  uint            `cbor:"1,keyasint"`
	Epoch    uint64          `cbor:"2,keyasint"` // of this connection; batches of an older one are refused
	Clock    Clock           `cbor:"3,keyasint"`
	Echo     int64           `cbor:"4,keyasint"` // Hello.Clock.Wall, for the round trip
	Held     []Held          `cbor:"5,keyasint,omitempty"`
	Manifest *SignedManifest `cbor:"6,keyasint,omitempty"`
	Enrolled *Enrolled       `cbor:"7,keyasint,omitempty"`
	Run      RunID           `cbor:"8,keyasint"`
	// Recall asks for one more hello on this connection, a full one, which gets a
	// welcome of its own.
	Recall bool `cbor:"9,keyasint,omitempty"`
}

// Enrolled is what a station becomes.
type Enrolled struct {
	Station string     `cbor:"1,keyasint"` // 6 digits
	Name    string     `cbor:"2,keyasint"`
	Post    string     `cbor:"3,keyasint"` // post code
	Office  OfficeKeys `cbor:"4,keyasint"` // must hash to what the code says
	// Issuer is the certificate of the station's signing key, when it may issue.
	Issuer []byte `cbor:"5,keyasint,omitempty"`
}

// OfficeKeys is all a station must know of its office. The first 10 bytes of
// SHA-256 of its CBOR stand in the enrolment code.
type OfficeKeys struct {
	Deployment [16]byte       `cbor:"1,keyasint"`
	TLS        []byte         `cbor:"2,keyasint"`           // Ed25519 keys the office may show in TLS,
	TLSNext    []byte         `cbor:"3,keyasint,omitempty"` // now and next
	Sign       []byte         `cbor:"4,keyasint"`           // Ed25519, signs receipts and manifests
	Seal       seal.Recipient `cbor:"5,keyasint"`           // X25519, opens segments
	Recovery   seal.Recipient `cbor:"6,keyasint"`           // X25519, private half kept offline
	Salt       [16]byte       `cbor:"7,keyasint"`           // of the identity keys
	SaltEpoch  uint8          `cbor:"8,keyasint,omitempty"`
}

// Batch carries consecutive sealed records of one segment.
type Batch struct {
	Epoch   uint64               `cbor:"1,keyasint"`
	Header  *record.SignedHeader `cbor:"2,keyasint,omitempty"` // unless the office has it
	Segment record.SegmentID     `cbor:"3,keyasint"`
	First   uint64               `cbor:"4,keyasint"`
	Records [][]byte             `cbor:"5,keyasint"`
	Tip     record.Chain         `cbor:"6,keyasint"` // chain at First+len(Records)-1
	// Sig is Ed25519 over "quachot batch 1\n" || Segment || First (8 bytes BE) ||
	// count (8 bytes BE) || Tip. When a placeholder for a lost record is among
	// Records, Before chained plainly through all of them follows.
	Sig []byte `cbor:"7,keyasint"`
	// Before is the chain value at First-1, so that a batch out of order can be
	// checked by itself.
	Before record.Chain `cbor:"8,keyasint"`
}

// Want asks for a list's bytes from Offset on.
type Want struct {
	List    string `cbor:"1,keyasint"`
	Version uint64 `cbor:"2,keyasint"`
	Offset  uint64 `cbor:"3,keyasint"`
}

// Chunk answers Want: at most ChunkSize bytes; fewer only at the end. Data is
// empty when that version is not to be had any more.
type Chunk struct {
	List    string `cbor:"1,keyasint"`
	Version uint64 `cbor:"2,keyasint"`
	Offset  uint64 `cbor:"3,keyasint"`
	Data    []byte `cbor:"4,keyasint"`
}

// Refusal says why the office ends the talk, or why it did not take a frame.
type Refusal struct {
	Code string `cbor:"1,keyasint"` // see the Refuse constants
	Text string `cbor:"2,keyasint,omitempty"`
	// Segment is set when a batch of it was refused; the station may go on with others.
	Segment record.SegmentID `cbor:"3,keyasint,omitempty"`
}

// Codes of Refusal.
const (
	RefuseUnknown = "unknown_station" // this key is not enrolled
	RefuseRevoked = "revoked"
	RefuseRetired = "retired" // given back, and everything it had has arrived: nothing is left to do
	RefuseVersion = "version" // too old to be understood
	RefuseCode    = "code"    // enrolment code wrong, used or expired
	RefuseFrame   = "frame"   // could not be read
	RefuseChain   = "chain"   // batch does not fit what is held
	RefuseEpoch   = "epoch"   // a newer connection of this station exists
	RefuseBusy    = "busy"    // try later
	RefuseDisk    = "disk"    // the office cannot store now
	RefuseSegment = "segment" // segment belongs to another station or its header is bad
)
