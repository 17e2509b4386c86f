package paper

import (
	"errors"
	"fmt"
	"image"
	"image/draw"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"

	"quachot/assets/scanners"
	"quachot/internal/record"
	catalogue "quachot/internal/text"
)

// stacked are all capitals of Vietnamese with two marks, and one below.
const stacked = "ẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰ"

var slip = HandoverSlip{
	Decision: record.ToQuarantine, Name: "NGUYỄN THỊ ỬNG", Birth: "1987-01-18", Document: "046087005678",
	From: "Phường Tân Tạo A, Quận Bình Tân, Thành phố Hồ Chí Minh", Reason: "Đến từ vùng cấp độ 4, có triệu chứng sốt",
	Place: Place{"Khu cách ly tập trung Trường Cao đẳng Y tế", "01 Nguyễn Trường Tộ, phường Phước Vĩnh, thành phố Huế", "0234 3822 xxx"},
	At:    time.Date(2021, 11, 22, 7, 32, 0, 0, time.UTC), Post: "Chốt Phú Bài 1", Lane: "2", Officer: "Nguyễn Văn Hải",
	Province: "Tỉnh Thừa Thiên Huế", Record: record.ID{Segment: record.SegmentID{0x8f, 0x1e, 2, 0xab}, Seq: 212},
}

func ptr(n uint64) *uint64 { return &n }

var sheetOfShift = ShiftSheet{
	Province: "Tỉnh Thừa Thiên Huế", Post: "Chốt Phú Bài 1", Lane: "2", Giving: "Nguyễn Văn Hải (C001)", Taking: "Trần Thị Lệ Ửng (C014)",
	From: time.Date(2021, 11, 22, 0, 0, 0, 0, time.UTC), To: time.Date(2021, 11, 22, 8, 0, 0, 0, time.UTC),
	Counts: []Count{{"scans", 1204, ptr(998)}, {"passages", 1180, ptr(970)}, {"pass", 1003, ptr(801)}, {"check", 160, nil}, {"stop", 31, ptr(20)},
		{"unreadable", 10, ptr(3)}, {"turned-back", 22, ptr(18)}, {"to-test", 5, ptr(1)}, {"to-quarantine", 4, ptr(2)}, {"cards", 0, ptr(0)}, {"unsent", 212, nil}},
	Note: "Máy quét số 2 phải cắm lại dây lúc 13:10. Xe 75C-012.34 quay đầu hai lần.",
}

// documents are one of each, as they are printed in earnest.
func documents() map[string]Doc {
	roll, a5, test := slip, slip, slip
	roll.Size, a5.Size, test.Decision = Roll80, A5, record.ToTest
	badge := Badge{Text: strings.Repeat("1234567890", 6), Officer: "C001", Name: "Nguyễn Thị Ửng", Role: "supervisor", Province: "Tỉnh Thừa Thiên Huế"}
	paperBadge := badge
	paperBadge.Size = A6
	samples := SampleCards{}
	for i := range 12 {
		samples.Samples = append(samples.Samples, Sample{Title: "CCCD, chưa khai báo y tế", Name: "HỒ THỊ ỬNG", Expect: "KIỂM TRA THÊM: chưa có khai báo trong 72 giờ",
			Text: fmt.Sprintf("0460870056%02d||Hồ Thị Ửng|18011987|Nữ|12 Nguyễn Huệ, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế|11032021", i)})
	}
	return map[string]Doc{
		"slip": slip, "slip-a5": a5, "slip-roll": roll, "slip-test": test, "shift": sheetOfShift,
		"form": Form{Province: slip.Province, Post: slip.Post}, "form-numbered": Form{Province: slip.Province, Post: slip.Post, Series: "pb1", First: 123, Count: 3},
		"test-card": TestCard{}, "badge": badge, "badge-a6": paperBadge, "samples": samples,
	}
}

// trained is the document with its flag of training set.
func trained(d Doc) Doc {
	switch d := d.(type) {
	case HandoverSlip:
		d.Training = true
		return d
	case ShiftSheet:
		d.Training = true
		return d
	case Form:
		d.Training = true
		return d
	case TestCard:
		d.Training = true
		return d
	case Badge:
		d.Training = true
		return d
	}
	return d
}

func eachDoc(t *testing.T, f func(t *testing.T, name string, d Doc, w *catalogue.Catalogue)) {
	for name, d := range documents() {
		for _, lang := range catalogue.Languages() {
			w := catalogue.Load(lang)
			t.Run(name+"-"+lang, func(t *testing.T) { f(t, name+"-"+lang, d, w) })
			t.Run(name+"-training-"+lang, func(t *testing.T) { f(t, name+"-training-"+lang, trained(d), w) })
		}
	}
}

