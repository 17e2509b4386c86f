package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"quachot/build/sample"
	"quachot/internal/clock"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
	"quachot/kiosk/lane"
	"quachot/kiosk/lists"
)

// A post is a station's journal with heldBefore records in it, its lists, and
// the people who come.
type post struct {
	source  *sample.Source
	lists   *lists.Store // a phone is watched: every number of a code is asked about
	calm    *lists.Store // no phone is
	journal *journal.Journal
}

func newPost(ctx context.Context, dir string, seed uint64) (*post, error) {
	p := &post{source: sample.New(seed, time.Now())}
	var err error
	if p.lists, err = listsWith(filepath.Join(dir, "lists.db"), p.source, identity.Phone); err != nil {
		return nil, err
	}
	if p.calm, err = listsWith(filepath.Join(dir, "calm.db"), p.source, identity.CCCD); err != nil {
		return nil, errors.Join(err, p.lists.Close())
	}
	if p.journal, err = openJournal(filepath.Join(dir, "journal")); err != nil {
		return nil, errors.Join(err, p.lists.Close(), p.calm.Close())
	}
	if err := fill(ctx, p.journal, heldBefore); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *post) close() {
	p.journal.Close()
	p.lists.Close()
	p.calm.Close()
}

func newLane(j *journal.Journal, store *lists.Store) *lane.Lane {
	return lane.New(laneDeps(j, store), record.In)
}

func laneDeps(j *journal.Journal, store *lists.Store) lane.Deps {
	return lane.Deps{
		Journal: j, Lists: store.Snapshot, Deriver: identity.NewDeriver([16]byte{1}, 0), Clock: clock.System(),
		Post: "BENCH", Name: "1", Log: slog.New(slog.DiscardHandler),
	}
}

// listsWith is a list store that trusts the source's cards and watches somebody
// by a document of that kind.
func listsWith(path string, source *sample.Source, watched identity.DocumentKind) (*lists.Store, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	office := wire.OfficeKeys{Sign: public}
	store, err := lists.Open(path, office)
	if err != nil {
		return nil, err
	}
	cert := source.Certificate()
	manifest, contents := wire.Manifest{Serial: 1, AsOf: time.Now().UnixMilli()}, map[string][]byte{}
	for _, l := range []struct {
		name    string
		content any
	}{
		{wire.ListKeys, wire.KeyList{Cards: []wire.CardKey{{KID: cert.KID, Public: cert.Public, Name: cert.Name}}}},
		{wire.ListWatch, wire.WatchList{Entries: []wire.WatchEntry{{Match: identity.Match{1}}}, Kinds: []identity.DocumentKind{watched}}},
	} {
		entry, content, err := wire.NewList(l.name, 1, l.content)
		if err != nil {
			return nil, err
		}
		manifest.Lists, contents[l.name] = append(manifest.Lists, entry), content
	}
	signed, err := wire.SignManifest(manifest, private)
	if err != nil {
		return nil, err
	}
	wants, err := store.Offer(signed)
	for err == nil && len(wants) > 0 {
		w := wants[0]
		content := contents[w.List]
		end := min(uint64(len(content)), w.Offset+wire.ChunkSize)
		var again []wire.Want
		again, err = store.Put(wire.Chunk{List: w.List, Version: w.Version, Offset: w.Offset, Data: content[w.Offset:end]})
		wants = append(wants[1:], again...)
	}
	if err != nil {
		return nil, fmt.Errorf("give the station its lists: %w", err)
	}
	return store, nil
}
