package lists

import (
	"crypto/ed25519"
	"crypto/x509"
	"fmt"
	"time"

	"quachot/internal/card"
	"quachot/internal/credential"
	"quachot/internal/wire"
)

// trusted turns the list of keys into what credential.Read works with. A key
// that cannot be used is left out and told: one odd certificate of a foreign
// state must not take our own cards down with it.
func trusted(list wire.KeyList) (*credential.Trusted, []string) {
	t := &credential.Trusted{}
	var skipped []string
	for i, k := range list.Cards {
		if len(k.Public) != ed25519.PublicKeySize || len(k.KID) == 0 {
			skipped = append(skipped, fmt.Sprintf("card key %d (%s): not an Ed25519 key with a kid", i, k.Name))
			continue
		}
		t.Cards = append(t.Cards, card.Key{
			KID: k.KID, Public: k.Public, First: k.First, Last: k.Last,
			From: moment(k.From), Until: moment(k.Until), Name: k.Name,
		})
	}
	for i, der := range list.Certs {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			skipped = append(skipped, fmt.Sprintf("certificate %d: %v", i, err))
			continue
		}
		t.Certs = append(t.Certs, cert)
	}
	for i, raw := range list.JWKs {
		key, err := credential.ParseJWK(raw)
		if err != nil {
			skipped = append(skipped, fmt.Sprintf("web key %d: %v", i, err))
			continue
		}
		t.JWKs = append(t.JWKs, key)
	}
	return t, skipped
}

// moment is unix seconds, 0 being no bound.
func moment(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0)
}
