package journal

import (
	"time"

	"go.etcd.io/bbolt"

	"quachot/internal/record"
)

// How often the writer looks after things that no job asks for, and how much of
// them it does between two commits.
const (
	measureEvery = 10 * time.Second
	pruneEvery   = time.Hour
	trashChunk   = 2000 // rows deleted in one transaction
	refillChunk  = 1000 // records copied in one write
)

// tend does, about once a second, what no job asks for.
func (w *writer) tend() {
	now := time.Now()
	if now.Sub(w.measured) >= measureEvery {
		w.measured = now
		w.j.measure()
	}
	if w.cur != nil && w.j.look().since(w.start) >= segmentLength {
		w.roll("an hour is over")
	}
	if len(w.toDB) > 0 || len(w.toCopy) > 0 {
		w.commit(nil, nil)
	}
	if w.dbBad.err != nil {
		return
	}
	w.refill()
	if now.Sub(w.pruned) >= pruneEvery {
		w.pruned = now
		w.prune()
	}
	w.sweep()
}

// refill copies from the database what copy A lacks because it could not be
// written for a while, or was damaged.
func (w *writer) refill() {
	for s, from := range w.missing {
		if w.cpBad.wait() {
			return
		}
		entries := w.j.entries(s, from, refillChunk)
		if len(entries) > 0 {
			w.afterCopyOf(w.j.tryCopy(entries))
			if w.cpBad.err != nil {
				return
			}
			from = entries[len(entries)-1].seq
			w.missing[s] = from + 1
		}
		if len(entries) < refillChunk {
			delete(w.missing, s)
		}
		w.j.setHealth(w)
	}
}

// afterCopyOf notes how a write to copy A outside a commit went.
func (w *writer) afterCopyOf(err error) {
	if err != nil {
		w.failed(&w.cpBad, err, "copy A")
		return
	}
	w.cpBad = backoff{}
}

// entries are the sound records of a segment from seq on that the database has.
func (j *Journal) entries(s *segment, from uint64, n int) []*entry {
	j.mu.RLock()
	upTo := min(s.inDB, from+uint64(n)-1)
	j.mu.RUnlock()
	var out []*entry
	err := j.view(func(tx *bbolt.Tx) error {
		for seq := from; seq <= upTo; seq++ {
			if r := getRow(tableRecords.of(tx), s.ordinal, seq); r != nil {
				out = append(out, &entry{seg: s, seq: seq, row: *r})
			}
		}
		return nil
	})
	if err != nil {
		j.log.Error("journal cannot be read for a copy", "segment", s.id, "err", err)
	}
	return out
}

// prune forgets the oldest segments that the office keeps for good and that are
// older than KeepDays. It stops at the first that is not so, because what is left
// must go on from one place. The latest segment always stays.
func (w *writer) prune() {
	j := w.j
	limit := j.clock.Now().AddDate(0, 0, -j.o.KeepDays).UnixMilli()
	var gone []*segment
	j.mu.RLock()
	next := j.anchor
	for _, s := range j.segments[:max(0, len(j.segments)-1)] {
		if s == w.cur || s.kept < s.last || s.last == 0 || s.inDB < s.last || s.header.Wall > limit {
			break
		}
		gone = append(gone, s)
		next = anchor{Ordinal: s.ordinal, Last: record.Position{Segment: s.id, Seq: s.last, Chain: s.tip}, Receipt: s.word, Records: next.Records + s.last}
	}
	j.mu.RUnlock()
	if len(gone) == 0 {
		return
	}
	err := j.update(func(tx *bbolt.Tx) error { return forget(tx, gone, next) })
	if err != nil {
		w.failed(&w.dbBad, err, "database")
		return
	}
	j.mu.Lock()
	j.segments, j.anchor = append([]*segment(nil), j.segments[len(gone):]...), next
	for _, s := range gone {
		delete(j.byID, s.id)
		delete(w.missing, s)
		w.trash = append(w.trash, s.ordinal)
	}
	j.mu.Unlock()
	j.log.Info("segments that the office keeps were pruned", "segments", len(gone))
	w.pruneCopies()
}

