package screen

import "sync"

// mailbox is a queue without a bound whose sender never waits.
type mailbox[T any] struct {
	ready chan struct{} // capacity 1; closed by close

	mu     sync.Mutex // guards what follows
	items  []T
	closed bool
}

func newMailbox[T any]() *mailbox[T] {
	return &mailbox[T]{ready: make(chan struct{}, 1)}
}

// put adds one and wakes the taker. After close nothing is woken; take still
// gives it.
func (b *mailbox[T]) put(v T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, v)
	if b.closed {
		return
	}
	select {
	case b.ready <- struct{}{}:
	default:
	}
}

// take gives everything that is there, in order.
func (b *mailbox[T]) take() []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	items := b.items
	b.items = nil
	return items
}

// close ends the taker's waiting.
func (b *mailbox[T]) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.closed = true
		close(b.ready)
	}
}
