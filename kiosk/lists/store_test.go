package lists

import (
	"crypto/ed25519"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"quachot/internal/identity"
	"quachot/internal/wire"
)

func TestEverythingComesDown(t *testing.T) {
	o := newOffice(t)
	s, path := open(t, o)
	if s.Serial() != 0 || !s.Snapshot().AsOf().IsZero() || s.Snapshot().Trusted() == nil {
		t.Errorf("before the first sync: serial %d, as of %v", s.Serial(), s.Snapshot().AsOf())
	}
	key := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	who, other := someKeys(1), someKeys(2)
	o.set(wire.ListKeys, wire.KeyList{Cards: []wire.CardKey{{KID: []byte("k1"), Public: key, First: 1, Last: 9, From: 100, Name: "Huế"}, {KID: []byte("x"), Public: []byte("short")}}, Certs: [][]byte{[]byte("no certificate")}})
	o.set(wire.ListRevoked, wire.RevokedList{Cards: []uint64{9, 4600120001237, 7}, Tokens: [][32]byte{{2}, {1}}})
	o.set(wire.ListWatch, wire.WatchList{Entries: []wire.WatchEntry{entry(t, who, wire.WatchDetails{Reason: "f0", Note: "ring"})}})
	o.set(wire.ListOfficers, officers("b01"))
	o.set(wire.ListSettings, wire.Settings{Province: "Huế", StaleH: [3]uint{1, 2, 3}})
	o.set("weather", "of a later version")
	o.sync(s)

	check := func(s *Store) {
		t.Helper()
		got := s.Snapshot()
		if s.Serial() != o.serial || !got.AsOf().Equal(time.UnixMilli(o.asOf)) {
			t.Errorf("serial %d as of %v, want %d, %d", s.Serial(), got.AsOf(), o.serial, o.asOf)
		}
		if k := got.Trusted().Cards; len(k) != 1 || k[0].Name != "Huế" || k[0].From.Unix() != 100 || !k[0].Until.IsZero() {
			t.Errorf("card keys %+v", k)
		}
		if len(got.Problems()) != 2 {
			t.Errorf("problems %q, want the short key and the certificate", got.Problems())
		}
		for n, want := range map[uint64]bool{9: true, 4600120001237: true, 8: false, 0: false} {
			if got.Revoked(n, [32]byte{}) != want {
				t.Errorf("card %d revoked: %v", n, !want)
			}
		}
		if !got.Revoked(0, [32]byte{1}) || got.Revoked(0, [32]byte{3}) {
			t.Error("token hashes are not found")
		}
		if d, ok := got.Watch(who); !ok || d.Note != "ring" {
			t.Errorf("watched: %v %+v", ok, d)
		}
		if _, ok := got.Watch(other); ok {
			t.Error("somebody else is watched")
		}
		if d, ok := got.Watch(identity.Keys{Match: who.Match}); !ok || d != (wire.WatchDetails{}) {
			t.Errorf("the wrong opening key: %v %+v, want a hit without details", ok, d)
		}
		if len(got.Officers()) != 1 || got.Settings().StaleH != [3]uint{1, 2, 3} {
			t.Errorf("officers %v, settings %+v", got.Officers(), got.Settings())
		}
		if v := got.Versions(); len(v) != 5 || v["watch"] != 1 {
			t.Errorf("versions %v, want five lists, none unknown", v)
		}
	}
	check(s)
	s.Close()
	check(reopen(t, o, path))
}

