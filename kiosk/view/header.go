package view

import "quachot/kiosk/screen"

// header is two lines: where, which way, who, when; then the worst true thing.
func (d *drawing) header() {
	h := d.s.Header
	d.under.rect(box{0, 0, d.w, headerHeight}, d.c.band, 0)
	d.under.rect(box{0, headerHeight - 2, d.w, 2}, d.c.rule, 0)
	if h == (screen.Header{}) {
		return // no lane
	}
	clock := style{size: 34, bold: true, color: d.c.onBand, align: right}
	end := d.w - margin
	w := d.under.measure("00:00", clock) + 4
	d.under.text(h.Time, box{end - w, 6, w, 46}, clock)
	end -= w + 30
	x := d.way(h)
	officer := style{size: sizeBody, color: d.c.onBand, align: right}
	switch h.Officer.Level {
	case screen.Quiet, screen.Warn:
		officer.color = d.c.quiet
	case screen.Bad:
		officer.color, officer.bold = white, true
	}
	who := min(d.under.measure(h.Officer.Text, officer)+2, (end-x)*0.45)
	if h.Officer.Level == screen.Bad {
		d.under.rect(box{end - who - 14, 11, who + 28, 36}, red, 6)
	}
	d.under.text(h.Officer.Text, box{end - who, 6, who, 46}, officer)
	d.where(h, box{x, 6, end - who - 38 - x, 46})
	d.conditions(h)
}

// where is post and lane; a long post gives way to the lane, and what people are
// taken to travel for to both.
func (d *drawing) where(h screen.Header, b box) {
	st := style{size: 26, bold: true, color: d.c.onBand}
	lane := h.Lane
	if h.Post != "" && lane != "" {
		lane = " · " + lane
	}
	w := min(d.under.measure(lane, st)+2, b.w*0.6)
	x := b.x
	if h.Post != "" {
		x += d.under.text(h.Post, box{x, b.y, b.w - w, b.h}, st)
	}
	if lane != "" {
		x += d.under.text(lane, box{x, b.y, w, b.h}, st)
	}
	quiet := style{size: sizeHint, color: d.c.quiet}
	if room := b.x + b.w - x - 16; h.Purpose != "" && room > 80 {
		d.under.text(h.Purpose, box{x + 16, b.y + 3, room, b.h - 3}, quiet)
	}
}

// way is the direction, the first thing that must be right; it returns where
// the post's name begins.
func (d *drawing) way(h screen.Header) float32 {
	ground, icon := wayIn, "way-in"
	if h.Out {
		ground, icon = wayOut, "way-out"
	}
	st := style{size: 26, bold: true, color: white, align: center}
	w := d.under.measure(h.Direction, st) + 2
	b := box{margin, 9, w + 76, 40}
	d.under.rect(b, ground, 8)
	word, arrow := box{b.x + 18, b.y, w, b.h}, box{b.x + 28 + w, b.y + 5, 30, 30}
	if h.Out {
		word.x, arrow.x = b.x+58, b.x+18
	}
	d.under.text(h.Direction, word, st)
	d.under.icon(icon, arrow)
	return b.x + b.w + 20
}

// conditions are the header's second line: journal, sync, contact, lists. They
// are never cut before they are small, and what is bad is never cut at all.
func (d *drawing) conditions(h screen.Header) {
	const y, height, extra = 56, 32, 46
	var lines []screen.Line
	var total float32
	st := style{size: sizeHint, color: d.c.onBand, bold: true} // bold is the widest
	for _, l := range []screen.Line{h.Journal, h.Sync, h.Contact, h.Lists} {
		if l.Text != "" {
			lines = append(lines, l)
			total += d.under.measure(l.Text, st)
		}
	}
	room := d.w - 2*margin + 24 - extra*float32(len(lines))
	st.size *= max(0.66, min(1, room/max(1, total)))
	total = 0 // small type is a little wider than its share
	var bad float32
	for _, l := range lines {
		w := d.under.measure(l.Text, st)
		total += w
		if l.Level == screen.Bad {
			bad += w
		}
	}
	squeeze := min(1, max(0, room-bad)/max(1, total-bad))
	x := float32(margin)
	for _, l := range lines {
		w := d.under.measure(l.Text, st) + 1
		if l.Level != screen.Bad {
			w *= squeeze
		}
		text := st
		text.bold = l.Level == screen.Bad
		switch l.Level {
		case screen.Bad:
			d.under.rect(box{x - 8, y + 1, w + extra - 12, height - 2}, red, 6)
			text.color = white
			d.under.text(l.Text, box{x + 5, y, w, height}, text)
		case screen.Quiet:
			text.color = d.c.quiet
			fallthrough
		default:
			d.under.rect(box{x, y + 11, 12, 12}, d.c.dotOf(l.Level), 6)
			d.under.text(l.Text, box{x + 20, y, w, height}, text)
		}
		x += w + extra
	}
}
