package lists

import (
	"crypto/sha256"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"

	"quachot/internal/wire"
)

// build reads the lists of m. Lists that did not change are taken over from
// before, so that the hourly manifest costs nothing.
func (s *Store) build(m *manifest, before *Snapshot) (*Snapshot, error) {
	next := empty()
	next.serial, next.asOf = m.Serial, m.AsOf
	for _, l := range m.Lists {
		if err := s.read(next, l, before); err != nil {
			return nil, err
		}
	}
	return next, nil
}

// salvage is build for the lists found on disk at the start: a damaged one is
// left out, the others stand, and the serial is 0 so that the office sends the
// manifest again.
func (s *Store) salvage(m *manifest) *Snapshot {
	next := empty()
	next.serial, next.asOf = m.Serial, m.AsOf
	for _, l := range m.Lists {
		if err := s.read(next, l, empty()); err != nil {
			next.serial = 0
			next.problems = append(next.problems, err.Error())
		}
	}
	return next
}

// read puts one list into next.
func (s *Store) read(next *Snapshot, l wire.ListEntry, before *Snapshot) error {
	if old, ok := before.entries[l.Name]; ok && slices.Equal(old.Chunks, l.Chunks) && old.Size == l.Size {
		next.take(l, before)
		return nil
	}
	content, err := s.content(l)
	if err != nil {
		return err
	}
	if err := next.parse(l, content); err != nil {
		return fmt.Errorf("list %s version %d: %w: %w", l.Name, l.Version, ErrContent, err)
	}
	return nil
}

// content puts a list's chunks together, each proven by its hash.
func (s *Store) content(l wire.ListEntry) ([]byte, error) {
	content := make([]byte, 0, l.Size)
	err := s.db.View(func(tx *bolt.Tx) error {
		chunks := tx.Bucket(chunksBucket)
		for i, hash := range l.Chunks {
			b := chunks.Get(hash[:])
			if !intact(b, hash) {
				// After want found it whole: other pages overwrote it, the file is not sound.
				return fmt.Errorf("list %s version %d: chunk %d on disk: %w", l.Name, l.Version, i, errDamaged)
			}
			content = append(content, b...)
		}
		return nil
	})
	if err == nil && uint64(len(content)) != l.Size {
		err = fmt.Errorf("list %s version %d: %d bytes, the manifest says %d", l.Name, l.Version, len(content), l.Size)
	}
	return content, err
}

func intact(b []byte, hash [32]byte) bool { return b != nil && sha256.Sum256(b) == hash }
