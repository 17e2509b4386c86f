package paper

import (
	"image/color"
	"math"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"quachot/assets/fonts"
	"quachot/internal/qr"
)

// The colours. Codes and what must be read are pure black: office and card
// printers keep that sharp.
var (
	black  = color.RGBA{0, 0, 0, 255}
	white  = color.RGBA{255, 255, 255, 255}
	accent = color.RGBA{76, 35, 115, 255} // the violet of Huế, of heads and lines
	muted  = color.RGBA{92, 88, 102, 255}
	hair   = color.RGBA{190, 184, 200, 255}
	faint  = color.RGBA{243, 240, 248, 255} // the ground of a head of a table
	drill  = color.RGBA{112, 26, 180, 255}  // the violet of training
	ghost  = color.RGBA{236, 222, 248, 255} // the word behind a page of training
)

// weight is one cut of the typeface; its value is the PDF's name for it.
type weight string

const (
	regular  weight = "regular"
	semibold weight = "semibold"
	bold     weight = "bold"
)

var cuts = map[weight][]byte{regular: fonts.Regular, semibold: fonts.SemiBold, bold: fonts.Bold}

// typefaces are the parsed cuts; they are data of this program and always parse.
var typefaces = sync.OnceValue(func() map[weight]*sfnt.Font {
	all := map[weight]*sfnt.Font{}
	for w, ttf := range cuts {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("paper: the typeface " + string(w) + " in assets/fonts: " + err.Error())
		}
		all[w] = f
	}
	return all
})

// shape is a rect, a text or a code.
type shape interface{ isShape() }

func (rect) isShape() {}
func (text) isShape() {}
func (code) isShape() {}

// rect is a filled rectangle, in mm.
type rect struct {
	x, y, w, h float64
	fill       color.RGBA
}

// text is one line of text: its baseline at x, y mm, size in points.
type text struct {
	x, y, size float64
	weight     weight
	fill       color.RGBA
	s          string
}

// code is a QR code: its top left module at x, y, module mm wide.
type code struct {
	x, y, module float64
	code         *qr.Code
}

// sheet is one page in mm; its shapes are drawn in their order.
type sheet struct {
	w, h   float64
	shapes []shape
}

// pt is the mm of a point.
const pt = 25.4 / 72

// lineHeight is the distance of two lines in ems: an Ễ under an Ậ stays readable.
const lineHeight = 1.35

func (s *sheet) rect(x, y, w, h float64, fill color.RGBA) {
	s.shapes = append(s.shapes, rect{x, y, w, h, fill})
}

// box is an outline of that line width.
func (s *sheet) box(x, y, w, h, line float64, c color.RGBA) {
	s.rect(x, y, w, line, c)
	s.rect(x, y+h-line, w, line, c)
	s.rect(x, y, line, h, c)
	s.rect(x+w-line, y, line, h, c)
}

// text puts one line; it goes past its room rather than being cut.
func (s *sheet) text(x, y, size float64, w weight, fill color.RGBA, words string) {
	if words = clean(words); words != "" {
		s.shapes = append(s.shapes, text{x, y, size, w, fill, words})
	}
}

// centre is text with its middle at x; right ends there.
func (s *sheet) centre(x, y, size float64, w weight, fill color.RGBA, words string) {
	s.text(x-width(w, size, clean(words))/2, y, size, w, fill, words)
}

func (s *sheet) right(x, y, size float64, w weight, fill color.RGBA, words string) {
	s.text(x-width(w, size, clean(words)), y, size, w, fill, words)
}

// paragraph breaks words at blanks and gives the baseline below the last line.
func (s *sheet) paragraph(x, y, wide, size float64, w weight, fill color.RGBA, words string) float64 {
	return s.lines(x, y, size, w, fill, wrap(w, size, clean(words), wide)) + lineHeight*size*pt
}

// fit is a paragraph of at most that many lines: as large as it fits, from
// largest down to smallest. What still does not fit ends in an ellipsis.
func (s *sheet) fit(x, y, wide, largest, smallest float64, most int, w weight, fill color.RGBA, words string) float64 {
	size, lines := fitted(wide, largest, smallest, most, w, words)
	return s.lines(x, y, size, w, fill, lines) + lineHeight*size*pt
}

