package lists

import (
	"fmt"

	"quachot/internal/wire"
)

// manifest is a signed manifest, opened.
type manifest struct {
	wire.Manifest
	signed  wire.SignedManifest
	missing map[[32]byte]bool // chunks not on disk yet; set by Store.want
}

// known names the lists this version reads; others are not downloaded.
var known = map[string]bool{
	wire.ListKeys: true, wire.ListRevoked: true, wire.ListWatch: true,
	wire.ListOfficers: true, wire.ListSettings: true, wire.ListRules: true, wire.ListPlaces: true,
}

// open checks a manifest that came from outside.
func (s *Store) open(sm wire.SignedManifest) (*manifest, error) {
	body, err := sm.Open(s.office.Sign)
	if err != nil {
		return nil, err
	}
	if body.Deployment != s.office.Deployment {
		return nil, fmt.Errorf("deployment %x, this station belongs to %x: %w", body.Deployment, s.office.Deployment, ErrDeployment)
	}
	m := &manifest{Manifest: body, signed: sm}
	seen := map[string]bool{}
	m.Lists = nil
	for _, l := range body.Lists {
		if seen[l.Name] {
			return nil, fmt.Errorf("manifest %d: %w: list %q twice", body.Serial, wire.ErrFrame, l.Name)
		}
		seen[l.Name] = true
		if known[l.Name] {
			m.Lists = append(m.Lists, l)
		}
	}
	return m, nil
}

// entry is the manifest's entry of one list.
func (m *manifest) entry(name string) (wire.ListEntry, bool) {
	if m != nil {
		for _, l := range m.Lists {
			if l.Name == name {
				return l, true
			}
		}
	}
	return wire.ListEntry{}, false
}

// chunk is the hash that c must have; false when nobody waits for it.
func (m *manifest) chunk(c wire.Chunk) (hash [32]byte, ok bool) {
	l, ok := m.entry(c.List)
	i := c.Offset / wire.ChunkSize
	if !ok || l.Version != c.Version || c.Offset%wire.ChunkSize != 0 || i >= uint64(len(l.Chunks)) {
		return hash, false
	}
	return l.Chunks[i], m.missing[l.Chunks[i]]
}
