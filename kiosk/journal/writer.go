package journal

import (
	"crypto/rand"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"
	"go.etcd.io/bbolt"

	"quachot/internal/record"
	"quachot/internal/seal"
)

// Times and bounds of the writer.
const (
	slowAfter     = 400 * time.Millisecond
	segmentLength = time.Hour
	clockJump     = 5 * time.Second // between wall clock and time since boot
	drainMax      = 512             // jobs in one commit
	memoryMax     = 64 << 20        // bytes of records that wait for the database
)

// job is one request to the writer. Its results are set before done is closed.
type job struct {
	items []encodedItem
	roll  string
	write func(tx *bbolt.Tx) error // further changes, in the same transaction

	saved []Saved
	err   error
	done  chan struct{}
}

type encodedItem struct {
	kind  record.Kind
	body  cbor.RawMessage
	state []Put
}

// entry is one sealed record on its way to the media.
type entry struct {
	seg *segment
	seq uint64
	row
	state []stateRow
	at    int64 // unix ms
}

func (e *entry) id() record.ID { return record.ID{Segment: e.seg.id, Seq: e.seq} }

// writer is the one goroutine that writes. It owns all of its fields.
type writer struct {
	j     *Journal
	cur   *segment // nil: the next record begins a segment
	codec *seal.Codec
	head  uint64           // last seq of cur, durable or not
	chain record.Chain     // at head
	start moment           // of cur
	seen  moment           // when the clock was last looked at
	end   *record.Position // the last record ever, durable or not: parent of the next segment
	ord   uint32           // of the newest segment

	toDB    []*entry // not in the database; a suffix of all records
	toCopy  []*entry // not in copy A
	bytes   int      // of toDB
	dbBad   backoff
	cpBad   backoff
	missing map[*segment]uint64 // copy A lacks records from this seq on that the database has

	trash            []uint32 // ordinals of forgotten segments whose rows are still there
	measured, pruned time.Time
}

// moment is one look at both clocks.
type moment struct {
	wall time.Time
	boot time.Duration // 0 when the system cannot say
}

func (j *Journal) look() moment { return moment{wall: j.clock.Now(), boot: j.clock.SinceBoot()} }

// since is the time between two moments, by the clock that never jumps if there is one.
func (m moment) since(earlier moment) time.Duration {
	if m.boot == 0 || earlier.boot == 0 {
		return max(0, m.wall.Sub(earlier.wall))
	}
	return max(0, m.boot-earlier.boot)
}

// jumped says whether the wall clock went its own way between two moments.
func (m moment) jumped(earlier moment) bool {
	if m.boot == 0 || earlier.boot == 0 {
		return false
	}
	off := m.wall.Round(0).Sub(earlier.wall.Round(0)) - (m.boot - earlier.boot)
	return off.Abs() > clockJump
}

// run is the writer goroutine. It ends after stop is closed and what was handed
// in is answered.
func (w *writer) run() {
	defer close(w.j.stopped)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case jb := <-w.j.jobs:
			w.handle(w.drain([]*job{jb}))
		case <-tick.C:
			w.tend()
		case <-w.j.stop:
			if jobs := w.drain(nil); len(jobs) > 0 {
				w.handle(jobs)
			}
			w.dbBad, w.cpBad = backoff{}, backoff{}
			if len(w.toDB) > 0 {
				w.commit(nil, nil)
			}
			return
		}
	}
}

func (w *writer) drain(jobs []*job) []*job {
	for len(jobs) < drainMax {
		select {
		case jb := <-w.j.jobs:
			jobs = append(jobs, jb)
		default:
			return jobs
		}
	}
	return jobs
}

// handle turns jobs into entries, commits them together and answers.
func (w *writer) handle(jobs []*job) {
	now := w.j.look()
	w.watchClock(now)
	var writes []func(*bbolt.Tx) error
	for _, jb := range jobs {
		if jb.roll != "" {
			w.roll(jb.roll)
		}
		if jb.write != nil {
			writes = append(writes, jb.write)
		}
		if len(jb.items) > 0 {
			jb.saved, jb.err = w.take(jb.items, now)
		}
	}
	w.commit(jobs, writes)
}

// watchClock begins a new segment when the wall clock jumped: a segment's times
// are counted from its start. The jump itself is a record.
func (w *writer) watchClock(now moment) {
	before := w.seen
	w.seen = now
	if before.wall.IsZero() || !now.jumped(before) {
		return
	}
	expected := before.wall.Add(now.boot - before.boot)
	w.roll("the wall clock jumped")
	body, err := record.EncodeBody(record.ClockJump{Before: expected.UnixMilli(), After: now.wall.UnixMilli()})
	if err == nil {
		_, err = w.take([]encodedItem{{kind: record.KindClock, body: body}}, now)
	}
	if err != nil {
		w.j.log.Error("clock jump not recorded", "err", err)
	}
}

