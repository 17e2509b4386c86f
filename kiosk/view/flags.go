package view

import (
	"image/color"

	"quachot/kiosk/screen"
)

// flagLines are switches in lines that fit a width.
func (d *drawing) flagLines(all []screen.Flag, w float32) (lines [][]screen.Flag) {
	x := w + 1
	for _, f := range all {
		fw := min(d.flagWidth(f), w)
		if x+fw > w {
			lines, x = append(lines, nil), 0
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], f)
		x += fw + 10
	}
	return lines
}

func (d *drawing) flagWidth(f screen.Flag) float32 {
	return max(96, 62+d.under.measure(f.Text, style{size: sizeBody, bold: true})+18)
}

// flags are switches with their keys; those that are on are dark with a tick.
// It returns the height used.
func (d *drawing) flags(p painter, b box, all []screen.Flag) float32 {
	y := b.y
	for _, line := range d.flagLines(all, b.w) {
		x := b.x
		for _, f := range line {
			at := box{x, y + 3, min(d.flagWidth(f), b.w), entryHigh}
			d.flag(p, at, f)
			d.tappable(box{at.x - 5, y, at.w + 10, flagPitch}, f.Key)
			x += at.w + 10
		}
		y += flagPitch
	}
	return y - b.y
}

func (d *drawing) flag(p painter, b box, f screen.Flag) {
	ground, text, line := d.c.card, d.c.ink, color.Color(d.c.edge)
	if f.On {
		ground, text, line = d.c.focus, white, d.c.focus
	}
	p.card(b, ground, line, 1.5, 8)
	key := box{b.x + 10, b.y + 7, 40, b.h - 14}
	if f.On {
		p.icon("on", key.inset(5))
	} else {
		d.cap(p, key, capOf(f.Key), false, sizeHint)
	}
	p.text(f.Text, box{b.x + 60, b.y, b.w - 70, b.h}, style{size: sizeBody, bold: true, color: text})
}
