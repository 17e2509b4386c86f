package paper

import (
	"quachot/assets/scanners"
	"quachot/internal/qr"
	catalogue "quachot/internal/text"
)

// TestCard is the page that a scanner is tested with: the known text of
// assets/scanners as a large and as a small code, and what to do with it in plain
// words. Behind it comes where the configuration codes of common makers stand.
type TestCard struct{ Training bool }

func (c TestCard) training() bool { return c.Training }

func (c TestCard) lay(w *catalogue.Catalogue) ([]*sheet, string, error) {
	symbol, err := qr.Encode(scanners.TestText, qr.M)
	if err != nil {
		return nil, "", err
	}
	title := w.T("paper.test.title")
	p := &sheet{w: 210, h: 297}
	const left, right = 18.0, 192.0
	p.text(left, 24, 22, bold, accent, title)
	p.rect(left, 28, right-left, 0.5, accent)
	y := p.paragraph(left, 37, right-left, 11.5, regular, black, w.T("paper.test.lead")) + 2
	const big, small = 78.0, 36.0
	p.qr(left+4, y, big, symbol)
	p.centre(left+4+big/2, y+big+4, 11, bold, black, w.T("paper.test.big"))
	p.qr(right-small-22, y+big-small-2, small, symbol)
	p.centre(right-small/2-22, y+big+4, 11, bold, black, w.T("paper.test.small"))
	p.fit(right-82, y+8, 82, 10.5, 9, 6, regular, black, w.T("paper.test.sizes"))
	y += big + 16
	y = steps(p, w, left, y, right-left, "paper.test.step.", 5)
	p.text(left, y+4, 13, bold, accent, w.T("paper.test.found"))
	steps(p, w, left, y+12, right-left, "paper.test.fault.", 6)
	p.fit(left, 284, right-left, 8, 7, 2, regular, muted, w.T("paper.test.foot"))
	return []*sheet{p, setup(w)}, title, nil
}

// steps are the numbered texts prefix1, prefix2 ...; it gives the y below.
func steps(p *sheet, w *catalogue.Catalogue, x, y, wide float64, prefix string, n int) float64 {
	for i := 1; i <= n; i++ {
		digit := string(rune('0' + i))
		p.text(x, y, 11, bold, accent, digit)
		y = p.paragraph(x+7, y, wide-7, 11, regular, black, w.T(prefix+digit)) + 1.2
	}
	return y
}
