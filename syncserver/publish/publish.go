// Package publish makes the lists that go down to the stations out of what the
// office decided, and the signed manifest that names their versions (design,
// section 6).
package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"quachot/internal/identity"
	"quachot/internal/wire"
	"quachot/syncserver/store"
	"quachot/syncserver/vault"
)

// ResignEvery is how often the manifest is signed anew although nothing changed:
// stations tell the age of their lists by it.
const ResignEvery = 30 * time.Minute

// Config is all a publisher needs.
type Config struct {
	Store store.Store
	Vault *vault.Vault
	Log   *slog.Logger
	Now   func() time.Time // nil = time.Now
	Trust string           // folder with certificates (.pem) and JWKs (.json) of other issuers; may not exist
}

// Publisher holds the published lists. It is safe for concurrent use.
type Publisher struct {
	c       Config
	deriver *identity.Deriver
	work    chan struct{} // wakes Run to seal what Refresh left; capacity 1

	build sync.Mutex // one Refresh at a time; it writes to the store while held

	mu       sync.RWMutex // guards all below
	serial   uint64
	lists    map[string]store.List
	before   map[string]store.List // the version before, for downloads under way
	changed  chan struct{}
	watched  map[identity.Document]bool
	lastLink uint64
}

// Open reads what was published before. Refresh or Run bring it up to date.
func Open(ctx context.Context, c Config) (*Publisher, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	p := &Publisher{
		c: c, deriver: c.Vault.Deriver(), work: make(chan struct{}, 1), changed: make(chan struct{}),
		lists: map[string]store.List{}, before: map[string]store.List{}, watched: map[identity.Document]bool{},
	}
	serial, lists, err := c.Store.Published(ctx)
	if err != nil {
		return nil, err
	}
	p.serial = serial
	for _, l := range lists {
		p.lists[l.Name] = l
	}
	return p, nil
}

// Deriver makes identity keys, with a memory shared by all who use it.
func (p *Publisher) Deriver() *identity.Deriver { return p.deriver }

// Manifest is the current one, signed now, and its serial.
func (p *Publisher) Manifest() (wire.SignedManifest, uint64, error) {
	p.mu.RLock()
	m := wire.Manifest{Deployment: p.c.Vault.Keys().Deployment, Serial: p.serial, AsOf: p.c.Now().UnixMilli()}
	for _, name := range names {
		if l, ok := p.lists[name]; ok {
			m.Lists = append(m.Lists, l.ListEntry)
		}
	}
	p.mu.RUnlock()
	signed, err := wire.SignManifest(m, p.c.Vault.Sign)
	return signed, m.Serial, err
}

// names are the lists in the order of the manifest.
var names = []string{wire.ListKeys, wire.ListRevoked, wire.ListWatch, wire.ListOfficers, wire.ListSettings, wire.ListRules, wire.ListPlaces}

// Versions are the current versions by name.
func (p *Publisher) Versions() map[string]uint64 {
	p.mu.RLock()
	defer p.mu.RUnlock()
	all := map[string]uint64{}
	for name, l := range p.lists {
		all[name] = l.Version
	}
	return all
}

// Chunk answers a want, also for the version before the current one.
func (p *Publisher) Chunk(w wire.Want) wire.Chunk {
	c := wire.Chunk{List: w.List, Version: w.Version, Offset: w.Offset}
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, l := range []store.List{p.lists[w.List], p.before[w.List]} {
		if l.Version == w.Version && w.Offset < uint64(len(l.Content)) {
			c.Data = l.Content[w.Offset:min(w.Offset+wire.ChunkSize, uint64(len(l.Content)))]
			return c
		}
	}
	return c
}

// Changed is closed at the next change, or when the manifest is to be sent
// again because of its age.
func (p *Publisher) Changed() <-chan struct{} {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.changed
}

func (p *Publisher) announce() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.changed)
	p.changed = make(chan struct{})
}

// Refresh builds all lists again and publishes those that changed, all or none.
// Many new entries of the watch-list are left to Run.
func (p *Publisher) Refresh(ctx context.Context) error {
	p.build.Lock()
	defer p.build.Unlock()
	return p.refresh(ctx)
}

func (p *Publisher) refresh(ctx context.Context) error {
	contents, err := p.contents(ctx)
	if err != nil {
		return fmt.Errorf("build lists: %w", err)
	}
	var changed []store.List
	for _, name := range names {
		content, ok := contents[name]
		if !ok {
			continue
		}
		l, fresh, err := p.next(name, content)
		if err != nil {
			return err
		}
		if fresh {
			changed = append(changed, l)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	serial := p.serial + 1 // only refresh changes it
	if err := p.c.Store.Publish(ctx, serial, changed); err != nil {
		return err
	}
	p.mu.Lock()
	p.serial = serial
	for _, l := range changed {
		if old, ok := p.lists[l.Name]; ok {
			p.before[l.Name] = old
		}
		p.lists[l.Name] = l
	}
	p.mu.Unlock()
	p.announce()
	p.c.Log.Info("lists published", "serial", serial, "changed", len(changed))
	return nil
}

// next is a list's next version; fresh is false when nothing changed.
func (p *Publisher) next(name string, content any) (l store.List, fresh bool, err error) {
	old, known := p.lists[name]
	entry, b, err := wire.NewList(name, old.Version+1, content)
	if err != nil {
		return l, false, err
	}
	if known && bytes.Equal(old.Content, b) {
		return old, false, nil
	}
	return store.List{ListEntry: entry, Content: b}, true, nil
}

// Run keeps the lists up to date until ctx ends: when links are added to people
// on the watch-list, when entries end, and by signing anew.
func (p *Publisher) Run(ctx context.Context) error {
	wake := p.c.Store.Wake(ctx)
	tick := time.NewTicker(ResignEvery)
	defer tick.Stop()
	p.step(ctx, p.Refresh)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			p.step(ctx, p.Refresh)
			p.announce()
		case <-wake:
			p.step(ctx, p.follow)
		case <-p.work:
			p.step(ctx, p.sealMore)
		}
	}
}

func (p *Publisher) step(ctx context.Context, do func(context.Context) error) {
	if err := do(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrClosed) {
		p.c.Log.Error("lists could not be brought up to date; the stations keep the last ones", "error", err)
	}
}
