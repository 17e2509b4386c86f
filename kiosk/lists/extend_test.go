package lists

import (
	"fmt"
	"testing"
	"time"

	"quachot/internal/identity"
	"quachot/internal/wire"
)

// sealedEntry is an entry with its note sealed under the keys.
func sealedEntry(t *testing.T, k identity.Keys, note string) wire.WatchEntry {
	t.Helper()
	plain, err := wire.EncodeList(wire.WatchDetails{Reason: "f1", Note: note})
	if err != nil {
		t.Fatal(err)
	}
	nonce, sealed, err := identity.SealDetails(k, plain)
	if err != nil {
		t.Fatal(err)
	}
	return wire.WatchEntry{Match: k.Match, Nonce: nonce, Details: sealed}
}

// What training puts beside the office's lists takes nothing out of them: every
// entry of the watch-list is still found, with its own words.
func TestExtendKeepsWhatIsThere(t *testing.T) {
	keys := make([]identity.Keys, 40)
	for i := range keys {
		keys[i].Match[0], keys[i].Match[15], keys[i].Open[0] = byte(i*37), byte(i), byte(i)
	}
	var list wire.WatchList
	for i := 0; i < len(keys); i += 2 {
		list.Entries = append(list.Entries, sealedEntry(t, keys[i], fmt.Sprint(i)))
	}
	list.Entries[3].Nonce, list.Entries[3].Details = nil, nil // one that nobody can open
	content, err := wire.EncodeList(list)
	if err != nil {
		t.Fatal(err)
	}
	before := empty()
	if before.watch, err = parseWatch(content); err != nil {
		t.Fatal(err)
	}
	before.officers, before.cards = []wire.Officer{{ID: "C001"}}, []uint64{5, 9}
	var more []wire.WatchEntry
	for i := 1; i < len(keys); i += 2 {
		more = append(more, sealedEntry(t, keys[i], fmt.Sprint(i)))
	}
	asOf := time.UnixMilli(1_637_560_000_000)
	after := before.with(Extra{AsOf: asOf, Revoked: []uint64{7}, Watch: more, Officers: []wire.Officer{{ID: "T101"}}})
	for i, k := range keys {
		want := fmt.Sprint(i)
		if i == 6 {
			want = ""
		}
		if d, ok := after.Watch(k); !ok || d.Note != want {
			t.Errorf("entry %d: %+v, %v", i, d, ok)
		}
	}
	for _, card := range []uint64{5, 7, 9} {
		if !after.Revoked(card, [32]byte{}) {
			t.Errorf("card %d is not revoked any more", card)
		}
	}
	if len(after.Officers()) != 2 || !after.AsOf().Equal(asOf) || before.WatchCount() != 20 || len(before.cards) != 2 {
		t.Errorf("officers %v, as of %v; before: %d watched", after.Officers(), after.AsOf(), before.WatchCount())
	}
}
