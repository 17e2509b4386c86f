package journal

import (
	"os"
	"time"
)

// lowDisk is the least free space that is no reason to warn.
const lowDisk = 500 << 20

// health is what the writer last saw of the media; guarded by Journal.mu.
type health struct {
	committing time.Time // when the commit under way began; zero = none is
	dbErr      error
	copyErr    error
	waiting    int // records on no medium
	free       uint64
	fileSize   uint64
	measured   time.Time
}

func (j *Journal) setCommitting(t time.Time) {
	j.mu.Lock()
	j.health.committing = t
	j.mu.Unlock()
}

func (j *Journal) setHealth(w *writer) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.health.dbErr, j.health.copyErr = w.dbBad.err, w.cpBad.err
	j.health.waiting = min(len(w.toDB), len(w.toCopy))
}

// measure asks the disk, which may take its time.
func (j *Journal) measure() {
	free, err := freeBytes(j.dir)
	if err != nil {
		j.log.Warn("free space unknown", "err", err)
		return
	}
	var size uint64
	if st, err := os.Stat(j.path(fileName)); err == nil {
		size = uint64(st.Size())
	}
	j.mu.Lock()
	j.health.free, j.health.fileSize, j.health.measured = free, size, time.Now()
	j.mu.Unlock()
}

// Counts tells how the journal stands.
func (j *Journal) Counts() Counts {
	j.mu.RLock()
	defer j.mu.RUnlock()
	gone := j.anchor.Records
	c := Counts{Head: gone, Held: gone, Kept: gone}
	for _, s := range j.segments {
		c.Head += s.last
		c.Held += min(s.held, s.last)
		c.Kept += min(s.kept, s.last)
		if s.held < s.last && (c.OldestUnsent.IsZero() || s.oldest().Before(c.OldestUnsent)) {
			c.OldestUnsent = s.oldest()
		}
	}
	c.Unsent = c.Head - c.Held
	h := j.health
	c.FreeBytes, c.Waiting = h.free, uint64(h.waiting)
	c.LowDisk = !h.measured.IsZero() && h.free < max(lowDisk, 2*h.fileSize)
	c.Health = h.word()
	for _, err := range []error{h.copyErr, h.dbErr} {
		if err != nil {
			c.LastErr = err.Error()
		}
	}
	c.CopyBLag, c.CopyBErr = j.follow.lag()
	return c
}

func (h health) word() string {
	switch {
	case h.dbErr != nil && h.copyErr != nil && (diskFull(h.dbErr) || diskFull(h.copyErr)):
		return HealthFull
	case h.dbErr != nil && h.copyErr != nil:
		return HealthFailing
	case h.dbErr != nil:
		return HealthCopyOnly
	case !h.committing.IsZero() && time.Since(h.committing) > slowAfter:
		return HealthSlow
	}
	return HealthOK
}
