package view

import "quachot/kiosk/screen"

// table is rows of words under a head; of too many, those around the marked one.
type table screen.Table

const (
	headHigh = 38
	cellHigh = 40
	cellLow  = 29 // when there is no room for more
	cellAir  = 12

	tableWide = 900 // of a name and its numbers: the eye follows no longer line
)

func (t *table) tall(*drawing, float32) float32 {
	return headHigh + float32(len(t.Rows))*cellHigh + 4
}

func (t *table) least(*drawing, float32) float32 {
	return headHigh + float32(min(len(t.Rows), 12))*cellLow + 4
}

func (t *table) draw(d *drawing, p painter, b box) {
	if len(t.Head) < 4 && len(t.Right) > 0 {
		b.w = min(b.w, tableWide)
	}
	wide := t.columns(b.w)
	if len(t.Head) > 0 {
		st := style{size: sizeHint, bold: true, color: d.c.soft}
		for i, s := range t.Head { // all in type of one size
			for st.size > 12 && p.measure(s, st) > wide[i]-2*cellAir {
				st.size -= 0.5
			}
		}
		t.line(p, box{b.x, b.y, b.w, headHigh}, t.Head, wide, st)
	}
	body := box{b.x, b.y + headHigh, b.w, b.h - headHigh}
	pitch := max(cellLow, min(cellHigh, (body.h-2)/max(1, float32(len(t.Rows)))))
	n := min(len(t.Rows), max(1, int((body.h-2)/pitch)))
	from := max(0, min(t.Row-n+1, len(t.Rows)-n))
	p.card(box{body.x, body.y, body.w, float32(n)*pitch + 2}, d.c.card, d.c.edge, 1, 6)
	for i := from; i < from+n; i++ {
		at := box{body.x + 1, body.y + 1 + float32(i-from)*pitch, body.w - 2, pitch}
		switch {
		case i == t.Row:
			p.card(at, d.c.chosen, d.c.focus, 2, 4)
		case i > from:
			p.rect(box{at.x + 8, at.y, at.w - 16, 1}, d.c.track, 0)
		}
		t.line(p, at, t.Rows[i], wide, style{size: min(sizeBody, pitch*0.6), color: d.c.ink})
	}
	d.bar(p, box{b.x + b.w + 8, body.y, 8, float32(n) * pitch}, from, n, len(t.Rows))
}

// columns are the widths of the columns.
func (t *table) columns(w float32) []float32 {
	n := len(t.Head)
	for _, r := range t.Rows {
		n = max(n, len(r))
	}
	shares, sum := make([]float32, n), float32(0)
	for i := range shares {
		shares[i] = 1
		if i < len(t.Wide) && t.Wide[i] > 0 {
			shares[i] = t.Wide[i]
		}
		sum += shares[i]
	}
	for i := range shares {
		shares[i] *= w / sum
	}
	return shares
}

func (t *table) line(p painter, b box, cells []string, wide []float32, st style) {
	x := b.x
	for i, s := range cells {
		st.align = left
		if i < len(t.Right) && t.Right[i] {
			st.align = right
		}
		p.text(s, box{x + cellAir, b.y, wide[i] - 2*cellAir, b.h}, st)
		x += wide[i]
	}
}
