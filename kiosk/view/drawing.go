package view

import (
	"image/color"

	"fyne.io/fyne/v2"

	"quachot/kiosk/screen"
)

// drawing is one drawing of a state, in base units.
type drawing struct {
	under, over painter
	w, h        float32
	s           screen.State
}

const (
	left   = fyne.TextAlignLeading
	center = fyne.TextAlignCenter
	right  = fyne.TextAlignTrailing
)

func (d *drawing) draw() {
	d.under.rect(box{0, 0, d.w, d.h}, ground, 0)
	d.header()
	top := float32(headerHeight)
	if d.s.Ribbon != "" {
		d.ribbon(top)
		top += ribbonHeight
	}
	if d.s.Notice != "" {
		d.notice(top)
		top += noticeHeight
	}
	rows := d.h - footerHeight - rowsHeight
	body := box{0, top, d.w, rows - top}
	if d.s.Panel != nil {
		d.panel(body, d.s.Panel)
	} else {
		d.waiting(body)
	}
	d.rows(box{0, rows, d.w, rowsHeight})
	d.footer()
	if d.s.Field != nil {
		d.field(d.s.Field)
	}
	if d.s.Ribbon != "" {
		d.frame()
	}
}

// waiting is the screen between two people.
func (d *drawing) waiting(b box) {
	title := style{size: sizeTitle, bold: true, color: ink, align: center}
	help := style{size: sizeReason - 4, color: inkSoft, align: center}
	icon := min(float32(150), b.h*0.42)
	height := icon + 18 + d.under.lineHeight(title) + 6 + d.under.lineHeight(help)
	y := b.y + (b.h-height)/2
	d.under.icon("scan", box{b.x + (b.w-icon)/2, y, icon, icon})
	y += icon + 18
	d.under.text(d.s.Title, box{b.x + margin, y, b.w - 2*margin, d.under.lineHeight(title)}, title)
	y += d.under.lineHeight(title) + 6
	d.under.text(d.s.Help, box{b.x + margin, y, b.w - 2*margin, d.under.lineHeight(help)}, help)
}

// rows are the results before.
func (d *drawing) rows(b box) {
	if len(d.s.Rows) == 0 {
		return
	}
	d.under.text(d.s.RowsFor, box{margin, b.y + 6, b.w - 2*margin, 24}, style{size: sizeSmall, color: inkSoft})
	for i, r := range d.s.Rows {
		d.row(box{margin, b.y + 32 + float32(i)*rowHeight, b.w - 2*margin, rowHeight - 4}, r)
	}
}

func (d *drawing) row(b box, r screen.Row) {
	l := lookOf(r.Verdict)
	d.under.rect(b, white, 6)
	d.under.rect(box{b.x, b.y, 250, b.h}, l.ground, 6)
	d.under.icon(l.icon, box{b.x + 10, b.y + 7, b.h - 14, b.h - 14})
	d.under.text(r.Word, box{b.x + 50, b.y, 192, b.h}, style{size: sizeBody, bold: true, color: l.text})
	x, end := b.x+266, b.x+b.w-14
	d.under.text(r.Time, box{x, b.y, 92, b.h}, style{size: sizeBody, color: inkSoft})
	x += 100
	decided := style{size: sizeBody, bold: true, color: ink, align: right}
	if r.Decided != "" {
		w := min(d.under.measure(r.Decided, decided), 260)
		d.under.text(r.Decided, box{end - w, b.y, w, b.h}, decided)
		end -= w + 16
	}
	if r.Name != "" {
		name := style{size: sizeBody, bold: true, color: ink}
		w := min(d.under.measure(r.Name, name)+1, (end-x)*0.6)
		d.under.text(r.Name, box{x, b.y, w, b.h}, name)
		x += w + 18
	}
	d.under.text(r.Detail, box{x, b.y, end - x, b.h}, style{size: sizeHint, color: inkSoft})
}

// notice is a bar under the header: a fault in red, a question in blue.
func (d *drawing) notice(y float32) {
	face := color.Color(wayIn)
	if d.s.Alarm {
		face = levelBad
	}
	d.under.rect(box{0, y, d.w, noticeHeight}, face, 0)
	d.under.text(d.s.Notice, box{margin, y, d.w - 2*margin, noticeHeight}, style{size: 22, bold: true, color: white})
}

// footer is the tally and the keys.
func (d *drawing) footer() {
	y := d.h - footerHeight
	d.under.rect(box{0, y, d.w, footerHeight}, band, 0)
	x := d.hints(y, d.w-margin)
	if d.s.Panel != nil && d.s.Panel.Question != "" {
		d.under.text(d.s.Panel.Question, box{margin, y, x - margin - 24, footerHeight}, style{size: 22, bold: true, color: leadFace})
		return
	}
	d.under.text(d.s.Tally, box{margin, y, x - margin - 24, footerHeight}, style{size: sizeSmall, color: bandSoft})
}

// hints are drawn from the right; it returns where they begin.
func (d *drawing) hints(y, end float32) float32 {
	for i := len(d.s.Hints) - 1; i >= 0; i-- {
		h := d.s.Hints[i]
		face, text := keyFace, white
		if h.Lead {
			face, text = leadFace, black
		}
		word := style{size: sizeHint, color: white, bold: h.Lead}
		key := style{size: sizeHint, bold: true, color: text, align: center}
		w := d.under.measure(h.Text, word) + 2
		d.under.text(h.Text, box{end - w, y, w, footerHeight}, word)
		end -= w + 9
		k := max(36, d.under.measure(h.Key, key)+20)
		cap := box{end - k, y + 12, k, footerHeight - 24}
		d.under.rect(cap, face, 6)
		d.under.text(h.Key, cap, key)
		end -= k + 22
	}
	return end
}

// field is the number being typed, above everything.
func (d *drawing) field(f *screen.Field) {
	d.over.rect(box{0, headerHeight, d.w, d.h - headerHeight - footerHeight}, shade, 0)
	b := box{(d.w - 820) / 2, headerHeight + 120, 820, 250}
	d.over.rect(b, white, 12)
	in := b.inset(30)
	d.over.text(f.Label, box{in.x, in.y, in.w, 36}, style{size: 26, bold: true, color: ink})
	entry := box{in.x, in.y + 52, in.w, 84}
	d.over.rect(entry, inkSoft, 8)
	d.over.rect(entry.inset(2), white, 7)
	number := style{size: 52, bold: true, color: ink}
	w := d.over.text(f.Text, box{entry.x + 18, entry.y, entry.w - 48, entry.h}, number)
	d.over.rect(box{entry.x + 20 + min(w, entry.w-48), entry.y + 16, 4, entry.h - 32}, wayIn, 2)
	d.over.text(f.Help, box{in.x, in.y + 150, in.w, 34}, style{size: sizeBody, color: inkSoft})
}

// ribbon and frame say that this is training, never mistaken for real work.
func (d *drawing) ribbon(y float32) {
	b := box{0, y, d.w, ribbonHeight}
	d.under.rect(b, violet, 0)
	d.under.text(d.s.Ribbon, b, style{size: 22, bold: true, color: white, align: center})
}

func (d *drawing) frame() {
	for _, b := range []box{{0, 0, d.w, 6}, {0, d.h - 6, d.w, 6}, {0, 0, 6, d.h}, {d.w - 6, 0, 6, d.h}} {
		d.over.rect(b, violet, 0)
	}
}
