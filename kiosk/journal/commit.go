package journal

import (
	"fmt"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
)

// backoff keeps a failing medium from being tried with every record.
type backoff struct {
	err   error // the latest failure; nil = it works
	fails int
	next  time.Time
}

func (b *backoff) wait() bool { return b.err != nil && time.Now().Before(b.next) }

func (b *backoff) failed(err error) {
	b.err = err
	b.fails++
	b.next = time.Now().Add(min(10*time.Second, 250*time.Millisecond<<min(b.fails, 6)))
}

// commit writes what is queued to the database and to copy A at the same time
// and answers jobs: when both are done; when nothing took the records; or, if
// one medium keeps us waiting, as soon as the other one has them.
func (w *writer) commit(jobs []*job, writes []func(*bbolt.Tx) error) {
	started := time.Now()
	w.j.setCommitting(started)
	copyDone := w.startCopy()
	dbDone := w.startDB(writes) // last, so that it runs first: its two syncs are the longer way
	slow := time.NewTimer(slowAfter)
	defer slow.Stop()
	var dbErr, copyErr error
	pending, late := 2, false
	for pending > 0 {
		select {
		case dbErr = <-dbDone:
			dbDone = nil
			pending--
			w.afterDB(dbErr)
		case copyErr = <-copyDone:
			copyDone = nil
			pending--
			w.afterCopy(copyErr)
		case <-slow.C:
			late = true
		}
		// A job that also changes the database itself has to wait for it.
		if late && pending == 1 && len(writes) == 0 && w.durable() {
			w.answer(jobs, true, dbErr, copyErr)
			jobs = nil
		}
	}
	w.j.setCommitting(time.Time{})
	w.trim()
	if real(dbErr) || real(copyErr) {
		w.roll("a commit failed or is in doubt")
	}
	w.j.setHealth(w) // before the answer: who got it may ask for Counts
	w.answer(jobs, time.Since(started) > slowAfter, dbErr, copyErr)
}

// durable says whether every record is on one medium at least.
func (w *writer) durable() bool { return len(w.toDB) == 0 || len(w.toCopy) == 0 }

// errWaiting is what a medium answers that failed a moment ago.
type errWaiting struct{ error }

func (e errWaiting) Unwrap() error { return e.error }

// real says whether err came from a try just made.
func real(err error) bool {
	_, waiting := err.(errWaiting)
	return err != nil && !waiting
}

func (w *writer) startDB(writes []func(*bbolt.Tx) error) chan error {
	done := make(chan error, 1)
	if len(w.toDB) == 0 && len(writes) == 0 {
		done <- nil
		return done
	}
	if w.dbBad.wait() && len(writes) == 0 {
		done <- errWaiting{w.dbBad.err}
		return done
	}
	entries := w.toDB
	go func() { done <- w.j.tryDB(func(tx *bbolt.Tx) error { return putAll(tx, entries, writes) }) }()
	return done
}

func (w *writer) startCopy() chan error {
	done := make(chan error, 1)
	switch {
	case len(w.toCopy) == 0:
		done <- nil
	case w.cpBad.wait():
		done <- errWaiting{w.cpBad.err}
	default:
		entries := w.toCopy
		go func() { done <- w.j.tryCopy(entries) }()
	}
	return done
}

// afterDB notes what the database now holds.
func (w *writer) afterDB(err error) {
	if err != nil {
		w.failed(&w.dbBad, err, "database")
		return
	}
	w.dbBad = backoff{}
	w.saved(w.toDB, true)
	w.toDB, w.bytes = nil, 0
}

func (w *writer) afterCopy(err error) {
	if err != nil {
		w.failed(&w.cpBad, err, "copy A")
		return
	}
	w.cpBad = backoff{}
	w.saved(w.toCopy, false)
	w.toCopy = nil
}

func (w *writer) failed(b *backoff, err error, medium string) {
	if !real(err) {
		return
	}
	if b.err == nil || b.err.Error() != err.Error() {
		w.j.log.Error("journal cannot write", "medium", medium, "err", err)
	}
	b.failed(err)
}

