package journal

import (
	"go.etcd.io/bbolt"
)

// heal looks for what a stretch lacks in the copies and puts it back.
func (j *Journal) heal(st *stretch) {
	if st.bad == 0 {
		return
	}
	found := j.fromCopies(st)
	if len(found) == 0 {
		return
	}
	for i := len(st.rows) - 1; i >= 0; i-- { // from the end: the chain proves backwards
		for _, r := range found[i] {
			if st.rows[i] == nil && st.fits(i, &r) {
				st.rows[i] = &r
			}
		}
	}
	st.verify()
	j.putBack(st, found)
}

// fromCopies gathers every candidate for the missing places of a stretch.
func (j *Journal) fromCopies(st *stretch) map[int][]row {
	found := map[int][]row{}
	for _, dir := range j.copyDirs() {
		c, err := openCopies(dir, j.o.Station)
		if err != nil {
			continue
		}
		_, err = c.read(func(fr frame) {
			if fr.kind != frameRecord {
				return
			}
			r, ok := parseCopyRecord(fr.payload)
			if !ok || r.id.Segment != st.seg.id || r.id.Seq < st.from || r.id.Seq-st.from >= uint64(len(st.rows)) {
				return
			}
			if i := int(r.id.Seq - st.from); st.rows[i] == nil {
				r.sealed = append([]byte(nil), r.sealed...)
				found[i] = append(found[i], r.row)
			}
		})
		if err != nil {
			j.log.Warn("copy cannot be read", "dir", dir, "err", err)
		}
	}
	return found
}

func (j *Journal) copyDirs() []string {
	dirs := []string{j.path(copyDir)}
	if j.follow != nil {
		dirs = append(dirs, j.follow.dir)
	}
	return dirs
}

// putBack writes healed rows into the database, without waiting for it.
func (j *Journal) putBack(st *stretch, found map[int][]row) {
	healed := map[uint64]row{}
	for i := range found {
		if r := st.rows[i]; r != nil {
			healed[st.from+uint64(i)] = *r
		}
	}
	if len(healed) == 0 {
		return
	}
	j.log.Warn("damaged records were healed from a copy", "segment", st.seg.id, "records", len(healed))
	jb := &job{done: make(chan struct{}), write: func(tx *bbolt.Tx) error {
		for seq, r := range healed {
			k := recordKey(st.seg.ordinal, seq)
			if err := tableRecords.of(tx).Put(k, tableRecords.guard(k, r.before[:], r.sealed)); err != nil {
				return err
			}
		}
		return nil
	}}
	select {
	case j.jobs <- jb:
	default: // the writer is busy; the next reader heals again
	}
}
