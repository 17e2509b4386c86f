package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quachot/internal/badge"
	"quachot/kiosk/station/stationtest"
)

// An officer's badge, also one that was read in part, is no scan: the secret in it
// is never written down or said.
func TestLaneKeepsNoBadge(t *testing.T) {
	dir, _ := stationtest.Enrol(t)
	b, err := badge.New("C001")
	if err != nil {
		t.Fatal(err)
	}
	text := b.Text()
	code, stdout, stderr := kiosk(t, strings.Join([]string{text, text[:30], text[20:], "046187001234"}, "\n"), "--data", dir, "lane")
	got := lines[answerLine](t, stdout)
	if code != 0 || len(got) != 4 {
		t.Fatalf("exit %d, %d lines, want 4: %s%s", code, len(got), stdout, stderr)
	}
	for _, a := range got[:3] {
		if !strings.Contains(a.Error, "badge") || a.Seq != 0 {
			t.Errorf("a badge was answered %+v", a)
		}
	}
	if got[3].Kind != "document" || got[3].Seq != 2 { // after the context: the first record
		t.Errorf("the next scan: %+v", got[3])
	}
	secret := text[16:50]
	if strings.Contains(stdout+stderr, secret) {
		t.Error("the secret is said")
	}
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, _ error) error {
		if raw, err := os.ReadFile(path); err == nil && bytes.Contains(raw, []byte(secret)) {
			t.Errorf("the secret is in %s", path)
		}
		return nil
	})
}