// roll forgets the key of the segment; the next record begins another.
func (w *writer) roll(why string) {
	if w.cur != nil {
		w.j.log.Info("segment ended", "segment", w.cur.id, "records", w.head, "why", why)
	}
	w.cur, w.codec = nil, nil
}

// take seals items, in one segment, and queues them for the media.
func (w *writer) take(items []encodedItem, now moment) ([]Saved, error) {
	if w.bytes > memoryMax {
		return nil, ErrFull
	}
	if w.cur != nil && (now.since(w.start) >= segmentLength || w.head+uint64(len(items)) >= maxSeq) {
		w.roll("an hour is over")
	}
	if w.cur == nil {
		if err := w.begin(now); err != nil {
			return nil, err
		}
	}
	offset := now.since(w.start).Truncate(time.Millisecond)
	at := time.UnixMilli(w.cur.header.Wall).Add(offset)
	plains := make([][]byte, len(items))
	rows := make([][]stateRow, len(items))
	for i, it := range items {
		var err error
		if plains[i], err = record.Encode(it.kind, offset, it.body); err != nil {
			return nil, err
		}
		if rows[i], err = w.sealState(it.state, w.head+uint64(i)+1, now); err != nil {
			return nil, err
		}
	}
	saved := make([]Saved, len(items))
	for i := range items {
		w.queue(plains[i], rows[i], at.UnixMilli())
		saved[i] = Saved{ID: record.ID{Segment: w.cur.id, Seq: w.head}, At: at, Offset: offset}
	}
	return saved, nil
}

func (w *writer) sealState(puts []Put, seq uint64, now moment) ([]stateRow, error) {
	var rows []stateRow
	for _, p := range puts {
		r, err := w.j.vault.seal(p, uint64(w.cur.ordinal)<<32|seq, now.wall)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// queue seals one record. From here on its place in the chain is taken: these
// very bytes are written, now or later, and no others under this seq.
func (w *writer) queue(plain []byte, state []stateRow, at int64) {
	w.head++
	e := &entry{seg: w.cur, seq: w.head, row: row{before: w.chain, sealed: w.codec.Seal(w.head, plain)}, state: state, at: at}
	w.chain = e.after()
	w.end = &record.Position{Segment: w.cur.id, Seq: w.head, Chain: w.chain}
	w.toDB = append(w.toDB, e)
	w.toCopy = append(w.toCopy, e)
	w.bytes += len(e.sealed) + 200
	if len(state) > 0 {
		w.j.mu.Lock()
		for _, r := range state {
			w.j.overlay[r.key] = r
			w.bytes += len(r.value)
		}
		w.j.mu.Unlock()
	}
}

// begin makes a segment: a key of its own, sealed to every recipient.
func (w *writer) begin(now moment) error {
	j := w.j
	var id record.SegmentID
	k := seal.NewKey()
	rand.Read(id[:])
	h := record.Header{
		Version: record.HeaderVersion, Segment: id, Station: j.o.Station, Wall: now.wall.UnixMilli(),
		SinceBoot: now.boot.Milliseconds(), Boot: j.clock.BootID(), Dict: seal.CurrentDict, Program: j.o.Program,
	}
	if w.end != nil {
		parent := *w.end
		h.Parent = &parent
	}
	for _, to := range j.o.Recipients {
		wrapped, err := seal.Wrap(k, id, to)
		if err != nil {
			return fmt.Errorf("begin segment: %w", err)
		}
		h.Keys = append(h.Keys, wrapped)
	}
	signed, err := record.SignHeader(h, j.o.Sign)
	if err != nil {
		return fmt.Errorf("begin segment: %w", err)
	}
	codec, err := seal.NewCodec(k, id, h.Dict)
	if err != nil {
		return fmt.Errorf("begin segment: %w", err)
	}
	w.ord++
	w.cur = &segment{ordinal: w.ord, id: id, signed: signed, header: h, tip: signed.Chain(), memory: map[uint64]row{}}
	w.codec, w.head, w.chain, w.start = codec, 0, signed.Chain(), now
	j.mu.Lock()
	j.segments = append(j.segments, w.cur)
	j.byID[id] = w.cur
	j.mu.Unlock()
	return nil
}
