// Package qr reads QR codes from pictures: gozxing and a short ladder of image
// steps around it, each measured to recover pictures that the one before does
// not (docs: probes, section 2.3).
//
// It never guesses: a text is returned only when the code's own error
// correction says that it is whole.
package qr

import (
	"errors"
	"fmt"
	"image"
	"image/draw"
	"strings"

	"github.com/makiuchi-d/gozxing"
)

// ErrNotFound is returned when no code can be read.
var ErrNotFound = errors.New("no readable QR code in the picture")

// ErrSize is returned for a picture too big to be a photo of a code.
var ErrSize = errors.New("the picture is too big")

// maxPixels bounds the memory of one decode; 8 times it is needed at most.
const maxPixels = 64 << 20

// Decode is the text of the QR code in img. The error is ErrNotFound or ErrSize.
func Decode(img image.Image) (text string, err error) {
	if img == nil {
		return "", ErrNotFound
	}
	if size := img.Bounds(); size.Dx() > maxPixels || size.Dy() > maxPixels || size.Dx()*size.Dy() > maxPixels {
		return "", fmt.Errorf("%d x %d: %w", size.Dx(), size.Dy(), ErrSize)
	}
	return DecodeGray(toGray(img))
}

// DecodeGray is Decode without the conversion to grey, for camera frames.
func DecodeGray(img *image.Gray) (text string, err error) {
	if img == nil || img.Rect.Empty() {
		return "", ErrNotFound
	}
	if size := img.Rect; size.Dx() > maxPixels || size.Dy() > maxPixels || size.Dx()*size.Dy() > maxPixels {
		return "", fmt.Errorf("%d x %d: %w", size.Dx(), size.Dy(), ErrSize)
	}
	for _, s := range ladder {
		if text, err := attempt(img, s); err == nil {
			return text, nil
		}
	}
	return "", ErrNotFound
}

// step is one rung: what is done to the picture and how it becomes black and
// white. Prepare may return nil: the rung does not apply.
type step struct {
	name     string
	prepare  func(*image.Gray) *image.Gray
	binarize func(gozxing.LuminanceSource) gozxing.Binarizer
}

type hints = map[gozxing.DecodeHintType]any

// ladder goes from the cheapest to the dearest; the first that reads wins. On
// the pictures of this project most are read by the first two.
var ladder = []step{
	{"crop", cropCentre, gozxing.NewHybridBinarizer},
	{"whole", same, gozxing.NewHybridBinarizer},
	{"three quarters", func(g *image.Gray) *image.Gray { return scale(g, 3, 4) }, gozxing.NewHybridBinarizer},
	{"crop twice", func(g *image.Gray) *image.Gray { return scale(cropCentre(g), 2, 1) }, gozxing.NewHybridBinarizer},
	{"local mean", same, newLocalMean},
	{"global", same, gozxing.NewGlobalHistgramBinarizer},
	{"inverted", invert, gozxing.NewHybridBinarizer},
}

// attempt reads one rung. A panic inside the library (a corrupted picture can
// reach corners of it) is the same as not reading.
func attempt(img *image.Gray, s step) (text string, err error) {
	defer func() {
		if r := recover(); r != nil {
			text, err = "", fmt.Errorf("step %s: %w", s.name, ErrNotFound)
		}
	}()
	g := s.prepare(img)
	if g == nil || g.Rect.Empty() {
		return "", ErrNotFound
	}
	width, height := g.Rect.Dx(), g.Rect.Dy()
	source, err := gozxing.NewPlanarYUVLuminanceSource(packed(g), width, height, 0, 0, width, height, false)
	if err != nil {
		return "", fmt.Errorf("step %s: %w", s.name, err)
	}
	bitmap, err := gozxing.NewBinaryBitmap(s.binarize(source))
	if err != nil {
		return "", fmt.Errorf("step %s: %w", s.name, err)
	}
	text, err = read(bitmap)
	if err != nil {
		return "", fmt.Errorf("step %s: %w", s.name, err)
	}
	return text, nil
}

// read takes bytes without a named character set for UTF-8, as Vietnamese cards
// are; where that cannot be, the library guesses (it is good at Shift_JIS).
func read(bitmap *gozxing.BinaryBitmap) (string, error) {
	text, err := findCode(bitmap, hints{gozxing.DecodeHintType_CHARACTER_SET: "UTF-8"})
	if err != nil {
		return "", err
	}
	if strings.ContainsRune(text, '\uFFFD') {
		if guessed, err := findCode(bitmap, nil); err == nil {
			text = guessed
		}
	}
	if text == "" {
		return "", ErrNotFound
	}
	return text, nil
}

// packed is the pixels row by row without gaps.
func packed(g *image.Gray) []byte {
	width, height := g.Rect.Dx(), g.Rect.Dy()
	if g.Stride == width {
		return g.Pix[:width*height]
	}
	out := make([]byte, 0, width*height)
	for y := range height {
		out = append(out, g.Pix[y*g.Stride:y*g.Stride+width]...)
	}
	return out
}

func toGray(img image.Image) *image.Gray {
	switch src := img.(type) {
	case *image.Gray:
		return src
	case *image.YCbCr: // a photo: its Y is the grey, without a copy
		r := src.Rect
		at := src.YOffset(r.Min.X, r.Min.Y)
		if r.Empty() {
			return image.NewGray(image.Rectangle{})
		}
		return &image.Gray{Pix: src.Y[at:], Stride: src.YStride, Rect: image.Rect(0, 0, r.Dx(), r.Dy())}
	}
	g := image.NewGray(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src) // what is transparent is paper
	draw.Draw(g, g.Rect, img, img.Bounds().Min, draw.Over)
	return g
}
