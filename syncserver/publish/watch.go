package publish

import (
	"bytes"
	"context"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/identity"
	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// Entries cost 5 ms each (Argon2id). A few are sealed at once, so that a person
// put on the list is on it when the command ends; a load of thousands is sealed
// in the background, each step stored, so that it goes on after a restart.
const (
	sealAtOnce = 64
	sealStep   = 256
)

// watch builds the watch-list from the entries that are sealed, after sealing a
// few more if they are few.
func (p *Publisher) watch(ctx context.Context) (wire.WatchList, error) {
	var list wire.WatchList
	wanted, err := p.wanted(ctx)
	if err != nil {
		return list, err
	}
	sealed, err := p.c.Store.Sealed(ctx)
	if err != nil {
		return list, err
	}
	if err := p.dropOld(ctx, wanted, sealed); err != nil {
		return list, err
	}
	missing := missing(wanted, sealed)
	if len(missing) > sealAtOnce {
		select {
		case p.work <- struct{}{}:
		default: // Run was already told
		}
	} else if err := p.seal(ctx, missing, wanted, sealed); err != nil {
		return list, err
	}
	for doc := range wanted {
		if x, ok := sealed[doc]; ok && x.Details == wanted[doc] {
			list.Entries = append(list.Entries, x.Entry)
			if !slices.Contains(list.Kinds, doc.Kind) {
				list.Kinds = append(list.Kinds, doc.Kind)
			}
		}
	}
	slices.Sort(list.Kinds)
	slices.SortFunc(list.Entries, func(a, b wire.WatchEntry) int { return bytes.Compare(a.Match[:], b.Match[:]) })
	return list, nil
}

// wanted is every document of everybody on the list, with what is said of him.
// Where two wishes meet in one person, the older one stands.
func (p *Publisher) wanted(ctx context.Context) (map[identity.Document]wire.WatchDetails, error) {
	wishes, err := p.c.Store.Watches(ctx)
	if err != nil {
		return nil, err
	}
	last, err := p.newestLink(ctx)
	if err != nil {
		return nil, err
	}
	now := p.c.Now().Unix()
	wanted := map[identity.Document]wire.WatchDetails{}
	for _, w := range wishes {
		if w.Details.Until != 0 && w.Details.Until < now {
			continue
		}
		docs, err := p.c.Store.Links(ctx, w.Document)
		if err != nil {
			return nil, err
		}
		for _, doc := range docs {
			if _, taken := wanted[doc]; !taken {
				wanted[doc] = w.Details
			}
		}
	}
	watched := make(map[identity.Document]bool, len(wanted))
	for doc := range wanted {
		watched[doc] = true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watched, p.lastLink = watched, last
	return wanted, nil
}

// newestLink is the number of the newest link, read before the links are.
func (p *Publisher) newestLink(ctx context.Context) (uint64, error) {
	p.mu.RLock()
	last := p.lastLink
	p.mu.RUnlock()
	for {
		some, err := p.c.Store.LinksAfter(ctx, last, 10_000)
		if err != nil || len(some) == 0 {
			return last, err
		}
		last = some[len(some)-1].ID
	}
}

// follow looks at the links made since and builds the list again when one of
// them touches somebody on it.
func (p *Publisher) follow(ctx context.Context) error {
	p.mu.RLock()
	last, watched := p.lastLink, p.watched
	p.mu.RUnlock()
	touched := false
	for {
		some, err := p.c.Store.LinksAfter(ctx, last, 10_000)
		if err != nil {
			return err
		}
		if len(some) == 0 {
			break
		}
		for _, l := range some {
			touched = touched || watched[l.Of[0]] || watched[l.Of[1]]
		}
		last = some[len(some)-1].ID
	}
	if touched {
		return p.Refresh(ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lastLink = max(p.lastLink, last)
	return nil
}

// dropOld forgets entries of people who are not on the list any more.
func (p *Publisher) dropOld(ctx context.Context, wanted map[identity.Document]wire.WatchDetails, sealed map[identity.Document]store.Sealed) error {
	var old []identity.Document
	for doc := range sealed {
		if _, ok := wanted[doc]; !ok {
			old = append(old, doc)
			delete(sealed, doc)
		}
	}
	if len(old) == 0 {
		return nil
	}
	return p.c.Store.DropSealed(ctx, old)
}

// missing are the documents whose entry is not made, or says something else.
func missing(wanted map[identity.Document]wire.WatchDetails, sealed map[identity.Document]store.Sealed) []identity.Document {
	var all []identity.Document
	for doc, details := range wanted {
		if x, ok := sealed[doc]; !ok || x.Details != details {
			all = append(all, doc)
		}
	}
	return all
}

// seal makes entries, stores them and puts them into sealed.
func (p *Publisher) seal(ctx context.Context, docs []identity.Document, wanted map[identity.Document]wire.WatchDetails, sealed map[identity.Document]store.Sealed) error {
	if len(docs) == 0 {
		return nil
	}
	made := make(map[identity.Document]store.Sealed, len(docs))
	for i, keys := range p.deriver.DeriveAll(docs) {
		plain, err := cbor.Marshal(wanted[docs[i]])
		if err != nil {
			return err
		}
		nonce, details, err := identity.SealDetails(keys, plain)
		if err != nil {
			return err
		}
		made[docs[i]] = store.Sealed{Entry: wire.WatchEntry{Match: keys.Match, Details: details, Nonce: nonce}, Details: wanted[docs[i]]}
	}
	if err := p.c.Store.PutSealed(ctx, made); err != nil {
		return err
	}
	for doc, x := range made {
		sealed[doc] = x
	}
	return nil
}

// sealMore seals what Refresh left, step by step, and publishes at the end.
func (p *Publisher) sealMore(ctx context.Context) error {
	wanted, err := p.wanted(ctx)
	if err != nil {
		return err
	}
	sealed, err := p.c.Store.Sealed(ctx)
	if err != nil {
		return err
	}
	todo := missing(wanted, sealed)
	p.c.Log.Info("sealing entries of the watch-list", "entries", len(todo))
	for step := range slices.Chunk(todo, sealStep) {
		if ctx.Err() != nil {
			return ctx.Err() // the next start goes on here
		}
		if err := p.seal(ctx, step, wanted, sealed); err != nil {
			return err
		}
	}
	return p.Refresh(ctx)
}
