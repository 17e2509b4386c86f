package folder

import (
	"context"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quachot/hardware/printer"
	"quachot/hardware/printer/printertest"
)

func TestConformance(t *testing.T) {
	got := func(t *testing.T, id printer.JobID) []byte {
		b, err := os.ReadFile(string(id))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	printertest.Run(t, printertest.Options{Got: got}, func(t *testing.T) printer.Printer {
		return &Printer{Dir: filepath.Join(t.TempDir(), "new", "folder")}
	})
}

var noon = time.Date(2021, 11, 22, 12, 0, 0, 0, time.UTC)

func TestNamesAreFreeOfTrouble(t *testing.T) {
	p := &Printer{Dir: t.TempDir(), Now: func() time.Time { return noon }}
	for _, c := range [][2]string{
		{"handover-slip", "quachot-20211122-120000-handover-slip.pdf"},
		{"handover-slip", "quachot-20211122-120000-handover-slip-2.pdf"}, // never over another
		{"Thẻ ../../etc/passwd", "quachot-20211122-120000-Thẻ-------etc-passwd.pdf"},
		{"", "quachot-20211122-120000.pdf"},
		{strings.Repeat("a", 300), "quachot-20211122-120000-" + strings.Repeat("a", 40) + ".pdf"},
	} {
		id, err := p.Print(context.Background(), printer.Page{Title: c[0], PDF: []byte("x")})
		if err != nil || filepath.Base(string(id)) != c[1] {
			t.Errorf("%q: got %s, %v, want %s", c[0], id, err, c[1])
		}
	}
	left, _ := filepath.Glob(filepath.Join(p.Dir, ".part-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestPicturesSayTheirSize(t *testing.T) {
	p := &Printer{Dir: t.TempDir(), Now: func() time.Time { return noon }}
	id, err := p.Print(context.Background(), printertest.Pictures())
	if err != nil || !strings.HasSuffix(string(id), "-1.png") {
		t.Fatalf("%s, %v", id, err)
	}
	second := strings.TrimSuffix(string(id), "1.png") + "2.png"
	f, err := os.Open(second)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil || img.Bounds().Dx() != 400 {
		t.Errorf("%v, %v", img, err)
	}
	b, err := os.ReadFile(second)
	// 203 dots an inch are 7992 a metre.
	if err != nil || !strings.Contains(string(b), "pHYs\x00\x00\x1f\x38\x00\x00\x1f\x38\x01") {
		t.Errorf("no pHYs of 7992 dots a metre: %v", err)
	}
}

// Slips hold names: the station's own folder keeps them for a day, and never
// touches what is not its own.
func TestOldFilesOfItsOwnGo(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "quachot-20211101-000000-slip.pdf")
	other := filepath.Join(dir, "letter.pdf")
	for _, f := range []string{old, other} {
		if err := os.WriteFile(f, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(f, noon, noon.Add(-25*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	p := &Printer{Dir: dir, Keep: 24 * time.Hour, Now: func() time.Time { return noon }}
	if _, err := p.Print(context.Background(), printertest.PDF()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old slip is still there: %v", err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("somebody else's file is gone: %v", err)
	}
}

func TestFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := &Printer{Dir: filepath.Join(file, "below")}
	if _, err := p.Print(context.Background(), printertest.PDF()); !errors.Is(err, printer.ErrLost) {
		t.Errorf("print: %v, want ErrLost", err)
	}
	if h, err := p.Health(context.Background()); !errors.Is(err, printer.ErrLost) || h.State != printer.Lost {
		t.Errorf("health: %+v, %v", h, err)
	}
}
