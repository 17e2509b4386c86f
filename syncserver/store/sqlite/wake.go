package sqlite

import (
	"context"
	"sync"
)

// wakers are those who want to hear that something changed.
type wakers struct {
	mu  sync.Mutex
	all map[chan struct{}]bool
}

// Wake implements store.Intake.
func (s *Store) Wake(ctx context.Context) <-chan struct{} {
	c := make(chan struct{}, 1)
	s.wakers.mu.Lock()
	defer s.wakers.mu.Unlock()
	if s.wakers.all == nil {
		s.wakers.all = map[chan struct{}]bool{}
	}
	s.wakers.all[c] = true
	context.AfterFunc(ctx, func() {
		s.wakers.mu.Lock()
		defer s.wakers.mu.Unlock()
		delete(s.wakers.all, c)
	})
	return c
}

func (s *Store) wake() {
	s.wakers.mu.Lock()
	defer s.wakers.mu.Unlock()
	for c := range s.wakers.all {
		select {
		case c <- struct{}{}:
		default: // a signal is already waiting there
		}
	}
}