// faces are kept: making one costs more than measuring a page.
var faces sync.Map

// bounds is what the ink of a text covers, in mm.
func bounds(t testing.TB, s text) (x0, y0, x1, y1 float64) {
	key := faceKey{s.weight, s.size}
	face, ok := faces.Load(key)
	if !ok {
		made, err := opentype.NewFace(typefaces()[s.weight], &opentype.FaceOptions{Size: s.size, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			t.Fatal(err)
		}
		face = made
		faces.Store(key, face)
	}
	b, _ := font.BoundString(face.(font.Face), s.s)
	mm := func(v float64) float64 { return v / 64 * pt }
	return s.x + mm(float64(b.Min.X)), s.y + mm(float64(b.Min.Y)), s.x + mm(float64(b.Max.X)), s.y + mm(float64(b.Max.Y))
}

// checkSheet fails when ink leaves the page, stands in other ink or in a code's
// quiet zone, or is painted over. What lies below the first skip shapes (the pale
// word of training) may be written over.
func checkSheet(t *testing.T, s *sheet) {
	t.Helper()
	type ink struct {
		x0, y0, x1, y1 float64
		what           string
	}
	var all, lines []ink
	for i, one := range s.shapes {
		var n ink
		switch v := one.(type) {
		case text:
			if v.fill == ghost {
				continue
			}
			n.x0, n.y0, n.x1, n.y1 = bounds(t, v)
			n.what = fmt.Sprintf("%q", v.s)
		case code:
			quiet, side := 4*v.module, v.module*float64(v.code.Size)
			n = ink{v.x - quiet, v.y - quiet, v.x + side + quiet, v.y + side + quiet, "a code"}
		case rect:
			if v.x < 0 || v.y < 0 || v.x+v.w > s.w+0.01 || v.y+v.h > s.h+0.01 {
				t.Errorf("a rectangle leaves the page: %.1f %.1f, %.1f x %.1f", v.x, v.y, v.w, v.h)
			}
			for _, o := range all {
				if v.x < o.x1-0.1 && o.x0 < v.x+v.w-0.1 && v.y < o.y1-0.05 && o.y0 < v.y+v.h-0.05 {
					t.Errorf("shape %d paints over %s", i, o.what)
				}
			}
			if min(v.w, v.h) < 1 {
				lines = append(lines, ink{v.x, v.y, v.x + v.w, v.y + v.h, "a line"})
			}
			continue
		default:
			continue
		}
		if n.x0 < 0.5 || n.y0 < 0 || n.x1 > s.w-0.5 || n.y1 > s.h-1 {
			t.Errorf("%s leaves the page of %.0f x %.0f: %.1f..%.1f, %.1f..%.1f", n.what, s.w, s.h, n.x0, n.x1, n.y0, n.y1)
		}
		for _, o := range append(lines[:len(lines):len(lines)], all...) {
			// A tenth of a mm is less than the eye or a printer can tell.
			if n.x0 < o.x1-0.1 && o.x0 < n.x1-0.1 && n.y0 < o.y1-0.05 && o.y0 < n.y1-0.05 {
				t.Errorf("%s stands in %s", n.what, o.what)
			}
		}
		all = append(all, n)
	}
}

func TestNothingIsCutOffOrOverlaps(t *testing.T) {
	eachDoc(t, func(t *testing.T, _ string, d Doc, w *catalogue.Catalogue) {
		pages, _, err := layout(d, w)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pages {
			checkSheet(t, p)
		}
	})
}

// The longest names and places there are, all in capitals with two marks.
func TestTheWorstNamesFit(t *testing.T) {
	long := "CÔNG TẰNG TÔN NỮ HOÀNG THỊ PHƯƠNG QUỲNH NHƯ NGUYỄN THỊ THUỲ"
	for _, name := range []string{"ẤẬẦ ẶẴẲ ỂỄỆ ỖỔỘ ỮỬỰ", long, stacked, strings.Repeat("Ẫ", 60)} {
		for _, size := range []Size{A4, A5, Roll80} {
			for _, training := range []bool{false, true} {
				h := slip
				h.Size, h.Training, h.Name, h.From, h.Officer = size, training, name, "Thị trấn Nông trường Việt Lâm, Huyện Vị Xuyên, Tỉnh Hà Giang", "ẤẬẦ ẶẴẲ ỂỄỆ ỖỔỘ"
				h.Reason = strings.Repeat("Đến từ vùng cấp độ 4, có triệu chứng sốt. ", 4)
				h.Place = Place{"KHU CÁCH LY TẬP TRUNG TRƯỜNG CAO ĐẲNG CÔNG NGHIỆP VÀ ẨM THỰC ỞỂ Ậ", "Tổ 12, khu vực 5, phường Hương Vân, thị xã Hương Trà, tỉnh Thừa Thiên Huế, cạnh Uỷ ban nhân dân phường", "0234 3822 xxx"}
				pages, _, err := layout(h, catalogue.Load("vi"))
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range pages {
					checkSheet(t, p)
				}
			}
		}
		b := Badge{Text: strings.Repeat("9", 78), Officer: "ABCDEFGH9", Name: name, Role: "supervisor", Province: "Thành phố Hồ Chí Minh", Training: true}
		pages, _, err := layout(b, catalogue.Load("vi"))
		if err != nil {
			t.Fatal(err)
		}
		checkSheet(t, pages[0])
	}
}

// A name of stacked capitals keeps every mark, in the picture too: its ink
// reaches as high as the letters do.
func TestStackedMarksAreDrawn(t *testing.T) {
	s := &sheet{w: 300, h: 40}
	s.text(5, 25, 24, bold, black, stacked)
	b := &brush{dpi: 150, faces: map[faceKey]font.Face{}}
	img := b.picture(s)
	_, y0, _, _ := bounds(t, s.shapes[0].(text))
	top := 0
	for top < img.Rect.Dy() && blankRow(img, top) {
		top++
	}
	if want := dots(y0, 150); top > want+1 || top < want-1 {
		t.Errorf("the ink begins at row %d, the letters at %d", top, want)
	}
}

func blankRow(img *image.RGBA, y int) bool {
	for x := range img.Rect.Dx() {
		if img.RGBAAt(x, y) != white {
			return false
		}
	}
	return true
}

// codes are the texts that a page's codes hold.
func codes(p *sheet) []code {
	var all []code
	for _, one := range p.shapes {
		if c, ok := one.(code); ok {
			all = append(all, c)
		}
	}
	return all
}

// read decodes the code of a picture.
func read(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	got, err := zxing.NewQRCodeReader().DecodeWithoutHints(bitmap)
	if err != nil {
		t.Fatalf("%v of %v", err, img.Bounds())
	}
	return got.GetText()
}

// Every code on every page is read again from its picture, at the coarsest
// printer there is (203 dpi).
func TestCodesAreReadAgain(t *testing.T) {
	for name, want := range map[string]string{
		"slip": RecordText(slip.Record), "slip-a5": RecordText(slip.Record), "slip-roll": RecordText(slip.Record),
		"test-card": scanners.TestText, "badge": strings.Repeat("1234567890", 6), "badge-a6": strings.Repeat("1234567890", 6),
	} {
		for _, d := range []Doc{documents()[name], trained(documents()[name])} {
			pages, _, err := layout(d, catalogue.Load("vi"))
			if err != nil {
				t.Fatal(err)
			}
			b := &brush{dpi: 203, faces: map[faceKey]font.Face{}}
			found := codes(pages[0])
			if len(found) == 0 {
				t.Errorf("%s: no code", name)
			}
			for _, c := range found {
				if c.module < 0.4 {
					t.Errorf("%s: %.2f mm a module", name, c.module)
				}
				img := b.picture(pages[0])
				quiet, side := 4*c.module, c.module*float64(c.code.Size)
				part := image.Rect(dots(c.x-quiet, 203), dots(c.y-quiet, 203), dots(c.x+side+quiet, 203), dots(c.y+side+quiet, 203))
				cut := image.NewRGBA(image.Rect(0, 0, part.Dx(), part.Dy()))
				draw.Draw(cut, cut.Rect, img, part.Min, draw.Src)
				if got := read(t, cut); got != want {
					t.Errorf("%s: read %q, want %q", name, got, want)
				}
			}
		}
	}
}

// Nothing printed in training can be taken for real, on any page of any document.
func TestTrainingIsOnEveryPage(t *testing.T) {
	for name, d := range documents() {
		w := catalogue.Load("vi")
		for _, training := range []bool{false, true} {
			if training {
				d = trained(d)
			}
			pages, _, err := layout(d, w)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range pages {
				words, violet := false, false
				for _, one := range p.shapes {
					switch s := one.(type) {
					case text:
						words = words || strings.Contains(s.s, w.T("paper.training"))
					case rect:
						violet = violet || s.fill == drill && s.w == p.w && s.h >= ribbonHeight
					}
				}
				want := training || name == "samples"
				if words != want || violet != want {
					t.Errorf("%s page %d, training %v: the word %v, the ribbon %v", name, i+1, training, words, violet)
				}
			}
		}
	}
}

// What a slip gives away: no more of a document than its end.
func TestSlipHoldsTheEndOfTheDocument(t *testing.T) {
	for _, c := range [][2]string{{"046087005678", "…5678"}, {"1234", "1234"}, {"", ""}, {"B1234567", "…4567"}} {
		if got := Tail(c[0]); got != c[1] {
			t.Errorf("%q: got %q, want %q", c[0], got, c[1])
		}
	}
	pages, _, err := layout(slip, catalogue.Load("vi"))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range pages[0].shapes {
		if s, ok := one.(text); ok && strings.Contains(s.s, "046087") {
			t.Errorf("%q", s.s)
		}
	}
}

func TestParseRecord(t *testing.T) {
	for _, s := range []string{RecordText(slip.Record), strings.ToLower(RecordText(slip.Record)), " " + RecordText(slip.Record)} {
		if got, err := ParseRecord(s); err != nil || got != slip.Record {
			t.Errorf("%q: got %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "QCR1:", "QCR1:00:1", RecordText(slip.Record) + "x", strings.TrimSuffix(RecordText(slip.Record), "212"), strings.Replace(RecordText(slip.Record), ":212", ":0212", 1)} {
		if got, err := ParseRecord(s); err == nil {
			t.Errorf("%q: got %v", s, got)
		}
	}
}

func TestDocumentsThatCannotBe(t *testing.T) {
	w := catalogue.Load("vi")
	for _, c := range []struct {
		doc  Doc
		want error
	}{{Badge{}, ErrEmpty}, {SampleCards{}, ErrEmpty}, {Form{Count: -1}, ErrForms}, {Form{Count: MaxForms + 1}, ErrForms}} {
		if _, err := Render(c.doc, w); !errors.Is(err, c.want) {
			t.Errorf("%+v: got %v, want %v", c.doc, err, c.want)
		}
	}
	h := slip
	h.Name = "王小明 😀"
	if _, err := Render(h, w); err != nil {
		t.Errorf("letters that the typeface does not have: %v", err)
	}
}

// The PDFs as another program sees them: their texts with all marks, their codes
// read by zbar at what an office printer and a receipt printer draw.
func TestPDFByOtherPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("starts other programs: not with -short")
	}
	for _, tool := range []string{"pdftoppm", "pdftotext", "zbarimg"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed (Debian: poppler-utils, zbar-tools)", tool)
		}
	}
	dir := t.TempDir()
	if keep := os.Getenv("PAPER_OUT"); keep != "" { // to look at
		dir = keep
	}
	for name, want := range map[string]string{"slip": RecordText(slip.Record), "slip-roll": RecordText(slip.Record), "test-card": scanners.TestText, "badge": strings.Repeat("1234567890", 6)} {
		b, err := Render(documents()[name], catalogue.Load("vi"))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, name+".pdf")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("pdftoppm", "-r", "203", "-gray", "-png", "-f", "1", "-l", "1", "-singlefile", file, strings.TrimSuffix(file, ".pdf")).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		out, err := exec.Command("zbarimg", "-q", "--raw", strings.TrimSuffix(file, ".pdf")+".png").Output()
		if err != nil {
			t.Errorf("%s: zbarimg: %v", name, err)
		}
		for line := range strings.Lines(string(out)) {
			if strings.TrimSuffix(line, "\n") != want {
				t.Errorf("%s: zbar read %q, want %q", name, line, want)
			}
		}
		words, err := exec.Command("pdftotext", "-layout", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "slip") && !regexp.MustCompile(`NGUYỄN THỊ ỬNG`).Match(words) {
			t.Errorf("%s: the name is not in its text: %s", name, words)
		}
	}
}

// PAPER_OUT=DIR go test -run TestWriteAll writes every document, to look at.
func TestWriteAll(t *testing.T) {
	dir := os.Getenv("PAPER_OUT")
	if dir == "" {
		t.Skip("PAPER_OUT is not set: this only writes files to look at")
	}
	eachDoc(t, func(t *testing.T, name string, d Doc, w *catalogue.Catalogue) {
		b, err := Render(d, w)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	})
}
