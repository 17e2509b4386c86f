// Package lists keeps what came down from the office: trust keys, revoked
// cards, the watch-list, officers, settings, rules and places. They arrive as one signed
// manifest and the chunks it names by hash, are stored in bbolt by that hash,
// and become valid all at once: a station never works with the keys of today
// and the revocations of last week (design, sections 6 and 8).
//
// The file holds
//
//	meta    "active"  the signed manifest whose lists are in force
//	        "wanted"  a newer one that is still being downloaded
//	chunks  SHA-256 -> bytes, of both
//
// so that a download goes on where it was cut, also after a restart, and a
// chunk that did not change is not fetched again.
package lists

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"

	"quachot/internal/wire"
)

// Errors that callers decide by. A manifest with a wrong signature is
// [wire.ErrSignature].
var (
	ErrClosed     = errors.New("the lists are closed")
	ErrBusy       = errors.New("the lists are open in another process")
	ErrDeployment = errors.New("the manifest is of another deployment")
	ErrSerial     = errors.New("the manifest is older than one already seen")
	ErrContent    = errors.New("a list cannot be read; the lists in force stay")
	ErrMismatch   = errors.New("a chunk did not match its hash again and again; it waits for the next manifest")
	ErrGone       = errors.New("the office has not this version any more; it waits for the next manifest")
)

// maxMismatches is how often a chunk is asked for again before giving up.
const maxMismatches = 3

// Store is the lists of one station. Its methods are safe for concurrent use.
type Store struct {
	office wire.OfficeKeys // set by Open
	path   string          // set by Open

	mu     sync.Mutex // guards the rest; held over the disk, which only Offer and Put touch
	db     *bolt.DB
	closed bool
	active *manifest // nil before the first switch
	wanted *manifest // nil when nothing is under way
	bad    map[[32]byte]int

	snapshot atomic.Pointer[Snapshot]
}

// Offer takes a manifest: its signature, deployment and serial are checked.
// The answer is every chunk that is still missing; nil when nothing is, and then
// the lists are already switched or merely confirmed. An older manifest of the
// same serial is ignored.
func (s *Store) Offer(sm wire.SignedManifest) ([]wire.Want, error) {
	m, err := s.open(sm)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	for _, known := range []*manifest{s.active, s.wanted} {
		if known == nil || m.Serial > known.Serial {
			continue
		}
		if m.Serial < known.Serial {
			return nil, fmt.Errorf("serial %d after %d: %w", m.Serial, known.Serial, ErrSerial)
		}
		if m.AsOf < known.AsOf {
			return nil, nil
		}
	}
	s.bad = map[[32]byte]int{}
	var missing []wire.Want
	err = s.guarded(func() error {
		var err error
		if missing, err = s.want(m); err != nil || len(missing) > 0 {
			return err
		}
		return s.switchTo(m)
	})
	return missing, err
}

// Put takes a chunk that was wanted. When it was the last one missing, all lists
// switch in one transaction. The answer is what has to be asked for again: the
// same chunk, when it did not match its hash. Chunks nobody waits for are
// ignored.
func (s *Store) Put(c wire.Chunk) ([]wire.Want, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	hash, ok := s.wanted.chunk(c)
	if !ok {
		return nil, nil
	}
	name := fmt.Sprintf("list %s version %d at %d", c.List, c.Version, c.Offset)
	if len(c.Data) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrGone)
	}
	if sha256.Sum256(c.Data) != hash {
		if s.bad[hash]++; s.bad[hash] >= maxMismatches {
			return nil, fmt.Errorf("%s: %w", name, ErrMismatch)
		}
		return []wire.Want{{List: c.List, Version: c.Version, Offset: c.Offset}}, nil
	}
	err := s.guarded(func() error {
		if err := s.keep(hash, c.Data); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		delete(s.wanted.missing, hash)
		if len(s.wanted.missing) > 0 {
			return nil
		}
		return s.switchTo(s.wanted)
	})
	return nil, err
}

// Serial is the manifest's in force; 0 when none is, or when a list of it was
// found damaged on disk, so that the office sends it again.
func (s *Store) Serial() uint64 { return s.Snapshot().Serial() }

// Snapshot is the lists in force. It never changes; ask again for newer ones.
// Never nil: before the first sync it is empty, with a zero AsOf.
func (s *Store) Snapshot() *Snapshot { return s.snapshot.Load() }

// Close lets go of the file. Snapshots stay usable.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if err := survive(s.db.Close); err != nil {
		return fmt.Errorf("close lists: %w", err)
	}
	return nil
}
