package lists

import (
	"bytes"
	"slices"

	"quachot/internal/identity"
	"quachot/internal/wire"
)

// nonceSize is that of AES-GCM.
const nonceSize = 12

// watchList is the watch-list packed for 200,000 entries and more: the keys
// side by side in ascending order, and the sealed details in one block.
type watchList struct {
	match []identity.Match
	ends  []uint32                // of the details of each entry in block
	block []byte                  // nonce || sealed details, entry after entry; nothing when they cannot open
	kinds []identity.DocumentKind // of the entries; nil = any
}

func parseWatch(content []byte) (watchList, error) {
	var list wire.WatchList
	if err := wire.DecodeList(content, &list); err != nil {
		return watchList{}, err
	}
	slices.SortStableFunc(list.Entries, func(a, b wire.WatchEntry) int { return compareMatch(a.Match, b.Match) })
	size := 0
	for _, e := range list.Entries {
		size += nonceSize + len(e.Details)
	}
	w := watchList{
		match: make([]identity.Match, 0, len(list.Entries)),
		ends:  make([]uint32, 0, len(list.Entries)),
		block: make([]byte, 0, size),
		kinds: list.Kinds,
	}
	for _, e := range list.Entries {
		w.match = append(w.match, e.Match)
		if len(e.Nonce) == nonceSize {
			w.block = append(append(w.block, e.Nonce...), e.Details...)
		}
		w.ends = append(w.ends, uint32(len(w.block)))
	}
	return w, nil
}

// holds says that an entry may be of that kind.
func (w *watchList) holds(kind identity.DocumentKind) bool {
	return len(w.match) > 0 && (w.kinds == nil || slices.Contains(w.kinds, kind))
}

func (w *watchList) find(k identity.Keys) (wire.WatchDetails, bool) {
	i, found := slices.BinarySearchFunc(w.match, k.Match, compareMatch)
	if !found {
		return wire.WatchDetails{}, false
	}
	start := uint32(0)
	if i > 0 {
		start = w.ends[i-1]
	}
	sealed := w.block[start:w.ends[i]]
	if len(sealed) < nonceSize {
		return wire.WatchDetails{}, true
	}
	plain, err := identity.OpenDetails(k, sealed[:nonceSize], sealed[nonceSize:])
	if err != nil {
		return wire.WatchDetails{}, true
	}
	var d wire.WatchDetails
	if err := wire.Into(plain, &d); err != nil {
		return wire.WatchDetails{}, true
	}
	return d, true
}

func compareMatch(a, b identity.Match) int { return bytes.Compare(a[:], b[:]) }

func compareHash(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) }
