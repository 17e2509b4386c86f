package record

import (
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// MaxPlain is the largest encoded record.
const MaxPlain = 256 << 10

// Entry is one opened record: its kind, its time since the segment's start and
// its body's exact CBOR, unknown keys included.
type Entry struct {
	Kind   Kind
	Offset time.Duration
	Body   []byte
}

// plainEntry is what gets sealed: the CBOR array [kind, ms, body].
type plainEntry struct {
	_      struct{} `cbor:",toarray"`
	Kind   Kind
	Millis uint64
	Body   cbor.RawMessage
}

// encoding and decoding are the only CBOR modes of this package. Text that is
// not UTF-8 is let through: what a scanner read must reach the office.
var (
	encoding = must(cbor.CoreDetEncOptions().EncMode())
	decoding = must(cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden,
		UTF8: cbor.UTF8DecodeInvalid, MaxNestedLevels: 16, MaxArrayElements: 1 << 16, MaxMapPairs: 1 << 12,
		IntDec: cbor.IntDecConvertNone,
	}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil { // the options above are constants
		panic(err)
	}
	return v
}

// Encode is the plain form of a record. A nil body is an empty map; offset is
// cut to milliseconds and never below zero.
func Encode(kind Kind, offset time.Duration, body any) ([]byte, error) {
	raw, err := EncodeBody(body)
	if err != nil {
		return nil, fmt.Errorf("encode %s record: %w", kind, err)
	}
	plain, err := encoding.Marshal(plainEntry{Kind: kind, Millis: uint64(max(0, offset.Milliseconds())), Body: raw})
	if err != nil {
		return nil, fmt.Errorf("encode %s record: %w", kind, err)
	}
	if len(plain) > MaxPlain {
		return nil, fmt.Errorf("encode %s record: %d bytes, at most %d", kind, len(plain), MaxPlain)
	}
	return plain, nil
}

// EncodeBody is the body's CBOR alone. A body that is already a
// cbor.RawMessage is taken as it is.
func EncodeBody(body any) (cbor.RawMessage, error) {
	if body == nil {
		return cbor.RawMessage{0xa0}, nil
	}
	return encoding.Marshal(body)
}

// Decode reads what Encode wrote; kinds and keys of later versions too.
func Decode(plain []byte) (Entry, error) {
	if len(plain) > MaxPlain {
		return Entry{}, fmt.Errorf("decode record: %d bytes, at most %d", len(plain), MaxPlain)
	}
	var p plainEntry
	if err := decoding.Unmarshal(plain, &p); err != nil {
		return Entry{}, fmt.Errorf("decode record: %w", err)
	}
	if p.Kind == 0 || p.Millis > uint64(1<<53) || len(p.Body) == 0 {
		return Entry{}, fmt.Errorf("decode record: kind %d at %d ms with %d bytes is none", p.Kind, p.Millis, len(p.Body))
	}
	return Entry{Kind: p.Kind, Offset: time.Duration(min(p.Millis, 1<<43)) * time.Millisecond, Body: p.Body}, nil
}

// Into fills one of the body structs. Keys it does not know are skipped; they
// stay in Body.
func (e Entry) Into(body any) error {
	if err := decoding.Unmarshal(e.Body, body); err != nil {
		return fmt.Errorf("decode %s record's body: %w", e.Kind, err)
	}
	return nil
}
