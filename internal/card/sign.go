package card

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
)

// MaxKID is the longest key id we write, in bytes.
const MaxKID = 8

// Sign makes the card's token: COSE bytes in the one form we write. It puts the
// name in NFC and checks what would make a card unreadable, but not whether the
// key may issue this number: [Key] says that to the readers.
func Sign(priv ed25519.PrivateKey, kid []byte, c Claims) ([]byte, error) {
	if err := checkSigning(priv, kid, c); err != nil {
		return nil, fmt.Errorf("sign card %s: %w", c.Number, err)
	}
	payload, err := encodeClaims(c)
	if err != nil {
		return nil, fmt.Errorf("sign card %s: %w", c.Number, err)
	}
	protected, err := encoder.Marshal(header{Alg: algEdDSA, KID: kid})
	if err != nil {
		return nil, fmt.Errorf("sign card %s: encode the header: %w", c.Number, err)
	}
	s := sign1{Protected: protected, Payload: payload}
	tbs, err := s.toBeSigned()
	if err != nil {
		return nil, fmt.Errorf("sign card %s: %w", c.Number, err)
	}
	s.Signature = ed25519.Sign(priv, tbs)
	return s.encode()
}

func checkSigning(priv ed25519.PrivateKey, kid []byte, c Claims) error {
	switch {
	case len(priv) != ed25519.PrivateKeySize:
		return errors.New("the issuing key is not an Ed25519 private key")
	case len(kid) == 0 || len(kid) > MaxKID:
		return fmt.Errorf("key id of %d bytes, want 1 to %d", len(kid), MaxKID)
	case c.Number == "":
		return errors.New("no card number")
	case c.Issued.IsZero():
		return errors.New("no date of issue")
	case !c.Expires.IsZero() && !c.Expires.After(c.Issued):
		return errors.New("the card would expire before it is issued")
	}
	return nil
}

// Verify checks a token against the keys. The Token is filled as far as the
// bytes could be read, also on an error; without an error everything in it is
// proven. Expiry is not checked here: the caller has the clock.
//
// Errors, for errors.Is: ErrMalformed, ErrUnsigned (an empty signature),
// ErrUnknownKey (no key of this kid), ErrAlgorithm, ErrSignature, ErrRange (the
// signature is right, but the number or the date of issue is outside the key's
// certificate).
func Verify(cose []byte, keys Keyring) (Token, error) {
	s, h, err := parseSign1(cose)
	if err != nil {
		return Token{}, err
	}
	t := Token{KID: h.KID, Hash: s.hash()}
	t.Claims, t.Has169, err = decodeClaims(s.Payload)
	if err != nil {
		return t, err
	}
	if len(s.Signature) == 0 {
		return t, ErrUnsigned
	}
	return t, keys.check(s, h, t.Claims)
}

// check tries every key of the kid: a kid is short and may be shared.
func (ks Keyring) check(s sign1, h header, c Claims) error {
	result := ErrUnknownKey
	for _, k := range ks {
		if len(h.KID) == 0 || !bytes.Equal(k.KID, h.KID) || len(k.Public) != ed25519.PublicKeySize {
			continue
		}
		if h.Alg != algEdDSA && h.Alg != algEd25519 {
			return fmt.Errorf("%w: alg %d under an Ed25519 key", ErrAlgorithm, h.Alg)
		}
		tbs, err := s.toBeSigned()
		if err != nil {
			return err
		}
		if ed25519.Verify(k.Public, tbs, s.Signature) {
			return k.allows(c)
		}
		result = ErrSignature
	}
	return result
}

// allows is nil when the key's certificate covers the card.
func (k Key) allows(c Claims) error {
	if k.First != 0 || k.Last != 0 {
		n, err := ParseNumber(c.Number)
		if err != nil || string(n) != c.Number {
			return fmt.Errorf("%w: %q is not a number this key may use", ErrRange, c.Number)
		}
		if s := n.Serial(); s < k.First || s > k.Last {
			return fmt.Errorf("%w: number %s is not between %012d and %012d", ErrRange, n.Grouped(), k.First, k.Last)
		}
	}
	if !k.From.IsZero() && c.Issued.Before(k.From) {
		return fmt.Errorf("%w: issued before %s", ErrRange, k.From.Format("2006-01-02 15:04"))
	}
	if !k.Until.IsZero() && c.Issued.After(k.Until) {
		return fmt.Errorf("%w: issued after %s", ErrRange, k.Until.Format("2006-01-02 15:04"))
	}
	return nil
}
