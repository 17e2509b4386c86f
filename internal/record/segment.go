// Package record holds the facts a station writes and the proof that none is
// missing: kinds and bodies, segments with their signed header, the chain over
// sealed records and the office's receipts (design, sections 4 and 8). Both
// programs check with the same code.
package record

import (
	"encoding/hex"
	"fmt"

	"quachot/internal/seal"
)

// SegmentID is the random name of a segment.
type SegmentID [16]byte

// String is 32 hex digits, the form of every JSON field "segment".
func (s SegmentID) String() string { return hex.EncodeToString(s[:]) }

// MarshalText writes hex.
func (s SegmentID) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *SegmentID) UnmarshalText(b []byte) error {
	n, err := hex.Decode(s[:], b)
	if err != nil || n != len(s) || len(b) != 32 {
		return fmt.Errorf("segment id %q: want 32 hex digits", b)
	}
	return nil
}

// Chain is the running hash over a segment: Chain(0) = SHA-256 of the header's
// bytes, Chain(n) = SHA-256(Chain(n-1) || sealed(n)).
type Chain [32]byte

// ID names one record for ever. Seq counts from 1 without a gap.
type ID struct {
	Segment SegmentID `cbor:"1,keyasint" json:"segment"`
	Seq     uint64    `cbor:"2,keyasint" json:"seq"`
}

// Position is a record with the chain value up to and including it.
type Position struct {
	Segment SegmentID `cbor:"1,keyasint"`
	Seq     uint64    `cbor:"2,keyasint"`
	Chain   Chain     `cbor:"3,keyasint"`
}

// Header opens a segment. It is signed with the station's key.
type Header struct {
	Version   uint           `cbor:"1,keyasint"`           // of this layout: 1
	Segment   SegmentID      `cbor:"2,keyasint"`           //
	Station   string         `cbor:"3,keyasint"`           // station number, 6 digits
	Parent    *Position      `cbor:"4,keyasint,omitempty"` // last record before; nil for the first segment
	Wall      int64          `cbor:"5,keyasint"`           // wall clock at the start, unix ms
	SinceBoot int64          `cbor:"6,keyasint"`           // ms since boot, suspend included
	Boot      [16]byte       `cbor:"7,keyasint"`           // boot id; all zero when the system has none
	Dict      uint8          `cbor:"8,keyasint"`           // dictionary the records are packed with
	Program   string         `cbor:"9,keyasint"`           // version of the program
	Keys      []seal.Wrapped `cbor:"10,keyasint"`          // the segment key for office and recovery
}

// SignedHeader is a Header as it travels and is stored: the exact bytes signed.
type SignedHeader struct {
	Body []byte `cbor:"1,keyasint"` // CBOR of Header
	Sig  []byte `cbor:"2,keyasint"` // Ed25519 over "quachot header 1\n" || Body
}

// Receipt is the office's signed word on one segment: it holds everything up
// to Held, whose chain value is Chain, and keeps everything up to Kept for good
// (in its backup or standby too). Body is signed, so a receipt can be shown to
// anyone and carried on a stick.
type Receipt struct {
	Station string    `cbor:"1,keyasint"`
	Segment SegmentID `cbor:"2,keyasint"`
	Held    uint64    `cbor:"3,keyasint"`
	Chain   Chain     `cbor:"4,keyasint"`
	Kept    uint64    `cbor:"5,keyasint"`
	Sig     []byte    `cbor:"6,keyasint"` // Ed25519 over "quachot receipt 1\n" || CBOR of fields 1-5
}
