package journal

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncData makes a file's bytes durable, and its length, but not its times.
func syncData(f *os.File) error {
	for {
		if err := unix.Fdatasync(int(f.Fd())); err != unix.EINTR {
			return err
		}
	}
}
