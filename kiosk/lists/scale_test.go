package lists

import (
	"runtime"
	"testing"

	"quachot/internal/wire"
)

// entries is the size of a province's watch-list.
var entries = 200_000

// A province's watch-list: found in microseconds, loaded in a second or two,
// and kept in a few dozen megabytes.
func TestTwoHundredThousandEntries(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a second and 100 MB")
	}
	n := entries
	o := newOffice(t)
	s, path := open(t, o)
	list := bigWatch(n - 1)
	who := someKeys(uint64(n + 5))
	list.Entries = append(list.Entries, entry(t, who, wire.WatchDetails{Reason: "f0"}))
	o.set(wire.ListWatch, list)
	list.Entries = nil
	o.sync(s)
	s.Close()
	s = reopen(t, o, path)
	if got := s.Snapshot().WatchCount(); got != n {
		t.Fatalf("%d entries, want %d", got, n)
	}
	for _, i := range []uint64{0, 1, uint64(n / 2), uint64(n - 2)} {
		if _, ok := s.Snapshot().Watch(someKeys(i)); !ok {
			t.Errorf("entry %d is not found", i)
		}
	}
	if d, ok := s.Snapshot().Watch(who); !ok || d.Reason != "f0" {
		t.Errorf("the last one: %v %+v", ok, d)
	}
	if _, ok := s.Snapshot().Watch(someKeys(uint64(n + 6))); ok {
		t.Error("found somebody who is not listed")
	}
	watch := &s.Snapshot().watch
	if bytes := 16*cap(watch.match) + 4*cap(watch.ends) + cap(watch.block); bytes > 100*n {
		t.Errorf("%d bytes in memory for %d entries", bytes, n)
	}
	// The hourly manifest must not read it all again.
	before := watch.match
	o.set(wire.ListOfficers, officers("a"))
	o.sync(s)
	if &s.Snapshot().watch.match[0] != &before[0] {
		t.Error("an unchanged list was read again")
	}
	runtime.KeepAlive(s)
}

func BenchmarkWatch(b *testing.B) {
	o := newOffice(b)
	s, _ := open(b, o)
	o.set(wire.ListWatch, bigWatch(200_000))
	o.sync(s)
	snapshot := s.Snapshot()
	for i := 0; b.Loop(); i++ {
		snapshot.Watch(someKeys(uint64(i)))
	}
}

func BenchmarkOpen(b *testing.B) {
	o := newOffice(b)
	s, path := open(b, o)
	o.set(wire.ListWatch, bigWatch(200_000))
	o.sync(s)
	s.Close()
	for b.Loop() {
		s, err := Open(path, o.keys)
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
