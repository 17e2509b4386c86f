// Package paper makes what a post prints besides cards: the hand-over slip of a
// person sent to test or quarantine, the sheet of a shift's hand-over, blank
// declaration forms, the scanners' test card, officers' badges and sample codes
// for training.
//
// A document is a struct of finished facts; its words come from the catalogue.
// Laid out once as shapes in mm (sheet.go), it is drawn as PDF or as a picture for
// printers that take dots (draw.go), so that the two cannot differ.
//
// Every document has a Training flag. With it each page wears a violet ribbon and
// the word of training behind its text: it can never be taken for real.
package paper

import (
	"errors"
	"fmt"
	"image"
	"time"

	"golang.org/x/image/font"

	catalogue "quachot/internal/text"
)

// creator is what the PDF says it was made by.
const creator = "Qua Chốt"

// Doc is something to print: HandoverSlip, ShiftSheet, Form, TestCard, Badge or
// SampleCards.
type Doc interface {
	// lay gives the pages; title is the document's, for the PDF. It is never empty
	// without an error.
	lay(w *catalogue.Catalogue) (pages []*sheet, title string, err error)
	training() bool
}

// Size is the paper of a document that fits several.
type Size string

// The sizes. A4 is what nearly every office printer holds: a slip is printed twice
// on it, one half for the person and one for the post.
const (
	A4     Size = "a4"
	A5     Size = "a5"     // 210 x 148 mm, half an A4
	A6     Size = "a6"     // 105 x 148 mm
	CR80   Size = "cr80"   // a card, 85.6 x 54 mm
	Roll80 Size = "roll80" // receipt paper 80 mm wide, 72 mm of it printed; as long as it takes
)

// ErrEmpty is returned for a document that says nothing.
var ErrEmpty = errors.New("nothing to print")

// Render is the document as PDF. words is its language.
func Render(d Doc, words *catalogue.Catalogue) ([]byte, error) {
	pages, title, err := layout(d, words)
	if err != nil {
		return nil, err
	}
	return pdf(pages, title)
}

// Pictures are the document's pages at dpi dots per inch, opaque.
func Pictures(d Doc, words *catalogue.Catalogue, dpi int) ([]image.Image, error) {
	pages, _, err := layout(d, words)
	if err != nil {
		return nil, err
	}
	b := &brush{dpi: dpi, faces: map[faceKey]font.Face{}}
	var all []image.Image
	for _, p := range pages {
		all = append(all, b.picture(p))
	}
	return all, nil
}

// Dimensions are the paper of the document's first page, in mm.
func Dimensions(d Doc, words *catalogue.Catalogue) (width, height float64, err error) {
	pages, _, err := layout(d, words)
	if err != nil {
		return 0, 0, err
	}
	return pages[0].w, pages[0].h, nil
}

func layout(d Doc, words *catalogue.Catalogue) ([]*sheet, string, error) {
	pages, title, err := d.lay(words)
	if err != nil {
		return nil, "", fmt.Errorf("lay out %T: %w", d, err)
	}
	if len(pages) == 0 {
		return nil, "", fmt.Errorf("lay out %T: %w", d, ErrEmpty)
	}
	if d.training() {
		for _, p := range pages {
			ribbon(p, words)
		}
	}
	return pages, title, nil
}

// ribbonHeight is how much of a page's upper edge the ribbon of training takes; a
// document keeps it free.
const ribbonHeight = 5.0

// ribbon puts the word of training on a page: a violet band along the upper edge,
// and the word large and pale behind everything.
func ribbon(p *sheet, words *catalogue.Catalogue) {
	word := words.T("paper.training")
	under := &sheet{w: p.w, h: p.h}
	size := p.w / width(bold, 1, word) * 0.8
	for y := p.h / 4; y < p.h; y += max(p.h/2.5, 2*size*pt) {
		under.centre(p.w/2, y+size*pt/3, size, bold, ghost, word)
	}
	p.shapes = append(under.shapes, p.shapes...)
	band(p, 0, 0, p.w, words)
}

// band is the ribbon itself; documents that are cut apart put one on each part.
func band(p *sheet, x, y, wide float64, words *catalogue.Catalogue) {
	p.rect(x, y, wide, ribbonHeight, drill)
	p.centre(x+wide/2, y+ribbonHeight-1.35, 9, bold, white, words.T("paper.training.ribbon"))
}

// vietnam is UTC+7 all year.
var vietnam = time.FixedZone("ICT", 7*3600)

// moment is a time as people here write it: "14:32 ngày 22/11/2021".
func moment(at time.Time, words *catalogue.Catalogue) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(vietnam)
	return words.T("paper.moment", "time", at.Format("15:04"), "day", at.Format("02/01/2006"))
}
