package journal

import (
	"fmt"

	"go.etcd.io/bbolt"

	"quachot/internal/record"
)

// Read gives consecutive records of one segment from seq on: at most maxRecords
// and, beyond the first, maxBytes of them. They are proven against the chain; a
// record damaged on disk comes from a copy, else a signed placeholder stands in
// for it (record.Placeholder). A Run without records means there is none from
// seq on. ErrSegment when the journal has no such segment.
func (j *Journal) Read(seg record.SegmentID, from uint64, maxRecords, maxBytes int) (Run, error) {
	s, last, end, err := j.find(seg)
	if err != nil {
		return Run{}, fmt.Errorf("read journal: %w", err)
	}
	from = max(from, 1)
	if from > last || maxRecords <= 0 {
		return Run{First: from, Before: end, Tip: end}, nil
	}
	upTo := min(last, from+uint64(min(maxRecords, maxSeq))-1)
	st := j.load(s, from, upTo, last, end, maxBytes)
	j.heal(st)
	return st.run(j), nil
}

func (j *Journal) find(seg record.SegmentID) (s *segment, last uint64, end record.Chain, err error) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	s = j.byID[seg]
	if s == nil {
		return nil, 0, end, fmt.Errorf("%w: %s", ErrSegment, seg)
	}
	return s, s.last, s.tip, nil
}

// stretch is a part of a segment as found on disk.
type stretch struct {
	seg   *segment
	from  uint64
	rows  []*row        // nil = missing or damaged
	start *record.Chain // before the first of them, when that is known by itself
	end   *record.Chain // after the last of them, when that is known by itself
	bad   int
}

// load reads rows from ... upTo from the database and memory, fewer when
// maxBytes is reached, and takes out what does not prove.
func (j *Journal) load(s *segment, from, upTo, last uint64, tip record.Chain, maxBytes int) *stretch {
	st := &stretch{seg: s, from: from}
	if from == 1 {
		c := s.signed.Chain()
		st.start = &c
	}
	size := 0
	var after *row // the one behind upTo, for the chain value before it
	err := j.view(func(tx *bbolt.Tx) error {
		b := tableRecords.of(tx)
		for seq := from; seq <= upTo && (size < maxBytes || seq == from); seq++ {
			r := getRow(b, s.ordinal, seq)
			st.rows = append(st.rows, r)
			if r != nil {
				size += len(r.sealed)
			}
		}
		after = getRow(b, s.ordinal, from+uint64(len(st.rows)))
		return nil
	})
	if err != nil {
		j.log.Error("journal cannot be read", "segment", s.id, "from", from, "err", err)
		st.rows, after = make([]*row, min(upTo-from+1, 1000)), nil
	}
	next := from + uint64(len(st.rows))
	j.mu.RLock()
	for i := range st.rows {
		if r, ok := s.memory[from+uint64(i)]; ok {
			st.rows[i] = &r
		}
	}
	if r, ok := s.memory[next]; ok {
		after = &r
	}
	j.mu.RUnlock()
	switch {
	case next > last:
		st.end = &tip
	case after != nil:
		st.end = &after.before
	}
	st.verify()
	return st
}

// getRow is a row by value, nil when it is missing or damaged.
func getRow(b *bbolt.Bucket, ordinal uint32, seq uint64) *row {
	k := recordKey(ordinal, seq)
	r, err := parseRow(k, b.Get(k))
	if err != nil {
		return nil
	}
	r.sealed = append([]byte(nil), r.sealed...)
	return &r
}

// verify takes out every row that does not lead to the chain value that
// follows it, and counts what is missing.
func (st *stretch) verify() {
	st.bad = 0
	for i := range st.rows {
		if !st.fits(i, st.rows[i]) {
			st.rows[i] = nil
		}
		if st.rows[i] == nil {
			st.bad++
		}
	}
}

// fits says whether r proves in place i, as far as its neighbours are known.
func (st *stretch) fits(i int, r *row) bool {
	if r == nil {
		return false
	}
	if i == 0 && st.start != nil && r.before != *st.start {
		return false
	}
	if next := st.before(i + 1); next != nil {
		return r.after() == *next
	}
	return true
}

// before is the chain value before place i as the record there tells it; nil
// when it is not known.
func (st *stretch) before(i int) *record.Chain {
	switch {
	case i >= len(st.rows):
		return st.end
	case st.rows[i] != nil:
		return &st.rows[i].before
	}
	return nil
}

// run turns a stretch into what is handed out. What is still missing becomes a
// placeholder. Of several missing in a row only the chain value after the last
// is known; those before it get one made up from it, the same one every time.
func (st *stretch) run(j *Journal) Run {
	run := Run{First: st.from, Before: st.firstBefore(), Records: make([][]byte, len(st.rows))}
	run.Tip = run.Before
	for i, r := range st.rows {
		if r != nil {
			run.Records[i] = r.sealed
			run.Tip = r.after()
			continue
		}
		if next := st.before(i + 1); next != nil {
			run.Tip = *next
		} else {
			run.Tip = run.Tip.Next([]byte("quachot lost"))
		}
		id := record.ID{Segment: st.seg.id, Seq: st.from + uint64(i)}
		run.Records[i] = record.Placeholder(id, run.Tip, j.o.Sign)
		j.log.Error("record is lost on every medium, a placeholder stands in", "segment", id.Segment, "seq", id.Seq)
	}
	return run
}

func (st *stretch) firstBefore() record.Chain {
	if st.start != nil {
		return *st.start
	}
	if c := st.before(0); c != nil {
		return *c
	}
	return record.Chain{}
}

// chainAt is the chain value at seq; false when it is not known any more.
func (j *Journal) chainAt(s *segment, seq, last uint64, tip record.Chain) (record.Chain, bool) {
	switch {
	case seq == last:
		return tip, true
	case seq == 0:
		return s.signed.Chain(), true
	}
	st := j.load(s, seq+1, seq+1, last, tip, 1)
	j.heal(st)
	if c := st.before(0); c != nil {
		return *c, true
	}
	st = j.load(s, seq, seq, last, tip, 1)
	if j.heal(st); st.rows[0] != nil {
		return st.rows[0].after(), true
	}
	return record.Chain{}, false
}
