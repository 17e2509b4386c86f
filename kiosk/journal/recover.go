package journal

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"quachot/internal/record"
)

// Names beside the journal's file. A quarantined file is only ever renamed; a
// new one is built under another name, so that a rebuilding that was cut off
// begins again from everything there is.
const (
	badMark = ".bad-"
	newMark = ".new"
)

// openOrRecover opens the database. A corrupt one is put aside and a new one is
// built from it and the copies; so is one that has gone missing.
func (j *Journal) openOrRecover() error {
	path := j.path(fileName)
	if err := os.Remove(path + newMark); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	err := j.probeChild()
	if err == nil {
		if err = j.openExisting(path); err == nil {
			return nil
		}
	}
	if !errors.Is(err, ErrCorrupt) && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if errors.Is(err, ErrCorrupt) {
		if err := j.quarantine(path, err); err != nil {
			return err
		}
	}
	if err := j.rebuild(path); err != nil {
		return fmt.Errorf("rebuild journal: %w", err)
	}
	return j.openExisting(path)
}

// openExisting opens a file that is there and takes up what it knows.
func (j *Journal) openExisting(path string) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	db, err := openDB(path, false)
	if err != nil {
		return openError(err)
	}
	j.db = db
	if err = j.view(probeLayout); errors.Is(err, errNoLayout) {
		err = j.update(makeLayout)
	}
	if err == nil {
		err = j.takeUp()
	}
	if err != nil {
		j.db = nil
		closeDB(db)
	}
	return err
}

// openError tells a file that is none from a disk that does not answer.
func openError(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrRunning
	case errors.Is(err, os.ErrPermission), diskFull(err), errors.Is(err, ErrCorrupt):
		return err
	}
	var path *os.PathError
	if errors.As(err, &path) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrCorrupt, err)
}

// closeDB closes a database that may be broken.
func closeDB(db *bbolt.DB) { guarded("close database", db.Close) }

// quarantine puts a corrupt file aside under a name that says when.
func (j *Journal) quarantine(path string, why error) error {
	base := path + badMark + j.clock.Now().UTC().Format("20060102T150405Z")
	aside := base
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, os.ErrNotExist) {
			break
		}
		aside = fmt.Sprintf("%s-%d", base, n)
	}
	if err := os.Rename(path, aside); err != nil {
		return fmt.Errorf("put corrupt journal aside: %w", err)
	}
	j.log.Error("the journal file is corrupt and was put aside", "aside", filepath.Base(aside), "why", why)
	return syncDir(j.dir)
}

// rebuild makes the database from every quarantined file and every copy.
func (j *Journal) rebuild(path string) error {
	g := newGathered(func(record.ID) bool { return true })
	j.gatherCopies(g)
	names, err := os.ReadDir(j.dir)
	if err != nil {
		return err
	}
	for _, n := range names {
		if strings.HasPrefix(n.Name(), fileName+badMark) {
			g.byOrd = map[uint32]record.SegmentID{}
			if err := salvage(j.path(n.Name()), g.salvaged(j.vault, j.clock.Now())); err != nil {
				return err
			}
			g.settle()
		}
	}
	db, err := openDB(path+newMark, false)
	if err != nil {
		return err
	}
	err = guarded("rebuild journal", func() error { return j.refill(db, g) })
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+newMark, path); err != nil {
		return err
	}
	if n := len(g.segments); n > 0 {
		j.log.Warn("journal was rebuilt", "segments", n, "records", g.records())
	}
	return syncDir(j.dir)
}

func (g *gathered) records() (n int) {
	for _, rows := range g.rows {
		n += len(rows)
	}
	return n
}

// refill writes everything gathered into an empty database.
func (j *Journal) refill(db *bbolt.DB, g *gathered) error {
	if err := db.Update(makeLayout); err != nil {
		return err
	}
	a := absorber{j: j, db: db, g: g, used: map[uint32]bool{}}
	for _, s := range g.order() {
		if err := a.segment(s, nil); err != nil {
			return err
		}
	}
	return db.Update(func(tx *bbolt.Tx) error {
		for id, ordinal := range g.gone {
			if err := tableGone.of(tx).Put(id[:], tableGone.guard(id[:], segmentKey(ordinal))); err != nil {
				return err
			}
		}
		if g.anchor.Records > 0 {
			if err := tableMeta.put(tx, keyAnchor, g.anchor); err != nil {
				return err
			}
		}
		return putState(tx, slices.Collect(maps.Values(g.state)))
	})
}

func putState(tx *bbolt.Tx, rows []stateRow) error {
	for _, r := range rows {
		if err := r.put(tx.Bucket(bucketState)); err != nil {
			return err
		}
	}
	return nil
}