func TestAllListsSwitchAtOnce(t *testing.T) {
	o := newOffice(t)
	s, _ := open(t, o)
	o.set(wire.ListOfficers, officers("old")).set(wire.ListSettings, wire.Settings{Province: "old"})
	o.sync(s)
	before := s.Snapshot()
	o.set(wire.ListOfficers, officers("new")).set(wire.ListSettings, wire.Settings{Province: "new"})
	wants, err := s.Offer(o.sign(o.manifest()))
	if err != nil || len(wants) != 2 {
		t.Fatalf("wants %v, %v", wants, err)
	}
	for i, w := range wants {
		if got := s.Snapshot(); got.Officers()[0].ID != "old" || got.Settings().Province != "old" {
			t.Errorf("after %d of 2 chunks: %v %v", i, got.Officers(), got.Settings())
		}
		if _, err := s.Put(o.chunk(w)); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Snapshot(); got.Officers()[0].ID != "new" || got.Settings().Province != "new" {
		t.Errorf("after all: %v %v", got.Officers(), got.Settings())
	}
	if before.Officers()[0].ID != "old" {
		t.Error("an old snapshot changed")
	}
	if n := o.sync(s); n != 0 {
		t.Errorf("%d chunks fetched again for the same manifest", n)
	}
}

func TestDownloadGoesOnAfterARestart(t *testing.T) {
	o := newOffice(t)
	s, path := open(t, o)
	o.set(wire.ListWatch, bigWatch(3000))
	wants, err := s.Offer(o.sign(o.manifest()))
	if err != nil || len(wants) < 4 {
		t.Fatalf("%d wants, %v", len(wants), err)
	}
	for _, w := range wants[:2] {
		if _, err := s.Put(o.chunk(w)); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	s = reopen(t, o, path)
	// The download can go on before the manifest was offered again.
	if _, err := s.Put(o.chunk(wants[2])); err != nil {
		t.Fatal(err)
	}
	if n, want := o.sync(s), len(wants)-3; n != want {
		t.Errorf("%d chunks after the restart, want %d", n, want)
	}
	if s.Snapshot().WatchCount() != 3000 {
		t.Errorf("%d entries", s.Snapshot().WatchCount())
	}
}

func TestRefused(t *testing.T) {
	o := newOffice(t)
	s, _ := open(t, o)
	o.set(wire.ListOfficers, officers("a")).set(wire.ListOfficers, officers("b"))
	o.sync(s)
	stranger := newOffice(t)
	stranger.priv = ed25519.NewKeyFromSeed(make([]byte, 32))
	change := func(f func(*wire.Manifest)) wire.SignedManifest {
		m := o.manifest()
		f(&m)
		return o.sign(m)
	}
	torn := o.sign(o.manifest())
	torn.Body = slices.Clone(torn.Body)
	torn.Body[len(torn.Body)-1] ^= 1
	for name, tt := range map[string]struct {
		sm   wire.SignedManifest
		want error
	}{
		"a stranger's signature": {stranger.sign(o.manifest()), wire.ErrSignature},
		"a changed byte":         {torn, wire.ErrSignature},
		"another deployment":     {change(func(m *wire.Manifest) { m.Deployment[3]++ }), ErrDeployment},
		"a lower serial":         {change(func(m *wire.Manifest) { m.Serial-- }), ErrSerial},
		"a list named twice":     {change(func(m *wire.Manifest) { m.Serial++; m.Lists = append(m.Lists, m.Lists[0]) }), wire.ErrFrame},
		"no chunk for its bytes": {change(func(m *wire.Manifest) { m.Serial++; m.Lists[0].Chunks = nil }), wire.ErrFrame},
	} {
		if wants, err := s.Offer(tt.sm); !errors.Is(err, tt.want) || wants != nil {
			t.Errorf("%s: %v, %v, want %v", name, wants, err, tt.want)
		}
	}
	// A replay of the same serial from earlier is no error, and no news.
	if wants, err := s.Offer(change(func(m *wire.Manifest) { m.AsOf -= 5000; m.Lists = nil })); wants != nil || err != nil {
		t.Errorf("older copy of the same serial: %v, %v", wants, err)
	}
	if got := s.Snapshot(); got.Officers()[0].ID != "b" || got.AsOf() != time.UnixMilli(o.asOf) {
		t.Errorf("the lists moved: %v as of %v", got.Officers(), got.AsOf())
	}
	// Signed again an hour later: only the age changes.
	o.asOf += 3_600_000
	if o.sync(s) != 0 || s.Snapshot().AsOf() != time.UnixMilli(o.asOf) {
		t.Error("signed again: the age did not change")
	}
}

func TestSerialSeenWhileDownloadingCounts(t *testing.T) {
	o := newOffice(t)
	s, path := open(t, o)
	o.set(wire.ListOfficers, officers("a"))
	older := o.sign(o.manifest())
	o.set(wire.ListOfficers, officers("b"))
	if _, err := s.Offer(o.sign(o.manifest())); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = reopen(t, o, path)
	if _, err := s.Offer(older); !errors.Is(err, ErrSerial) {
		t.Errorf("an older manifest than the one under way: %v", err)
	}
}

func TestWrongChunks(t *testing.T) {
	o := newOffice(t)
	s, _ := open(t, o)
	o.set(wire.ListOfficers, officers("a")).set(wire.ListSettings, wire.Settings{Province: "Huế"})
	wants, err := s.Offer(o.sign(o.manifest()))
	if err != nil || len(wants) != 2 {
		t.Fatal(wants, err)
	}
	bad := o.chunk(wants[0])
	bad.Data = append(slices.Clone(bad.Data[1:]), 0)
	again, err := s.Put(bad)
	if err != nil || len(again) != 1 || again[0] != wants[0] {
		t.Errorf("a wrong chunk: %v, %v, want it asked for again", again, err)
	}
	for name, c := range map[string]wire.Chunk{
		"unknown list":    {List: "weather", Version: 1, Data: []byte{1}},
		"another version": {List: wants[0].List, Version: 99, Data: []byte{1}},
		"odd offset":      {List: wants[0].List, Version: 1, Offset: 5, Data: []byte{1}},
		"past the end":    {List: wants[0].List, Version: 1, Offset: 1 << 40, Data: []byte{1}},
	} {
		if w, err := s.Put(c); w != nil || err != nil {
			t.Errorf("%s: %v, %v, want it ignored", name, w, err)
		}
	}
	if _, err := s.Put(wire.Chunk{List: wants[0].List, Version: wants[0].Version}); !errors.Is(err, ErrGone) {
		t.Errorf("a version that is gone: %v", err)
	}
	if _, err := s.Put(bad); err != nil {
		t.Errorf("second wrong chunk: %v", err)
	}
	if _, err := s.Put(bad); !errors.Is(err, ErrMismatch) {
		t.Errorf("third wrong chunk: %v", err)
	}
	if s.Serial() != 0 {
		t.Error("switched without all chunks")
	}
	if n := o.sync(s); n != 2 || s.Snapshot().Officers()[0].ID != "a" {
		t.Errorf("the next manifest starts over: %d chunks", n)
	}
	// A chunk that comes late or twice is nothing.
	if w, err := s.Put(o.chunk(wants[0])); w != nil || err != nil {
		t.Errorf("late: %v %v", w, err)
	}
}

func TestListThatCannotBeReadKeepsTheOld(t *testing.T) {
	o := newOffice(t)
	s, _ := open(t, o)
	o.set(wire.ListOfficers, officers("a")).set(wire.ListSettings, wire.Settings{Province: "old"})
	o.sync(s)
	o.set(wire.ListOfficers, "text where a list should be").set(wire.ListSettings, wire.Settings{Province: "new"})
	wants, err := s.Offer(o.sign(o.manifest()))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wants {
		_, err = s.Put(o.chunk(w))
	}
	if !errors.Is(err, ErrContent) {
		t.Errorf("last chunk: %v, want ErrContent", err)
	}
	if got := s.Snapshot(); got.Officers()[0].ID != "a" || got.Settings().Province != "old" {
		t.Errorf("lists moved: %v", got.Settings())
	}
	o.set(wire.ListOfficers, officers("b"))
	o.sync(s)
	if got := s.Snapshot(); got.Officers()[0].ID != "b" || got.Settings().Province != "new" {
		t.Errorf("did not recover: %v", got.Officers())
	}
}

func TestOldChunksAreSwept(t *testing.T) {
	o := newOffice(t)
	s, path := open(t, o)
	for i := range 6 {
		o.set(wire.ListWatch, bigWatch(4000+i))
		o.sync(s)
	}
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if size := int64(len(o.contents[wire.ListWatch])); st.Size() > 5*size {
		t.Errorf("file of %d bytes for a list of %d after six versions", st.Size(), size)
	}
}

func bigWatch(n int) wire.WatchList {
	var l wire.WatchList
	for i := range n {
		k := someKeys(uint64(i))
		l.Entries = append(l.Entries, wire.WatchEntry{Match: k.Match, Details: make([]byte, 40), Nonce: make([]byte, nonceSize)})
	}
	return l
}
