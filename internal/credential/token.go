package credential

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"quachot/internal/card"
	"quachot/internal/identity"
)

// readToken reads a COSE token without a prefix: our card in either alphabet,
// another issuer's Claim 169 token, or an EU certificate that lost its HC1:.
func readToken(s scan) (Reading, bool) {
	text := strings.TrimSpace(s.text)
	if !card.Recognise(text) {
		return Reading{}, false
	}
	b, err := card.Decode(text)
	if err != nil {
		return Reading{Reason: whyUndecoded(text)}, true
	}
	token, err := card.Verify(b, s.trust.Cards)
	if ours(token, err, s.trust.Cards) {
		return cardReading(token, err, s), true
	}
	return foreignToken(b, s), true
}

// whyUndecoded looks again at a text that is no token: half a code is said to be
// one. Half of a digits code cannot be told from a broken one.
func whyUndecoded(text string) string {
	if digits(text) {
		return Truncated
	}
	if _, why := unpackBase45(text); why != "" {
		return why
	}
	return Malformed
}

// ours says whether a token is a card of ours or claims to be: its kid is one of
// ours, its subject is a card number, or it names a subject and no issuer.
func ours(t card.Token, err error, keys card.Keyring) bool {
	if errors.Is(err, card.ErrMalformed) {
		return false
	}
	_, wrong := card.ParseNumber(t.Number)
	return holds(keys, t.KID) || wrong == nil || t.Number != "" && t.Issuer == ""
}

func holds(keys card.Keyring, kid []byte) bool {
	for _, k := range keys {
		if len(kid) > 0 && bytes.Equal(k.KID, kid) {
			return true
		}
	}
	return false
}

// cardReading is our card, proven or not: what it says stands in the reading in
// both cases, Trust tells them apart.
func cardReading(t card.Token, err error, s scan) Reading {
	r := Reading{
		Kind: Card, Name: t.Name, Ward: t.Ward, CardNumber: t.Number,
		TokenHash: t.Hash, KeyID: t.KID, Issued: t.Issued, Expires: t.Expires,
	}
	r.Trust, r.Reason = cardTrust(t, err, s.trust.Cards)
	r.gender(t.Sex)
	if t.Has169 {
		r.birth(isoDate(t.Birth), s.now)
	} else {
		r.warn(WarnNoIdentity)
	}
	r.dates(t.Issued, s.now)
	return r
}

// cardTrust judges card.Verify's answer. A number or date outside the key's
// certificate is not forged: the list of keys here may be the old one. No
// signature under a known kid is: the issuer signs everything.
func cardTrust(t card.Token, err error, keys card.Keyring) (Trust, string) {
	switch {
	case err == nil:
		return Signed, ""
	case errors.Is(err, card.ErrSignature):
		return Forged, BadSignature
	case errors.Is(err, card.ErrAlgorithm):
		return Forged, AlgMismatch
	case errors.Is(err, card.ErrRange):
		return Undecided, KeyRange
	case errors.Is(err, card.ErrUnsigned) && holds(keys, t.KID):
		return Forged, Unsigned
	case errors.Is(err, card.ErrUnsigned):
		return Undecided, Unsigned
	}
	return Undecided, UnknownKey
}

// gender keeps M and F as the sex, and what else there is as a fact.
func (r *Reading) gender(s string) {
	switch s {
	case "M", "F":
		r.Sex = s
	case "X":
		r.set("gender", "other")
	}
}

// foreignToken is a token that is not ours.
func foreignToken(b []byte, s scan) Reading {
	m, err := parseSign1(b)
	if errors.Is(err, errEncrypted) {
		return Reading{Kind: Claim169, Reason: Encrypted}
	}
	if err != nil {
		return Reading{Reason: Malformed}
	}
	c, err := parseClaims(m.payload)
	switch {
	case err != nil:
		return Reading{Reason: Malformed}
	case len(c.HCert) > 0:
		r := dccReading(m, s)
		if r.Kind == DCC {
			r.Trust, r.Reason = Undecided, NoPrefix
		}
		return r
	case len(c.Identity) == 0:
		return Reading{Reason: NotSupported}
	}
	return claim169(m, c, s)
}

// claim169 reads MOSIP's identity data, version 1.2.0 of its specification.
func claim169(m sign1, c claims, s scan) Reading {
	id, ok := value(c.Identity).(map[any]any)
	if !ok {
		return Reading{Reason: Malformed}
	}
	at := func(key uint64) string { return fact(words(id[key])) }
	r := Reading{Kind: Claim169, KeyID: m.kid, Issued: numericDate(c.Issued), Expires: numericDate(c.Expires)}
	r.Trust, r.Reason = jwkTrust(m, s.trust)
	r.Name = at(4)
	if r.Name == "" {
		r.Name = fact(at(5) + " " + at(6) + " " + at(7))
	}
	r.gender(map[string]string{"1": "M", "2": "F", "3": "X"}[at(9)])
	r.Address, r.Phone = at(10), at(12)
	if at(8) != "" {
		r.birth(isoDate(at(8)), s.now)
	}
	r.document(identity.Foreign, at(1))
	for key, name := range claimNames {
		r.set(name, at(key))
	}
	r.set("iss", words(value(c.Issuer)))
	r.set("sub", words(value(c.Subject)))
	r.dates(latest(r.Issued, numericDate(c.NotBefore)), s.now)
	return r
}

// claimNames are the facts of Claim 169 that have no place of their own.
var claimNames = map[uint64]string{
	1: "id", 2: "version", 3: "language", 11: "email", 13: "nationality",
	14: "marital_status", 15: "guardian", 19: "name_2", 20: "language_2",
	21: "location", 22: "legal_status", 23: "country",
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// jwkTrust judges a Claim 169 token by the trusted JWKs: those with its kid, or
// all when it has none. Without a kid nothing is said to be forged, since
// nobody says which key it was.
func jwkTrust(m sign1, trust *Trusted) (Trust, string) {
	if m.critical {
		return Undecided, NotSupported
	}
	best, unsigned := errors.New("no key"), len(m.signature) == 0
	for _, k := range trust.JWKs {
		if len(m.kid) > 0 && k.KID != string(m.kid) {
			continue
		}
		err := m.verify(m.alg, k.Public)
		if err == nil {
			return Signed, ""
		}
		best = worse(best, err)
	}
	result, why := forged(best)
	if len(m.kid) == 0 {
		result, why = Undecided, UnknownKey
	}
	if unsigned {
		why = Unsigned
	}
	return result, why
}

// worse keeps the error that says most: a wrong signature under a fitting key
// before a key of another algorithm, that before none.
func worse(a, b error) error {
	if errors.Is(a, errSignature) || !errors.Is(b, errSignature) && errors.Is(a, errAlgorithm) {
		return a
	}
	return b
}

// forged is the trust and reason of the worst error under keys of the right kid.
func forged(err error) (Trust, string) {
	switch {
	case errors.Is(err, errSignature):
		return Forged, BadSignature
	case errors.Is(err, errAlgorithm):
		return Forged, AlgMismatch
	}
	return Undecided, UnknownKey
}
