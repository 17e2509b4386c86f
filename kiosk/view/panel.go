package view

import (
	"fmt"
	"image/color"

	"quachot/kiosk/screen"
)

// panel is a verdict: colour, shape and word first, then who and why. In the
// sun it is a band across the screen with the lines black on white below.
func (d *drawing) panel(b box, p *screen.Panel) {
	l := lookFor(p.Verdict, p.Neutral)
	band := b
	if d.c.wide {
		band.h = min(170, b.h*0.42)
	}
	d.under.rect(band, l.ground, 0)
	d.ground(box{b.x, b.y + band.h, b.w, b.h - band.h})
	icon := min(float32(210), b.h*0.5)
	x := b.x + 44 + icon + 44
	w := words{drawing: d, p: p, ink: l.text, room: box{x, b.y + 14, b.x + b.w - x - margin, b.h - 28}}
	w.tags, w.tagged = d.tags(band, p, l)
	w.free, w.aside = b.y+b.h, 0
	if len(p.Private) > 0 {
		at := d.private(b, p.Private)
		w.free, w.aside = at.y, at.w+24
	}
	if d.c.wide {
		d.under.icon(l.icon, box{b.x + 44 + (icon-band.h+32)/2, b.y + 16, band.h - 32, band.h - 32})
		d.under.text(p.Word, w.line(band.h-28), style{size: sizeVerdict, bold: true, color: l.text})
		w.room = box{x, b.y + band.h + 8, w.room.w, b.h - band.h - 16}
		w.ink, w.tagged = d.c.ink, b.y
		d.mark = d.corner(box{b.x + 44, band.y + band.h, icon, b.h - band.h}, d.c.ink)
	} else {
		d.under.icon(l.icon, box{b.x + 44, b.y + 34, icon, icon})
		w.write(p.Word, style{size: sizeVerdict, bold: true, color: l.text}, 116)
		d.mark = d.corner(box{b.x + 44, b.y + 34 + icon, icon, b.h - 34 - icon}, l.text)
	}
	d.mark.flash, d.mark.light = band, l.text
	w.draw()
}

// corner is where the seal turns: below the verdict's shape.
func (d *drawing) corner(b box, ink color.NRGBA) mark {
	side := min(b.w, b.h-36, 140)
	return mark{seal: box{b.x + (b.w-side)/2, b.y + (b.h-side)/2, side, side}, ink: ink}
}

// words are the verdict's lines from the top, in what is left of room. Lines
// beside the tags and beside the officer's note are shorter.
type words struct {
	*drawing
	room         box
	p            *screen.Panel
	ink          color.NRGBA
	tags, tagged float32 // the tags' width, and how far down they reach
	free, aside  float32 // above free, lines have no officer's note beside them
}

// line is the place of the next line of height h.
func (w *words) line(h float32) box {
	at := box{w.room.x, w.room.y, w.room.w, h}
	if w.room.y < w.tagged {
		at.w -= w.tags
	}
	if w.room.y+h > w.free {
		at.w -= w.aside
	}
	return at
}

// write writes one line of height h, shrunk or cut when it is too long.
func (w *words) write(s string, st style, h float32) {
	if s == "" {
		return
	}
	w.under.text(s, w.line(h), st)
	w.room.y += h
	w.room.h -= h
}

func (w *words) draw() {
	bottom := w.room.y + w.room.h // of the reasons; what follows them always has its place
	if w.p.Seen != "" {
		bottom -= 34
	}
	if w.p.Decided != "" {
		bottom -= 52
	}
	w.who()
	reason := style{size: sizeReason, color: w.ink}
	w.write(w.p.Source, reason, 40)
	w.reasons(reason, bottom)
	w.write(w.p.Seen, style{size: sizeBody + 2, color: w.ink}, 34)
	w.write(w.p.Decided, style{size: 36, bold: true, color: w.ink}, 52)
}

