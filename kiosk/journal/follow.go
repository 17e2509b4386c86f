package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// followRetry is how long copy B is left alone after it failed: sticks come and
// go.
const followRetry = 5 * time.Second

// follower keeps copy B behind the database, at its own pace: nobody waits for a
// stick. A nil one does nothing.
type follower struct {
	j       *Journal
	root    string // where the stick is; never made by us
	dir     string
	changed chan struct{}
	stop    chan struct{}
	stopped chan struct{}
	retry   time.Duration

	mu     sync.Mutex
	behind uint64
	err    string
}

func (j *Journal) newFollower() *follower {
	if j.o.CopyB == "" {
		return nil
	}
	retry := j.o.followRetry
	if retry == 0 {
		retry = followRetry
	}
	return &follower{
		retry: retry, j: j, root: j.o.CopyB, dir: filepath.Join(j.o.CopyB, "quachot-"+j.o.Station),
		changed: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
}

func (f *follower) wake() {
	if f == nil {
		return
	}
	select {
	case f.changed <- struct{}{}:
	default:
	}
}

func (f *follower) close() {
	if f == nil {
		return
	}
	close(f.stop)
	<-f.stopped
}

// lag is how many records copy B lacks and why, "" when it is only behind.
func (f *follower) lag() (uint64, string) {
	if f == nil {
		return 0, ""
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.behind, f.err
}

// run copies until stop is closed.
func (f *follower) run() {
	defer close(f.stopped)
	for {
		err := f.session()
		if err == nil {
			return
		}
		f.report(nil, err)
		f.j.log.Warn("copy B is behind", "err", err)
		select {
		case <-f.stop:
			return
		case <-time.After(f.retry):
		}
	}
}

// session works on one stick until it fails; nil when stop ended it.
func (f *follower) session() error {
	if _, err := os.Stat(f.root); err != nil {
		return fmt.Errorf("copy B is not there: %w", err)
	}
	c, err := openCopies(f.dir, f.j.o.Station)
	if err != nil {
		return err
	}
	defer c.close()
	has := have{}
	if _, err := c.read(has.frame); err != nil {
		return err
	}
	if err := c.remove(c.obsolete(f.j.live())); err != nil {
		return err
	}
	for {
		if err := f.catchUp(c, has); err != nil {
			return err
		}
		select {
		case <-f.stop:
			return f.catchUp(c, has)
		case <-f.changed:
		}
	}
}

// catchUp copies what the database has and the stick has not.
func (f *follower) catchUp(c *copies, has have) error {
	for _, s := range f.j.inOrder() {
		for from := has.upTo(s.id) + 1; ; {
			entries := f.j.entries(s, from, refillChunk)
			if len(entries) == 0 {
				break
			}
			if err := c.write(entries, nil); err != nil {
				return err
			}
			for _, e := range entries {
				has.add(e.id())
			}
			from = entries[len(entries)-1].seq + 1
			f.report(has, nil)
		}
	}
	f.report(has, nil)
	return nil
}

// report publishes how far copy B is.
func (f *follower) report(has have, err error) {
	f.j.mu.RLock()
	var behind uint64
	for _, s := range f.j.segments {
		behind += s.last - min(s.last, has.upTo(s.id))
	}
	f.j.mu.RUnlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = ""
	if err != nil {
		f.err = err.Error()
	}
	if err == nil || f.behind == 0 {
		f.behind = behind
	}
}

// inOrder is a snapshot of the segments, oldest first.
func (j *Journal) inOrder() []*segment {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return append([]*segment(nil), j.segments...)
}