// saved publishes records that one medium has.
func (w *writer) saved(entries []*entry, inDB bool) {
	if len(entries) == 0 {
		return
	}
	j := w.j
	j.mu.Lock()
	for _, e := range entries {
		s := e.seg
		if e.seq > s.last {
			s.last, s.tip = e.seq, e.after()
			s.times = append(s.times, e.at)
		}
		if inDB {
			s.inDB = max(s.inDB, e.seq)
			delete(s.memory, e.seq)
		} else if e.seq > s.inDB {
			s.memory[e.seq] = e.row
		}
	}
	if inDB { // nothing younger is queued: the writer waits for this commit
		clear(j.overlay)
	}
	j.mu.Unlock()
	j.wake()
	j.follow.wake()
}

// answer fills in what became of each job's records and lets its caller go on.
func (w *writer) answer(jobs []*job, slow bool, dbErr, copyErr error) {
	durable, why := w.durable(), dbErr
	if why == nil {
		why = copyErr
	}
	for _, jb := range jobs {
		for i := range jb.saved {
			jb.saved[i].Durable, jb.saved[i].Slow, jb.saved[i].Err = durable, slow, why
		}
		if jb.write != nil && dbErr != nil && jb.err == nil {
			jb.err = dbErr
		}
		close(jb.done)
	}
}

// trim drops from the queue of copy A what the database has: it is copied from
// there when copy A works again.
func (w *writer) trim() {
	if len(w.toCopy) > 0 && len(w.toDB) == 0 {
		for _, e := range w.toCopy {
			if from, ok := w.missing[e.seg]; !ok || e.seq < from {
				w.missing[e.seg] = e.seq
			}
		}
		w.toCopy = nil
	}
}

// tryDB and tryCopy are the two ways to the disk; tests come between.
func (j *Journal) tryDB(f func(tx *bbolt.Tx) error) error {
	write := func() error { return j.update(f) }
	if j.o.wrap != nil {
		return j.o.wrap("database", write)
	}
	return write()
}

func (j *Journal) tryCopy(entries []*entry) error {
	write := func() error { return j.copyA.write(entries, nil) }
	if j.o.wrap != nil {
		return j.o.wrap("copy", write)
	}
	return write()
}

// update is bbolt's Update with panics and faults of a damaged file as errors.
func (j *Journal) update(f func(tx *bbolt.Tx) error) error {
	return guarded("write database", func() error { return j.db.Update(f) })
}

// view is bbolt's View with panics and faults of a damaged file as errors.
func (j *Journal) view(f func(tx *bbolt.Tx) error) error {
	return guarded("read database", func() error { return j.db.View(f) })
}

func guarded(act string, f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: %w: %v", act, ErrCorrupt, r)
		}
	}()
	if err := f(); err != nil {
		return fmt.Errorf("%s: %w", act, err)
	}
	return nil
}

// putAll writes entries and further changes in one transaction.
func putAll(tx *bbolt.Tx, entries []*entry, writes []func(*bbolt.Tx) error) error {
	records, tips, state := tableRecords.of(tx), tableTips.of(tx), tx.Bucket(bucketState)
	records.FillPercent = 0.95 // keys only grow
	for i, e := range entries {
		if e.seq == 1 {
			k := segmentKey(e.seg.ordinal)
			if err := tableSegments.put(tx, k, e.seg.signed); err != nil {
				return err
			}
		}
		k := recordKey(e.seg.ordinal, e.seq)
		if err := records.Put(k, tableRecords.guard(k, e.before[:], e.sealed)); err != nil {
			return err
		}
		if i+1 == len(entries) || entries[i+1].seg != e.seg {
			k := segmentKey(e.seg.ordinal)
			if err := tips.Put(k, tableTips.guard(k, tip{e.seq, e.after()}.bytes())); err != nil {
				return err
			}
		}
		for _, s := range e.state {
			if err := s.put(state); err != nil {
				return err
			}
		}
	}
	for _, f := range writes {
		if err := f(tx); err != nil {
			return err
		}
	}
	return nil
}
