package qr

import (
	"bufio"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

// TestRate measures the ladder on a folder of pictures and their texts: a file
// cards.tsv (file, category, severity, module_px, text) with the pictures in
// cards/, and ZXing's black box sets in zxing/. Set QUACHOT_QR_PICTURES to the
// folder; there is no need for it in an ordinary run.
func TestRate(t *testing.T) {
	folder := os.Getenv("QUACHOT_QR_PICTURES")
	if folder == "" {
		t.Skip("QUACHOT_QR_PICTURES is not set")
	}
	sets := map[string]*tally{}
	count := func(set string) *tally {
		if sets[set] == nil {
			sets[set] = &tally{}
		}
		return sets[set]
	}
	for _, c := range readCards(t, filepath.Join(folder, "cards.tsv")) {
		count("cards "+c.category).add(t, filepath.Join(folder, "cards", c.file), c.text, count("cards"))
	}
	pictures, _ := filepath.Glob(filepath.Join(folder, "zxing", "qrcode-*", "*.*"))
	for _, picture := range pictures {
		text, ok := expected(picture)
		if ok {
			count(filepath.Base(filepath.Dir(picture))).add(t, picture, text, count("zxing"))
		}
	}
	names := make([]string, 0, len(sets))
	for name := range sets {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		s := sets[name]
		t.Logf("%-16s %3d of %3d right, %d wrong, %v a picture", name, s.right, s.all, s.wrong, (s.took / time.Duration(s.all)).Round(10*time.Microsecond))
	}
}

type tally struct {
	all, right, wrong int
	took              time.Duration
}

func (s *tally) add(t *testing.T, picture, want string, sum *tally) {
	img := open(t, picture)
	start := time.Now()
	got, err := Decode(img)
	took := time.Since(start)
	for _, one := range []*tally{s, sum} {
		one.all++
		one.took += took
		switch {
		case err != nil:
		case got == want:
			one.right++
		default:
			one.wrong++
		}
	}
	if err == nil && got != want {
		t.Errorf("%s: read %q, want %q", filepath.Base(picture), got, want)
	}
}

// expected is the text beside a black box picture.
func expected(picture string) (string, bool) {
	ext := filepath.Ext(picture)
	if ext == ".txt" || ext == ".bin" {
		return "", false
	}
	b, err := os.ReadFile(strings.TrimSuffix(picture, ext) + ".txt")
	return string(b), err == nil
}

type cardPicture struct{ file, category, text string }

func readCards(t *testing.T, file string) []cardPicture {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []cardPicture
	lines := bufio.NewScanner(f)
	lines.Scan() // the header
	for lines.Scan() {
		fields := strings.SplitN(lines.Text(), "\t", 5)
		if len(fields) != 5 {
			t.Fatalf("%s: a line of %d fields", file, len(fields))
		}
		all = append(all, cardPicture{fields[0], fields[1], fields[4]})
	}
	return all
}

func open(t testing.TB, picture string) image.Image {
	t.Helper()
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", picture, err)
	}
	return img
}
