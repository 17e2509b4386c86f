package journal

import "quachot/internal/record"

// have is which records a copy has, per segment.
type have map[record.SegmentID]*span

// span is 1 ... n and some beyond.
type span struct {
	n      uint64
	beyond map[uint64]bool
}

func (h have) add(id record.ID) {
	s := h[id.Segment]
	if s == nil {
		s = &span{}
		h[id.Segment] = s
	}
	if id.Seq > s.n+1 {
		if s.beyond == nil {
			s.beyond = map[uint64]bool{}
		}
		s.beyond[id.Seq] = true
		return
	}
	s.n = max(s.n, id.Seq)
	for s.beyond[s.n+1] {
		delete(s.beyond, s.n+1)
		s.n++
	}
}

// upTo is the end of the gapless beginning.
func (h have) upTo(seg record.SegmentID) uint64 {
	if s := h[seg]; s != nil {
		return s.n
	}
	return 0
}

// frame notes a copy file's frame when it is a record.
func (h have) frame(fr frame) {
	if fr.kind != frameRecord {
		return
	}
	if r, ok := parseCopyRecord(fr.payload); ok {
		h.add(r.id)
	}
}