// block is fit below a line instead of from a baseline on: no ink stands above
// top. It gives where the ink ends.
func (s *sheet) block(x, top, wide, largest, smallest float64, most int, w weight, fill color.RGBA, words string) float64 {
	size, lines := fitted(wide, largest, smallest, most, w, words)
	if len(lines) == 0 {
		return top
	}
	up, _ := extent(w, size, lines[0])
	last := s.lines(x, top+up, size, w, fill, lines)
	_, down := extent(w, size, lines[len(lines)-1])
	return last + down
}

// lines puts them one below the other and gives the last baseline. Where marks
// above and below would meet, there is more room between.
func (s *sheet) lines(x, y, size float64, w weight, fill color.RGBA, lines []string) float64 {
	for i, line := range lines {
		if i > 0 {
			_, down := extent(w, size, lines[i-1])
			up, _ := extent(w, size, line)
			y += max(lineHeight*size*pt, up+down+0.3)
		}
		s.text(x, y, size, w, fill, line)
	}
	return y
}

// fitted breaks words so that they fit; see [sheet.fit].
func fitted(wide, largest, smallest float64, most int, w weight, words string) (float64, []string) {
	words = clean(words)
	for size := largest; ; size -= 0.5 {
		lines := wrap(w, size, words, wide)
		if len(lines) > most && size > smallest {
			continue
		}
		if len(lines) > most {
			lines = lines[:most]
			last := []rune(lines[most-1])
			lines[most-1] = string(last[:max(len(last)-2, 0)]) + "…"
		}
		return size, lines
	}
}

// extent is how far ink stands above and hangs below the baseline, in mm; at
// least the height of a capital, so that lines of plain letters stand evenly.
func extent(w weight, size float64, words string) (up, down float64) {
	f := typefaces()[w]
	em := fixed.Int26_6(f.UnitsPerEm())
	var buf sfnt.Buffer
	top, bottom := -em*72/100, em*21/100
	for _, r := range words {
		i, err := f.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		if b, _, err := f.GlyphBounds(&buf, i, em, font.HintingNone); err == nil {
			top, bottom = min(top, b.Min.Y), max(bottom, b.Max.Y)
		}
	}
	one := size * pt / float64(em)
	return -float64(top) * one, float64(bottom) * one
}

// qr puts a code with its quiet zone into a square of side mm at x, y.
func (s *sheet) qr(x, y, side float64, c *qr.Code) {
	s.rect(x, y, side, side, white)
	module := side / float64(c.Size+2*qr.Quiet)
	s.shapes = append(s.shapes, code{x + qr.Quiet*module, y + qr.Quiet*module, module, c})
}

// clean is words as they are drawn: NFC, since letters are put side by side
// without joining marks; blanks folded; a letter that the typeface does not have
// becomes a question mark, because a slip with one is better than none.
func clean(words string) string {
	words = norm.NFC.String(strings.Join(strings.Fields(words), " "))
	var buf sfnt.Buffer
	face := typefaces()[regular]
	return strings.Map(func(r rune) rune {
		if i, err := face.GlyphIndex(&buf, r); err != nil || i == 0 {
			return '?'
		}
		return r
	}, words)
}

// width is how wide words are drawn, in mm.
func width(w weight, size float64, words string) float64 {
	// In units of the typeface: exact at any size, and no face is kept per size.
	f := typefaces()[w]
	em := fixed.Int26_6(f.UnitsPerEm())
	var buf sfnt.Buffer
	total := fixed.Int26_6(0)
	for _, r := range words {
		i, err := f.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		a, err := f.GlyphAdvance(&buf, i, em, font.HintingNone)
		if err == nil {
			total += a
		}
	}
	return float64(total) / float64(em) * size * pt
}

// wrap breaks words at blanks, and inside a word wider than a line.
func wrap(w weight, size float64, words string, wide float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(words) {
		if line != "" && width(w, size, line+" "+word) <= wide {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = word
		for width(w, size, line) > wide {
			n := beginning(w, size, line, wide)
			lines = append(lines, line[:n])
			line = line[n:]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// beginning is how many bytes of word fit, at least one letter.
func beginning(w weight, size float64, word string, wide float64) int {
	end := 0
	for i, r := range word {
		next := i + len(string(r))
		if end > 0 && width(w, size, word[:next]) > wide {
			break
		}
		end = next
	}
	return end
}

// dots is mm in whole dots.
func dots(mm float64, dpi int) int { return int(math.Round(mm * float64(dpi) / 25.4)) }
