package paper

import (
	"fmt"
	"strings"

	"quachot/internal/qr"
	catalogue "quachot/internal/text"
)

// Badge is an officer's badge, for a card printer (CR80, the default) or on paper
// to be cut and laminated (A6). It opens nothing without the PIN.
type Badge struct {
	Size     Size
	Text     string // of the QR code
	Officer  string // id, typed when the code is ruined
	Name     string
	Role     string // code, whose text stands under "role."; one without is printed as it is
	Province string
	Training bool
}

func (b Badge) training() bool { return b.Training }

func (b Badge) lay(w *catalogue.Catalogue) ([]*sheet, string, error) {
	if b.Text == "" {
		return nil, "", fmt.Errorf("badge of %s: no text for its code: %w", b.Officer, ErrEmpty)
	}
	symbol, err := qr.Encode(b.Text, qr.M)
	if err != nil {
		return nil, "", err
	}
	s := &sheet{w: 85.6, h: 53.98}
	if b.Size == A6 {
		s = &sheet{w: 105, h: 148}
		b.card(s, 9.7, 30, w, symbol)
		s.box(9.7, 30, 85.6, 53.98, 0.1, hair)
		s.paragraph(9.7, 96, 85.6, 9, regular, muted, w.T("paper.badge.cut"))
	} else {
		b.card(s, 0, 0, w, symbol)
	}
	return []*sheet{s}, w.T("paper.badge.title"), nil
}

// card draws 85.6 x 53.98 mm at x, y.
func (b Badge) card(s *sheet, x, y float64, w *catalogue.Catalogue, symbol *qr.Code) {
	top := y
	if b.Training {
		top += ribbonHeight // the page's own ribbon is there, except on paper to be cut
		if b.Size == A6 {
			band(s, x, y, 85.6, w)
		}
	}
	s.rect(x, top, 85.6, 9, accent)
	s.fit(x+4, top+6, 48, 9.5, 6, 1, bold, white, strings.ToUpper(w.T("paper.badge.title")))
	province := clean(strings.ToUpper(b.Province))
	size := 7.0
	for ; size > 5 && width(semibold, size, province) > 30; size -= 0.5 {
	}
	s.right(x+81.6, top+5.8, size, semibold, white, province)
	const side = 35.0
	s.qr(x+85.6-side-2, top+10.5, side, symbol)
	wide := 85.6 - side - 8
	role := b.Role
	if w.Has("role." + b.Role) {
		role = w.T("role." + b.Role)
	}
	b.name(s, x+4, top+11.5, wide, y+36.5)
	s.fit(x+4, y+40, wide, 10, 7, 1, semibold, accent, role)
	s.text(x+4, y+50.5, 16, bold, black, b.Officer)
	s.text(x+4, y+44, 6.5, regular, muted, w.T("paper.badge.number"))
}

// name puts the name below top, as large as it ends above bottom.
func (b Badge) name(s *sheet, x, top, wide, bottom float64) {
	for size := 14.0; ; size -= 0.5 {
		try := &sheet{}
		if end := try.block(x, top, wide, size, 6, 4, bold, black, b.Name); end <= bottom || size <= 6 {
			s.shapes = append(s.shapes, try.shapes...)
			return
		}
	}
}
