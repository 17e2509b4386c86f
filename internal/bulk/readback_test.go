package bulk_test

import (
	"context"
	"fmt"
	"image"
	_ "image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"quachot/hardware/qr"
	"quachot/internal/bulk"
	"quachot/internal/card"
	"quachot/internal/cardart"
)

// issue makes the cards and gives back the QR text of each.
func issue(t *testing.T, n int, format bulk.Format) (bulk.Job, bulk.Summary, []string) {
	t.Helper()
	j := job(t, n, format)
	var texts []string
	j.Record = func(_ context.Context, cards []bulk.Issued) error {
		for _, c := range cards {
			texts = append(texts, c.Text)
		}
		return nil
	}
	s, err := bulk.Issue(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	return j, s, texts
}

func open(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// tool skips the test where a program is not installed.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed (Debian: poppler-utils, zbar-tools)", name)
	}
	return path
}

func TestPicturesReadBack(t *testing.T) {
	j, s, texts := issue(t, 4, bulk.PNG)
	for i, c := range s.Cards {
		got, err := qr.Decode(open(t, filepath.Join(j.Out, c.File)))
		if err != nil || got != texts[i] {
			t.Errorf("%s: read %q, %v, want %q", c.File, got, err, texts[i])
		}
	}
}

func TestPicturesReadBackByAnotherReader(t *testing.T) {
	zbar := tool(t, "zbarimg")
	j, s, texts := issue(t, 4, bulk.PNG)
	for i, c := range s.Cards {
		out, err := exec.Command(zbar, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", filepath.Join(j.Out, c.File)).Output()
		if got := strings.TrimSuffix(string(out), "\n"); err != nil || got != texts[i] {
			t.Errorf("%s: read %q, %v, want %q", c.File, got, err, texts[i])
		}
	}
}

// Every card of every page is read where it should stand, as a good and as a
// poor printer would put it on paper.
func TestSheetsReadBack(t *testing.T) {
	pdftoppm := tool(t, "pdftoppm")
	for _, format := range []struct {
		name  bulk.Format
		sheet cardart.Sheet
		cards int
	}{{bulk.A4, cardart.A4, 11}, {bulk.CR80, cardart.CR80, 3}} {
		j, s, texts := issue(t, format.cards, format.name)
		for _, dpi := range []int{300, 150} {
			t.Run(fmt.Sprintf("%s at %d dpi", format.name, dpi), func(t *testing.T) {
				prefix := filepath.Join(t.TempDir(), "page")
				if out, err := exec.Command(pdftoppm, "-r", fmt.Sprint(dpi), "-gray", "-png", filepath.Join(j.Out, s.Files[0]), prefix).CombinedOutput(); err != nil {
					t.Fatalf("pdftoppm: %v: %s", err, out)
				}
				for i, c := range s.Cards {
					pages, _ := filepath.Glob(fmt.Sprintf("%s-*%d.png", prefix, c.Page))
					if len(pages) == 0 {
						t.Fatalf("no page %d", c.Page)
					}
					at := i % format.sheet.PerPage()
					got, err := qr.Decode(slot(open(t, pages[0]), format.sheet, at, dpi))
					if err != nil || got != texts[i] {
						t.Errorf("card %d on page %d: read %q, %v, want %q", at, c.Page, got, err, texts[i])
					}
				}
			})
		}
	}
}

// slot is the part of the page where the card at this place stands.
func slot(page image.Image, s cardart.Sheet, at, dpi int) image.Image {
	dots := func(mm float64) int { return int(math.Round(mm / 25.4 * float64(dpi))) }
	x, y := s.Left+float64(at%s.Columns)*s.StepX, s.Top+float64(at/s.Columns)*s.StepY
	r := image.Rect(dots(x), dots(y), dots(x+s.SlotX), dots(y+s.SlotY))
	return page.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(r.Intersect(page.Bounds()))
}

// The names in the PDF are text: they can be searched and copied.
func TestSheetsHoldNamesAsText(t *testing.T) {
	pdftotext := tool(t, "pdftotext")
	j, s, _ := issue(t, 4, bulk.A4)
	out, err := exec.Command(pdftotext, "-raw", filepath.Join(j.Out, s.Files[0]), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, c := range s.Cards {
		for _, want := range []string{c.Person.Name, c.Number.Grouped(), "Phường", "TỈNH THỪA THIÊN HUẾ"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in %q", want, text)
			}
		}
	}
}

// What is read from paper verifies: the whole way there and back.
func TestAPrintedCardVerifies(t *testing.T) {
	j, s, _ := issue(t, 1, bulk.PNG)
	text, err := qr.Decode(open(t, filepath.Join(j.Out, s.Cards[0].File)))
	if err != nil {
		t.Fatal(err)
	}
	cose, err := card.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	token, err := card.Verify(cose, keyring())
	if err != nil || token.Name != j.People[0].Name || token.Number != string(s.Cards[0].Number) {
		t.Errorf("got %+v, %v", token, err)
	}
}
