package cardart

import (
	"fmt"
	"image/color"
	"strings"
	"time"

	"quachot/internal/qr"
)

// The colours. Codes and names are pure black: card printers draw only that with
// their resin panel, which lasts.
var (
	black  = color.RGBA{0, 0, 0, 255}
	white  = color.RGBA{255, 255, 255, 255}
	accent = color.RGBA{76, 35, 115, 255}  // the violet of Huế
	edge   = color.RGBA{201, 162, 75, 255} // brass, under the head
	pale   = color.RGBA{224, 212, 238, 255}
	muted  = color.RGBA{92, 88, 102, 255}
	hair   = color.RGBA{221, 216, 229, 255}
)

// Places on the card, in dots.
const (
	margin     = 46
	headHeight = 116
	edgeHeight = 6
	codeBox    = 396 // the QR symbol without its quiet zone fits this square
	codeLeft   = Width - margin - codeBox
	codeTop    = headHeight + edgeHeight + 32
	textWidth  = codeLeft - margin - 40
	numberLine = 609 // baseline of the card number
)

// rect is a filled rectangle; all in dots.
type rect struct {
	x, y, w, h float64
	fill       color.RGBA
}

// text is one line of text; y is its baseline, size the em.
type text struct {
	x, y, size float64
	weight     weight
	fill       color.RGBA
	s          string
}

// codeAt is the QR: its top left module and the dots of a module.
type codeAt struct {
	x, y, module int
	code         *qr.Code
}

// shapes is a card ready to draw: rectangles first, then texts, then the code.
type shapes struct {
	rects []rect
	texts []text
	code  codeAt
}

func (a *Art) layout(c Card) (shapes, error) {
	for _, s := range []*string{&c.Name, &c.Ward, &c.Place} {
		clean, err := a.clean(*s)
		if err != nil {
			return shapes{}, fmt.Errorf("lay out card %s: %w", c.Number.Grouped(), err)
		}
		*s = clean
	}
	code, err := a.code(c.Text)
	if err != nil {
		return shapes{}, fmt.Errorf("lay out card %s: %w", c.Number.Grouped(), err)
	}
	s := shapes{rects: []rect{{0, 0, Width, Height, white}}, code: place(code)}
	a.head(&s)
	a.person(&s, c)
	a.foot(&s, c)
	return s, nil
}

// place puts the code into its box with as many whole dots a module as fit.
func place(code *qr.Code) codeAt {
	module := min(codeBox/code.Size, 8)
	gap := codeBox - module*code.Size
	return codeAt{codeLeft + gap, codeTop + gap/2, module, code}
}

func (a *Art) head(s *shapes) {
	s.rects = append(s.rects,
		rect{0, 0, Width, headHeight, accent},
		rect{0, headHeight, Width, edgeHeight, edge})
	issuer := strings.ToUpper(a.style.Issuer)
	room := float64(Width - 2*margin)
	if issuer != "" {
		size := a.shrink(semibold, 26, 16, issuer, 330)
		w := a.width(semibold, size, issuer)
		s.texts = append(s.texts, text{Width - margin - w, 66, size, semibold, white, issuer})
		room -= w + 40
	}
	s.texts = append(s.texts,
		text{margin, 60, a.shrink(bold, 40, 24, wordTitle, room), bold, white, wordTitle},
		text{margin, 94, 23, regular, pale, wordTitleEn})
}

// The name stands between nameTop, the upper edge of its first line, and
// nameBottom, the baseline of its last: below that there is still room for a
// ward's name of two lines and its district and province.
const (
	nameTop    = 188
	nameBottom = 337
)

func (a *Art) person(s *shapes, c Card) {
	a.label(s, margin, 173, wordName)
	lines, size := a.fitName(c.Name, textWidth, nameBottom-nameTop)
	y := nameTop + firstLine*size
	for _, line := range lines {
		s.texts = append(s.texts, text{margin, y, size, bold, black, line})
		y += lineHeight * size
	}
	y = max(y-lineHeight*size+32, 326)
	s.rects = append(s.rects, rect{margin, y, textWidth, 2, hair})

	// What follows keeps its distance to the name, however long that is.
	y += 42
	const second = margin + 150
	a.label(s, margin, y, wordBirth)
	s.texts = append(s.texts, text{margin, y + 40, 34, semibold, black, year(c.Birth)})
	a.label(s, second, y, wordWard)
	room := float64(textWidth - 150)
	y += 40
	lines, size = a.fit(semibold, 34, 24, c.Ward, room, 2)
	for _, line := range lines {
		s.texts = append(s.texts, text{second, y, size, semibold, black, line})
		y += lineHeight * size
	}
	y -= lineHeight*size - 32
	for part := range strings.SplitSeq(c.Place, ", ") {
		s.texts = append(s.texts, text{second, y, a.shrink(regular, 22, 14, part, room), regular, muted, part})
		y += 28
	}
}

func (a *Art) foot(s *shapes, c Card) {
	x := float64(margin)
	for _, part := range []struct {
		label string
		day   time.Time
	}{{wordIssued, c.Issued}, {wordExpires, c.Expires}} {
		if part.day.IsZero() {
			continue
		}
		a.label(s, x, numberLine-34, part.label)
		s.texts = append(s.texts, text{x, numberLine, 25, semibold, black, part.day.In(vietnam).Format("02/01/2006")})
		x += 190
	}
	number := c.Number.Grouped()
	wide := float64(s.code.module * s.code.code.Size)
	size := a.shrink(bold, 43, 34, number, wide)
	left := float64(s.code.x) + (wide-a.width(bold, size, number))/2
	s.texts = append(s.texts, text{left, numberLine, size, bold, black, number})
}

// vietnam is UTC+7 all year.
var vietnam = time.FixedZone("ICT", 7*3600)

func (a *Art) label(s *shapes, x, y float64, word string) {
	s.texts = append(s.texts, text{x, y, 21, regular, muted, word})
}

func year(birth string) string {
	if len(birth) < 4 {
		return birth
	}
	return birth[:4]
}
