package record

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
)

// A placeholder stands where a record was that no medium could give back. It
// travels in the record's place and is
//
//	magic (8) || chain (32) || Ed25519 signature (64)
//
// chain is the chain value that the lost record had, so everything after it,
// the segment's tip and the parent of the next segment prove as before, also
// against an office that got the record itself another way. The station signs
//
//	"quachot damaged 1\n" || segment (16) || seq (8, big endian) || chain
//
// because without a signature anyone between station and office could put a
// placeholder where a good record was. A sealed record is ciphertext and begins
// with the magic once in 2^64.
const (
	damagedMagic = "\xffQCLOST\x01"
	damagedWords = "quachot damaged 1\n"
	damagedSize  = len(damagedMagic) + len(Chain{}) + ed25519.SignatureSize
)

// Placeholder is the signed stand-in for record id, whose chain value was chain.
func Placeholder(id ID, chain Chain, priv ed25519.PrivateKey) []byte {
	b := append([]byte(damagedMagic), chain[:]...)
	return append(b, ed25519.Sign(priv, damagedBytes(id, chain))...)
}

// Damaged says whether a record as stored or sent is a placeholder. Its kind is
// then KindDamaged, its body empty; it cannot and need not be opened with the
// segment key. Follow verifies it.
func Damaged(sealed []byte) bool {
	return len(sealed) == damagedSize && bytes.HasPrefix(sealed, []byte(damagedMagic))
}

// Follow continues the chain of a segment over records first, first+1 ... and
// is what both programs prove a run of records with. before is the chain value
// at first-1. A placeholder sets the chain to the value it states, if pub, the
// station's key, signed it for this very place; else ErrSignature.
func Follow(before Chain, segment SegmentID, first uint64, sealed [][]byte, pub ed25519.PublicKey) (Chain, error) {
	chain := before
	for i, b := range sealed {
		if !Damaged(b) {
			chain = chain.Next(b)
			continue
		}
		id := ID{Segment: segment, Seq: first + uint64(i)}
		stated := Chain(b[len(damagedMagic):])
		sig := b[len(damagedMagic)+len(stated):]
		if len(pub) != ed25519.PublicKeySize || !ed25519.Verify(pub, damagedBytes(id, stated), sig) {
			return Chain{}, fmt.Errorf("placeholder of record %d of segment %s: %w", id.Seq, segment, ErrSignature)
		}
		chain = stated
	}
	return chain, nil
}

func damagedBytes(id ID, chain Chain) []byte {
	b := append([]byte(damagedWords), id.Segment[:]...)
	b = binary.BigEndian.AppendUint64(b, id.Seq)
	return append(b, chain[:]...)
}
