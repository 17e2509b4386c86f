package cardart

import (
	"fmt"
	"image/color"
	"io"

	"codeberg.org/go-pdf/fpdf"
)

// mm is the millimetres of a dot; pt the points.
const (
	mm = 25.4 / DPI
	pt = 72.0 / DPI
)

// Sheet is the geometry of a page of cards, in mm.
type Sheet struct {
	Name          string
	Width, Height float64 // of the page
	Columns, Rows int
	Left, Top     float64 // of the first card
	StepX, StepY  float64 // from a card to the next
	SlotX, SlotY  float64 // of a card's place
	Marks         bool    // lines to cut along, outside the cards
}

// A4 is ten cards on a page, the places of Avery C32011-10: also for plain
// paper, cut along the marks. Source: gLabels template database.
var A4 = Sheet{Name: "Avery C32011-10", Width: 210, Height: 297, Columns: 2, Rows: 5,
	Left: 15, Top: 13.5, StepX: 95, StepY: 54, SlotX: 85, SlotY: 54, Marks: true}

// CR80 is one card a page, for card printers.
var CR80 = Sheet{Name: "CR80", Width: Width * mm, Height: Height * mm, Columns: 1, Rows: 1,
	StepX: Width * mm, StepY: Height * mm, SlotX: Width * mm, SlotY: Height * mm}

// PerPage is how many cards a page holds.
func (s Sheet) PerPage() int { return s.Columns * s.Rows }

// PDF writes the cards on pages of the sheet: texts as text, codes as
// rectangles, only the letters used embedded. A few hundred cards are one file.
func (a *Art) PDF(w io.Writer, sheet Sheet, cards []Card) error {
	doc := a.document(sheet)
	for i, c := range cards {
		s, err := a.layout(c)
		if err != nil {
			return err
		}
		at := i % sheet.PerPage()
		if at == 0 {
			doc.AddPage()
			sheet.drawMarks(doc)
		}
		x := sheet.Left + float64(at%sheet.Columns)*sheet.StepX + (sheet.SlotX-Width*mm)/2
		y := sheet.Top + float64(at/sheet.Columns)*sheet.StepY + (sheet.SlotY-Height*mm)/2
		s.pdf(doc, x, y)
	}
	if err := doc.Output(w); err != nil {
		return fmt.Errorf("write the PDF of %d cards: %w", len(cards), err)
	}
	return nil
}

func (a *Art) document(sheet Sheet) *fpdf.Fpdf {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: sheet.Width, Ht: sheet.Height}})
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.SetTitle(wordDocument, true)
	doc.SetCreator(wordCreator, true)
	doc.SetProducer(wordCreator, true)
	for w, ttf := range cuts {
		doc.AddUTF8FontFromBytes(string(w), "", ttf)
	}
	return doc
}

// pdf draws the shapes with the card's top left corner at x, y.
func (s shapes) pdf(doc *fpdf.Fpdf, x, y float64) {
	for _, r := range s.rects {
		paint(doc, r.fill)
		doc.Rect(x+r.x*mm, y+r.y*mm, r.w*mm, r.h*mm, "F")
	}
	for _, t := range s.texts {
		doc.SetFont(string(t.weight), "", t.size*pt)
		doc.SetTextColor(int(t.fill.R), int(t.fill.G), int(t.fill.B))
		doc.Text(x+t.x*mm, y+t.y*mm, t.s)
	}
	paint(doc, black)
	module := float64(s.code.module) * mm
	left, top := x+float64(s.code.x)*mm, y+float64(s.code.y)*mm
	for _, b := range s.code.code.Bars() {
		doc.Rect(left+float64(b.X)*module, top+float64(b.Y)*module, float64(b.Width)*module, float64(b.Height)*module, "F")
	}
}

func paint(doc *fpdf.Fpdf, c color.RGBA) { doc.SetFillColor(int(c.R), int(c.G), int(c.B)) }

// drawMarks draws fine lines outside the cards where the page is to be cut.
func (s Sheet) drawMarks(doc *fpdf.Fpdf) {
	if !s.Marks {
		return
	}
	const length, gap = 4.0, 1.0
	doc.SetDrawColor(150, 150, 150)
	doc.SetLineWidth(0.1)
	right, bottom := s.Left+float64(s.Columns-1)*s.StepX+s.SlotX, s.Top+float64(s.Rows-1)*s.StepY+s.SlotY
	for column := range s.Columns {
		for _, x := range []float64{s.Left + float64(column)*s.StepX, s.Left + float64(column)*s.StepX + s.SlotX} {
			doc.Line(x, s.Top-gap-length, x, s.Top-gap)
			doc.Line(x, bottom+gap, x, bottom+gap+length)
		}
	}
	for row := range s.Rows {
		for _, y := range []float64{s.Top + float64(row)*s.StepY, s.Top + float64(row)*s.StepY + s.SlotY} {
			doc.Line(s.Left-gap-length, y, s.Left-gap, y)
			doc.Line(right+gap, y, right+gap+length, y)
		}
	}
}
