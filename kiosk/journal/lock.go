package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// lockFile takes the journal's lock for this process; ErrRunning when another
// has it.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock journal: %w", err)
	}
	return lock(f, path)
}

// lockToCheck is lockFile for who only reads: also where nothing can be written,
// such as a write-protected stick with a copy of a station's data. There may be
// no lock file at all then, and the answer is nil: nobody writes there.
func lockToCheck(path string) (*os.File, error) {
	f, err := lockFile(path)
	if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
		return f, err
	}
	f, err = os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("lock journal: %w", err)
	}
	return lock(f, path)
}