// who is the name with year and sex: in one line, or below it; a name is
// never cut.
func (w *words) who() {
	name, st := w.p.Name, style{size: sizeName, bold: true, color: w.ink}
	if name != "" && w.p.Person != "" {
		name += " · "
	}
	if w.under.measure(name+w.p.Person, st)*2/3 <= w.line(62).w {
		w.write(name+w.p.Person, st, 62)
		return
	}
	st.size = sizeName * 2 / 3
	parts := w.under.wrap(w.p.Name, st, w.line(44).w, 2)
	if last := len(parts) - 1; w.p.Person != "" && w.under.measure(parts[last]+" · "+w.p.Person, st) <= w.line(44).w {
		parts[last] += " · " + w.p.Person
	} else {
		parts = append(parts, w.p.Person)
	}
	for _, part := range parts {
		w.write(part, st, 44)
	}
}

// reasons are written as large as they all fit, long ones broken into lines; of
// too many, the weightiest, which come first, and how many more there are.
func (w *words) reasons(st style, bottom float32) {
	if len(w.p.Reasons) == 0 {
		return
	}
	var lines []string
	var h float32
	fits := false
	for _, size := range []float32{sizeReason, 24, sizeBody} {
		st.size = size
		h = size * 40 / sizeReason
		if lines, fits = w.broken(w.p.Reasons, st, h, bottom); fits {
			break
		}
	}
	for n := len(w.p.Reasons) - 1; !fits && n > 0; n-- {
		shown := append([]string{}, w.p.Reasons[:n]...)
		shown[n-1] += fmt.Sprintf("  (+%d)", len(w.p.Reasons)-n)
		lines, fits = w.broken(shown, st, h, bottom)
	}
	first := len(w.under.wrap(w.p.Reasons[0], bold(st), w.line(h).w, 2))
	for i, s := range lines {
		style := st
		style.bold = i < first
		w.write(s, style, h)
	}
}

// broken are the reasons in lines of height h, and whether they end above bottom.
func (w *words) broken(reasons []string, st style, h, bottom float32) (lines []string, fits bool) {
	y := w.room.y
	defer func() { w.room.y = y }()
	for i, r := range reasons {
		style := st
		style.bold = i == 0
		parts := w.under.wrap(r, style, w.line(h).w, 2)
		lines = append(lines, parts...)
		w.room.y += h * float32(len(parts))
	}
	return lines, w.room.y <= bottom+1
}

func bold(st style) style {
	st.bold = true
	return st
}

// tags are small plates at the upper right: not saved, read again, others wait.
// They take width, down to bottom.
func (d *drawing) tags(b box, p *screen.Panel, l look) (width, bottom float32) {
	y := b.y + 14
	tag := func(s string, size float32, face, text color.Color) {
		if s == "" {
			return
		}
		st := style{size: size, bold: true, color: text, align: center}
		w, h := d.under.measure(s, st)+32, size*40/22
		at := box{b.x + b.w - margin - w, y, w, h}
		d.over.rect(at, face, 8)
		d.over.text(s, at, st)
		y += h + 8
		width, bottom = max(width, w+16), y
	}
	tag(p.Unsaved, 32, white, red)
	tag(d.s.Queue, 22, black, white)
	tag(p.Repeats, 22, veil, l.text)
	return width, bottom
}

// private is for the officer: small, in the lower right corner. It returns
// its place.
func (d *drawing) private(b box, lines []string) box {
	const w = 520
	st := style{size: sizeBody, color: white}
	var height float32
	for _, l := range lines {
		height += d.under.lineHeight(st) * float32(len(d.under.wrap(l, st, w-36, 3)))
	}
	at := box{b.x + b.w - margin - w, b.y + b.h - height - 40, w, height + 24}
	d.over.rect(at, shade, 8)
	y := at.y + 12
	for _, l := range lines {
		y += d.over.lines(l, box{at.x + 18, y, w - 36, 0}, st, 3)
	}
	return at
}
