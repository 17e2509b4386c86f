package command

import (
	"context"
	"fmt"
	"os"
	"time"
)

// lock keeps other programs from the data directory. It ends with the process,
// however that ends.
type lock struct{ f *os.File }

// takeLock waits for the lock at most so long; then errRunning.
func takeLock(ctx context.Context, path string, wait time.Duration) (*lock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	deadline := time.Now().Add(wait)
	for {
		taken, err := tryLock(f)
		if taken {
			return &lock{f}, nil
		}
		if err != nil || time.Now().After(deadline) {
			f.Close()
			return nil, fmt.Errorf("lock the data directory: %w", first(err, errRunning))
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *lock) release() error {
	if l == nil {
		return nil
	}
	return l.f.Close()
}
