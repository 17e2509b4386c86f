package lists

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"quachot/internal/identity"
	"quachot/internal/wire"
)

// office is the other side: it signs manifests and cuts lists into chunks.
type office struct {
	t        testing.TB
	priv     ed25519.PrivateKey
	keys     wire.OfficeKeys
	serial   uint64
	asOf     int64
	version  map[string]uint64
	entries  map[string]wire.ListEntry
	contents map[string][]byte
}

func newOffice(t testing.TB) *office {
	seed := make([]byte, ed25519.SeedSize)
	copy(seed, t.Name())
	priv := ed25519.NewKeyFromSeed(seed)
	return &office{
		t: t, priv: priv, asOf: 1_633_000_000_000,
		keys:    wire.OfficeKeys{Deployment: [16]byte{1}, Sign: priv.Public().(ed25519.PublicKey)},
		version: map[string]uint64{}, entries: map[string]wire.ListEntry{}, contents: map[string][]byte{},
	}
}

// set makes a new version of a list, and a new serial.
func (o *office) set(name string, content any) *office {
	o.version[name]++
	e, b, err := wire.NewList(name, o.version[name], content)
	if err != nil {
		o.t.Fatal(err)
	}
	o.entries[name], o.contents[name] = e, b
	o.serial++
	o.asOf += 1000
	return o
}

func (o *office) manifest() wire.Manifest {
	m := wire.Manifest{Deployment: o.keys.Deployment, Serial: o.serial, AsOf: o.asOf}
	for _, e := range o.entries {
		m.Lists = append(m.Lists, e)
	}
	slices.SortFunc(m.Lists, func(a, b wire.ListEntry) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	return m
}

func (o *office) sign(m wire.Manifest) wire.SignedManifest {
	sm, err := wire.SignManifest(m, o.priv)
	if err != nil {
		o.t.Fatal(err)
	}
	return sm
}

func (o *office) chunk(w wire.Want) wire.Chunk {
	b := o.contents[w.List][w.Offset:]
	return wire.Chunk{List: w.List, Version: w.Version, Offset: w.Offset, Data: b[:min(len(b), wire.ChunkSize)]}
}

// sync offers the manifest and delivers everything that is wanted.
func (o *office) sync(s *Store) (chunks int) {
	o.t.Helper()
	wants, err := s.Offer(o.sign(o.manifest()))
	if err != nil {
		o.t.Fatalf("offer: %v", err)
	}
	for len(wants) > 0 {
		more, err := s.Put(o.chunk(wants[0]))
		if err != nil {
			o.t.Fatalf("put %+v: %v", wants[0], err)
		}
		wants = append(wants[1:], more...)
		chunks++
	}
	return chunks
}

func open(t testing.TB, o *office) (*Store, string) {
	path := filepath.Join(t.TempDir(), "lists.db")
	return reopen(t, o, path), path
}

func reopen(t testing.TB, o *office, path string) *Store {
	t.Helper()
	s, err := Open(path, o.keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// try is sync that ends with the first error.
func (o *office) try(s *Store) error {
	wants, err := s.Offer(o.sign(o.manifest()))
	for err == nil && len(wants) > 0 {
		if _, err = s.Put(o.chunk(wants[0])); err == nil {
			wants = wants[1:]
		}
	}
	return err
}

// entry is a watch-list entry as the office makes it.
func entry(t testing.TB, k identity.Keys, d wire.WatchDetails) wire.WatchEntry {
	plain, err := wire.EncodeList(d)
	if err != nil {
		t.Fatal(err)
	}
	nonce, sealed, err := identity.SealDetails(k, plain)
	if err != nil {
		t.Fatal(err)
	}
	return wire.WatchEntry{Match: k.Match, Details: sealed, Nonce: nonce}
}

// someKeys are the keys of nobody, from a seed.
func someKeys(n uint64) (k identity.Keys) {
	r := rand.New(rand.NewPCG(n, 7))
	for i := 0; i < 16; i += 8 {
		binary.BigEndian.PutUint64(k.Match[i:], r.Uint64())
	}
	k.Open[0] = byte(n)
	return k
}

func officers(ids ...string) wire.OfficerList {
	var l wire.OfficerList
	for _, id := range ids {
		l.Officers = append(l.Officers, wire.Officer{ID: id, Name: fmt.Sprintf("officer %s", id), Role: "steward"})
	}
	return l
}
