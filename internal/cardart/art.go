// Package cardart draws our cards: one plain layout in the size of a bank card
// (CR80, 85.6 x 54 mm), as a picture and as PDF.
//
// The layout is computed once, in printer dots of 300 dpi, as a list of shapes
// (layout.go); the picture (picture.go) and the PDF (pdf.go) draw the same list,
// so they cannot differ.
package cardart

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"quachot/assets/fonts"
	"quachot/internal/card"
	"quachot/internal/qr"
)

// The size of a card in dots, at DPI dots per inch.
const (
	DPI    = 300
	Width  = 1011
	Height = 638
)

// ErrLetter is returned for a text with a letter that the card's typeface does
// not have: better no card than one with boxes in the name.
var ErrLetter = errors.New("the card's typeface has no such letter")

// Card is what one card shows. Empty texts are left out.
type Card struct {
	Number  card.Number
	Text    string // of the QR code
	Name    string
	Birth   string // YYYY-MM-DD or YYYY; the year is shown
	Ward    string // name of the ward, with its kind
	Place   string // where the ward lies
	Issued  time.Time
	Expires time.Time // the last day is shown; zero = none
}

// Style is what all cards of a province share.
type Style struct {
	Issuer string   // who issues, at the top right: "Tỉnh Thừa Thiên Huế"; may be empty
	Level  qr.Level // of the QR code; the zero Level is qr.M
}

// Art draws cards. It keeps typefaces ready and is for one goroutine at a time.
type Art struct {
	style Style
	fonts map[weight]*sfnt.Font
	faces map[faceKey]font.Face
	buf   sfnt.Buffer
}

// weight is one cut of the typeface; its value is the PDF's name for it.
type weight string

const (
	regular  weight = "regular"
	semibold weight = "semibold"
	bold     weight = "bold"
)

var cuts = map[weight][]byte{regular: fonts.Regular, semibold: fonts.SemiBold, bold: fonts.Bold}

type faceKey struct {
	weight weight
	size   float64
}

// New makes an Art.
func New(style Style) (*Art, error) {
	if style.Level == (qr.Level{}) {
		style.Level = qr.M
	}
	a := &Art{style: style, fonts: map[weight]*sfnt.Font{}, faces: map[faceKey]font.Face{}}
	for w, ttf := range cuts {
		f, err := opentype.Parse(ttf)
		if err != nil {
			return nil, fmt.Errorf("read the %s typeface: %w", w, err)
		}
		a.fonts[w] = f
	}
	return a, nil
}

// face is the cut at a size in dots.
func (a *Art) face(w weight, size float64) (font.Face, error) {
	key := faceKey{w, size}
	if f, ok := a.faces[key]; ok {
		return f, nil
	}
	f, err := opentype.NewFace(a.fonts[w], &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("make the %s typeface of %.0f dots: %w", w, size, err)
	}
	a.faces[key] = f
	return f, nil
}

// width is how wide s is drawn, in dots.
func (a *Art) width(w weight, size float64, s string) float64 {
	f, err := a.face(w, size)
	if err != nil {
		return 0
	}
	return float64(font.MeasureString(f, s)) / 64
}

// clean is s as it is drawn: NFC, blanks folded. The PDF and the picture put
// letters side by side without joining marks, so NFC is not a nicety.
func (a *Art) clean(s string) (string, error) {
	s = norm.NFC.String(strings.Join(strings.Fields(s), " "))
	for _, r := range s {
		if r == ' ' {
			continue
		}
		for w, f := range a.fonts {
			if i, err := f.GlyphIndex(&a.buf, r); err != nil || i == 0 {
				return "", fmt.Errorf("%q in %q (%s): %w", r, s, w, ErrLetter)
			}
		}
	}
	return s, nil
}

// code is the QR of text: the style's level, or the long form for a long name.
func (a *Art) code(text string) (*qr.Code, error) {
	c, err := qr.Encode(text, a.style.Level)
	if errors.Is(err, qr.ErrTooLong) {
		return qr.Encode(text, qr.MLong)
	}
	return c, err
}

// Check is what drawing c would say: nil, or an error wrapping ErrLetter or
// qr.ErrTooLong.
func (a *Art) Check(c Card) error {
	_, err := a.layout(c)
	return err
}
