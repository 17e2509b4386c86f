package view

import (
	"image/color"

	"quachot/kiosk/screen"
)

// field is the number being typed, above everything, with a pad for a glove.
func (d *drawing) field(body box, f *screen.Field) {
	d.top.rect(body, shade, 0)
	d.tappable(body, "")
	b := box{(d.w - 1130) / 2, body.y + (body.h-432)/2, 1130, 432}
	d.top.card(b, d.c.card, d.c.edge, 1, 12)
	in := b.inset(30)
	in.w -= padWidth + 40
	d.top.text(f.Label, box{in.x, in.y, in.w, 36}, style{size: 26, bold: true, color: d.c.ink})
	d.entry(d.top, box{in.x, in.y + 52, in.w, 84}, f.Text, style{size: 46, bold: true, color: d.c.ink}, true, d.c.card, 0)
	d.top.lines(f.Help, box{in.x, in.y + 152, in.w, 0}, style{size: sizeBody, color: d.c.soft}, 4)
	d.pad(d.top, box{b.x + b.w - 30 - padWidth, b.y + (b.h-padHeight)/2, padWidth, padHeight})
}

// entry is a place to type: its ground, its text, a caret behind the text while
// it has the focus. Of a text too long its end is seen, within room when that is
// less than the box.
func (d *drawing) entry(p painter, b box, text string, st style, focus bool, ground color.Color, room float32) {
	line, width := d.c.edge, float32(1.5)
	if focus {
		line, width = d.c.focus, 3
	}
	p.card(b, ground, line, width, 8)
	if room <= 0 {
		room = b.w
	}
	room -= 2*14 + 6
	text = p.tail(text, st, room)
	w := p.measure(text, st)
	p.write(text, box{b.x + 14, b.y, w + 2, b.h}, st, st.size)
	if focus {
		high := min(b.h-14, st.size*1.25)
		p.rect(box{b.x + 14 + w + 2, b.y + (b.h-high)/2, 3, high}, d.c.focus, 1)
	}
}
