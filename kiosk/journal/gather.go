package journal

import (
	"cmp"
	"encoding/binary"
	"slices"
	"time"

	"quachot/internal/record"
)

// gathered is what the copies, or a quarantined file, can give: everything in it
// passed its checksum.
type gathered struct {
	segments map[record.SegmentID]*foundSegment
	rows     map[record.SegmentID]map[uint64]row
	byOrd    map[uint32]record.SegmentID // of a salvaged file, whose rows name ordinals
	loose    []looseRow                  // salvaged rows, until all headers are known
	state    map[[stateKeySize]byte]stateRow
	gone     map[record.SegmentID]uint32
	receipts map[uint32]receipt
	tips     map[record.SegmentID]tip // the furthest end that anything names
	anchor   anchor
	lost     int // bytes of copy files that were no whole frame
	// want says whether a row is of use; rows of others are not kept in memory.
	want func(id record.ID) bool
}

type foundSegment struct {
	ordinal uint32
	signed  record.SignedHeader
	header  record.Header
}

type looseRow struct {
	ordinal uint32
	seq     uint64
	row
}

func newGathered(want func(record.ID) bool) *gathered {
	return &gathered{
		segments: map[record.SegmentID]*foundSegment{}, rows: map[record.SegmentID]map[uint64]row{}, byOrd: map[uint32]record.SegmentID{},
		state: map[[stateKeySize]byte]stateRow{}, gone: map[record.SegmentID]uint32{}, receipts: map[uint32]receipt{}, tips: map[record.SegmentID]tip{}, want: want,
	}
}

func (g *gathered) header(ordinal uint32, signed record.SignedHeader) {
	h, err := signed.Read()
	if err != nil {
		return
	}
	if h.Parent != nil { // the next segment proves where this one ended
		g.ends(h.Parent.Segment, tip{h.Parent.Seq, h.Parent.Chain})
	}
	if _, ok := g.segments[h.Segment]; !ok {
		g.segments[h.Segment] = &foundSegment{ordinal: ordinal, signed: signed, header: h}
	}
}

func (g *gathered) ends(seg record.SegmentID, t tip) {
	if t.last > g.tips[seg].last && t.last < maxSeq {
		g.tips[seg] = t
	}
}

func (g *gathered) row(id record.ID, r row) {
	if !g.want(id) {
		return
	}
	if g.rows[id.Segment] == nil {
		g.rows[id.Segment] = map[uint64]row{}
	}
	if _, ok := g.rows[id.Segment][id.Seq]; !ok {
		r.sealed = append([]byte(nil), r.sealed...)
		g.rows[id.Segment][id.Seq] = r
	}
}

func (g *gathered) change(r stateRow) {
	if len(r.value) < 8 {
		return
	}
	if old, ok := g.state[r.key]; !ok || old.version() < r.version() {
		g.state[r.key] = stateRow{key: r.key, value: append([]byte(nil), r.value...)}
	}
}

// frame takes one frame of a copy file.
func (g *gathered) frame(fr frame) {
	switch fr.kind {
	case frameHeader:
		if ordinal, h, ok := parseCopyHeader(fr.payload); ok {
			g.header(ordinal, h)
		}
	case frameRecord:
		if r, ok := parseCopyRecord(fr.payload); ok {
			g.row(r.id, r.row)
		}
	case frameState:
		if r, ok := parseCopyState(fr.payload); ok {
			g.change(r)
		}
	case frameAnchor:
		var a anchor
		if unmarshal(fr.payload, &a) == nil {
			g.anchored(a)
		}
	}
}

func (g *gathered) anchored(a anchor) {
	if a.Records > g.anchor.Records {
		g.anchor = a
	}
}

// salvaged takes one key and value of a broken database.
func (g *gathered) salvaged(v *vault, now time.Time) func(key, value []byte) {
	return func(key, value []byte) {
		switch len(key) {
		case 4:
			g.salvagedSegment(key, value)
		case 8:
			if r, err := parseRow(key, value); err == nil {
				r.sealed = append([]byte(nil), r.sealed...)
				g.loose = append(g.loose, looseRow{ordinal: binary.BigEndian.Uint32(key), seq: uint64(binary.BigEndian.Uint32(key[4:])), row: r})
			}
		case 16:
			if raw, err := tableGone.unguard(key, value); err == nil && len(raw) == 4 {
				g.gone[record.SegmentID(key)] = binary.BigEndian.Uint32(raw)
			}
		case stateKeySize:
			r := stateRow{key: [stateKeySize]byte(key), value: value}
			if _, _, err := v.open(r, now); err == nil {
				g.change(r)
			}
		case len(keyAnchor):
			var a anchor
			if tableMeta.parse(key, value, &a) == nil {
				g.anchored(a)
			}
		}
	}
}

func (g *gathered) salvagedSegment(key, value []byte) {
	ordinal := binary.BigEndian.Uint32(key)
	var h record.SignedHeader
	if tableSegments.parse(key, value, &h) == nil {
		g.header(ordinal, h)
		if read, err := h.Read(); err == nil {
			g.byOrd[ordinal] = read.Segment
		}
		return
	}
	var r receipt
	if tableReceipts.parse(key, value, &r) == nil && r.Held >= g.receipts[ordinal].Held {
		g.receipts[ordinal] = r
	}
}

// settle gives the salvaged rows to their segments.
func (g *gathered) settle() {
	for _, l := range g.loose {
		if id, ok := g.byOrd[l.ordinal]; ok {
			g.row(record.ID{Segment: id, Seq: l.seq}, l.row)
		}
	}
	g.loose = nil
}

// order lists the segments that have rows to give, in the order they were begun.
func (g *gathered) order() []*foundSegment {
	var out []*foundSegment
	for id, s := range g.segments {
		if _, gone := g.gone[id]; !gone && len(g.rows[id]) > 0 {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b *foundSegment) int {
		return cmp.Or(cmp.Compare(a.ordinal, b.ordinal), cmp.Compare(a.header.Wall, b.header.Wall), slices.Compare(a.header.Segment[:], b.header.Segment[:]))
	})
	return out
}
