package identity

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

// ErrDetails is returned when details do not open: another document's, or
// damaged.
var ErrDetails = errors.New("details do not open with this document's key")

// SealDetails hides what the office says about a listed person: only who holds
// the person's document number can open it. AES-256-GCM under Keys.Open, a
// fresh random nonce, Match as additional data so that details cannot be moved
// to another entry.
func SealDetails(k Keys, plain []byte) (nonce, sealed []byte, err error) {
	aead, err := detailsAEAD(k)
	if err != nil {
		return nil, nil, err
	}
	nonce = make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, nil, fmt.Errorf("draw a nonce: %w", err)
	}
	return nonce, aead.Seal(nil, nonce, plain, k.Match[:]), nil
}

// OpenDetails is what SealDetails hid, or an error wrapping ErrDetails.
func OpenDetails(k Keys, nonce, sealed []byte) ([]byte, error) {
	aead, err := detailsAEAD(k)
	if err != nil {
		return nil, err
	}
	if len(nonce) != aead.NonceSize() {
		return nil, fmt.Errorf("nonce of %d bytes, want %d: %w", len(nonce), aead.NonceSize(), ErrDetails)
	}
	plain, err := aead.Open(nil, nonce, sealed, k.Match[:])
	if err != nil {
		return nil, ErrDetails
	}
	return plain, nil
}

func detailsAEAD(k Keys) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.Open[:])
	if err != nil {
		return nil, fmt.Errorf("make the details cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("make the details cipher: %w", err)
	}
	return aead, nil
}
