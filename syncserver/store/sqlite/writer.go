package sqlite

import (
	"context"
	"fmt"
	"sync"

	"quachot/internal/record"
	"quachot/syncserver/store"
)

// Bounds of what is under way: callers wait when the queue is full, and one
// commit takes no more than this.
const (
	queueLength  = 64
	groupRecords = 20_000
)

// job is a delivery, or something else that must not run beside the writer.
type job struct {
	delivery store.Delivery
	opened   []store.Opened
	answer   chan store.Answer

	do func(ctx context.Context) error // answer.Err; nil for a delivery
}

// writer is the one goroutine that stores deliveries.
type writer struct {
	s     *Store
	n     uint64 // the next record's number
	dirty bool   // the raw files are ahead of the cursor
	segs  map[record.SegmentID]*segment

	mu      sync.Mutex // guards epochs and headers
	epochs  map[string]uint64
	headers map[record.SegmentID]*record.Header
}

// cached bounds the segments and headers that are remembered.
const cached = 8_000

func newWriter(s *Store) writer {
	return writer{s: s, segs: map[record.SegmentID]*segment{}, epochs: map[string]uint64{}, headers: map[record.SegmentID]*record.Header{}}
}

// Ingest implements store.Intake. The records are opened here, on the caller's
// goroutine, so that connections share the processors.
func (s *Store) Ingest(ctx context.Context, d store.Delivery) <-chan store.Answer {
	j := job{delivery: d, answer: make(chan store.Answer, 1)}
	j.opened = s.o.Opener.Open(s.headerOf(ctx, d), d.Batch.First, d.Batch.Records)
	s.submit(ctx, j)
	return j.answer
}

func (s *Store) submit(ctx context.Context, j job) {
	select {
	case <-s.closing:
		j.answer <- store.Answer{Err: store.ErrClosed}
		return
	default:
	}
	select {
	case s.jobs <- j:
	case <-ctx.Done():
		j.answer <- store.Answer{Err: ctx.Err()}
	case <-s.closing:
		j.answer <- store.Answer{Err: store.ErrClosed}
	}
}

// serialised runs do on the writer goroutine.
func (s *Store) serialised(ctx context.Context, do func(ctx context.Context) error) error {
	j := job{do: do, answer: make(chan store.Answer, 1)}
	s.submit(ctx, j)
	select {
	case a := <-j.answer:
		return a.Err
	case <-s.ended:
		return store.ErrClosed
	}
}

// run is the writer goroutine. It answers every job it took, also while closing.
func (s *Store) run() {
	defer close(s.ended)
	ctx := context.Background() // a group that was begun is finished: its senders wait
	for {
		select {
		case j := <-s.jobs:
			s.group(ctx, j)
		case <-s.closing:
			for {
				select {
				case j := <-s.jobs:
					j.answer <- store.Answer{Err: store.ErrClosed}
				default:
					return
				}
			}
		}
	}
}

// group takes the deliveries that wait, up to the first other job.
func (s *Store) group(ctx context.Context, j job) {
	var group []job
	for records := 0; ; {
		if j.do != nil {
			break
		}
		group = append(group, j)
		if records += len(j.delivery.Batch.Records); records >= groupRecords {
			break
		}
		var more bool
		select {
		case j, more = <-s.jobs:
		default:
		}
		if !more {
			j = job{}
			break
		}
	}
	if len(group) > 0 {
		s.w.commit(ctx, group)
	}
	if j.do != nil {
		j.answer <- store.Answer{Err: s.w.clean(ctx, j.do)}
		s.wake()
	}
}

// clean runs do when nothing is left unapplied.
func (w *writer) clean(ctx context.Context, do func(ctx context.Context) error) error {
	if w.dirty {
		if err := w.recover(ctx); err != nil {
			return err
		}
	}
	return do(ctx)
}

// commit stores a group and answers each delivery.
func (w *writer) commit(ctx context.Context, group []job) {
	answers := make([]store.Answer, len(group))
	err := w.clean(ctx, func(ctx context.Context) error { return w.storeGroup(ctx, group, answers) })
	for i, j := range group {
		if err != nil {
			answers[i] = store.Answer{Err: fmt.Errorf("store batch: %w", err)}
		}
		j.answer <- answers[i]
	}
	if err != nil {
		w.s.o.Log.Error("storing failed; what was answered is safe, stations send the rest again", "batches", len(group), "error", err)
		return
	}
	w.s.wake()
}

// storeGroup goes raw, day files, cursor. answers gets the refusal of a single
// delivery, and after all is durable the progress of the others.
func (w *writer) storeGroup(ctx context.Context, group []job, answers []store.Answer) error {
	if len(w.segs) > cached {
		w.forget()
	}
	added, err := w.storeRaw(ctx, group, answers)
	if err != nil {
		w.forget()
		return err
	}
	if err := w.apply(ctx, added); err != nil {
		w.forget()
		w.dirty = true
		return err
	}
	for i, j := range group {
		if answers[i].Err != nil {
			continue
		}
		seg, err := w.segment(ctx, j.delivery.Batch.Segment)
		if err != nil {
			answers[i].Err = err
			continue
		}
		answers[i].Progress = seg.progress(j.delivery.Batch.Segment)
	}
	return nil
}

// forget drops what was remembered of segments after a failure: it may be ahead
// of the disk.
func (w *writer) forget() { clear(w.segs) }

func (w *writer) loadEpochs(ctx context.Context) error {
	rows, err := w.s.office.r.QueryContext(ctx, `SELECT id, epoch FROM station`)
	if err != nil {
		return fmt.Errorf("read epochs: %w", disk(err))
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var epoch uint64
		if err := rows.Scan(&id, &epoch); err != nil {
			return fmt.Errorf("read epochs: %w", disk(err))
		}
		w.epochs[id] = epoch
	}
	return rows.Err()
}

// old says whether a delivery comes from a connection that was replaced.
func (w *writer) old(d store.Delivery) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return d.Epoch != 0 && d.Epoch < w.epochs[d.Station]
}

// headerOf is the header of a delivery's segment, nil when it is not known or
// cannot be read by this program. A stored one goes before one that comes along:
// whether the segment is the sender's is only known to the writer.
func (s *Store) headerOf(ctx context.Context, d store.Delivery) *record.Header {
	s.w.mu.Lock()
	h := s.w.headers[d.Batch.Segment]
	s.w.mu.Unlock()
	if h != nil {
		return h
	}
	if signed, err := s.signedHeader(ctx, d.Batch.Segment); err == nil {
		return s.remember(signed)
	}
	if d.Batch.Header == nil {
		return nil // its records wait as pending
	}
	read, err := d.Batch.Header.Read()
	if err != nil || read.Segment != d.Batch.Segment {
		return nil
	}
	return &read
}

func (s *Store) remember(signed *record.SignedHeader) *record.Header {
	h, err := signed.Read()
	if err != nil {
		return nil
	}
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	if len(s.w.headers) > cached {
		clear(s.w.headers)
	}
	s.w.headers[h.Segment] = &h
	return &h
}

func (s *Store) signedHeader(ctx context.Context, id record.SegmentID) (*record.SignedHeader, error) {
	var h record.SignedHeader
	err := s.office.r.QueryRowContext(ctx, `SELECT body, sig FROM segment WHERE id = ? AND body IS NOT NULL`, id[:]).Scan(&h.Body, &h.Sig)
	if err != nil {
		return nil, one(disk(err))
	}
	return &h, nil
}
