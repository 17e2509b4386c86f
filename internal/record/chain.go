package record

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
)

// Words that are signed, each followed by the signed bytes.
const (
	headerWords  = "quachot header 1\n"
	receiptWords = "quachot receipt 1\n"
)

// HeaderVersion is the layout this program writes.
const HeaderVersion = 1

// Errors of headers.
var (
	ErrSignature = errors.New("signature does not fit")
	ErrVersion   = errors.New("of a newer version")
)

// SignHeader fixes a header's bytes and signs them.
func SignHeader(h Header, priv ed25519.PrivateKey) (SignedHeader, error) {
	body, err := encoding.Marshal(h)
	if err != nil {
		return SignedHeader{}, fmt.Errorf("encode segment header: %w", err)
	}
	return SignedHeader{Body: body, Sig: ed25519.Sign(priv, append([]byte(headerWords), body...))}, nil
}

// Open verifies and reads a header. ErrSignature when pub did not sign it,
// ErrVersion when its layout is newer than this program.
func (s SignedHeader) Open(pub ed25519.PublicKey) (Header, error) {
	if len(pub) != ed25519.PublicKeySize || !ed25519.Verify(pub, append([]byte(headerWords), s.Body...), s.Sig) {
		return Header{}, fmt.Errorf("segment header: %w", ErrSignature)
	}
	return s.Read()
}

// Read decodes a header without verifying who signed it. Only for bytes whose
// signature was verified before.
func (s SignedHeader) Read() (Header, error) {
	var h Header
	if err := decoding.Unmarshal(s.Body, &h); err != nil {
		return Header{}, fmt.Errorf("decode segment header: %w", err)
	}
	if h.Version > HeaderVersion {
		return Header{}, fmt.Errorf("segment header version %d: %w", h.Version, ErrVersion)
	}
	if h.Version == 0 || h.Segment == (SegmentID{}) {
		return Header{}, errors.New("decode segment header: version or segment missing")
	}
	return h, nil
}

// Chain is Chain(0) of the segment: SHA-256 of the header's bytes.
func (s SignedHeader) Chain() Chain { return sha256.Sum256(s.Body) }

// Next is the chain value after one more record. It takes any bytes for a
// record; what comes from outside may hold placeholders for damaged records and
// goes through Follow.
func (c Chain) Next(sealed []byte) Chain {
	h := sha256.New()
	h.Write(c[:])
	h.Write(sealed)
	var next Chain
	h.Sum(next[:0])
	return next
}

// Sign fills Sig.
func (r *Receipt) Sign(priv ed25519.PrivateKey) { r.Sig = ed25519.Sign(priv, r.signed()) }

// Verify says whether pub signed the receipt.
func (r Receipt) Verify(pub ed25519.PublicKey) bool {
	return len(pub) == ed25519.PublicKeySize && ed25519.Verify(pub, r.signed(), r.Sig)
}

// signed are the bytes under a receipt's signature: CBOR of its fields 1-5.
func (r Receipt) signed() []byte {
	body, err := encoding.Marshal(struct {
		Station string    `cbor:"1,keyasint"`
		Segment SegmentID `cbor:"2,keyasint"`
		Held    uint64    `cbor:"3,keyasint"`
		Chain   Chain     `cbor:"4,keyasint"`
		Kept    uint64    `cbor:"5,keyasint"`
	}{r.Station, r.Segment, r.Held, r.Chain, r.Kept})
	if err != nil { // fixed fields of basic types always encode
		panic("record: encode receipt: " + err.Error())
	}
	return append([]byte(receiptWords), body...)
}
