package cardart

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"quachot/internal/card"
	"quachot/internal/qr"
)

// names are what a card has to bear.
var names = []string{
	"Nguyễn Thị Minh Khai",
	"Lê Ân",
	"NGUYỄN PHÚC VĨNH THỊNH TRƯỜNG",
	"Công Tằng Tôn Nữ Hoàng Thị Phương Quỳnh Như Nguyễn Thị Thuỳ",
	"CÔNG TẰNG TÔN NỮ HOÀNG THỊ PHƯƠNG QUỲNH NHƯ NGUYỄN THỊ THUỲ",
	"ẤỆỖỰỲĂ ỂỄẦẨ ẶẴỴ ẤỆỖỰỲĂ ỂỄẦẨ ẶẴỴ ẤỆỖỰỲĂ ỂỄẦẨ ẶẴỴ ẤỆỖỰỲĂ ỂỄẦ",
	"Wilhelmina-Alexandrovna Wolfeschlegelsteinhausenbergerdorffm",
	strings.Repeat("W", 60),
	"O’Neil-Müller Åse Ñandú",
}

func example(t testing.TB, name, ward, place string) Card {
	t.Helper()
	n, err := card.NewNumber("460012", 123)
	if err != nil {
		t.Fatal(err)
	}
	return Card{
		Number: n, Text: strings.Repeat("NCF30 %$*+-./:", 18), Name: name, Birth: "1987-01-18", Ward: ward, Place: place,
		Issued: time.Date(2021, 11, 20, 1, 0, 0, 0, time.UTC), Expires: time.Date(2022, 11, 20, 1, 0, 0, 0, time.UTC),
	}
}

