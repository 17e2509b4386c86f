package view

import "quachot/kiosk/screen"

// rows are the results before.
func (d *drawing) rows(b box) {
	if len(d.s.Rows) == 0 {
		return
	}
	d.under.text(d.s.RowsFor, box{margin, b.y + 6, b.w - 2*margin, 24}, style{size: sizeSmall, color: d.c.soft})
	for i, r := range d.s.Rows {
		d.row(box{margin, b.y + 32 + float32(i)*rowHeight, b.w - 2*margin, rowHeight - 4}, r)
	}
}

func (d *drawing) row(b box, r screen.Row) {
	l := lookFor(r.Verdict, r.Neutral)
	d.under.card(b, d.c.card, d.c.edge, 1, 6)
	d.under.rect(box{b.x, b.y, 250, b.h}, l.ground, 6)
	d.under.icon(l.icon, box{b.x + 10, b.y + 7, b.h - 14, b.h - 14})
	d.under.text(r.Word, box{b.x + 50, b.y, 192, b.h}, style{size: sizeBody, bold: true, color: l.text})
	x, end := b.x+266, b.x+b.w-14
	d.under.text(r.Time, box{x, b.y, 92, b.h}, style{size: sizeBody, color: d.c.soft})
	x += 100
	decided := style{size: sizeBody, bold: true, color: d.c.ink, align: right}
	if r.Decided != "" {
		w := min(d.under.measure(r.Decided, decided), 260)
		d.under.text(r.Decided, box{end - w, b.y, w, b.h}, decided)
		end -= w + 16
	}
	if r.Name != "" {
		name := style{size: sizeBody, bold: true, color: d.c.ink}
		w := min(d.under.measure(r.Name, name)+1, (end-x)*0.6)
		d.under.text(r.Name, box{x, b.y, w, b.h}, name)
		x += w + 18
	}
	d.under.text(r.Detail, box{x, b.y, end - x, b.h}, style{size: sizeHint, color: d.c.soft})
}