// forget takes segments out of the database; their rows follow in sweep.
func forget(tx *bbolt.Tx, gone []*segment, left anchor) error {
	for _, s := range gone {
		k := segmentKey(s.ordinal)
		for _, t := range []table{tableSegments, tableTips, tableReceipts} {
			if err := t.of(tx).Delete(k); err != nil {
				return err
			}
		}
		if err := tableGone.of(tx).Put(s.id[:], tableGone.guard(s.id[:], k)); err != nil {
			return err
		}
	}
	return tableMeta.put(tx, keyAnchor, left)
}

// sweep deletes some rows of forgotten segments.
func (w *writer) sweep() {
	if len(w.trash) == 0 {
		return
	}
	done := false
	err := w.j.update(func(tx *bbolt.Tx) error {
		prefix := segmentKey(w.trash[0])
		b := tableRecords.of(tx)
		var keys [][]byte
		c := b.Cursor()
		for k, _ := c.Seek(prefix); len(k) >= 4 && string(k[:4]) == string(prefix) && len(keys) < trashChunk; k, _ = c.Next() {
			keys = append(keys, append([]byte(nil), k...))
		}
		done = len(keys) < trashChunk
		for _, k := range keys {
			if err := b.Delete(k); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.failed(&w.dbBad, err, "database")
		return
	}
	if done {
		w.trash = w.trash[1:]
	}
}

// findTrash lists forgotten segments whose rows a process before did not get to.
func (j *Journal) findTrash() (trash []uint32) {
	live := map[uint32]bool{}
	for _, s := range j.segments {
		live[s.ordinal] = true
	}
	err := j.view(func(tx *bbolt.Tx) error {
		c := tableRecords.of(tx).Cursor()
		for k, _ := c.First(); len(k) == 8; k, _ = c.Seek(segmentKey(ordinalOf(k) + 1)) {
			if n := ordinalOf(k); !live[n] {
				trash = append(trash, n)
			}
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return trash
}

// pruneCopies removes the files of copy A that hold pruned segments only. The
// state that stands in them is written once more first.
func (w *writer) pruneCopies() {
	old := w.j.copyA.obsolete(w.j.live())
	if len(old) == 0 {
		return
	}
	extra, err := w.j.stateFrames()
	if err == nil {
		err = w.j.copyA.write(nil, extra)
	}
	if err == nil {
		err = w.j.copyA.remove(old)
	}
	if err != nil {
		w.j.log.Warn("old copies cannot be removed", "err", err)
	}
}

// live tells which segments are still here.
func (j *Journal) live() func(record.SegmentID) bool {
	j.mu.RLock()
	defer j.mu.RUnlock()
	live := map[record.SegmentID]bool{}
	for id := range j.byID {
		live[id] = true
	}
	return func(id record.SegmentID) bool { return live[id] }
}

// stateFrames are the anchor and the whole state as frames.
func (j *Journal) stateFrames() (b []byte, err error) {
	j.mu.RLock()
	a := j.anchor
	j.mu.RUnlock()
	raw, err := marshal(a)
	if err != nil {
		return nil, err
	}
	b = appendFrame(b, frameAnchor, raw)
	err = j.view(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketState).ForEach(func(k, v []byte) error {
			b = appendFrame(b, frameState, k, v)
			return nil
		})
	})
	return b, err
}

// dropExpired deletes state whose time is over; at start, before the writer runs.
func (j *Journal) dropExpired() error {
	var over [][]byte
	err := j.view(func(tx *bbolt.Tx) error {
		now := j.clock.Now()
		return tx.Bucket(bucketState).ForEach(func(k, v []byte) error {
			if len(k) != stateKeySize {
				return nil
			}
			if _, live, err := j.vault.open(stateRow{key: [stateKeySize]byte(k), value: v}, now); err == nil && !live {
				over = append(over, append([]byte(nil), k...))
			}
			return nil
		})
	})
	if err != nil || len(over) == 0 {
		return err
	}
	return j.update(func(tx *bbolt.Tx) error {
		for _, k := range over {
			if err := tx.Bucket(bucketState).Delete(k); err != nil {
				return err
			}
		}
		return nil
	})
}
