package publish

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// contents builds all lists from the store, those that there are.
func (p *Publisher) contents(ctx context.Context) (map[string]any, error) {
	keys, err := p.keys(ctx)
	if err != nil {
		return nil, err
	}
	revoked, err := p.revoked(ctx)
	if err != nil {
		return nil, err
	}
	watch, err := p.watch(ctx)
	if err != nil {
		return nil, err
	}
	officers, err := p.officers(ctx)
	if err != nil {
		return nil, err
	}
	settings, err := p.settings(ctx)
	if err != nil {
		return nil, err
	}
	contents := map[string]any{
		wire.ListKeys: keys, wire.ListRevoked: revoked, wire.ListWatch: watch, wire.ListOfficers: officers, wire.ListSettings: settings,
	}
	return contents, p.whatIsAsked(ctx, contents)
}

// keys are the issuing keys. The key of a station that was given back or lost
// signs nothing after that; what it signed before stays valid.
func (p *Publisher) keys(ctx context.Context) (wire.KeyList, error) {
	var list wire.KeyList
	all, err := p.c.Store.CardKeys(ctx)
	if err != nil {
		return list, err
	}
	stations, err := p.c.Store.Stations(ctx)
	if err != nil {
		return list, err
	}
	for _, k := range all {
		i := slices.IndexFunc(stations, func(s store.Station) bool { return s.ID == k.Station })
		if i >= 0 && !stations[i].Ended.IsZero() {
			k.Until = min(k.Until, stations[i].Ended.Unix())
		}
		list.Cards = append(list.Cards, k.CardKey)
	}
	list.Certs, list.JWKs, err = trusted(p.c.Trust)
	return list, err
}

// trusted reads what other issuers sign with. A file that cannot be used is an
// error: half a trust list would call honest people unknown.
func trusted(dir string) (certs, jwks [][]byte, err error) {
	if dir == "" {
		return nil, nil, nil
	}
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read trusted keys: %w", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, nil, fmt.Errorf("read trusted keys: %w", err)
		}
		switch strings.ToLower(filepath.Ext(f.Name())) {
		case ".pem", ".crt", ".cer":
			for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
				certs = append(certs, block.Bytes)
			}
		case ".json", ".jwk", ".jwks":
			some, err := splitJWKs(b)
			if err != nil {
				return nil, nil, fmt.Errorf("read trusted keys %s: %w", f.Name(), err)
			}
			jwks = append(jwks, some...)
		}
	}
	return certs, jwks, nil
}

func splitJWKs(b []byte) ([][]byte, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(b, &set); err != nil {
		return nil, err
	}
	if set.Keys == nil {
		return [][]byte{b}, nil
	}
	var all [][]byte
	for _, k := range set.Keys {
		all = append(all, k)
	}
	return all, nil
}

func (p *Publisher) revoked(ctx context.Context) (wire.RevokedList, error) {
	var list wire.RevokedList
	all, err := p.c.Store.Revocations(ctx) // by card, ascending
	if err != nil {
		return list, err
	}
	for _, r := range all {
		if len(r.Token) == 32 {
			list.Tokens = append(list.Tokens, [32]byte(r.Token))
		} else {
			list.Cards = append(list.Cards, r.Card)
		}
	}
	return list, nil
}

func (p *Publisher) officers(ctx context.Context) (wire.OfficerList, error) {
	var list wire.OfficerList
	all, err := p.c.Store.Officers(ctx)
	if err != nil {
		return list, err
	}
	for _, o := range all {
		list.Officers = append(list.Officers, wire.Officer{ID: o.ID, Name: o.Name, Role: o.Role, PIN: o.PIN, Badge: o.Badge})
	}
	return list, nil
}
