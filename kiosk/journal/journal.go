package journal

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"quachot/internal/clock"
	"quachot/internal/record"
)

// Journal is an open journal. Its methods are safe for concurrent use.
type Journal struct {
	// Set by Open.
	dir     string
	o       Options
	clock   clock.Clock
	log     *slog.Logger
	lock    *os.File
	db      *bbolt.DB
	vault   *vault
	copyA   *copies // owned by the writer
	changed chan struct{}
	jobs    chan *job // bounded: a full one makes Append wait
	stop    chan struct{}
	stopped chan struct{}
	closing sync.Once
	follow  *follower // nil without copy B

	mu       sync.RWMutex // guards all below; never held over I/O
	segments []*segment   // oldest first
	byID     map[record.SegmentID]*segment
	anchor   anchor
	overlay  map[[stateKeySize]byte]stateRow // changes that are not in the database yet
	health   health
	hurried  []record.ID // urgent records that the office does not hold in their place yet
}

// segment is what this process knows of one segment. The fields after mu's mark
// are guarded by Journal.mu.
type segment struct {
	ordinal uint32
	id      record.SegmentID
	signed  record.SignedHeader
	header  record.Header

	last   uint64 // durable on one medium at least
	tip    record.Chain
	inDB   uint64         // rows up to it are in the database
	memory map[uint64]row // durable rows that are not
	held   uint64
	kept   uint64
	word   record.Receipt
	times  []int64 // unix ms of records held+1 ... last, of this process
}

// Append writes items in one commit and returns when they are on disk, or when
// no medium took them (Durable is then false; they stay in memory and are tried
// again until Close). All of one call stand in one segment without a gap. An
// error means that nothing was saved, except ctx's: the items may then still be
// written.
func (j *Journal) Append(ctx context.Context, items ...Item) ([]Saved, error) {
	if len(items) == 0 {
		return nil, nil
	}
	jb := &job{done: make(chan struct{})}
	for _, it := range items {
		raw, err := record.EncodeBody(it.Body)
		if err != nil {
			return nil, fmt.Errorf("append %s record: %w", it.Kind, err)
		}
		if len(raw) > record.MaxPlain-16 {
			return nil, fmt.Errorf("append %s record: %d bytes, at most %d", it.Kind, len(raw), record.MaxPlain-16)
		}
		jb.items = append(jb.items, encodedItem{kind: it.Kind, body: raw, state: it.State})
	}
	if err := j.do(ctx, jb); err != nil {
		return nil, err
	}
	j.urgent(items, jb.saved)
	return jb.saved, jb.err
}

// do hands a job to the writer and waits for it.
func (j *Journal) do(ctx context.Context, jb *job) error {
	select {
	case <-j.stop:
		return ErrClosed
	default:
	}
	select {
	case j.jobs <- jb:
	case <-j.stop:
		return ErrClosed
	case <-ctx.Done():
		return fmt.Errorf("append to journal: %w", ctx.Err())
	}
	select {
	case <-jb.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("append to journal: %w", ctx.Err())
	case <-j.stopped: // the writer is gone: it answered before it went, or never will
		select {
		case <-jb.done:
			return nil
		default:
			return ErrClosed
		}
	}
}

// Roll makes the next record begin a new segment, and the key of the present
// one leave memory. why is for the log.
func (j *Journal) Roll(why string) error {
	jb := &job{roll: why, done: make(chan struct{})}
	if err := j.do(context.Background(), jb); err != nil {
		return fmt.Errorf("begin new segment: %w", err)
	}
	return jb.err
}

// Changed receives after records became durable; its capacity is 1.
func (j *Journal) Changed() <-chan struct{} { return j.changed }

func (j *Journal) wake() {
	select {
	case j.changed <- struct{}{}:
	default:
	}
}

// Segments lists what the journal has, oldest first. Records that are in memory
// only are not in it.
func (j *Journal) Segments() []Segment {
	j.mu.RLock()
	defer j.mu.RUnlock()
	out := make([]Segment, 0, len(j.segments))
	for _, s := range j.segments {
		if s.last > 0 {
			out = append(out, Segment{Header: s.signed, ID: s.id, First: 1, Last: s.last, Tip: s.tip, Held: s.held, Kept: s.kept})
		}
	}
	return out
}

// Get reads one key of a state bucket; false when it is not there or its time
// is over.
func (j *Journal) Get(bucket string, key []byte) ([]byte, bool) {
	k := j.vault.key(bucket, key)
	j.mu.RLock()
	r, ok := j.overlay[k]
	j.mu.RUnlock()
	if !ok {
		r = stateRow{key: k}
		err := j.view(func(tx *bbolt.Tx) error {
			r.value = append(r.value, tx.Bucket(bucketState).Get(k[:])...)
			return nil
		})
		if err != nil || r.value == nil {
			return nil, false
		}
	}
	p, live, err := j.vault.open(r, j.clock.Now())
	if err != nil {
		j.log.Error("state row cannot be opened", "bucket", bucket)
	}
	if !live {
		return nil, false
	}
	return p.Value, true
}

// Each calls f with every live key of a bucket, in no order, until it returns
// false.
func (j *Journal) Each(bucket string, f func(key, value []byte) bool) {
	for _, r := range j.stateRows(j.vault.bucket(bucket)) {
		p, live, err := j.vault.open(r, j.clock.Now())
		if err != nil {
			j.log.Error("state row cannot be opened", "bucket", bucket)
		}
		if live && !f(p.Key, p.Value) {
			return
		}
	}
}

// Close writes what waits, as far as the disk takes it, and lets go of the
// directory. Calls after it fail with ErrClosed.
func (j *Journal) Close() error {
	var err error
	j.closing.Do(func() {
		close(j.stop)
		<-j.stopped
		j.follow.close()
		j.copyA.close()
		err = j.db.Close()
		j.lock.Close()
	})
	return err
}

func (j *Journal) path(name string) string { return filepath.Join(j.dir, name) }

// oldest is when the oldest record that the office lacks was written, as far as
// this process knows: a segment of an earlier run only tells its start.
func (s *segment) oldest() time.Time {
	if n := s.last - s.held; uint64(len(s.times)) >= n && n > 0 {
		return time.UnixMilli(s.times[uint64(len(s.times))-n])
	}
	return time.UnixMilli(s.header.Wall)
}
