package wire

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"quachot/internal/record"
)

// ErrChain says that a batch's records do not lead from Before to Tip.
var ErrChain = errors.New("records do not fit the chain")

const batchContext = "quachot batch 1\n"

// Sign fills Sig with the station's signature. Everything else must be set.
func (b *Batch) Sign(priv ed25519.PrivateKey) { b.Sig = ed25519.Sign(priv, b.signed()) }

// Verify proves a batch by itself: the station's signature over its end, and
// that the records lead there from Before. Before is covered through the chain.
// Signed placeholders may stand for records that the station lost. Errors wrap
// ErrSignature, ErrChain or ErrFrame.
func (b Batch) Verify(pub ed25519.PublicKey) error {
	n := uint64(len(b.Records))
	if n == 0 || n > MaxRecords || b.First == 0 || b.First > math.MaxUint64-n {
		return fmt.Errorf("batch of %d records from %d: %w", n, b.First, ErrFrame)
	}
	if len(pub) != ed25519.PublicKeySize || !ed25519.Verify(pub, b.signed(), b.Sig) {
		return fmt.Errorf("batch from %d: %w", b.First, ErrSignature)
	}
	tip, err := record.Follow(b.Before, b.Segment, b.First, b.Records, pub)
	if err != nil {
		return fmt.Errorf("batch from %d: %w: %w", b.First, ErrSignature, err)
	}
	if tip != b.Tip {
		return fmt.Errorf("batch from %d: %w", b.First, ErrChain)
	}
	return nil
}

// Last is the seq of the batch's last record.
func (b Batch) Last() uint64 { return b.First + uint64(len(b.Records)) - 1 }

func (b Batch) signed() []byte {
	m := append([]byte(batchContext), b.Segment[:]...)
	m = binary.BigEndian.AppendUint64(m, b.First)
	m = binary.BigEndian.AppendUint64(m, uint64(len(b.Records)))
	m = append(m, b.Tip[:]...)
	if !slices.ContainsFunc(b.Records, record.Damaged) {
		return m
	}
	// The chain starts anew at a placeholder, so Tip says nothing of what stands
	// before it in this batch.
	cover := b.Before
	for _, r := range b.Records {
		cover = cover.Next(r)
	}
	return append(m, cover[:]...)
}
