package store

import (
	"crypto/ed25519"
	"errors"

	"quachot/internal/record"
	"quachot/internal/wire"
)

// Verify proves a batch by itself, also when it has placeholders of records
// that no medium of the station could give back: those state their own chain
// value, signed.
func Verify(b wire.Batch, key ed25519.PublicKey) error {
	err := b.Verify(key)
	if !errors.Is(err, wire.ErrChain) {
		return err
	}
	tip, followErr := record.Follow(b.Before, b.Segment, b.First, b.Records, key)
	if followErr != nil {
		return followErr
	}
	if tip != b.Tip {
		return err
	}
	return nil
}
