package paper

import (
	"errors"
	"fmt"
	"strings"

	catalogue "quachot/internal/text"
)

// Form is the blank declaration of health (khai báo y tế), two on an A4 page, to
// be filled in by hand when the window cannot keep up or is dark. Its fields
// stand in the order of the window's form, so that entering it later goes from
// top to bottom.
type Form struct {
	Province string
	Post     string
	// Series and First give each form its printed number, "A21-000123" and so on;
	// without a Series there is a line to write one on.
	Series   string
	First    uint
	Count    int // forms to print; 0 = one page of two
	Training bool
}

// MaxForms bounds one document: 500 pages.
const MaxForms = 1000

// ErrForms is returned for a number of forms that makes no sense.
var ErrForms = errors.New("forms to print: want 1 to 1000")

func (f Form) training() bool { return f.Training }

// FormNumber is how the number of a form is printed and typed.
func FormNumber(series string, n uint) string {
	return fmt.Sprintf("%s-%06d", strings.ToUpper(strings.TrimSpace(series)), n)
}

func (f Form) lay(w *catalogue.Catalogue) ([]*sheet, string, error) {
	count := f.Count
	if count == 0 {
		count = 2
	}
	if count < 0 || count > MaxForms {
		return nil, "", fmt.Errorf("%d: %w", count, ErrForms)
	}
	var pages []*sheet
	for i := range count {
		if i%2 == 0 {
			pages = append(pages, &sheet{w: 210, h: 297})
			cut(pages[i/2], 148.5)
			if f.Training {
				band(pages[i/2], 0, 148.5, 210, w)
			}
		}
		number := ""
		if f.Series != "" {
			number = FormNumber(f.Series, f.First+uint(i))
		}
		b := &blank{s: pages[i/2], w: w, top: 148.5 * float64(i%2)}
		b.form(f, number)
	}
	return pages, w.T("paper.form.title"), nil
}

// blank draws one form; y goes down row by row.
type blank struct {
	s      *sheet
	w      *catalogue.Catalogue
	top, y float64
}

// Places on a form, in mm.
const (
	formLeft  = 12.0
	formRight = 198.0
	formField = 46.0 // where what is written begins
	formRow   = 8.5
	box       = 5.2 // for a character
)

func (b *blank) form(f Form, number string) {
	t := b.w.T
	b.head(f, number)
	b.row("paper.form.document")
	x := b.ticks(formField, "CCCD", "CMND", "BHYT", t("paper.form.passport"))
	b.comb(x, (formRight-x)/15, 15)
	b.row("paper.form.name")
	b.line(formField, formRight)
	b.row("paper.form.birth")
	x = b.comb(formField, box, 2)
	x = b.comb(x+2, box, 2)
	x = b.comb(x+2, box, 4)
	b.s.text(x+8, b.y, 9.5, semibold, black, t("paper.form.sex"))
	b.ticks(x+8+width(semibold, 9.5, t("paper.form.sex"))+4, t("sex.M"), t("sex.F"))
	b.row("paper.form.phone")
	b.comb(formField, box, 10)
	b.row("paper.form.from")
	b.ward()
	b.row("paper.form.through")
	b.line(formField, formRight)
	b.row("paper.form.to")
	b.ward()
	b.row("paper.form.purpose")
	x = b.ticks(formField, t("paper.form.purpose.work"), t("paper.form.purpose.freight"), t("paper.form.purpose.health"), t("paper.form.purpose.home"))
	b.s.text(x+2, b.y, 9.5, semibold, black, t("paper.form.plate"))
	b.line(x+4+width(semibold, 9.5, t("paper.form.plate")), formRight)
	b.row("paper.form.symptoms")
	b.ticks(formField, t("paper.form.none"), t("paper.form.fever"), t("paper.form.cough"), t("paper.form.breath"), t("paper.form.taste"))
	b.y += formRow
	b.s.text(formLeft, b.y, 9.5, semibold, black, t("paper.form.contact"))
	x = b.ticks(formLeft+width(semibold, 9.5, t("paper.form.contact"))+5, t("paper.form.no"), t("paper.form.yes"))
	b.s.text(x+3, b.y, 9.5, semibold, black, t("paper.form.doses"))
	b.ticks(x+3+width(semibold, 9.5, t("paper.form.doses"))+3, "0", "1", "2", "3")
	b.row("paper.form.test")
	x = b.ticks(formField, t("paper.form.none"), "PCR", t("paper.form.rapid"))
	b.s.text(x+1, b.y, 9.5, regular, black, t("paper.form.test.day"))
	x = b.comb(x+3+width(regular, 9.5, t("paper.form.test.day")), box, 2)
	b.comb(x+2, box, 2)
	b.foot()
}

