package office

import (
	"slices"
	"sync"
	"time"
)

// memory is the scs.Store of the sessions. scs's own one needs a goroutine to
// clear what has expired, and stopping that is a data race in v2.9.0; this one
// clears when a session is stored.
type memory struct {
	now func() time.Time

	mu    sync.Mutex
	items map[string]item // guarded by mu
	sweep time.Time       // guarded by mu; not before this again
}

type item struct {
	data    []byte
	expires time.Time
}

const sweepEvery = time.Minute

func newMemory(now func() time.Time) *memory {
	return &memory{now: now, items: map[string]item{}}
}

// Find gives what Commit stored, until it expires.
func (m *memory) Find(token string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.items[token]
	if !ok || !m.now().Before(i.expires) {
		return nil, false, nil
	}
	return slices.Clone(i.data), true, nil
}

// Commit stores or replaces a session.
func (m *memory) Commit(token string, b []byte, expiry time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[token] = item{slices.Clone(b), expiry}
	if now := m.now(); now.After(m.sweep) {
		m.sweep = now.Add(sweepEvery)
		for t, i := range m.items {
			if !now.Before(i.expires) {
				delete(m.items, t)
			}
		}
	}
	return nil
}

// Delete forgets a session; one that is not there is no error.
func (m *memory) Delete(token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.items, token)
	return nil
}
