package credential

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
	"github.com/veraison/go-cose"
)

// The tags around a COSE message that occur (RFC 8392, RFC 9052).
const (
	tagCWT      = 61
	tagSign1    = 18
	tagEncrypt0 = 16
	tagEncrypt  = 96
)

// Algorithm numbers go-cose has no name for, or another one (RFC 9864).
const (
	algEdDSA   = int64(cose.AlgorithmEdDSA) // -8
	algEd25519 = -19
	algES256   = int64(cose.AlgorithmES256)
	algPS256   = int64(cose.AlgorithmPS256)
)

var (
	errMalformed = errors.New("not a signed token")
	errEncrypted = errors.New("an encrypted token")
	errAlgorithm = errors.New("the algorithm is not one of the key's")
	errSignature = errors.New("the signature does not match")
)

// cborIn reads bytes of strangers: bounded, no key twice, text is UTF-8.
var cborIn = func() cbor.DecMode {
	m, err := cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		MaxNestedLevels:  16,
		MaxArrayElements: 4096,
		MaxMapPairs:      1024,
	}.DecMode()
	if err != nil {
		panic(err) // our own options
	}
	return m
}()

// sign1 is a COSE_Sign1 of somebody else, read more leniently than our cards
// are: kid and alg may stand in the unprotected header too.
type sign1 struct {
	protected, payload, signature []byte

	alg      int64 // protected; 0 when absent there
	loneAlg  int64 // unprotected, when the protected header has none
	kid      []byte
	critical bool // headers we would have to understand
}

type coseHeader struct {
	Alg  cbor.RawMessage `cbor:"1,keyasint"`
	Crit cbor.RawMessage `cbor:"2,keyasint"`
	KID  cbor.RawMessage `cbor:"4,keyasint"`
}

// untag removes the tags around a COSE message. All three wrappings of a
// Sign1 occur: 61(18(..)), 18(..) and bare.
func untag(b []byte) ([]byte, error) {
	for range 3 {
		var t cbor.RawTag
		if len(b) == 0 || b[0]>>5 != 6 {
			return b, nil
		}
		if err := cborIn.Unmarshal(b, &t); err != nil {
			return nil, fmt.Errorf("%w: %v", errMalformed, err)
		}
		switch t.Number {
		case tagCWT, tagSign1:
			b = t.Content
		case tagEncrypt0, tagEncrypt:
			return nil, errEncrypted
		default:
			return nil, fmt.Errorf("%w: tag %d", errMalformed, t.Number)
		}
	}
	return nil, fmt.Errorf("%w: too many tags", errMalformed)
}

// parseSign1 reads a message. Errors are errMalformed or errEncrypted.
func parseSign1(b []byte) (sign1, error) {
	b, err := untag(b)
	if err != nil {
		return sign1{}, err
	}
	var m struct {
		_           struct{} `cbor:",toarray"`
		Protected   []byte
		Unprotected coseHeader
		Payload     []byte
		Signature   []byte
	}
	if err := cborIn.Unmarshal(b, &m); err != nil {
		return sign1{}, fmt.Errorf("%w: %v", errMalformed, err)
	}
	var h coseHeader
	if len(m.Protected) > 0 {
		if err := cborIn.Unmarshal(m.Protected, &h); err != nil {
			return sign1{}, fmt.Errorf("%w: protected header: %v", errMalformed, err)
		}
	}
	s := sign1{protected: m.Protected, payload: m.Payload, signature: m.Signature}
	s.alg, s.critical = algNumber(h.Alg), len(h.Crit) > 0
	if len(h.Alg) == 0 {
		s.loneAlg = algNumber(m.Unprotected.Alg)
	}
	if s.kid = kidBytes(h.KID); len(h.KID) == 0 {
		s.kid = kidBytes(m.Unprotected.KID)
	}
	return s, nil
}

// algNumber is 0, which is no algorithm, for what is not a number.
func algNumber(raw cbor.RawMessage) int64 {
	var n int64
	if len(raw) == 0 || cborIn.Unmarshal(raw, &n) != nil {
		return 0
	}
	return n
}

func kidBytes(raw cbor.RawMessage) []byte {
	var b []byte
	if len(raw) == 0 || cborIn.Unmarshal(raw, &b) != nil {
		return nil
	}
	return b
}

// toBeSigned is the Sig_structure of RFC 9052, section 4.4. An empty protected
// map is signed as no bytes.
func (s sign1) toBeSigned() ([]byte, error) {
	protected := s.protected
	if protected == nil || len(protected) == 1 && protected[0] == 0xa0 {
		protected = []byte{}
	}
	b, err := cbor.Marshal([]any{"Signature1", protected, []byte{}, s.payload})
	if err != nil {
		return nil, fmt.Errorf("encode what is signed: %w", err)
	}
	return b, nil
}

// verify checks the signature by key under alg, which the caller took from the
// header it accepts. The key decides which algorithms it is used with: ES256
// for P-256, PS256 for RSA, Ed25519 under its old and its new number. Errors are
// errAlgorithm or errSignature.
func (s sign1) verify(alg int64, key crypto.PublicKey) error {
	tbs, err := s.toBeSigned()
	if err != nil {
		return err
	}
	switch k := key.(type) {
	case ed25519.PublicKey:
		if alg != algEdDSA && alg != algEd25519 {
			return errAlgorithm
		}
		// go-cose 1.3.0 does not know -19, so both numbers are checked here.
		if len(k) != ed25519.PublicKeySize || !ed25519.Verify(k, tbs, s.signature) {
			return errSignature
		}
		return nil
	case *ecdsa.PublicKey:
		if alg != algES256 || k.Curve != elliptic.P256() { // go-cose would take any curve
			return errAlgorithm
		}
	case *rsa.PublicKey:
		if alg != algPS256 {
			return errAlgorithm
		}
	default:
		return errAlgorithm
	}
	v, err := cose.NewVerifier(cose.Algorithm(alg), key)
	if err != nil {
		return fmt.Errorf("%w: %v", errAlgorithm, err)
	}
	if v.Verify(tbs, s.signature) != nil {
		return errSignature
	}
	return nil
}
