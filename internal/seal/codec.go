package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
)

// CurrentDict is the dictionary that new segments are packed with.
const CurrentDict = currentDict

// MaxPlain is the most that one sealed record may inflate to.
const MaxPlain = 1 << 20

// Errors of a Codec.
var (
	ErrDictionary = errors.New("dictionary is not shipped with this version")
	ErrSealed     = errors.New("sealed record cannot be opened")
)

// Overhead is what sealing adds to the packed record: the GCM tag.
const Overhead = 16

// Codec seals and opens the records of one segment. It is safe for concurrent
// use. Sealing two different records under one seq breaks the secrecy of both:
// the caller counts up and starts a new segment whenever it is in doubt.
type Codec struct {
	aead    cipher.AEAD
	pack    *packer
	segment [16]byte
}

// NewCodec makes the codec of a segment. ErrDictionary when dict is not shipped.
func NewCodec(k Key, segment [16]byte, dict uint8) (*Codec, error) {
	p, err := packerFor(dict)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return nil, fmt.Errorf("make segment cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("make segment cipher: %w", err)
	}
	return &Codec{aead: aead, pack: p, segment: segment}, nil
}

// Seal packs and encrypts one record: AES-256-GCM with nonce = seq (12 bytes,
// big endian) and additional data = segment id || seq (8 bytes, big endian).
func (c *Codec) Seal(seq uint64, plain []byte) []byte {
	nonce, ad := c.bind(seq)
	packed := c.pack.pack(plain)
	return c.aead.Seal(make([]byte, 0, len(packed)+Overhead), nonce[:], packed, ad[:])
}

// Open reverses Seal. Its errors wrap ErrSealed.
func (c *Codec) Open(seq uint64, sealed []byte) ([]byte, error) {
	nonce, ad := c.bind(seq)
	packed, err := c.aead.Open(nil, nonce[:], sealed, ad[:])
	if err != nil {
		return nil, fmt.Errorf("%w: record %d of segment %x: %v", ErrSealed, seq, c.segment, err)
	}
	plain, err := c.pack.unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("%w: record %d of segment %x: %v", ErrSealed, seq, c.segment, err)
	}
	return plain, nil
}

func (c *Codec) bind(seq uint64) (nonce [12]byte, ad [24]byte) {
	binary.BigEndian.PutUint64(nonce[4:], seq)
	copy(ad[:], c.segment[:])
	binary.BigEndian.PutUint64(ad[16:], seq)
	return nonce, ad
}
