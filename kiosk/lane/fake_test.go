package lane

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"quachot/internal/card"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
	"quachot/kiosk/lists"
)

var noon = time.Date(2021, 10, 1, 5, 0, 0, 0, time.UTC)

// fakeClock stands still until it is told.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}
func (c *fakeClock) SinceBoot() time.Duration { return c.Now().Sub(noon) + time.Hour }
func (c *fakeClock) BootID() [16]byte         { return [16]byte{1} }
func (c *fakeClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// written is one record of the fake journal.
type written struct {
	id   record.ID
	item journal.Item
	with int // records in its commit
}

// fakeJournal keeps records in memory and fails as told.
type fakeJournal struct {
	mu      sync.Mutex
	clock   *fakeClock
	records []written
	state   map[string][]byte
	segment byte
	seq     uint64
	rolls   int

	rollNext bool          // the next append opens a new segment by itself
	err      error         // of the next appends
	volatile bool          // saved, but on no medium
	slow     bool          // of what is saved
	failed   error         // what failed although saved
	health   string        // of Counts
	hold     chan struct{} // appends wait for it, when set
	entered  chan struct{} // told when an append waits
}

func newFakeJournal(c *fakeClock) *fakeJournal {
	return &fakeJournal{clock: c, state: map[string][]byte{}, segment: 1, health: journal.HealthOK}
}

func (j *fakeJournal) Append(ctx context.Context, items ...journal.Item) ([]journal.Saved, error) {
	if j.hold != nil {
		j.entered <- struct{}{}
		<-j.hold
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return nil, j.err
	}
	if j.rollNext {
		j.rollNext = false
		j.segment, j.seq = j.segment+1, 0
	}
	var saved []journal.Saved
	for _, it := range items {
		j.seq++
		id := record.ID{Segment: record.SegmentID{j.segment}, Seq: j.seq}
		j.records = append(j.records, written{id, it, len(items)})
		saved = append(saved, journal.Saved{ID: id, At: j.clock.Now(), Durable: !j.volatile, Slow: j.slow, Err: j.failed})
		for _, p := range it.State {
			j.state[p.Bucket+string(p.Key)] = p.Value
		}
	}
	return saved, nil
}

func (j *fakeJournal) Get(bucket string, key []byte) ([]byte, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	b, ok := j.state[bucket+string(key)]
	return b, ok
}

func (j *fakeJournal) Roll(string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.rolls++
	j.rollNext = true
	return nil
}

func (j *fakeJournal) Counts() journal.Counts {
	j.mu.Lock()
	defer j.mu.Unlock()
	return journal.Counts{Health: j.health}
}

// kinds are the kinds of all records so far.
func (j *fakeJournal) kinds() (k []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, w := range j.records {
		k = append(k, w.item.Kind.String())
	}
	return k
}

// bodies are the bodies of one type, in order.
func bodies[T any](j *fakeJournal) (all []T) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, w := range j.records {
		if b, ok := w.item.Body.(T); ok {
			all = append(all, b)
		}
	}
	return all
}

func last[T any](t *testing.T, j *fakeJournal) T {
	t.Helper()
	all := bodies[T](j)
	if len(all) == 0 {
		t.Fatalf("no such record among %v", j.kinds())
	}
	return all[len(all)-1]
}

var errDisk = errors.New("disk on fire")

// post is a lane with all it stands on.
type post struct {
	*Lane
	t       testing.TB
	clock   *fakeClock
	journal *fakeJournal
	lists   *lists.Store
	office  ed25519.PrivateKey
	serial  uint64
	issuer  ed25519.PrivateKey
	deriver *identity.Deriver
	deps    Deps

	officers []wire.Officer // of the next publish
	settings wire.Settings
	rules    *wire.RuleList // nil = none asks anything
}

func newPost(t testing.TB) *post {
	t.Helper()
	p := &post{
		t: t, clock: &fakeClock{now: noon},
		office:  ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32)),
		issuer:  ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32)),
		deriver: identity.NewDeriver([16]byte{3}, 0),
	}
	p.journal = newFakeJournal(p.clock)
	var err error
	p.lists, err = lists.Open(filepath.Join(t.TempDir(), "lists.db"), wire.OfficeKeys{Sign: p.office.Public().(ed25519.PublicKey)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.lists.Close() })
	p.publish()
	p.deps = Deps{
		Journal: p.journal, Lists: p.lists.Snapshot, Deriver: p.deriver,
		Clock: p.clock, Post: "PB1", Name: "2",
	}
	p.Lane = New(p.deps, record.In)
	return p
}

// publish sends new lists down: the issuer's key, and who is watched.
func (p *post) publish(watched ...identity.Document) {
	p.t.Helper()
	p.serial++
	var watch wire.WatchList
	for _, d := range watched {
		k := p.deriver.Derive(d)
		plain, err := wire.EncodeList(wire.WatchDetails{Reason: "f0", Note: "ring 115"})
		if err != nil {
			p.t.Fatal(err)
		}
		nonce, sealed, err := identity.SealDetails(k, plain)
		if err != nil {
			p.t.Fatal(err)
		}
		watch.Entries = append(watch.Entries, wire.WatchEntry{Match: k.Match, Details: sealed, Nonce: nonce})
	}
	rules := wire.RuleList{}
	if p.rules != nil {
		rules = *p.rules
	}
	m := wire.Manifest{Serial: p.serial, AsOf: p.clock.Now().UnixMilli()}
	contents := map[string][]byte{}
	for name, content := range map[string]any{
		wire.ListKeys:     wire.KeyList{Cards: []wire.CardKey{{KID: []byte("k1"), Public: p.issuer.Public().(ed25519.PublicKey)}}},
		wire.ListWatch:    watch,
		wire.ListOfficers: wire.OfficerList{Officers: p.officers},
		wire.ListSettings: p.settings,
		wire.ListRules:    rules,
	} {
		e, b, err := wire.NewList(name, p.serial, content)
		if err != nil {
			p.t.Fatal(err)
		}
		m.Lists = append(m.Lists, e)
		contents[name] = b
	}
	slices.SortFunc(m.Lists, func(a, b wire.ListEntry) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	sm, err := wire.SignManifest(m, p.office)
	if err != nil {
		p.t.Fatal(err)
	}
	wants, err := p.lists.Offer(sm)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, w := range wants {
		if _, err := p.lists.Put(wire.Chunk{List: w.List, Version: w.Version, Data: contents[w.List]}); err != nil {
			p.t.Fatal(err)
		}
	}
}

// card is our card number n as it is scanned.
func (p *post) card(n uint32) (text string, number card.Number) {
	p.t.Helper()
	number, err := card.NewNumber("460012", n)
	if err != nil {
		p.t.Fatal(err)
	}
	cose, err := card.Sign(p.issuer, []byte("k1"), card.Claims{
		Number: string(number), Name: "NGUYỄN THỊ ỬNG", Birth: "1987-01-18", Sex: "F", Ward: "19768",
		Issued: noon.AddDate(0, -1, 0), Expires: noon.AddDate(0, 11, 0),
	})
	if err == nil {
		text, err = card.Base45(cose)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return text, number
}

// scan must succeed.
func (p *post) scan(text string) Result {
	p.t.Helper()
	r, err := p.Scan(p.t.Context(), text)
	if err != nil {
		p.t.Fatalf("scan %.30q: %v", text, err)
	}
	return r
}

// postsOfKind is the bench's post as one of that kind.
func postsOfKind(kind string) []wire.Post {
	return []wire.Post{{Code: "PB0", Kind: "road"}, {Code: "PB1", Name: "Phú Bài 1", Kind: kind}}
}
