package lists

import (
	"testing"

	"quachot/internal/identity"
	"quachot/internal/wire"
)

// A list tells which kinds of document it holds; one that does not may hold any,
// and an empty one none.
func TestWatches(t *testing.T) {
	one := []wire.WatchEntry{entry(t, someKeys(1), wire.WatchDetails{Reason: "f0"})}
	for name, tt := range map[string]struct {
		list wire.WatchList
		want bool // of phones
	}{
		"empty":       {wire.WatchList{}, false},
		"not said":    {wire.WatchList{Entries: one}, true},
		"no phones":   {wire.WatchList{Entries: one, Kinds: []identity.DocumentKind{identity.CCCD, identity.Card}}, false},
		"with phones": {wire.WatchList{Entries: one, Kinds: []identity.DocumentKind{identity.CCCD, identity.Phone}}, true},
	} {
		o := newOffice(t).set(wire.ListWatch, tt.list)
		s, _ := open(t, o)
		o.sync(s)
		if got := s.Snapshot().Watches(identity.Phone); got != tt.want {
			t.Errorf("%s: phones may be watched %v, want %v", name, got, tt.want)
		}
		s.Extend(Extra{Watch: one})
		if !s.Snapshot().Watches(identity.Phone) {
			t.Errorf("%s: with training's citizens, any kind may be there", name)
		}
	}
}
