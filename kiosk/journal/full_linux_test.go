package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestFullDisk fills a small disk to the last byte: what was said to be saved is
// there, what was not is written once there is room, and the journal proves.
func TestFullDisk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("a small disk can only be mounted by root")
	}
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	defer unix.Unmount(disk, unix.MNT_DETACH)
	o := newOffice(t)
	o.quiet = true
	dir := filepath.Join(disk, "journal")
	j := o.openJournal(dir, newClock())
	var want []string
	write := func() Saved {
		t.Helper()
		text := fmt.Sprint("record ", len(want))
		want = append(want, text)
		return save(t, j, note("%s", text))
	}
	for range 50 {
		if s := write(); !s.Durable {
			t.Fatalf("not durable on an empty disk: %v", s.Err)
		}
	}
	filler := filepath.Join(disk, "filler")
	fill(t, filler)
	waiting := 0
	for range 2000 {
		if s := write(); !s.Durable {
			if waiting++; waiting == 20 {
				break
			}
		}
	}
	if waiting < 20 {
		t.Fatalf("only %d records found the disk full", waiting)
	}
	n := j.Counts()
	if n.Health != HealthFull || !n.LowDisk || n.Waiting == 0 {
		t.Errorf("counts %+v", n)
	}
	t.Logf("%d records, then full: %s", len(want)-waiting, n.LastErr)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	eventually(t, "what waited is written", func() bool { n := j.Counts(); return n.Waiting == 0 && n.Health == HealthOK })
	write()
	wantTexts(t, o.readAll(j), want...)
	checkParents(t, j)
	eventually(t, "both media are whole", func() bool { r, _ := j.Check(); return r.OK && r.CopyAOK })
	j.Close()

	// A full disk at start must not keep the journal from opening.
	j = o.openJournal(dir, newClock(), withChild)
	fill(t, filler)
	j.Close()
	j = o.openJournal(dir, newClock(), withChild)
	wantTexts(t, o.readAll(j), want...)
}

// fill takes what is left of a disk.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; size /= 16 {
		for {
			if _, err := f.Write(bytes.Repeat([]byte{1}, size)); err != nil {
				if !errors.Is(err, unix.ENOSPC) {
					t.Fatal(err)
				}
				break
			}
		}
	}
}
