package storetest

import (
	"context"
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/syncserver/store"
	"quachot/syncserver/vault"
)

// Office is a store under test with the keys that open what it is sent.
type Office struct {
	store.Store
	T     testing.TB
	Vault *vault.Vault
	// Reopen closes the store and opens it again.
	Reopen func() store.Store
}

// NewVault makes an office's keys for a test.
func NewVault(t testing.TB) *vault.Vault {
	t.Helper()
	v, _, err := vault.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Enrolled is a station that the store knows.
func (o *Office) Enrolled() *Station {
	o.T.Helper()
	s := NewStation(o.T, o.Vault.Keys())
	now := time.Now()
	n := store.NewStation{Prefix: "46", Name: "lane", Post: "P1", Created: now, Expires: now.Add(time.Hour)}
	for i := range n.Token {
		n.Token[i] = byte(rand.IntN(256))
	}
	made, err := o.AddStation(context.Background(), n)
	o.must(err)
	_, err = o.Enrol(context.Background(), store.Enrolment{Token: n.Token, Key: public(s.Key), At: now})
	o.must(err)
	s.ID = made.ID
	return s
}

func public(k ed25519.PrivateKey) []byte { return k.Public().(ed25519.PublicKey) }

func (o *Office) must(err error) {
	o.T.Helper()
	if err != nil {
		o.T.Fatal(err)
	}
}

// Send delivers and waits for the answer.
func (o *Office) Send(d store.Delivery) store.Answer {
	return <-o.Ingest(context.Background(), d)
}

// Held sends and wants so many in a row afterwards.
func (o *Office) Held(d store.Delivery, want uint64) {
	o.T.Helper()
	a := o.Send(d)
	o.must(a.Err)
	if a.Held != want {
		o.T.Errorf("held %d after records %d to %d, want %d", a.Held, d.Batch.First, d.Batch.Last(), want)
	}
}

// All are the records a query gives.
func (o *Office) All(q store.Query) []store.Record {
	o.T.Helper()
	var all []store.Record
	for r, err := range o.Records(context.Background(), q) {
		o.must(err)
		all = append(all, r)
	}
	return all
}

// Seqs are the sequence numbers of a segment's records, in order.
func (o *Office) Seqs(id record.SegmentID) []uint64 {
	o.T.Helper()
	var all []uint64
	for _, r := range o.All(store.Query{}) {
		if r.Segment == id {
			all = append(all, r.Seq)
		}
	}
	slices.Sort(all)
	return all
}

// Whole wants each of 1 to n once.
func (o *Office) Whole(id record.SegmentID, n uint64) {
	o.T.Helper()
	got := o.Seqs(id)
	for i := range n {
		if i >= uint64(len(got)) || got[i] != i+1 {
			o.T.Fatalf("records of %s: got %v, want 1 to %d once each", id, got, n)
		}
	}
	if uint64(len(got)) != n {
		o.T.Fatalf("%d records of %s, want %d", len(got), id, n)
	}
}

// Run runs the suite. open gives a fresh, empty store.
func Run(t *testing.T, open func(t testing.TB) *Office) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, o *Office)
	}{
		{"a batch is held and can be read", readBack},
		{"a replay changes nothing", replay},
		{"any order ends the same", reorder},
		{"overlapping batches are stored once", overlapping},
		{"many stations at once", together},
		{"a segment has one owner", owner},
		{"an old epoch is refused", epochs},
		{"records wait for their header", lateHeader},
		{"what cannot be read is pending and does not block", unreadable},
		{"two histories are kept and shown", forked},
		{"a cloned laptop is shown", cloned},
		{"a context holds for the records after it", contexts},
		{"a context that comes late", lateContext},
		{"everything is there after a restart", restart},
		{"days are merged in order of arrival", merged},
		{"documents of one person are linked", links},
		{"stations get numbers that are never used again", numbers},
		{"an enrolment code works once", codes},
		{"lists are published whole", lists},
		{"card numbers are given once", supply},
		{"accounts, officers, audit", people},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func readBack(t *testing.T, o *Office) {
	s := o.Enrolled()
	g := s.Segment().Scans(3)
	a := o.Send(g.Deliver(1, 3))
	o.must(a.Err)
	if a.Held != 3 || a.Chain != g.Chain(3) || !a.HasHeader || a.Station != s.ID {
		t.Errorf("answer %+v", a)
	}
	got := o.All(store.Query{Kind: record.KindScan})
	if len(got) != 3 {
		t.Fatalf("%d records, want 3", len(got))
	}
	r := got[1]
	want := s.Start.Add(time.Second)
	if r.Station != s.ID || r.Seq != 2 || r.Verdict != record.Pass || r.Post != "P1" || r.Pending != "" || !r.At.Equal(want) {
		t.Errorf("record %+v, want seq 2 at %v", r, want)
	}
	var b record.Scan
	if err := r.Entry().Into(&b); err != nil || b.Card != 4600010000001 {
		t.Errorf("body %+v, %v", b, err)
	}
	latest, err := o.Latest(context.Background(), 2)
	o.must(err)
	if len(latest) != 2 || latest[0].Seq != 3 {
		t.Errorf("latest %v", latest)
	}
}

func replay(t *testing.T, o *Office) {
	g := o.Enrolled().Segment().Scans(5)
	for range 3 {
		o.Held(g.Deliver(1, 5), 5)
	}
	o.Held(g.Deliver(2, 3), 5)
	o.Whole(g.ID, 5)
	stations, err := o.Stations(context.Background())
	o.must(err)
	if stations[0].Held != 5 || stations[0].Stored != 5 || stations[0].Forked {
		t.Errorf("station %+v", stations[0])
	}
}

func reorder(t *testing.T, o *Office) {
	s := o.Enrolled()
	for range 8 {
		g := s.Segment().Scans(20)
		var parts []store.Delivery
		for first := uint64(1); first <= 20; {
			last := min(20, first+rand.Uint64N(4))
			parts = append(parts, g.Deliver(first, last))
			first = last + 1
		}
		rand.Shuffle(len(parts), func(i, k int) { parts[i], parts[k] = parts[k], parts[i] })
		for _, d := range parts {
			o.must(o.Send(d).Err)
		}
		o.Held(parts[0], 20)
		o.Whole(g.ID, 20)
	}
}

func overlapping(t *testing.T, o *Office) {
	g := o.Enrolled().Segment().Scans(10)
	o.Held(g.Deliver(4, 7), 0)
	o.Held(g.Deliver(1, 5), 7)
	o.Held(g.Deliver(6, 10), 10)
	o.Held(g.Deliver(1, 10), 10)
	o.Whole(g.ID, 10)
}

func together(t *testing.T, o *Office) {
	const stations, batches = 6, 20
	var wg sync.WaitGroup
	var segments []*Segment
	for range stations {
		g := o.Enrolled().Segment().Scans(batches * 5)
		segments = append(segments, g)
	}
	for _, g := range segments {
		wg.Go(func() {
			for i := range uint64(batches) {
				if a := o.Send(g.Deliver(i*5+1, i*5+5)); a.Err != nil || a.Held != i*5+5 {
					t.Errorf("batch %d: held %d, %v", i, a.Held, a.Err)
				}
			}
		})
	}
	wg.Wait()
	all := o.All(store.Query{})
	if len(all) != stations*batches*5 {
		t.Fatalf("%d records", len(all))
	}
	for i := 1; i < len(all); i++ {
		if all[i].N <= all[i-1].N {
			t.Fatalf("n %d after %d", all[i].N, all[i-1].N)
		}
	}
}

func owner(t *testing.T, o *Office) {
	mine, other := o.Enrolled(), o.Enrolled()
	g := mine.Segment().Scans(4)
	o.Held(g.Deliver(1, 2), 2)
	d := g.Deliver(3, 4)
	d.Station = other.ID
	if a := o.Send(d); !errors.Is(a.Err, store.ErrOwner) {
		t.Errorf("another station's batch: %v, want ErrOwner", a.Err)
	}
	p, err := o.Progress(context.Background(), other.ID, []record.SegmentID{g.ID})
	o.must(err)
	if p[0].Held != 0 || p[0].HasHeader {
		t.Errorf("another station is told %+v", p[0])
	}
	o.Held(g.Deliver(3, 4), 4)
}

func epochs(t *testing.T, o *Office) {
	ctx := context.Background()
	s := o.Enrolled()
	g := s.Segment().Scans(3)
	one, err := o.NextEpoch(ctx, s.ID)
	o.must(err)
	two, err := o.NextEpoch(ctx, s.ID)
	o.must(err)
	if two != one+1 {
		t.Errorf("epochs %d, %d", one, two)
	}
	d := g.Deliver(1, 3)
	d.Epoch = one
	if a := o.Send(d); !errors.Is(a.Err, store.ErrEpoch) {
		t.Errorf("old epoch: %v, want ErrEpoch", a.Err)
	}
	d.Epoch = two
	o.Held(d, 3)
}

func lateHeader(t *testing.T, o *Office) {
	g := o.Enrolled().Segment().Scans(6)
	o.Held(g.Bare(1, 3), 3)
	waiting := o.All(store.Query{Pending: true})
	if len(waiting) != 3 || waiting[0].Pending != store.PendingHeader || len(waiting[0].Body) != 0 {
		t.Fatalf("pending %+v", waiting)
	}
	o.Held(g.Deliver(4, 6), 6)
	if left := o.All(store.Query{Pending: true}); len(left) != 0 {
		t.Errorf("still pending: %+v", left)
	}
	o.Whole(g.ID, 6)
	if s, _ := o.Stations(context.Background()); s[0].Pending != 0 || s[0].Held != 6 {
		t.Errorf("station %+v", s[0])
	}
}

func unreadable(t *testing.T, o *Office) {
	s := o.Enrolled()
	s.Dict = 250
	foreign := s.Segment().Scans(1)
	s.Dict = 1
	odd, err := record.Encode(200, 0, map[int]int{1: 2})
	o.must(err)
	g := s.Segment().Scans(1).AddSealed([]byte("no seal of ours")).AddPlain([]byte{1, 2, 3}).AddPlain(odd).Scans(1)
	o.Held(foreign.Deliver(1, 1), 1)
	o.Held(g.Deliver(1, 5), 5)
	var why []string
	for _, r := range o.All(store.Query{Pending: true}) {
		why = append(why, r.Pending)
	}
	if want := []string{store.PendingDict, store.PendingOpen, store.PendingParse, store.PendingKind}; !slices.Equal(why, want) {
		t.Errorf("pending %v, want %v", why, want)
	}
	if n, err := o.Retry(context.Background(), ""); n != 0 || err != nil {
		t.Errorf("retry opened %d, %v", n, err)
	}
	o.Whole(g.ID, 5)
}

func forked(t *testing.T, o *Office) {
	s := o.Enrolled()
	g := s.Segment().Scans(5)
	other := *g
	other.Records, other.chains = slices.Clone(g.Records[:3]), slices.Clone(g.chains[:4])
	other.Add(record.KindNote, 9, record.Note{Text: "another history"})
	o.Held(g.Deliver(1, 5), 5)
	a := o.Send(other.Deliver(3, 4))
	o.must(a.Err)
	if a.Held != 5 || a.Chain != g.Chain(5) || !a.Fork {
		t.Errorf("answer %+v, want the first history and the fork", a)
	}
	o.Whole(g.ID, 5)
	batches := 0
	for _, err := range o.Batches(context.Background(), g.ID) {
		o.must(err)
		batches++
	}
	if batches != 2 {
		t.Errorf("%d batches kept, want both sides", batches)
	}
	if all, _ := o.Stations(context.Background()); !all[0].Forked {
		t.Error("the station does not show its fork")
	}
}

func cloned(t *testing.T, o *Office) {
	s := o.Enrolled()
	first := s.Segment().Scans(2)
	end := *s.last
	one := s.Segment().Scans(2)
	s.last = &end
	two := s.Segment().Scans(2)
	for _, g := range []*Segment{first, one, two} {
		o.Held(g.Deliver(1, 2), 2)
	}
	if all, _ := o.Stations(context.Background()); !all[0].Forked || all[0].Held != 6 {
		t.Errorf("station %+v, want 6 held and forked", all[0])
	}
}

func contexts(t *testing.T, o *Office) {
	s := o.Enrolled()
	g := s.Segment().Scans(1).Add(record.KindContext, 1, record.Context{Officer: "C001", Post: "P2", Lane: "L1"}).Scans(2)
	o.Held(g.Deliver(1, 4), 4)
	next := s.Segment().Scans(1)
	o.Held(next.Deliver(1, 1), 1)
	var got []string
	for _, r := range o.All(store.Query{}) {
		got = append(got, r.Post+r.Lane+r.Officer)
	}
	if want := []string{"P1", "P2L1C001", "P2L1C001", "P2L1C001", "P2L1C001"}; !slices.Equal(got, want) {
		t.Errorf("places %v, want %v", got, want)
	}
}

func lateContext(t *testing.T, o *Office) {
	g := o.Enrolled().Segment().Add(record.KindContext, 0, record.Context{Officer: "C001", Lane: "L1"}).Scans(2).
		Add(record.KindContext, 3, record.Context{Officer: "C002", Lane: "L1"}).Scans(1)
	o.Held(g.Deliver(5, 5), 0)
	o.Held(g.Deliver(2, 3), 0)
	o.Held(g.Deliver(4, 4), 0)
	o.Held(g.Deliver(1, 1), 5)
	got := map[uint64]string{}
	for _, r := range o.All(store.Query{}) {
		got[r.Seq] = r.Officer
	}
	for seq, want := range map[uint64]string{1: "C001", 2: "C001", 3: "C001", 4: "C002", 5: "C002"} {
		if got[seq] != want {
			t.Errorf("officer of record %d: %q, want %q", seq, got[seq], want)
		}
	}
}

func restart(t *testing.T, o *Office) {
	s := o.Enrolled()
	g := s.Segment().Scans(8)
	o.Held(g.Deliver(1, 3), 3)
	o.Held(g.Deliver(6, 8), 3)
	before := o.All(store.Query{})
	o.Store = o.Reopen()
	after := o.All(store.Query{})
	if len(after) != 6 || after[5].N != before[5].N {
		t.Fatalf("after the restart %d records, before %d", len(after), len(before))
	}
	o.Held(g.Deliver(4, 5), 8)
	o.Whole(g.ID, 8)
	if all := o.All(store.Query{After: before[5].N}); len(all) != 2 {
		t.Errorf("%d records after the restart, want the two new ones", len(all))
	}
}

func merged(t *testing.T, o *Office) {
	s := o.Enrolled()
	s.Boot = [16]byte{9} // of another boot than the exchange: the wall clock counts
	for day := range 5 {
		s.Start = time.Now().AddDate(0, 0, -[]int{3, 1, 4, 2, 1}[day])
		g := s.Segment().Scans(300)
		d := g.Deliver(1, 300)
		d.Clock.Boot = [16]byte{1}
		o.Held(d, 300)
	}
	all := o.All(store.Query{})
	if len(all) != 1500 {
		t.Fatalf("%d records", len(all))
	}
	for i, r := range all {
		if r.N != all[0].N+uint64(i) {
			t.Fatalf("record %d has n %d", i, r.N)
		}
	}
	if got := o.All(store.Query{After: all[99].N, Limit: 700}); len(got) != 700 || got[699].N != all[799].N {
		t.Errorf("a page of %d", len(got))
	}
	latest, err := o.Latest(context.Background(), 650)
	o.must(err)
	for i, r := range latest {
		if want := all[1499-i].N; r.N != want {
			t.Fatalf("latest %d has n %d, want %d", i, r.N, want)
		}
	}
}

func links(t *testing.T, o *Office) {
	ctx := context.Background()
	cccd, cmnd := identity.NewDocument(identity.CCCD, "046187001234"), identity.NewDocument(identity.CMND, "191234567")
	card := identity.NewDocument(identity.Card, "4600010000018")
	g := o.Enrolled().Segment().
		Add(record.KindScan, 0, record.Scan{Trust: 2, Documents: []identity.Document{cccd, cmnd}}).
		Add(record.KindScan, 0, record.Scan{Trust: 3, Documents: []identity.Document{cccd, identity.NewDocument(identity.CCCD, "000000000001")}}).
		Add(record.KindCard, 0, record.CardStep{Step: "issued", Card: 4600010000018, Documents: []identity.Document{cmnd}, Name: "A"})
	o.Held(g.Deliver(1, 3), 3)
	got, err := o.Links(ctx, card)
	o.must(err)
	if want := []identity.Document{card, cmnd, cccd}; !slices.Equal(got, want) {
		t.Errorf("links %v, want %v", got, want)
	}
	fresh, err := o.LinksAfter(ctx, 0, 10)
	o.must(err)
	if len(fresh) != 2 {
		t.Errorf("new links %v", fresh)
	}
	c, err := o.Card(ctx, 4600010000018)
	if err != nil || c.Name != "A" || c.Step != "issued" || len(c.Documents) != 2 {
		t.Errorf("card %+v, %v", c, err)
	}
	if _, err := o.Card(ctx, 1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown card: %v", err)
	}
}

func numbers(t *testing.T, o *Office) {
	ctx := context.Background()
	one, two := o.Enrolled(), o.Enrolled()
	if one.ID != "460001" || two.ID != "460002" {
		t.Errorf("numbers %s, %s", one.ID, two.ID)
	}
	o.must(o.RevokeStation(ctx, two.ID, store.Lost, time.Now()))
	if three := o.Enrolled(); three.ID != "460003" {
		t.Errorf("number after a revoked station: %s", three.ID)
	}
	if err := o.RevokeStation(ctx, "469999", store.Lost, time.Now()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("revoking nobody: %v", err)
	}
	got, err := o.StationByKey(ctx, public(one.Key))
	if err != nil || got.ID != one.ID || got.State != store.Active {
		t.Errorf("by key: %+v, %v", got, err)
	}
}

func codes(t *testing.T, o *Office) {
	ctx := context.Background()
	now := time.Now()
	n := store.NewStation{Prefix: "46", Name: "x", Post: "P1", Token: [10]byte{7}, Created: now, Expires: now.Add(time.Hour)}
	made, err := o.AddStation(ctx, n)
	o.must(err)
	e := store.Enrolment{Token: n.Token, Key: []byte("key of the first computer......."), At: now}
	late := e
	late.At = now.Add(2 * time.Hour)
	if _, err := o.Enrol(ctx, late); !errors.Is(err, store.ErrUsed) {
		t.Errorf("expired code: %v", err)
	}
	for range 2 { // the answer may be lost
		if got, err := o.Enrol(ctx, e); err != nil || got.ID != made.ID || got.State != store.Active {
			t.Errorf("enrol: %+v, %v", got, err)
		}
	}
	e.Key = []byte("key of another computer.........")
	if _, err := o.Enrol(ctx, e); !errors.Is(err, store.ErrUsed) {
		t.Errorf("used code: %v", err)
	}
	e.Token = [10]byte{8}
	if _, err := o.Enrol(ctx, e); !errors.Is(err, store.ErrUsed) {
		t.Errorf("unknown code: %v", err)
	}
}

func lists(t *testing.T, o *Office) {
	ctx := context.Background()
	one := store.List{ListEntry: wire.ListEntry{Name: "watch", Version: 1, Size: 3}, Content: []byte("abc")}
	o.must(o.Publish(ctx, 4, []store.List{one}))
	o.must(o.Publish(ctx, 3, nil))
	o.Store = o.Reopen()
	serial, got, err := o.Published(ctx)
	if err != nil || serial != 4 || len(got) != 1 || string(got[0].Content) != "abc" || got[0].Version != 1 {
		t.Errorf("published %d %v %v", serial, got, err)
	}
	doc := identity.NewDocument(identity.CCCD, "1")
	o.must(o.AddWatch(ctx, []store.Watch{{Document: doc, Details: wire.WatchDetails{Reason: "f0"}}}))
	o.must(o.PutSealed(ctx, map[identity.Document]store.Sealed{doc: {Entry: wire.WatchEntry{Match: identity.Match{1}}, Details: wire.WatchDetails{Reason: "f0"}}}))
	if s, err := o.Sealed(ctx); err != nil || s[doc].Entry.Match != (identity.Match{1}) || s[doc].Details.Reason != "f0" {
		t.Errorf("sealed %v %v", s, err)
	}
	o.must(o.RemoveWatch(ctx, doc))
	if err := o.RemoveWatch(ctx, doc); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
}

func supply(t *testing.T, o *Office) {
	ctx := context.Background()
	a, err := o.ReserveCards(ctx, "460000", 10)
	o.must(err)
	b, err := o.ReserveCards(ctx, "460000", 1)
	o.must(err)
	if a != 1 || b != 11 {
		t.Errorf("first numbers %d and %d, want 1 and 11", a, b)
	}
}

// An officer's PIN and badge change alone; who is gone is gone, and his number is
// never given again: it stands in records.
func officers(t *testing.T, o *Office) {
	ctx := context.Background()
	o.must(o.ChangeOfficer(ctx, store.Officer{ID: "c001", Badge: []byte{1, 2}}))
	o.must(o.ChangeOfficer(ctx, store.Officer{ID: "C001", PIN: "y"}))
	want := []store.Officer{{ID: "C001", Name: "A", Role: "steward", PIN: "y", Badge: []byte{1, 2}}}
	if all, err := o.Officers(ctx); err != nil || !reflect.DeepEqual(all, want) {
		t.Errorf("officers %+v, %v, want %+v", all, err, want)
	}
	o.must(o.RemoveOfficer(ctx, "c001", time.Now()))
	if all, err := o.Officers(ctx); err != nil || len(all) != 0 {
		t.Errorf("officers %+v, %v, want none", all, err)
	}
	if _, err := o.AddOfficer(ctx, store.Officer{ID: "C001", Name: "C"}); !errors.Is(err, store.ErrExists) {
		t.Errorf("the number of one who is gone: %v", err)
	}
	if next, err := o.AddOfficer(ctx, store.Officer{Name: "D", Role: "steward"}); err != nil || next.ID != "C002" {
		t.Errorf("the next number: %+v, %v", next, err)
	}
	for _, err := range []error{
		o.ChangeOfficer(ctx, store.Officer{ID: "C001", PIN: "z"}), o.ChangeOfficer(ctx, store.Officer{ID: "C009", PIN: "z"}),
		o.RemoveOfficer(ctx, "C001", time.Now()),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an officer who is not there: %v", err)
		}
	}
}

