package publish_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/syncserver/publish"
	"quachot/syncserver/store"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/store/storetest"
)

// watchList downloads the watch-list as a station does.
func watchList(t *testing.T, p *publish.Publisher, office *storetest.Office) wire.WatchList {
	t.Helper()
	sm, _, err := p.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	m, err := sm.Open(office.Vault.Keys().Sign)
	if err != nil {
		t.Fatal(err)
	}
	var list wire.WatchList
	for _, l := range m.Lists {
		if l.Name != wire.ListWatch {
			continue
		}
		var b []byte
		for uint64(len(b)) < l.Size {
			c := p.Chunk(wire.Want{List: l.Name, Version: l.Version, Offset: uint64(len(b))})
			if len(c.Data) == 0 {
				t.Fatalf("no data at %d of %d", len(b), l.Size)
			}
			b = append(b, c.Data...)
		}
		if err := wire.DecodeList(b, &list); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// reason opens the details of doc's entry; empty when it is not on the list.
func reason(t *testing.T, list wire.WatchList, keys identity.Keys) string {
	t.Helper()
	for _, e := range list.Entries {
		if e.Match != keys.Match {
			continue
		}
		plain, err := identity.OpenDetails(keys, e.Nonce, e.Details)
		if err != nil {
			t.Fatal(err)
		}
		var d wire.WatchDetails
		if err := cbor.Unmarshal(plain, &d); err != nil {
			t.Fatal(err)
		}
		return d.Reason
	}
	return ""
}

// TestWatchedPersonWithACardInHand: a patient known by CCCD is on the list with
// every card linked to it, also with one that is linked later.
func TestWatchedPersonWithACardInHand(t *testing.T) {
	v := storetest.NewVault(t)
	s, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{Opener: v.NewOpener()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	o := &storetest.Office{Store: s, T: t, Vault: v}
	p, err := publish.Open(t.Context(), publish.Config{Store: s, Vault: v})
	if err != nil {
		t.Fatal(err)
	}
	cccd := identity.NewDocument(identity.CCCD, "046187001234")
	one, two := identity.NewDocument(identity.Card, "4600010000018"), identity.NewDocument(identity.Card, "4600010000026")
	if _, err := s.Link(t.Context(), []identity.Document{one, cccd}, "issued"); err != nil {
		t.Fatal(err)
	}
	if err := s.AddWatch(t.Context(), []store.Watch{{Document: cccd, Details: wire.WatchDetails{Reason: "f0", Note: "ring 115"}, Added: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	if err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := watchList(t, p, o)
	for _, doc := range []identity.Document{cccd, one} {
		if got := reason(t, list, p.Deriver().Derive(doc)); got != "f0" {
			t.Errorf("%s is listed with %q, want f0", doc, got)
		}
	}
	if want := []identity.DocumentKind{identity.CCCD, identity.Card}; !slices.Equal(list.Kinds, want) {
		t.Errorf("the list says it holds %v, want %v", list.Kinds, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	changed := p.Changed()
	g := o.Enrolled().Segment().Add(record.KindCard, 0, record.CardStep{Step: "issued", Card: 4600010000026, Documents: []identity.Document{cccd}})
	o.Held(g.Deliver(1, 1), 1)
	for reason(t, watchList(t, p, o), p.Deriver().Derive(two)) != "f0" {
		select {
		case <-changed:
			changed = p.Changed()
		case <-time.After(20 * time.Second):
			t.Fatal("a card issued later never came onto the list")
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := s.RemoveWatch(t.Context(), cccd); err != nil {
		t.Fatal(err)
	}
	before, _, _ := s.Published(t.Context())
	if err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list := watchList(t, p, o); len(list.Entries) != 0 {
		t.Errorf("%d entries left after the removal", len(list.Entries))
	}
	if after, _, _ := s.Published(t.Context()); after != before+1 {
		t.Errorf("serial %d after %d", after, before)
	}
}