func (b *blank) head(f Form, number string) {
	t := b.w.T
	y := b.top + 12
	b.s.fit(formLeft, y, 66, 9, 7, 1, semibold, black, strings.ToUpper(f.Province))
	b.s.fit(formLeft, y+4.5, 66, 9, 7, 1, regular, black, f.Post)
	b.s.centre(105, y+3, 16, bold, accent, t("paper.form.title"))
	if number != "" {
		b.s.right(formRight, y+3, 15, bold, black, number)
	} else {
		label := t("paper.form.number")
		b.s.text(156, y+3, 9.5, semibold, black, label)
		b.s.rect(158+width(semibold, 9.5, label), y+3.6, formRight-158-width(semibold, 9.5, label), 0.2, black)
	}
	b.s.centre(105, y+7.5, 8, regular, muted, t("paper.form.lead"))
	b.y = y + 9.5
}

// row goes to the next line and puts its label.
func (b *blank) row(label string) {
	b.y += formRow
	b.s.fit(formLeft, b.y, formField-formLeft-2, 9.5, 7.5, 1, semibold, black, b.w.T(label))
}

// line is something to write on, from x to end.
func (b *blank) line(x, end float64) { b.s.rect(x, b.y+0.6, end-x, 0.2, black) }

// comb is n boxes for one character each; it gives the x behind them.
func (b *blank) comb(x, wide float64, n int) float64 {
	for i := range n {
		b.s.box(x+wide*float64(i), b.y-4.4, wide, 6, 0.15, hair)
	}
	return x + wide*float64(n)
}

// ticks are boxes to tick with their words; it gives the x behind them.
func (b *blank) ticks(x float64, words ...string) float64 {
	for _, word := range words {
		b.s.box(x, b.y-3.1, 3.6, 3.6, 0.25, black)
		b.s.text(x+4.8, b.y, 9.5, regular, black, word)
		x += 4.8 + width(regular, 9.5, word) + 4.5
	}
	return x
}

// ward is three lines: ward, district, province.
func (b *blank) ward() {
	x := formField
	for _, part := range []string{"paper.form.ward", "paper.form.district", "paper.form.province"} {
		label := b.w.T(part)
		b.s.text(x, b.y, 8, regular, muted, label)
		begin := x + width(regular, 8, label) + 1.5
		x += (formRight - formField) / 3
		b.line(begin, x-2)
	}
}

// foot is the signature, and what the post fills in.
func (b *blank) foot() {
	t := b.w.T
	b.y += formRow
	b.s.text(formLeft, b.y, 9.5, semibold, black, t("paper.form.signed"))
	x := formLeft + width(semibold, 9.5, t("paper.form.signed")) + 3
	b.line(x, x+42)
	b.s.text(x+46, b.y, 9.5, regular, black, t("paper.form.time"))
	b.line(x+48+width(regular, 9.5, t("paper.form.time")), formRight)
	b.s.rect(formLeft-2, b.y+4, formRight-formLeft+4, 12, faint)
	b.y += 11.5
	b.s.text(formLeft, b.y, 8.5, bold, accent, t("paper.form.post"))
	x = b.ticks(formLeft+width(bold, 8.5, t("paper.form.post"))+4, t("direction.in"), t("direction.out"))
	x = b.ticks(x+3, t("paper.form.let"), t("paper.form.back"), t("paper.form.totest"), t("paper.form.toquarantine"))
	b.line(x, formRight)
}
