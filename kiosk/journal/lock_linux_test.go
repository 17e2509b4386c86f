package journal

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// A copy of a station's data on a medium that cannot be written is checked all
// the same, with and without its lock file.
func TestCheckWhereNothingCanBeWritten(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("a write-protected disk can only be mounted by root")
	}
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=64m"); err != nil {
		t.Skipf("a disk cannot be mounted here: %v", err)
	}
	defer unix.Unmount(disk, unix.MNT_DETACH)
	dir := filepath.Join(disk, "journal")
	j := newOffice(t).openJournal(dir, newClock())
	appendOK(t, j, note("one"), note("two"))
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"with its lock file", "without"} {
		if err := unix.Mount("", disk, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
			t.Skipf("a disk cannot be write-protected here: %v", err)
		}
		if r, err := Check(dir, CheckOptions{}); err != nil || !r.OK || r.Records != 2 {
			t.Errorf("%s: %+v, %v", what, r, err)
		}
		if err := unix.Mount("", disk, "", unix.MS_REMOUNT, ""); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, lockName)); err != nil && what == "with its lock file" {
			t.Fatal(err)
		}
	}
}
