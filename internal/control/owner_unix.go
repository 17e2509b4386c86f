//go:build unix

package control

import (
	"fmt"
	"os"
	"syscall"
)

// checkOwner refuses a folder of another user: whoever owns it could put a
// socket of his own there.
func checkOwner(folder string) error {
	info, err := os.Stat(folder)
	if err != nil {
		return fmt.Errorf("look at folder of the control socket: %w", err)
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if ok && int(s.Uid) != os.Getuid() && os.Getuid() != 0 {
		return fmt.Errorf("folder %s of the control socket belongs to another user", folder)
	}
	return nil
}
