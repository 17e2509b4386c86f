package duty

import (
	"fmt"
	"sync"
	"time"
)

// Delays of the guard: FreeTries wrong PINs cost nothing, the next waits
// FirstDelay, each further one twice as long, up to MaxDelay.
const (
	FreeTries  = 5
	FirstDelay = 5 * time.Second
	MaxDelay   = 15 * time.Minute
)

// Tries is what the guard knows of one officer.
type Tries struct {
	Wrong uint      `cbor:"1,keyasint"` // since the last right PIN
	Last  time.Time `cbor:"2,keyasint"` // of the last one
}

// Guard counts wrong PINs by officer. The zero value is ready and safe for
// concurrent use. Restore and Changed let a station keep it over a restart, so
// that pulling the plug does not buy new tries.
type Guard struct {
	// Changed, if set before the first use, hears of each wrong PIN, and with
	// zero Tries of each right one.
	Changed func(id string, t Tries)

	mu    sync.Mutex // guards tries
	tries map[string]Tries
}

// WaitError says that it is too early for another try.
type WaitError struct {
	ID  string
	For time.Duration
}

// Error says how long to wait, in words for the log.
func (e *WaitError) Error() string {
	return fmt.Sprintf("log in %s: too many wrong PINs, wait %s and try again", e.ID, e.For.Round(time.Second))
}

// Restore puts back what Changed told before.
func (g *Guard) Restore(id string, t Tries) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.put(id, t)
}

// Forget clears an officer's count, as after a right PIN.
func (g *Guard) Forget(id string) {
	g.mu.Lock()
	g.put(id, Tries{})
	g.mu.Unlock()
	if g.Changed != nil {
		g.Changed(id, Tries{})
	}
}

// enter counts a try before the PIN is checked, so that tries made at once
// cannot slip by, or says how long to wait.
func (g *Guard) enter(id string, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.tries[id]
	if now.Before(t.Last) { // the clock went back: wait once more, not for years
		t.Last = now
		g.put(id, t)
	}
	if wait := delay(t.Wrong) - now.Sub(t.Last); wait > 0 {
		return &WaitError{ID: id, For: wait}
	}
	g.put(id, Tries{Wrong: t.Wrong + 1, Last: now})
	return nil
}

// wrong tells of the try that enter counted: it was wrong.
func (g *Guard) wrong(id string) *PINError {
	g.mu.Lock()
	t := g.tries[id]
	g.mu.Unlock()
	if g.Changed != nil {
		g.Changed(id, t)
	}
	return &PINError{ID: id, Left: max(0, FreeTries-int(min(t.Wrong, FreeTries))), For: delay(t.Wrong)}
}

// leave takes a try back: it was not the officer's fault.
func (g *Guard) leave(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.tries[id]
	t.Wrong = max(t.Wrong, 1) - 1
	g.put(id, t)
}

func (g *Guard) put(id string, t Tries) {
	if g.tries == nil {
		g.tries = map[string]Tries{}
	}
	if t.Wrong == 0 {
		delete(g.tries, id)
		return
	}
	g.tries[id] = t
}

func delay(wrong uint) time.Duration {
	if wrong < FreeTries {
		return 0
	}
	d := FirstDelay
	for range wrong - FreeTries {
		if d *= 2; d >= MaxDelay {
			return MaxDelay
		}
	}
	return d
}
