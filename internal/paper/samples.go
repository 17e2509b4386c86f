package paper

import (
	"fmt"

	"quachot/internal/qr"
	catalogue "quachot/internal/text"
)

// SampleCards are codes of people who do not exist, to train with: cards of the
// size of a bank card, ten on an A4 page, to be cut. Every page, and every card,
// wears the ribbon of training: there is no other way to print them.
type SampleCards struct{ Samples []Sample }

// Sample is one card. Title says what it stands for and Expect what the screen
// should say; both are finished words.
type Sample struct{ Title, Name, Text, Expect string }

func (c SampleCards) training() bool { return true }

func (c SampleCards) lay(w *catalogue.Catalogue) ([]*sheet, string, error) {
	const wide, high, perPage = 85.6, 53.98, 10
	var pages []*sheet
	for i, one := range c.Samples {
		symbol, err := qr.Encode(one.Text, qr.MLong)
		if err != nil {
			return nil, "", fmt.Errorf("sample %q: %w", one.Title, err)
		}
		at := i % perPage
		if at == 0 {
			pages = append(pages, &sheet{w: 210, h: 297})
		}
		p := pages[len(pages)-1]
		x, y := 15+95*float64(at%2), 13.5+54*float64(at/2)
		p.box(x, y, wide, high, 0.1, hair)
		p.rect(x, y, wide, 6.5, drill)
		p.text(x+3, y+4.6, 8.5, bold, white, w.T("paper.training"))
		p.fit(x+30, y+4.6, wide-33, 8, 6, 1, semibold, white, one.Title)
		const side = 42.0
		p.qr(x+wide-side-2, y+8.5, side, symbol)
		next := p.block(x+3, y+10, wide-side-6, 11.5, 8, 3, bold, black, one.Name) + 5
		p.text(x+3, next, 7, regular, muted, w.T("paper.samples.expect"))
		p.block(x+3, next+1.2, wide-side-6, 9.5, 7.5, 4, semibold, black, one.Expect)
	}
	return pages, w.T("paper.samples.title"), nil
}
