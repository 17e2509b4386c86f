package journal

import (
	"errors"
	"os"

	"go.etcd.io/bbolt"
)

// compactFrom is how much of a file must be free, beside half of it, for
// compaction to be worth its time at start.
const compactFrom = 16 << 20

// compact rewrites a database that is mostly free pages: bbolt never gives space
// back by itself. It is done at start and on another file, which then takes the
// place of the first in one step.
func (j *Journal) compact() error {
	path := j.path(fileName)
	st, err := os.Stat(path)
	if err != nil {
		return err
	}
	free := int64(j.db.Stats().FreePageN) * int64(j.db.Info().PageSize)
	if free < compactFrom || free < st.Size()/2 {
		return nil
	}
	left, err := freeBytes(j.dir)
	if err != nil || left < uint64(st.Size()) {
		return err
	}
	if err := j.copyInto(path + newMark); err != nil {
		os.Remove(path + newMark)
		return err
	}
	err = j.db.Close()
	j.db = nil
	if err != nil {
		return err
	}
	if err := os.Rename(path+newMark, path); err != nil {
		return errors.Join(err, j.openExisting(path))
	}
	if err := syncDir(j.dir); err != nil {
		return err
	}
	j.log.Info("journal was compacted", "bytes_before", st.Size())
	return j.openExisting(path)
}

func (j *Journal) copyInto(path string) error {
	to, err := openDB(path, false)
	if err != nil {
		return err
	}
	err = guarded("compact journal", func() error { return bbolt.Compact(to, j.db, 1<<20) })
	return errors.Join(err, to.Close())
}
