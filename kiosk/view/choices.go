package view

import (
	"image/color"

	"quachot/kiosk/screen"
)

// color0 fills nothing.
var color0 = color.NRGBA{}

// choices are things to choose by key or tap: one column, two or three when
// they are many.
type choices []screen.Choice

const (
	choiceHigh  = 64
	choicePitch = choiceHigh + 8
	choiceLeast = touch + 4
)

func (c choices) tall(d *drawing, _ float32) float32 {
	columns := 1
	if len(c) > 8 {
		columns = 2
	}
	return float32((len(c)+columns-1)/columns)*choicePitch - 8
}

func (c choices) least(d *drawing, w float32) float32 {
	return min(c.tall(d, w), 4*choiceLeast)
}

func (c choices) draw(d *drawing, p painter, b box) {
	columns, pitch := c.shape(b)
	w := (b.w - float32(columns-1)*14) / float32(columns)
	if columns == 1 {
		w = min(w, 1060) // words and their detail are read together
	}
	lines := max(1, int((b.h+8)/pitch))
	from := 0
	for i, one := range c { // what Enter takes is seen
		if one.Marked && i >= lines*columns {
			from = i - lines*columns + 1
		}
	}
	to := min(len(c), from+lines*columns)
	lines = (to - from + columns - 1) / columns
	for i := from; i < to; i++ {
		n := i - from
		at := box{b.x + float32(n/lines)*(w+14), b.y + float32(n%lines)*pitch, w, pitch - 8}
		d.choice(p, at, c[i], sizeChoice)
		if !c[i].Off {
			d.tappable(at.inset(-4), c[i].Key)
		}
	}
	d.bar(p, box{b.x + float32(columns)*(w+14) - 6, b.y, 8, float32(lines)*pitch - 8}, from, to-from, len(c))
}

// shape is how many columns, and the distance of two lines.
func (c choices) shape(b box) (columns int, pitch float32) {
	most := 1
	if b.w >= 700 {
		most = 2
	}
	if b.w >= 1200 {
		most = 3
	}
	for columns = 1; ; columns++ {
		lines := float32((len(c) + columns - 1) / columns)
		pitch = min(choicePitch, (b.h+8)/lines)
		if pitch >= choicePitch-4 || columns == most {
			return columns, max(pitch, choiceLeast)
		}
	}
}

// choice is one line: its key, its words, what there is to know.
func (d *drawing) choice(p painter, b box, c screen.Choice, size float32) {
	ground, line, width := d.c.card, d.c.edge, float32(1.5)
	text := d.c.ink
	switch {
	case c.Off:
		ground, text = d.c.ground, d.c.soft
	case c.Marked:
		ground, line, width = d.c.chosen, d.c.focus, 3
	}
	p.card(b, ground, line, width, 8)
	x, end := b.x+14, b.x+b.w-14
	if name := capOf(c.Key); name != "" {
		h := min(b.h-16, 44)
		k := max(h, d.capWidth(name, sizeBody))
		if c.Off {
			p.text(name, box{x, b.y, k, b.h}, style{size: sizeBody, bold: true, color: d.c.soft, align: center})
		} else {
			d.cap(p, box{x, b.y + (b.h-h)/2, k, h}, name, false, sizeBody)
		}
		x += k + 14
	}
	st := style{size: size, bold: !c.Off, color: text}
	d.twofold(p, box{x, b.y, end - x, b.h}, c.Text, c.Detail, st)
}

// twofold is words with a quiet detail: at the right of the line, or in a line
// below when both are long.
func (d *drawing) twofold(p painter, b box, text, detail string, st style) {
	quiet := style{size: sizeHint, color: d.c.soft, align: right}
	w, more := p.measure(text, st)+2, p.measure(detail, quiet)+2
	switch {
	case detail == "" && w > b.w+2: // in two lines rather than small
		st.size = min(st.size, 19)
		lines := p.wrap(text, st, b.w, 2)
		for i, line := range lines {
			p.text(line, box{b.x, b.y + b.h/2 + 25*(float32(i)-float32(len(lines))/2), b.w, 25}, st)
		}
	case detail == "":
		p.text(text, b, st)
	case w+24+more <= b.w:
		p.text(text, box{b.x, b.y, w, b.h}, st)
		p.text(detail, box{b.x + w + 24, b.y, b.w - w - 24, b.h}, quiet)
	default:
		quiet.align, quiet.size, st.size = left, sizeSmall, min(st.size, 21)
		p.text(text, box{b.x, b.y + 4, b.w, b.h/2 + 2}, st)
		p.text(detail, box{b.x, b.y + b.h/2 + 3, b.w, b.h/2 - 7}, quiet)
	}
}

// options hang below the focused field, above what follows it: those around the
// marked one that fit into b.
func (d *drawing) options(b box, all []screen.Choice) {
	n := max(1, min(len(all), int((b.h-8)/optionHigh)))
	from := 0
	for i, o := range all {
		if o.Marked {
			from = max(0, i-n+1)
		}
	}
	b.h = float32(n)*optionHigh + 8
	d.drop.card(b, d.c.card, d.c.focus, 2, 8)
	for i := from; i < from+n; i++ {
		at := box{b.x + 4, b.y + 4 + float32(i-from)*optionHigh, b.w - 8, optionHigh}
		d.option(at, all[i])
		if !all[i].Off {
			d.tappable(at, all[i].Key)
		}
	}
	d.bar(d.drop, box{b.x + b.w - 12, b.y + 8, 6, b.h - 16}, from, n, len(all))
}

func (d *drawing) option(b box, c screen.Choice) {
	if c.Marked {
		d.drop.rect(b, d.c.chosen, 6)
	}
	x, end := b.x+12, b.x+b.w-18
	if name := capOf(c.Key); name != "" {
		k := d.capWidth(name, sizeSmall)
		d.cap(d.drop, box{x, b.y + 12, k, b.h - 24}, name, false, sizeSmall)
		x += k + 12
	}
	st := style{size: 21, bold: c.Marked, color: d.c.ink}
	d.twofold(d.drop, box{x, b.y, end - x, b.h}, c.Text, c.Detail, st)
}
