package control

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// maxPath is what fits into a socket address everywhere with room to spare: 104
// bytes on macOS, 108 on Linux and Windows.
const maxPath = 90

// socketPath is where the socket of a data directory is: inside it, or, when
// that path would be too long for a socket, in a private folder of the
// temporary directory under a hash of it.
func socketPath(dir string) (string, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find data directory: %w", err)
	}
	if resolved, err := filepath.EvalSymlinks(full); err == nil {
		full = resolved
	}
	path := filepath.Join(full, "control.sock")
	if len(path) <= maxPath {
		return path, nil
	}
	sum := sha256.Sum256([]byte(full))
	return filepath.Join(os.TempDir(), fmt.Sprintf("quachot-%d", os.Getuid()), hex.EncodeToString(sum[:8])+".sock"), nil
}

// privateFolder makes the folder of a socket and refuses one that others made.
func privateFolder(path string) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make folder of the control socket: %w", err)
	}
	return checkOwner(folder)
}
