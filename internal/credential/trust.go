package credential

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"sync"

	"quachot/internal/card"
)

// Trusted is whose signatures count. It is filled once, then only read, by any
// number of goroutines; do not copy it.
type Trusted struct {
	Cards card.Keyring        // issuing keys of our cards
	Certs []*x509.Certificate // signers of EU certificates (DSC)
	JWKs  []JWK               // issuers of SMART Health Cards and of Claim 169 tokens

	once  sync.Once // guards byKID
	byKID map[[8]byte][]*x509.Certificate
}

// JWK is a public key as a JSON Web Key or COSE_Key gives it.
type JWK struct {
	KID    string           // as the key's file says it; may be empty
	Public crypto.PublicKey // *ecdsa.PublicKey on P-256, or ed25519.PublicKey
}

// signers are the certificates with a kid: the first 8 bytes of SHA-256 of the
// certificate. Two certificates may share one.
func (t *Trusted) signers(kid []byte) []*x509.Certificate {
	t.once.Do(func() {
		t.byKID = make(map[[8]byte][]*x509.Certificate, len(t.Certs))
		for _, cert := range t.Certs {
			hash := sha256.Sum256(cert.Raw)
			t.byKID[[8]byte(hash[:8])] = append(t.byKID[[8]byte(hash[:8])], cert)
		}
	})
	if len(kid) != 8 {
		return nil
	}
	return t.byKID[[8]byte(kid)]
}

// add puts a key among the JWKs, and among the card keys too when it is an
// Ed25519 key with a kid. Such a card key has no bounds: only the office's list
// of keys sets them.
func (t *Trusted) add(keys ...JWK) {
	for _, k := range keys {
		t.JWKs = append(t.JWKs, k)
		if public, ok := k.Public.(ed25519.PublicKey); ok && k.KID != "" {
			t.Cards = append(t.Cards, card.Key{KID: []byte(k.KID), Public: public})
		}
	}
}
