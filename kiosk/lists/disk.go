package lists

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/fxamacker/cbor/v2"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"quachot/internal/wire"
)

var (
	metaBucket   = []byte("meta")
	chunksBucket = []byte("chunks")
	activeKey    = []byte("active")
	wantedKey    = []byte("wanted")
)

// Open opens or makes the file at path. A damaged file is moved aside to
// path.bad and the lists start empty: they are the office's, and come down
// again. ErrBusy when another process has it open.
func Open(path string, office wire.OfficeKeys) (*Store, error) {
	s, err := openFile(path, office)
	if err == nil || errors.Is(err, ErrBusy) || errors.Is(err, os.ErrPermission) {
		return s, err
	}
	if moveErr := os.Rename(path, path+".bad"); moveErr != nil {
		return nil, err
	}
	return openFile(path, office)
}

func openFile(path string, office wire.OfficeKeys) (*Store, error) {
	s := &Store{office: office, path: path}
	err := survive(func() error {
		db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second})
		if errors.Is(err, bolterrors.ErrTimeout) {
			return ErrBusy
		}
		if err != nil {
			return err
		}
		s.db = db
		return s.load()
	})
	if err == nil {
		return s, nil
	}
	if s.db != nil {
		_ = survive(s.db.Close) // the error that matters is the first one
	}
	return nil, fmt.Errorf("open lists %s: %w", path, err)
}

var errDamaged = errors.New("the file is damaged")

// guarded is survive for an open store: a file that turns out to be damaged is
// moved aside and begun anew. The snapshot in force and the serial seen stay;
// the caller's error says that the office has to send the lists again.
func (s *Store) guarded(f func() error) error {
	err := survive(f)
	if !errors.Is(err, errDamaged) && !errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		return err
	}
	path := s.path
	_ = survive(s.db.Close) // it is damaged: nothing better can be done with it
	if moveErr := os.Rename(path, path+".bad"); moveErr != nil && !errors.Is(moveErr, os.ErrNotExist) {
		return errors.Join(err, moveErr)
	}
	fresh, openErr := openFile(path, s.office)
	if openErr != nil {
		return errors.Join(err, openErr)
	}
	s.db, s.wanted = fresh.db, nil
	return err
}

// survive runs f and turns what bbolt does with a damaged file, a panic or a
// fault in its memory map, into an error.
func survive(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errDamaged, r)
		}
	}()
	return f()
}

// load reads both manifests and builds the first snapshot.
func (s *Store) load() error {
	err := s.db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{metaBucket, chunksBucket} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.active = s.stored(activeKey)
	s.snapshot.Store(empty())
	if s.active != nil {
		s.snapshot.Store(s.salvage(s.active))
	}
	if wanted := s.stored(wantedKey); wanted != nil {
		_, err = s.want(wanted)
	}
	return err
}

// stored reads a manifest from the file, or nil when it is not there, or not
// one of this office (any more): then it is as if it had never come.
func (s *Store) stored(key []byte) *manifest {
	var sm wire.SignedManifest
	err := s.db.View(func(tx *bolt.Tx) error {
		return cbor.Unmarshal(tx.Bucket(metaBucket).Get(key), &sm)
	})
	if err != nil {
		return nil
	}
	m, err := s.open(sm)
	if err != nil {
		return nil
	}
	return m
}

// want makes m the manifest to download and tells which chunks are missing.
// With nothing missing it changes nothing.
func (s *Store) want(m *manifest) ([]wire.Want, error) {
	var wants []wire.Want
	m.missing = map[[32]byte]bool{}
	err := s.db.View(func(tx *bolt.Tx) error {
		chunks := tx.Bucket(chunksBucket)
		for _, l := range m.Lists {
			for i, hash := range l.Chunks {
				if m.missing[hash] || intact(chunks.Get(hash[:]), hash) {
					continue
				}
				m.missing[hash] = true
				wants = append(wants, wire.Want{List: l.Name, Version: l.Version, Offset: uint64(i) * wire.ChunkSize})
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for chunks: %w", err)
	}
	if len(wants) == 0 {
		return nil, nil
	}
	if err := s.put(wantedKey, m, nil); err != nil {
		return nil, fmt.Errorf("note the manifest: %w", err)
	}
	s.wanted = m
	return wants, nil
}

// keep stores one chunk.
func (s *Store) keep(hash [32]byte, data []byte) error {
	return s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(chunksBucket).Put(hash[:], data) })
}

// put writes a manifest under key, deletes the other key if given, and drops
// every chunk that no manifest names any more, in one transaction.
func (s *Store) put(key []byte, m *manifest, drop []byte) error {
	b, err := cbor.Marshal(m.signed)
	if err != nil {
		return err
	}
	used := map[[32]byte]bool{}
	for _, keeper := range []*manifest{m, s.active} {
		if keeper == nil || (keeper == s.active && drop != nil) {
			continue
		}
		for _, l := range keeper.Lists {
			for _, hash := range l.Chunks {
				used[hash] = true
			}
		}
	}
	return s.db.Update(func(tx *bolt.Tx) error {
		meta := tx.Bucket(metaBucket)
		if err := meta.Put(key, b); err != nil {
			return err
		}
		if drop != nil {
			if err := meta.Delete(drop); err != nil {
				return err
			}
		}
		return sweep(tx.Bucket(chunksBucket), used)
	})
}

func sweep(chunks *bolt.Bucket, used map[[32]byte]bool) error {
	var unused [][]byte
	c := chunks.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		if len(k) != 32 || !used[[32]byte(k)] {
			unused = append(unused, k)
		}
	}
	for _, k := range unused {
		if err := chunks.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// switchTo puts m in force: its lists are read first, and when one of them
// cannot be, everything stays as it was.
func (s *Store) switchTo(m *manifest) error {
	next, err := s.build(m, s.Snapshot())
	if err != nil {
		return fmt.Errorf("switch to manifest %d: %w", m.Serial, err)
	}
	if err := s.put(activeKey, m, wantedKey); err != nil {
		return fmt.Errorf("switch to manifest %d: %w", m.Serial, err)
	}
	s.active, s.wanted = m, nil
	s.snapshot.Store(next)
	return nil
}
