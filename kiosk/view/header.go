package view

import "quachot/kiosk/screen"

// header is two lines: where, which way, who, when; then the worst true thing.
func (d *drawing) header() {
	h := d.s.Header
	d.under.rect(box{0, 0, d.w, headerHeight}, band, 0)
	clock := style{size: 34, bold: true, color: white, align: right}
	end := d.w - margin
	w := measure("00:00", clock) + 4
	d.under.text(h.Time, box{end - w, 6, w, 46}, clock)
	end -= w + 30
	x := d.way(h)
	officer := style{size: sizeBody, color: white, align: right}
	if h.Officer.Level != screen.Good {
		officer.color = bandSoft
	}
	who := min(measure(h.Officer.Text, officer)+2, (end-x)*0.45)
	d.under.text(h.Officer.Text, box{end - who, 6, who, 46}, officer)
	d.under.text(h.Post, box{x, 6, end - who - 24 - x, 46}, style{size: 26, bold: true, color: white})
	d.lines2(h)
}

// way is the direction, the first thing that must be right; it returns where
// the post's name begins.
func (d *drawing) way(h screen.Header) float32 {
	face, text := wayIn, h.Direction+"  →"
	if h.Out {
		face, text = wayOut, "←  "+h.Direction
	}
	st := style{size: 26, bold: true, color: white, align: center}
	w := measure(text, st) + 36
	b := box{margin, 9, w, 40}
	d.under.rect(b, face, 8)
	d.under.text(text, b, st)
	return margin + w + 20
}

// lines2 is the header's second line: sync, contact, lists, journal.
func (d *drawing) lines2(h screen.Header) {
	const y, height = 56, 32
	st := style{size: sizeHint, color: white}
	lines := []screen.Line{h.Journal, h.Sync, h.Contact, h.Lists}
	var total float32
	for _, l := range lines {
		if l.Text != "" {
			total += measure(l.Text, st) + 58
		}
	}
	room := min(1, (d.w-2*margin+30)/max(1, total))
	x := float32(margin)
	for _, l := range lines {
		if l.Text == "" {
			continue
		}
		w := (measure(l.Text, st) + 58) * room
		if l.Level == screen.Bad {
			d.under.rect(box{x - 8, y + 1, w - 22, height - 2}, levelBad, 6)
		} else {
			d.under.rect(box{x, y + 10, 12, 12}, dotOf(l.Level), 6)
		}
		text := st
		text.bold = l.Level == screen.Bad
		if l.Level == screen.Quiet {
			text.color = bandSoft
		}
		d.under.text(l.Text, box{x + 20, y, w - 50, height}, text)
		x += w
	}
}