func newArt(t testing.TB) *Art {
	t.Helper()
	a, err := New(Style{Issuer: "Tỉnh Thừa Thiên Huế"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The name of up to 60 letters is printed whole, in lines that fit.
func TestNamesAreWholeAndFit(t *testing.T) {
	a := newArt(t)
	for _, name := range names {
		if n := len([]rune(name)); n > 60 {
			t.Fatalf("%q has %d letters", name, n)
		}
		s, err := a.layout(example(t, name, "Phường Đông Ba", "Thành phố Huế"))
		if err != nil {
			t.Fatal(err)
		}
		var printed string
		for _, line := range s.texts {
			if line.weight == bold && line.fill == black && line.x == margin {
				printed += line.s
				if w := a.width(bold, line.size, line.s); w > textWidth {
					t.Errorf("%q is %.0f dots wide at size %.0f, above %d", line.s, w, line.size, textWidth)
				}
			}
		}
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if squeeze(printed) != squeeze(name) {
			t.Errorf("printed %q, want %q", printed, name)
		}
	}
}

func TestALongerNameEndsInAnEllipsis(t *testing.T) {
	a := newArt(t)
	lines, _ := a.fitName(strings.Repeat("Nguyễn ", 60), textWidth, nameBottom-nameTop)
	if last := lines[len(lines)-1]; len(lines) != 4 || !strings.HasSuffix(last, "…") {
		t.Errorf("got %q", lines)
	}
}

// No text stands in another, in the code's quiet zone or over the edge.
func TestNothingOverlaps(t *testing.T) {
	a := newArt(t)
	wards := [][2]string{
		{"Phường Đông Ba", "Thành phố Huế, Tỉnh Thừa Thiên Huế"},
		{"Phường Văn Miếu - Quốc Tử Giám", "Quận Đống Đa, Thành phố Hà Nội"},
		{"Thị trấn Nông trường Việt Lâm", "Huyện Vị Xuyên, Tỉnh Hà Giang"},
		{"19768", ""},
		{"", ""},
	}
	for _, name := range names {
		for _, ward := range wards {
			c := example(t, name, ward[0], ward[1])
			s, err := a.layout(c)
			if err != nil {
				t.Fatal(err)
			}
			checkOverlaps(t, a, name+" / "+ward[0], s)
		}
	}
}

func checkOverlaps(t *testing.T, a *Art, what string, s shapes) {
	t.Helper()
	quiet := qr.Quiet * s.code.module
	side := s.code.module * s.code.code.Size
	boxes := []image.Rectangle{image.Rect(s.code.x-quiet, s.code.y-quiet, s.code.x+side+quiet, s.code.y+side+quiet)}
	labels := []string{"the code"}
	for _, one := range s.texts {
		if one.s == "" {
			continue
		}
		// Letters without accents stand 0.72 em high; what hangs below or stands
		// above may come near its neighbour.
		box := image.Rect(round(one.x), round(one.y-0.72*one.size), round(one.x+a.width(one.weight, one.size, one.s)), round(one.y+0.05*one.size))
		if !box.In(image.Rect(margin-1, 10, Width-margin+1, Height-20)) {
			t.Errorf("%s: %q leaves the card: %v", what, one.s, box)
		}
		for i, other := range boxes {
			if box.Overlaps(other) {
				t.Errorf("%s: %q stands in %s: %v, %v", what, one.s, labels[i], box, other)
			}
		}
		boxes, labels = append(boxes, box), append(labels, fmt.Sprintf("%q", one.s))
	}
}

// The code is pure black on pure white, in whole dots, with its quiet zone.
func TestCodeIsSharp(t *testing.T) {
	a := newArt(t)
	for _, length := range []int{60, 150, 234, 262, 280, 311, 400} { // versions 4 to 12
		c := example(t, names[0], "Phường Đông Ba", "")
		c.Text = strings.Repeat("A", length)
		s, err := a.layout(c)
		if err != nil {
			t.Fatal(err)
		}
		img, err := a.Picture(c)
		if err != nil {
			t.Fatal(err)
		}
		at, quiet := s.code, qr.Quiet*s.code.module
		side := at.module * at.code.Size
		if millimetres := float64(at.module) * mm; millimetres < 0.5 || at.code.Version > 12 {
			t.Errorf("%d characters: version %d, %.2f mm a module", length, at.code.Version, millimetres)
		}
		for y := at.y - quiet; y < at.y+side+quiet; y++ {
			for x := at.x - quiet; x < at.x+side+quiet; x++ {
				want := white
				if x >= at.x && y >= at.y && at.code.Dark((x-at.x)/at.module, (y-at.y)/at.module) {
					want = black
				}
				if got := img.RGBAAt(x, y); got != want {
					t.Fatalf("%d characters: dot %d,%d is %v, want %v", length, x, y, got, want)
				}
			}
		}
	}
}

func TestPNGSaysItsSize(t *testing.T) {
	var b bytes.Buffer
	if err := newArt(t).PNG(&b, example(t, names[0], "Phường Đông Ba", "Thành phố Huế")); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if size := img.Bounds(); size.Dx() != 1011 || size.Dy() != 638 {
		t.Errorf("got %v", size)
	}
	if !img.(interface{ Opaque() bool }).Opaque() {
		t.Error("the picture is transparent somewhere")
	}
	if !bytes.Contains(b.Bytes(), []byte("pHYs\x00\x00\x2e\x23\x00\x00\x2e\x23\x01")) {
		t.Error("no pHYs of 11811 pixels a metre")
	}
}

func TestNamesAreDrawnInNFC(t *testing.T) {
	a := newArt(t)
	s, err := a.clean(norm.NFD.String("  Nguyễn   Thị\tHoà\n"))
	if err != nil || s != "Nguyễn Thị Hoà" {
		t.Errorf("got %+q, %v", s, err)
	}
}

func TestLettersThatCannotBeDrawn(t *testing.T) {
	a := newArt(t)
	for _, name := range []string{"王小明", "Анна", "A\u0000B", "Khai 😀"} {
		if _, err := a.Picture(example(t, name, "", "")); !errors.Is(err, ErrLetter) {
			t.Errorf("%q: got %v, want ErrLetter", name, err)
		}
	}
	c := example(t, names[0], "", "")
	c.Text = strings.Repeat("A", 420)
	if err := a.PNG(&bytes.Buffer{}, c); !errors.Is(err, qr.ErrTooLong) {
		t.Errorf("a code too big: got %v", err)
	}
}

func BenchmarkA4(b *testing.B) {
	a := newArt(b)
	cards := make([]Card, 100)
	for i := range cards {
		cards[i] = example(b, names[i%3], "Phường Đông Ba", "Thành phố Huế")
	}
	for b.Loop() {
		if err := a.PDF(&bytes.Buffer{}, A4, cards); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(cards))/b.Elapsed().Seconds(), "cards/s")
}

func BenchmarkPNG(b *testing.B) {
	a := newArt(b)
	c := example(b, names[0], "Phường Đông Ba", "Thành phố Huế")
	for b.Loop() {
		if err := a.PNG(&bytes.Buffer{}, c); err != nil {
			b.Fatal(err)
		}
	}
}
