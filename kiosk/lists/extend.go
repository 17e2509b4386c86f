package lists

import (
	"bytes"
	"slices"
	"time"

	"quachot/internal/card"
	"quachot/internal/credential"
	"quachot/internal/wire"
)

// Extra is what training puts beside the lists of the office.
type Extra struct {
	AsOf     time.Time // how old they are where no list came from an office
	Cards    []card.Key
	Revoked  []uint64 // all 13 digits
	Watch    []wire.WatchEntry
	Officers []wire.Officer
}

// Extend puts x beside the lists in force, until the next ones come from the
// office; nothing is written down. Only training may call it: what is in x was
// signed by nobody.
func (s *Store) Extend(x Extra) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.snapshot.Store(s.snapshot.Load().with(x))
}

func (s *Snapshot) with(x Extra) *Snapshot {
	next := *s
	if next.asOf == 0 {
		next.asOf = x.AsOf.UnixMilli()
	}
	next.trusted = &credential.Trusted{
		Cards: slices.Concat(s.trusted.Cards, x.Cards), Certs: s.trusted.Certs, JWKs: s.trusted.JWKs,
	}
	next.cards = slices.Concat(s.cards, x.Revoked)
	slices.Sort(next.cards)
	next.officers = slices.Concat(s.officers, x.Officers)
	next.watch = s.watch.with(x.Watch)
	return &next
}

// with packs w anew with more entries.
func (w *watchList) with(more []wire.WatchEntry) watchList {
	all := make([]packed, 0, len(w.match)+len(more))
	start := uint32(0)
	for i, m := range w.match {
		all = append(all, packed{m[:], w.block[start:w.ends[i]]})
		start = w.ends[i]
	}
	for _, e := range more {
		all = append(all, packed{e.Match[:], slices.Concat(e.Nonce, e.Details)})
	}
	slices.SortStableFunc(all, func(a, b packed) int { return bytes.Compare(a.match, b.match) })
	var next watchList
	for _, p := range all {
		next.match = append(next.match, [16]byte(p.match))
		next.block = append(next.block, p.details...)
		next.ends = append(next.ends, uint32(len(next.block)))
	}
	return next
}

// packed is one entry of a watchList.
type packed struct{ match, details []byte }
