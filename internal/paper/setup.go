package paper

import (
	"quachot/assets/scanners"
	catalogue "quachot/internal/text"
)

// setup is the page that says where the configuration codes stand; see
// [scanners.Manual] for why the codes are not on it.
func setup(w *catalogue.Catalogue) *sheet {
	const left, right = 18.0, 192.0
	p := &sheet{w: 210, h: 297}
	p.text(left, 24, 20, bold, accent, w.T("paper.setup.title"))
	p.rect(left, 28, right-left, 0.5, accent)
	y := p.paragraph(left, 37, right-left, 11, regular, black, w.T("paper.setup.lead")) + 6
	for _, m := range scanners.Manuals() {
		p.rect(left, y-5.5, right-left, 8, faint)
		p.text(left+3, y, 12.5, bold, black, m.Maker)
		p.right(right-3, y, 9, regular, muted, m.Models)
		y += 8
		for _, row := range [][2]string{{"manual", m.Manual}, {"begin", m.Begin}, {"serial", m.Serial}, {"suffix", m.Suffix}, {"layout", m.Layout}, {"keyboard", m.Keyboard}} {
			if row[1] == "" {
				continue
			}
			p.text(left+3, y, 10, regular, muted, w.T("paper.setup."+row[0]))
			y = p.fit(left+66, y, right-left-69, 10, 8.5, 2, semibold, black, row[1]) + 0.6
		}
		y += 6
	}
	p.paragraph(left, y+2, right-left, 10.5, regular, black, w.T("paper.setup.other"))
	return p
}