func people(t *testing.T, o *Office) {
	ctx := context.Background()
	made, err := o.AddOfficer(ctx, store.Officer{Name: "A", Role: "steward", PIN: "x"})
	if err != nil || made.ID != "C001" {
		t.Errorf("officer %+v, %v", made, err)
	}
	if _, err := o.AddOfficer(ctx, store.Officer{ID: "c001", Name: "B"}); !errors.Is(err, store.ErrExists) {
		t.Errorf("the same number in other letters: %v", err)
	}
	officers(t, o)
	o.must(o.AddAccount(ctx, store.Account{Name: "lan", Role: "admin", Password: "p"}))
	if err := o.AddAccount(ctx, store.Account{Name: "lan"}); !errors.Is(err, store.ErrExists) {
		t.Errorf("second account: %v", err)
	}
	if a, err := o.Account(ctx, "lan"); err != nil || a.Role != "admin" {
		t.Errorf("account %+v, %v", a, err)
	}
	if _, err := o.Account(ctx, "hoa"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no account: %v", err)
	}
	o.must(o.Audit(ctx, store.Audit{At: time.Now(), Who: "lan", What: "saw", On: "x"}))
	if a, err := o.Audits(ctx, 5); err != nil || len(a) != 1 || a[0].Who != "lan" {
		t.Errorf("audit %v %v", a, err)
	}
	if err := o.AddPost(ctx, store.Post{Code: "P1", Name: "x", Kind: "road", At: &[2]float64{1, 2}}); err != nil {
		t.Error(err)
	}
	if err := o.AddPost(ctx, store.Post{Code: "p1", Name: "y"}); !errors.Is(err, store.ErrExists) {
		t.Errorf("second post: %v", err)
	}
}
