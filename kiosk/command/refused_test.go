package command

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"quachot/hardware/scanner"
	"quachot/kiosk/station/stationtest"
)

// A directory in which nothing was ever scanned was answered with a bare "no such
// file or directory".
func TestCheckWithoutAJournal(t *testing.T) {
	code, stdout, stderr := kiosk(t, "", "--data", t.TempDir(), "check")
	if code != exitUsage || stdout != "" || !strings.Contains(stderr, "Nothing was changed") || !strings.Contains(stderr, "--data") {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
}

// A damaged second copy was hidden behind the word whole.
func TestCheckSaysThatTheSecondCopyIsDamaged(t *testing.T) {
	dir, _ := stationtest.Enrol(t)
	if code, _, stderr := kiosk(t, "046203005678", "--data", dir, "lane"); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	copies, err := filepath.Glob(filepath.Join(dir, "journal", "copy", "*"))
	if err != nil || len(copies) == 0 {
		t.Fatalf("no second copy: %v", err)
	}
	if err := os.Truncate(copies[0], 100); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr := kiosk(t, "", "--data", dir, "check"); code != 0 || !strings.Contains(stdout, "second copy is not whole") {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
}

// A file where a directory belongs, as a disk that may only be read, was
// answered with the system's words alone.
func TestDirectoryThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := kiosk(t, "", "--data", file, "lane")
	if code != exitUsage || !strings.Contains(stderr, "everything scanned there is safe") || !strings.Contains(stderr, "--data") {
		t.Errorf("exit %d, %q", code, stderr)
	}
}

// unplugged is a scanner that is lost whenever it is looked for.
type unplugged struct{}

func (unplugged) Scan(context.Context, func(scanner.Code)) error {
	return fmt.Errorf("open: %w", scanner.ErrLost)
}

// A port that is not there was told every second.
func TestLostScannerIsToldOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		d := &desk{c: &call{log: slog.New(slog.NewTextHandler(&log, nil))}}
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Second)
		defer cancel()
		d.read(ctx, unplugged{})
		if n := strings.Count(log.String(), "msg="); n != 3 {
			t.Errorf("told %d times in 150 s, want 3", n)
		}
	})
}
