package lane

import (
	"context"
	"time"
)

// read is one code read in the last RepeatWithin.
type read struct {
	at     time.Duration // since boot
	done   chan struct{} // closed when result and err are there
	result Result
	err    error
}

// read notes that text was read. First means that it is a new scan; else the
// answer of the scan it repeats is in the read, once it is done.
func (l *Lane) read(text string, now time.Duration) (r *read, first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for t, old := range l.reads {
		if now-old.at >= RepeatWithin {
			delete(l.reads, t)
		}
	}
	if r, ok := l.reads[text]; ok {
		l.repeats++
		l.shift.add(l.d.Clock.Now(), countRepeats, 1) // also when no record follows that could carry it
		return r, false
	}
	r = &read{at: now, done: make(chan struct{})}
	l.reads[text] = r
	return r, true
}

// finish gives the answer to those who repeat the scan. One that was not saved
// is forgotten, so that the next read tries again.
func (l *Lane) finish(text string, r *read, result Result, err error) {
	r.result, r.err = result, err
	close(r.done)
	if err == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reads[text] == r {
		delete(l.reads, text)
	}
}

func (l *Lane) repeat(ctx context.Context, r *read) (Result, error) {
	select {
	case <-r.done:
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	result := r.result
	result.Repeat = true
	return result, r.err
}
