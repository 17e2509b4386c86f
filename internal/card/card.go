// Package card makes and checks our own card, the signed credential on paper,
// plastic or a phone (design, section 5).
//
// A card is a COSE_Sign1 over a CWT with MOSIP's Claim 169, zlib, and then one
// of two QR alphabets:
//
//	COSE    d2 84 protected{1: alg, 4: kid} {} payload signature     Ed25519, 64 bytes
//	payload {1: issuer, 2: card number, 4: exp, 6: iat, 169: {4: name, 8: birth, 9: sex, 21: ward}}
//	Base45  Base45(zlib(COSE))                    the default and the standard
//	digits  decimal of 0x01 || zlib(COSE)         survives a Vietnamese input method
//
// We write alg -8 (EdDSA) and accept -19 (Ed25519, RFC 9864) too, each only for
// an Ed25519 key: the key says the algorithm, the header must agree. The kid is
// read from the protected header and nowhere else. Never on the card: document
// number, address, phone.
package card

import (
	"crypto/ed25519"
	"errors"
	"time"
)

// Claims are what a card says. Times have whole seconds; a zero time is left
// out. Empty strings are left out.
type Claims struct {
	Number string // sub: 13 digits on our cards
	Issuer string // iss: who issued it, for readers of others; usually empty
	Name   string // full name, NFC
	Birth  string // YYYY-MM-DD or YYYY
	Sex    string // "M", "F", "X" (other) or ""
	Ward   string // 5-digit code

	Issued, Expires time.Time
}

// Key is one issuing key with what its certificate by the office allows.
type Key struct {
	KID    []byte
	Public ed25519.PublicKey
	// First and Last bound Number.Serial, both included; both 0 = any card.
	First, Last uint64
	// From and Until bound the card's iat, both included; a zero time is open.
	From, Until time.Time
	Name        string // of the issuer, for people
}

// Keyring is the issuing keys a reader trusts. Several may share a kid.
type Keyring []Key

// Token is a card as read. TokenHash-es of the revocation list are Hash.
type Token struct {
	Claims
	KID []byte // from the protected header; nil when there is none
	// Hash is SHA-256 of the COSE bytes with an empty unprotected header, so
	// that nobody can give a revoked card a new hash by adding to that header.
	Hash   [32]byte
	Has169 bool // the identity data is there
}

// Why Verify and Decode refuse, for errors.Is.
var (
	ErrMalformed  = errors.New("not a card token")
	ErrUnsigned   = errors.New("the token carries no signature")
	ErrUnknownKey = errors.New("the issuing key is not known here")
	ErrAlgorithm  = errors.New("the algorithm is not the one of the key")
	ErrSignature  = errors.New("the signature does not match")
	ErrRange      = errors.New("the card is outside what its issuing key may issue")
)
