package cardart

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// Picture is the card as pixels, Width x Height, without transparency (some card
// printers draw black for it).
func (a *Art) Picture(c Card) (*image.RGBA, error) {
	s, err := a.layout(c)
	if err != nil {
		return nil, err
	}
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	for _, r := range s.rects {
		fill(img, round(r.x), round(r.y), round(r.x+r.w), round(r.y+r.h), r.fill)
	}
	for _, t := range s.texts {
		if err := a.write(img, t); err != nil {
			return nil, err
		}
	}
	for _, b := range s.code.code.Bars() {
		x, y := s.code.x+b.X*s.code.module, s.code.y+b.Y*s.code.module
		fill(img, x, y, x+b.Width*s.code.module, y+b.Height*s.code.module, black)
	}
	return img, nil
}

// PNG writes the card as a PNG that says its size: 300 dots per inch.
func (a *Art) PNG(w io.Writer, c Card) error {
	img, err := a.Picture(c)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, img); err != nil {
		return fmt.Errorf("write the picture of card %s: %w", c.Number.Grouped(), err)
	}
	if _, err := w.Write(withDPI(b.Bytes())); err != nil {
		return fmt.Errorf("write the picture of card %s: %w", c.Number.Grouped(), err)
	}
	return nil
}

func (a *Art) write(img draw.Image, t text) error {
	face, err := a.face(t.weight, t.size)
	if err != nil {
		return err
	}
	d := font.Drawer{Dst: img, Src: image.NewUniform(t.fill), Face: face,
		Dot: fixed.Point26_6{X: fixed.Int26_6(math.Round(t.x * 64)), Y: fixed.Int26_6(math.Round(t.y * 64))}}
	d.DrawString(t.s)
	return nil
}

func fill(img draw.Image, x0, y0, x1, y1 int, c color.RGBA) {
	draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
}

func round(f float64) int { return int(math.Round(f)) }

// headEnd is where a PNG's first chunk, the header, ends: 8 bytes of signature
// and 25 of IHDR.
const headEnd = 8 + 25

// withDPI puts the chunk pHYs behind the header: pixels per metre, both ways.
func withDPI(p []byte) []byte {
	const perMetre = 11811 // 300 / 0.0254
	chunk := binary.BigEndian.AppendUint32(nil, 9)
	chunk = append(chunk, "pHYs"...)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	out := append([]byte{}, p[:headEnd]...)
	out = append(out, chunk...)
	return append(out, p[headEnd:]...)
}