// catchUp brings into the database what only the copies have: records that were
// saved while the database could not be written.
func (j *Journal) catchUp() error {
	g := newGathered(func(id record.ID) bool {
		s := j.byID[id.Segment]
		return s == nil || id.Seq > s.last
	})
	err := j.db.View(func(tx *bbolt.Tx) error {
		return tableGone.of(tx).ForEach(func(k, v []byte) error {
			g.gone[record.SegmentID(k)] = 0
			return nil
		})
	})
	if err != nil {
		return err
	}
	j.gatherCopies(g)
	if len(g.order()) == 0 {
		return nil
	}
	a := absorber{j: j, db: j.db, g: g, used: map[uint32]bool{}, state: true}
	for _, s := range j.segments {
		a.used[s.ordinal] = true
	}
	for _, s := range g.order() {
		if err := a.segment(s, j.byID[s.header.Segment]); err != nil {
			return err
		}
	}
	j.log.Warn("records that only a copy held were brought back", "records", g.records())
	j.segments, j.byID = nil, map[record.SegmentID]*segment{}
	return j.takeUp()
}

func (j *Journal) gatherCopies(g *gathered) {
	for _, dir := range j.copyDirs() {
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		c, err := openCopies(dir, j.o.Station)
		if err == nil {
			var lost int
			lost, err = c.read(g.frame)
			g.lost += lost
		}
		if err != nil {
			j.log.Error("copy cannot be read", "dir", dir, "err", err)
		}
	}
}

// absorber writes gathered segments into a database.
type absorber struct {
	j     *Journal
	db    *bbolt.DB
	g     *gathered
	used  map[uint32]bool // ordinals taken
	state bool            // also the changes of state that came with the records
}

// segment writes one segment, or what goes on after the end of a known one. A
// header that this station did not sign is passed over.
func (a *absorber) segment(f *foundSegment, known *segment) error {
	id := f.header.Segment
	if _, err := f.signed.Open(a.j.o.Sign.Public().(ed25519.PublicKey)); err != nil {
		a.j.log.Error("a segment that this station did not sign is passed over", "segment", id, "err", err)
		return nil
	}
	rows := a.g.rows[id]
	seqs := slices.Sorted(maps.Keys(rows))
	ordinal := f.ordinal
	if known != nil {
		ordinal = known.ordinal
		if r, ok := rows[known.last+1]; ok && r.before != known.tip {
			a.j.log.Error("a copy goes on from another record than the database has", "segment", id, "seq", known.last+1)
			return nil
		}
	} else {
		for a.used[ordinal] || ordinal == 0 {
			ordinal++
		}
		a.used[ordinal] = true
	}
	const chunk = 5000
	for part := range slices.Chunk(seqs, chunk) {
		err := a.db.Update(func(tx *bbolt.Tx) error { return a.write(tx, ordinal, f, rows, part) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *absorber) write(tx *bbolt.Tx, ordinal uint32, f *foundSegment, rows map[uint64]row, seqs []uint64) error {
	k := segmentKey(ordinal)
	if err := tableSegments.put(tx, k, f.signed); err != nil {
		return err
	}
	for _, seq := range seqs {
		r, rk := rows[seq], recordKey(ordinal, seq)
		if err := tableRecords.of(tx).Put(rk, tableRecords.guard(rk, r.before[:], r.sealed)); err != nil {
			return err
		}
	}
	last := seqs[len(seqs)-1]
	end := tip{last, rows[last].after()}
	if further := a.g.tips[f.header.Segment]; further.last > end.last {
		end = further // the rows between are lost; placeholders will say so
	}
	if err := tableTips.of(tx).Put(k, tableTips.guard(k, end.bytes())); err != nil {
		return err
	}
	if r, ok := a.g.receipts[f.ordinal]; ok && r.Word.Segment == f.header.Segment {
		if err := tableReceipts.put(tx, k, r); err != nil {
			return err
		}
	}
	if !a.state {
		return nil
	}
	written := map[uint64]bool{}
	for _, seq := range seqs {
		written[uint64(f.ordinal)<<32|seq] = true
	}
	for _, r := range a.g.state {
		if !written[r.version()] {
			continue
		}
		if err := r.put(tx.Bucket(bucketState)); err != nil {
			return err
		}
	}
	return nil
}

// bornAt is the ordinal that the first segment of a new journal gets: minutes
// since 2020, so that a journal that was begun anew never counts up to the
// ordinals of the one before it.
func bornAt(now time.Time) uint32 {
	return uint32(max(1, now.Sub(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))/time.Minute))
}
