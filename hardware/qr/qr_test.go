package qr

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

func TestPicturesOfCards(t *testing.T) {
	cards := readCards(t, "testdata/cards.tsv")
	if len(cards) < 5 {
		t.Fatalf("%d pictures", len(cards))
	}
	for _, c := range cards {
		t.Run(c.category, func(t *testing.T) {
			got, err := Decode(open(t, filepath.Join("testdata", "cards", c.file)))
			if err != nil || got != c.text {
				t.Errorf("got %q, %v, want %q", got, err, c.text)
			}
		})
	}
}

func TestBlackBoxPictures(t *testing.T) {
	pictures, _ := filepath.Glob("testdata/zxing/*/*.png")
	if len(pictures) < 3 {
		t.Fatalf("%d pictures", len(pictures))
	}
	for _, picture := range pictures {
		want, _ := expected(picture)
		if got, err := Decode(open(t, picture)); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", picture, got, err, want)
		}
	}
}

// draft draws a code with the given pixels per module and its quiet zone.
func draft(t testing.TB, text string, pixels int, hints map[gozxing.EncodeHintType]any) *image.Gray {
	t.Helper()
	symbol, err := encoder.Encoder_encode(text, decoder.ErrorCorrectionLevel_M, hints)
	if err != nil {
		t.Fatal(err)
	}
	m := symbol.GetMatrix()
	side := (m.GetWidth() + 8) * pixels
	img := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			v := uint8(255)
			if mx, my := x/pixels-4, y/pixels-4; mx >= 0 && my >= 0 && mx < m.GetWidth() && my < m.GetWidth() && m.Get(mx, my) == 1 {
				v = 0
			}
			img.Pix[y*img.Stride+x] = v
		}
	}
	return img
}

