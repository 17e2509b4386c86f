package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// pdf writes the sheets: texts as text, codes as rectangles, only the letters
// used embedded.
func pdf(sheets []*sheet, title string) ([]byte, error) {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: sheets[0].w, Ht: sheets[0].h}})
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.SetTitle(title, true)
	doc.SetCreator(creator, true)
	doc.SetProducer(creator, true)
	for w, ttf := range cuts {
		doc.AddUTF8FontFromBytes(string(w), "", ttf)
	}
	for _, s := range sheets {
		doc.AddPageFormat("P", fpdf.SizeType{Wd: s.w, Ht: s.h})
		for _, one := range s.shapes {
			pdfShape(doc, one)
		}
	}
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		return nil, fmt.Errorf("write the PDF of %d pages: %w", len(sheets), err)
	}
	return out.Bytes(), nil
}

func pdfShape(doc *fpdf.Fpdf, one shape) {
	switch s := one.(type) {
	case rect:
		doc.SetFillColor(int(s.fill.R), int(s.fill.G), int(s.fill.B))
		doc.Rect(s.x, s.y, s.w, s.h, "F")
	case text:
		doc.SetFont(string(s.weight), "", s.size)
		doc.SetTextColor(int(s.fill.R), int(s.fill.G), int(s.fill.B))
		doc.Text(s.x, s.y, s.s)
	case code:
		doc.SetFillColor(0, 0, 0)
		for _, b := range s.code.Bars() {
			doc.Rect(s.x+float64(b.X)*s.module, s.y+float64(b.Y)*s.module, float64(b.Width)*s.module, float64(b.Height)*s.module, "F")
		}
	}
}

// brush draws sheets as pictures.
type brush struct {
	dpi   int
	faces map[faceKey]font.Face
}

type faceKey struct {
	weight weight
	size   float64
}

func (b *brush) picture(s *sheet) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, dots(s.w, b.dpi), dots(s.h, b.dpi)))
	draw.Draw(img, img.Rect, image.NewUniform(white), image.Point{}, draw.Src)
	for _, one := range s.shapes {
		switch s := one.(type) {
		case rect:
			// At least one dot: a hairline must not vanish on a coarse printer.
			x, y := dots(s.x, b.dpi), dots(s.y, b.dpi)
			b.fill(img, x, y, max(dots(s.x+s.w, b.dpi), x+1), max(dots(s.y+s.h, b.dpi), y+1), s.fill)
		case text:
			b.text(img, s)
		case code:
			b.code(img, s)
		}
	}
	return img
}

func (b *brush) fill(img *image.RGBA, x0, y0, x1, y1 int, c color.RGBA) {
	draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
}

func (b *brush) text(img *image.RGBA, s text) {
	key := faceKey{s.weight, s.size}
	face, ok := b.faces[key]
	if !ok {
		var err error
		face, err = opentype.NewFace(typefaces()[s.weight], &opentype.FaceOptions{Size: s.size, DPI: float64(b.dpi), Hinting: font.HintingNone})
		if err != nil { // only a size that is no number does that
			return
		}
		b.faces[key] = face
	}
	d := font.Drawer{Dst: img, Src: image.NewUniform(s.fill), Face: face, Dot: fixed.P(dots(s.x, b.dpi), dots(s.y, b.dpi))}
	d.DrawString(s.s)
}

// code draws a QR in whole dots a module, in the middle of its place.
func (b *brush) code(img *image.RGBA, s code) {
	module := max(int(s.module*float64(b.dpi)/25.4), 1)
	side := dots(s.module*float64(s.code.Size), b.dpi)
	gap := (side - module*s.code.Size) / 2
	left, top := dots(s.x, b.dpi)+gap, dots(s.y, b.dpi)+gap
	for _, bar := range s.code.Bars() {
		x, y := left+bar.X*module, top+bar.Y*module
		b.fill(img, x, y, x+bar.Width*module, y+bar.Height*module, black)
	}
}
