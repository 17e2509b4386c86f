package card

import (
	"crypto/sha256"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// COSE numbers (RFC 9052, 9053, 9864; CBOR tags of RFC 8392).
const (
	algEdDSA   = -8  // written
	algEd25519 = -19 // accepted
	tagSign1   = 0xd2
)

// tagCWT is tag 61, which some writers put around tag 18.
var tagCWT = []byte{0xd8, 0x3d}

var (
	encoder = must(cbor.CoreDetEncOptions().EncMode())
	decoder = must(cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		MaxNestedLevels:  16,
		MaxArrayElements: 4096,
		MaxMapPairs:      1024,
	}.DecMode())
)

// sign1 is COSE_Sign1. Protected, Payload and Signature are kept as the bytes
// they came as.
type sign1 struct {
	_           struct{} `cbor:",toarray"`
	Protected   []byte
	Unprotected cbor.RawMessage
	Payload     []byte
	Signature   []byte
}

// header is what we read of the protected header.
type header struct {
	Alg  int64           `cbor:"1,keyasint,omitempty"`
	Crit cbor.RawMessage `cbor:"2,keyasint,omitempty"`
	KID  []byte          `cbor:"4,keyasint,omitempty"`
}

// sigStructure is what is signed (RFC 9052, section 4.4).
type sigStructure struct {
	_         struct{} `cbor:",toarray"`
	Context   string
	Protected []byte
	External  []byte
	Payload   []byte
}

func (s sign1) toBeSigned() ([]byte, error) {
	b, err := encoder.Marshal(sigStructure{Context: "Signature1", Protected: s.Protected, External: []byte{}, Payload: s.Payload})
	if err != nil {
		return nil, fmt.Errorf("encode what is signed: %w", err)
	}
	return b, nil
}

// encode is the one form we write: tag 18, the unprotected header empty.
func (s sign1) encode() ([]byte, error) {
	s.Unprotected = cbor.RawMessage{0xa0}
	b, err := encoder.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode the token: %w", err)
	}
	return append([]byte{tagSign1}, b...), nil
}

func (s sign1) hash() [32]byte {
	b, err := s.encode()
	if err != nil {
		return [32]byte{}
	}
	return sha256.Sum256(b)
}

// parseSign1 takes the message with tag 18, with tag 61 around it, or without.
func parseSign1(cose []byte) (sign1, header, error) {
	if len(cose) > 2 && cose[0] == tagCWT[0] && cose[1] == tagCWT[1] {
		cose = cose[2:]
	}
	if len(cose) > 0 && cose[0] == tagSign1 {
		cose = cose[1:]
	}
	var s sign1
	if err := decoder.Unmarshal(cose, &s); err != nil {
		return s, header{}, fmt.Errorf("%w: read COSE_Sign1: %v", ErrMalformed, err)
	}
	if len(s.Payload) == 0 {
		return s, header{}, fmt.Errorf("%w: no payload", ErrMalformed)
	}
	var h header
	if len(s.Protected) == 0 {
		return s, h, nil
	}
	if err := decoder.Unmarshal(s.Protected, &h); err != nil {
		return s, h, fmt.Errorf("%w: read the protected header: %v", ErrMalformed, err)
	}
	if len(h.Crit) > 0 { // whoever wrote it says: refuse when you do not know these
		return s, h, fmt.Errorf("%w: critical headers", ErrMalformed)
	}
	return s, h, nil
}

// must is for values made of constants when the program starts.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
