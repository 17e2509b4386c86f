package paper

import (
	"strconv"
	"strings"
	"time"

	catalogue "quachot/internal/text"
)

// ShiftSheet is the record of a hand-over between two officers: what the machine
// counted, beside what each of them confirms, and both signatures.
type ShiftSheet struct {
	Province string
	Post     string
	Lane     string
	From, To time.Time // of the shift; a zero time is left blank
	Giving   string    // officer who hands over
	Taking   string    // officer who takes over; "" = nobody follows, the lane closes
	Counts   []Count
	Note     string
	Training bool
}

// Count is one number of the shift. Name is its code, whose text stands under
// "count."; one without a text is printed as it is.
type Count struct {
	Name   string
	Value  uint64
	Before *uint64 // of the shift before; nil = not known
}

func (s ShiftSheet) training() bool { return s.Training }

func (s ShiftSheet) lay(w *catalogue.Catalogue) ([]*sheet, string, error) {
	title := w.T("paper.shift.title")
	p := &sheet{w: 210, h: 297}
	const left, right = 20.0, 190.0
	head(p, w, s.Province, s.post(w))
	p.centre(105, 48, 18, bold, black, title)
	y := 58.0
	for _, line := range []string{
		w.T("paper.shift.time", "from", orDots(moment(s.From, w)), "to", orDots(moment(s.To, w))),
		w.T("paper.shift.giving", "officer", orDots(s.Giving)),
		w.T("paper.shift.taking", "officer", s.taking(w)),
	} {
		y = p.paragraph(left, y, right-left, 11, regular, black, line) + 1
	}
	y = s.table(p, left, y+4, w)
	p.text(left, y+8, 11, semibold, black, w.T("paper.shift.note"))
	y = p.paragraph(left, y+14, right-left, 11, regular, black, s.Note)
	for end := min(y+24, 235); y < end; y += 8 {
		p.rect(left, y, right-left, 0.15, hair)
	}
	y = max(y, 222)
	p.paragraph(left, y, right-left, 10, regular, black, w.T("paper.shift.confirm"))
	y += 14
	for i, who := range []struct{ role, name string }{
		{w.T("paper.shift.giver"), s.Giving}, {w.T("paper.shift.taker"), s.Taking},
	} {
		x := left + (right-left)*(0.25+0.5*float64(i))
		p.centre(x, y, 11, bold, black, who.role)
		p.centre(x, y+5, 9, regular, muted, w.T("paper.sign"))
		p.centre(x, y+33, 11, semibold, black, who.name)
	}
	return []*sheet{p}, title, nil
}

func (s ShiftSheet) post(w *catalogue.Catalogue) string {
	if s.Lane == "" {
		return s.Post
	}
	return s.Post + " · " + w.T("paper.lane", "lane", s.Lane)
}

func (s ShiftSheet) taking(w *catalogue.Catalogue) string {
	if s.Taking == "" {
		return w.T("paper.shift.nobody")
	}
	return s.Taking
}

// table is the counts with two columns to confirm by hand.
func (s ShiftSheet) table(p *sheet, x, y float64, w *catalogue.Catalogue) float64 {
	columns := []float64{66, 26, 26, 26, 26}
	heads := []string{w.T("paper.shift.what"), w.T("paper.shift.before"), w.T("paper.shift.now"), w.T("paper.shift.giver.ok"), w.T("paper.shift.taker.ok")}
	const total, row = 170.0, 8.0
	p.rect(x, y, total, row, faint)
	at := x
	for i, h := range heads {
		if i == 0 {
			p.text(at+2, y+5.4, 9.5, semibold, black, h)
		} else {
			p.centre(at+columns[i]/2, y+5.4, 9.5, semibold, black, h)
		}
		at += columns[i]
	}
	end := y + row*float64(len(s.Counts)+1)
	for i, c := range s.Counts {
		line := y + row*float64(i+1)
		p.rect(x, line, total, 0.15, hair)
		p.fit(x+2, line+5.5, columns[0]-4, 10.5, 8, 1, regular, black, countName(c.Name, w))
		before := "–"
		if c.Before != nil {
			before = number(*c.Before, w)
		}
		p.right(x+columns[0]+columns[1]-5, line+5.5, 10.5, regular, muted, before)
		p.right(x+columns[0]+columns[1]+columns[2]-5, line+5.5, 11.5, bold, black, number(c.Value, w))
		for j := range 2 {
			p.box(x+columns[0]+columns[1]+columns[2]+columns[3]*(float64(j)+0.5)-2.2, line+1.8, 4.4, 4.4, 0.25, black)
		}
	}
	p.box(x, y, total, end-y, 0.3, black)
	return end
}

func countName(name string, w *catalogue.Catalogue) string {
	if key := "count." + name; w.Has(key) {
		return w.T(key)
	}
	return name
}

// number groups thousands as the language does: 1.204 or 1,204.
func number(n uint64, w *catalogue.Catalogue) string {
	mark := "."
	if w.Lang() == catalogue.English {
		mark = ","
	}
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return s
}

// orDots is s, or a dotted line to write on.
func orDots(s string) string {
	if s == "" {
		return strings.Repeat(".", 40)
	}
	return s
}

// head is the head of an official paper: who, at the left, the motto at the right.
func head(p *sheet, w *catalogue.Catalogue, province, post string) {
	p.fit(20, 18, 72, 10, 7, 1, semibold, black, strings.ToUpper(province))
	p.fit(20, 23.5, 72, 10.5, 8, 2, bold, black, post)
	const middle = 147.0
	p.centre(middle, 18, 10, bold, black, w.T("paper.state"))
	p.centre(middle, 23.5, 10.5, semibold, black, w.T("paper.motto"))
	p.rect(middle-24, 25.6, 48, 0.25, black)
	p.rect(20, 33, 170, 0.3, accent)
}