func TestKindsOfImages(t *testing.T) {
	gray := draft(t, "460012 000123 0", 5, nil)
	nrgba := image.NewNRGBA(gray.Rect) // dark modules on nothing
	for i, v := range gray.Pix {
		nrgba.Pix[4*i+3] = 255 - v
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, gray, nil); err != nil {
		t.Fatal(err)
	}
	rgba := image.NewRGBA(gray.Rect.Add(image.Pt(-7, 30))) // not at 0,0
	draw.Draw(rgba, rgba.Rect, gray, image.Point{}, draw.Src)
	ycc := image.NewYCbCr(image.Rect(3, 5, 3+gray.Rect.Dx(), 5+gray.Rect.Dy()), image.YCbCrSubsampleRatio420)
	for y := range gray.Rect.Dy() {
		copy(ycc.Y[y*ycc.YStride:], gray.Pix[y*gray.Stride:(y+1)*gray.Stride])
	}
	big := image.NewGray(image.Rect(0, 0, 400, 300))
	draw.Draw(big, big.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(big, gray.Rect.Add(image.Pt(120, 60)), gray, image.Point{}, draw.Src)
	sub := big.SubImage(image.Rect(110, 50, 380, 290))
	jpg, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	for name, img := range map[string]image.Image{
		"gray": gray, "transparent": nrgba, "moved": rgba, "YCbCr": ycc, "a part": sub, "jpeg": jpg, "with surroundings": big,
	} {
		if got, err := Decode(img); err != nil || got != "460012 000123 0" {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

// The cards of the state carry UTF-8 without saying so: byte mode, no ECI.
func TestVietnameseWithoutANamedCharacterSet(t *testing.T) {
	const want = "046187001234|191234567|Nguyễn Thị Minh Khai|18011987|Nữ|Vĩnh Ninh, Thành phố Huế|25042021"
	got, err := Decode(draft(t, want, 4, nil)) // the library, unasked, writes UTF-8 and says nothing
	if err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// Corrupted pictures: no panic, and never a text that is not in the picture.
func TestCorruptionsNeverGiveAWrongText(t *testing.T) {
	const text = "NCFR30320FFWRWGSLK/-4O+8%$EHX5EC6H7BV%KNPC%$EXD01R63W5646746QF6FN0EOC1W7WY0SDC291D533XK98FE"
	clean := draft(t, text, 4, nil)
	r := rand.New(rand.NewPCG(20211101, 7))
	read := 0
	for range 400 {
		img := image.NewGray(clean.Rect)
		copy(img.Pix, clean.Pix)
		corrupt(img, r)
		got, err := DecodeGray(img)
		switch {
		case err == nil && got == text:
			read++
		case err == nil:
			t.Fatalf("read %q, which is not there", got)
		case !errors.Is(err, ErrNotFound):
			t.Fatal(err)
		}
	}
	if read < 40 || read == 400 {
		t.Errorf("%d of 400 read: the corruptions prove nothing", read)
	}
}

// corrupt spoils a random part of img in a random way.
func corrupt(img *image.Gray, r *rand.Rand) {
	side := img.Rect.Dx()
	switch r.IntN(4) {
	case 0: // grains
		for range r.IntN(side * side / 4) {
			img.Pix[r.IntN(len(img.Pix))] = uint8(r.IntN(256))
		}
	case 1: // blots
		for range 1 + r.IntN(8) {
			at := image.Pt(r.IntN(side), r.IntN(side))
			blot := image.Rectangle{at, at.Add(image.Pt(r.IntN(side/4), r.IntN(side/4)))}
			draw.Draw(img, blot, image.NewUniform(color.Gray{uint8(r.IntN(256))}), image.Point{}, draw.Src)
		}
	case 2: // rows slip sideways
		for y := range side {
			if r.IntN(3) == 0 {
				row := img.Pix[y*img.Stride : y*img.Stride+side]
				copy(row, row[r.IntN(12):])
			}
		}
	case 3: // the modules themselves turn over
		for range r.IntN(60) {
			x, y := 4*r.IntN(side/4), 4*r.IntN(side/4)
			v := 255 - img.GrayAt(x, y).Y
			draw.Draw(img, image.Rect(x, y, x+4, y+4), image.NewUniform(color.Gray{v}), image.Point{}, draw.Src)
		}
	}
}

// A panic inside a step is not the caller's: the ladder goes on.
func TestAPanicInAStepIsNotRead(t *testing.T) {
	bad := step{"bad", func(*image.Gray) *image.Gray { panic("corner of the library") }, gozxing.NewHybridBinarizer}
	if text, err := attempt(draft(t, "1", 4, nil), bad); text != "" || !errors.Is(err, ErrNotFound) {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestScaleKeepsEdgesAndMeans(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range g.Pix {
		g.Pix[i] = uint8(i % 64 * 4)
	}
	for _, by := range [][2]int{{2, 1}, {3, 4}} {
		out := scale(g, by[0], by[1])
		if want := 64 * by[0] / by[1]; out.Rect.Dx() != want || out.Rect.Dy() != want {
			t.Fatalf("size %v, want %d", out.Rect, want)
		}
		for x := 1; x < out.Rect.Dx(); x++ {
			if step := int(out.Pix[x]) - int(out.Pix[x-1]); step < 0 || step > 8 {
				t.Fatalf("x%d/%d: the ramp jumps by %d at %d", by[0], by[1], step, x)
			}
		}
	}
	if scale(nil, 2, 1) != nil || cropCentre(image.NewGray(image.Rect(0, 0, 10, 10))) != nil {
		t.Error("a picture too small for a code was scaled")
	}
}

// wallpaper is a picture full of corners of codes that are not there.
func wallpaper(pixels int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, 1280, 720))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	square := func(x, y, side int, c color.Gray) {
		draw.Draw(img, image.Rect(x, y, x+side, y+side), image.NewUniform(c), image.Point{}, draw.Src)
	}
	for y := pixels; y+8*pixels < 720; y += 9 * pixels {
		for x := pixels; x+8*pixels < 1280; x += 9 * pixels {
			square(x, y, 7*pixels, color.Gray{0})
			square(x+pixels, y+pixels, 5*pixels, color.Gray{255})
			square(x+2*pixels, y+2*pixels, 3*pixels, color.Gray{0})
		}
	}
	return img
}

// With the library's own search this takes minutes: a poster could stop a lane.
func TestAWallpaperOfCornersDoesNotStopTheLane(t *testing.T) {
	for _, pixels := range []int{2, 4} {
		start := time.Now()
		if text, err := DecodeGray(wallpaper(pixels)); !errors.Is(err, ErrNotFound) {
			t.Errorf("read %q, %v", text, err)
		}
		if took := time.Since(start); took > 30*time.Second { // about 1 s where nothing else runs
			t.Errorf("took %v", took)
		}
	}
}

// Clean codes whose own modules look like a corner: the first three corners
// that fit together are not the code's.
func TestCodesWithAFalseCornerInside(t *testing.T) {
	texts, err := os.ReadFile("testdata/false-corner.txt")
	if err != nil {
		t.Fatal(err)
	}
	for text := range strings.Lines(string(texts)) {
		text = strings.TrimSuffix(text, "\n")
		for _, pixels := range []int{3, 6} {
			if got, err := Decode(draft(t, text, pixels, nil)); err != nil || got != text {
				t.Errorf("%d pixels: got %q, %v, want %q", pixels, got, err, text)
			}
		}
	}
}

func FuzzDecodeGray(f *testing.F) {
	code := draft(f, "1", 2, nil)
	f.Add(code.Pix, uint16(code.Rect.Dx()))
	f.Add([]byte{}, uint16(0))
	f.Add([]byte{1, 2, 3}, uint16(1))
	f.Fuzz(func(t *testing.T, pix []byte, width uint16) {
		if width == 0 || len(pix) > 1<<16 {
			return
		}
		height := len(pix) / int(width)
		img := &image.Gray{Pix: pix, Stride: int(width), Rect: image.Rect(0, 0, int(width), height)}
		if _, err := DecodeGray(img); err != nil && !errors.Is(err, ErrNotFound) {
			t.Fatal(err)
		}
	})
}

func TestNothingToRead(t *testing.T) {
	noise := image.NewGray(image.Rect(0, 0, 320, 240))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(r.IntN(256))
	}
	for name, img := range map[string]image.Image{
		"nil": nil, "empty": image.NewGray(image.Rectangle{}), "one pixel": image.NewGray(image.Rect(0, 0, 1, 1)),
		"thin": image.NewGray(image.Rect(0, 0, 1000, 1)), "black": image.NewGray(image.Rect(0, 0, 200, 200)),
		"noise":       noise,
		"empty photo": image.NewYCbCr(image.Rectangle{}, image.YCbCrSubsampleRatio420),
	} {
		if got, err := Decode(img); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: got %q, %v, want ErrNotFound", name, got, err)
		}
	}
	if _, err := DecodeGray(nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("nil frame: got %v", err)
	}
	if _, err := Decode(image.NewUniform(color.White)); !errors.Is(err, ErrSize) {
		t.Errorf("endless picture: got %v, want ErrSize", err)
	}
}
