package journal

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"go.etcd.io/bbolt"

	"quachot/internal/clock"
	"quachot/internal/record"
)

// Open opens the journal in dir, or makes one. ErrRunning when another process
// has it open, ErrNewer when a newer version wrote it.
func Open(dir string, o Options) (*Journal, error) {
	j, err := open(dir, o)
	if err != nil {
		return nil, fmt.Errorf("open journal %s: %w", dir, err)
	}
	return j, nil
}

func open(dir string, o Options) (*Journal, error) {
	if err := o.defaults(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	v, err := newVault(o.StoreKey)
	if err != nil {
		return nil, err
	}
	lock, err := lockFile(filepath.Join(dir, lockName))
	if err != nil {
		return nil, err
	}
	j := &Journal{
		dir: dir, o: o, clock: o.Clock, log: o.Log, lock: lock, vault: v,
		changed: make(chan struct{}, 1), jobs: make(chan *job, 256), stop: make(chan struct{}), stopped: make(chan struct{}),
		byID: map[record.SegmentID]*segment{}, overlay: map[[stateKeySize]byte]stateRow{},
	}
	if err := j.start(); err != nil {
		if j.db != nil {
			j.db.Close()
		}
		lock.Close()
		return nil, err
	}
	return j, nil
}

func (o *Options) defaults() error {
	if len(o.Sign) != ed25519.PrivateKeySize {
		return errors.New("the station's key is missing")
	}
	if len(o.Recipients) == 0 {
		return errors.New("nobody could open the records: no recipient is given")
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if o.KeepDays <= 0 {
		o.KeepDays = 7
	}
	return nil
}

// start opens the media, takes up what is there and starts the writer.
func (j *Journal) start() error {
	j.follow = j.newFollower() // recovery looks at its copies too
	var err error
	if err = j.openOrRecover(); err != nil {
		return err
	}
	if err = j.compact(); err != nil {
		if j.db == nil {
			return err
		}
		j.log.Warn("journal could not be compacted", "err", err)
	}
	if err = j.catchUp(); err != nil {
		return err
	}
	if err = j.dropExpired(); err != nil {
		j.log.Warn("expired state stays", "err", err)
	}
	if j.copyA, err = openCopies(j.path(copyDir), j.o.Station); err != nil {
		return err
	}
	has := have{}
	if _, err = j.copyA.read(has.frame); err != nil {
		j.log.Error("copy A cannot be read", "err", err)
	}
	j.measure()
	w := &writer{j: j, ord: j.anchor.Ordinal, missing: map[*segment]uint64{}, trash: j.findTrash(), measured: time.Now()}
	if j.anchor.Records > 0 {
		end := j.anchor.Last
		w.end = &end
	}
	for _, s := range j.segments {
		if n := has.upTo(s.id); n < s.last {
			w.missing[s] = n + 1
		}
		w.ord = max(w.ord, s.ordinal)
		w.end = &record.Position{Segment: s.id, Seq: s.last, Chain: s.tip}
	}
	if w.ord == 0 {
		w.ord = bornAt(j.clock.Now())
	}
	if j.follow != nil {
		go j.follow.run()
	}
	go w.run()
	return nil
}

// openDB opens the bbolt file. Its freelist is synced: a file whose freelist
// has to be rebuilt is one that bbolt panics on when it is damaged.
func openDB(path string, readOnly bool) (*bbolt.DB, error) {
	opt := &bbolt.Options{Timeout: time.Second, FreelistType: bbolt.FreelistMapType, ReadOnly: readOnly}
	if runtime.GOOS != "windows" { // there it would make the file that large
		opt.InitialMmapSize = 256 << 20
	}
	var db *bbolt.DB
	err := guarded("open database", func() (err error) {
		if db, err = bbolt.Open(path, 0o600, opt); err == nil {
			db.AllocSize = 1 << 20 // the file grows in small steps: a nearly full disk counts
		}
		return err
	})
	return db, err
}

// takeUp reads what the database knows of segments.
func (j *Journal) takeUp() error {
	return j.view(func(tx *bbolt.Tx) error {
		segments, a, err := readSegments(tx)
		if err != nil {
			return err
		}
		j.segments, j.anchor = segments, a
		for _, s := range segments {
			j.byID[s.id] = s
		}
		return nil
	})
}

// readSegments reads every segment, oldest first, and what pruning left. A row
// that is damaged here makes the file corrupt: nothing else could tell what is
// in it.
func readSegments(tx *bbolt.Tx) (segments []*segment, a anchor, err error) {
	if raw := tableMeta.of(tx).Get(keyAnchor); raw != nil {
		if err := tableMeta.parse(keyAnchor, raw, &a); err != nil {
			return nil, a, fmt.Errorf("%w: anchor: %w", ErrCorrupt, err)
		}
	}
	err = tableSegments.of(tx).ForEach(func(k, v []byte) error {
		if len(k) != 4 {
			return fmt.Errorf("%w: segment key of %d bytes", ErrCorrupt, len(k))
		}
		s, err := readSegment(tx, k, v)
		if err == nil {
			segments = append(segments, s)
		}
		return err
	})
	return segments, a, err
}

func readSegment(tx *bbolt.Tx, k, v []byte) (*segment, error) {
	s := &segment{ordinal: binary.BigEndian.Uint32(k), memory: map[uint64]row{}}
	if err := tableSegments.parse(k, v, &s.signed); err != nil {
		return nil, fmt.Errorf("%w: header of segment %d: %w", ErrCorrupt, s.ordinal, err)
	}
	h, err := s.signed.Read()
	if err != nil {
		return nil, fmt.Errorf("header of segment %d: %w", s.ordinal, err)
	}
	s.header, s.id = h, h.Segment
	t, err := parseTip(k, tableTips.of(tx).Get(k))
	if err != nil {
		return nil, fmt.Errorf("%w: tip of segment %s: %w", ErrCorrupt, s.id, err)
	}
	s.last, s.tip, s.inDB = t.last, t.chain, t.last
	if raw := tableReceipts.of(tx).Get(k); raw != nil {
		var r receipt
		if err := tableReceipts.parse(k, raw, &r); err == nil {
			s.held, s.kept, s.word = min(r.Held, s.last), min(r.Kept, s.last), r.Word
		}
	}
	return s, nil
}
