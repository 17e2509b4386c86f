package qr

import (
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
)

// draw paints the code with its quiet zone, module by module.
func draw(c *Code, pixels int) image.Image {
	side := (c.Size + 2*Quiet) * pixels
	img := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			v := uint8(255)
			if c.Dark(x/pixels-Quiet, y/pixels-Quiet) {
				v = 0
			}
			img.SetGray(x, y, color.Gray{v})
		}
	}
	return img
}

func read(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := zxing.NewQRCodeReader().DecodeWithoutHints(bitmap)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}

func TestEncodeReadsBack(t *testing.T) {
	tests := []struct {
		name, text, mode string
		level            Level
		version          int
	}{
		{"a card number", "4600120001230", "numeric", M, 1},
		{"base45 of 267", strings.Repeat("NCF30 %$*+-./:", 19) + "A", "alphanumeric", M, 10},
		{"base45 of 267, Q", strings.Repeat("NCF30 %$*+-./:", 19) + "A", "alphanumeric", Q, 12},
		{"the most of M 10", strings.Repeat("A", 311), "alphanumeric", M, 10},
		{"the most digits of M 10", strings.Repeat("7", 513), "numeric", M, 10},
		{"the most of Q 12", strings.Repeat("A", 283), "alphanumeric", Q, 12},
		{"a long name", strings.Repeat("A", 350), "alphanumeric", MLong, 11},
		{"lower case", "https://example.org", "byte", M, 2},
		{"Vietnamese", "Nguyễn Thị Minh Khai", "byte", M, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := Encode(test.text, test.level)
			if err != nil {
				t.Fatal(err)
			}
			if c.Version != test.version || c.Mode != test.mode || c.Size != 17+4*test.version {
				t.Errorf("got version %d, %s, %d modules, want version %d, %s", c.Version, c.Mode, c.Size, test.version, test.mode)
			}
			if got := read(t, draw(c, 3)); got != test.text {
				t.Errorf("read %q, want %q", got, test.text)
			}
		})
	}
}

func TestEncodeRefusesWhatIsTooLong(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		level Level
	}{
		"M":       {strings.Repeat("A", 312), M},
		"M bytes": {strings.Repeat("a", 215), M},
		"digits":  {strings.Repeat("7", 514), M},
		"Q":       {strings.Repeat("A", 420), Q},
		"long":    {strings.Repeat("A", 420), MLong},
		"no QR":   {strings.Repeat("A", 10_000), M},
	} {
		if _, err := Encode(test.text, test.level); !errors.Is(err, ErrTooLong) {
			t.Errorf("%s: got %v, want ErrTooLong", name, err)
		}
	}
	if _, err := Encode("", M); err == nil {
		t.Error("a code of nothing was made")
	}
}

func TestBarsCoverTheDarkModulesOnce(t *testing.T) {
	c, err := Encode(strings.Repeat("NCF30 %$*+-./:", 19), M)
	if err != nil {
		t.Fatal(err)
	}
	covered := make([]int, c.Size*c.Size)
	bars := c.Bars()
	for _, b := range bars {
		for y := b.Y; y < b.Y+b.Height; y++ {
			for x := b.X; x < b.X+b.Width; x++ {
				covered[y*c.Size+x]++
			}
		}
	}
	dark := 0
	for i, n := range covered {
		want := 0
		if c.dark[i] {
			want = 1
			dark++
		}
		if n != want {
			t.Fatalf("module %d,%d is drawn %d times, want %d", i%c.Size, i/c.Size, n, want)
		}
	}
	if len(bars) > dark/2 {
		t.Errorf("%d bars for %d modules", len(bars), dark)
	}
	if c.Dark(-1, 0) || c.Dark(0, c.Size) {
		t.Error("there is black outside the code")
	}
}
