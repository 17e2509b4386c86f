package view

import "quachot/kiosk/screen"

// block is a part of a page: a form, a list, a table. tall is the height that
// shows all of it at a width; draw makes do with what it gets.
type block interface {
	tall(d *drawing, w float32) float32
	// least is the height below which it is no use.
	least(d *drawing, w float32) float32
	draw(d *drawing, p painter, b box)
}

// gap is the space between two blocks.
const gap = 18

// air is between a page's title and what follows, where there is room for it.
const air = 14

// page fills the screen between header and foot.
func (d *drawing) page(b box, p *screen.Page) {
	d.ground(b)
	b = box{b.x + margin, b.y, b.w - 2*margin, b.h}
	head, b := b.cut(54)
	d.title(d.under, head, p)
	b = d.closing(d.under, b, p)
	b.h -= 4
	if d.blocksTall(p, b.w, false)+air <= b.h {
		_, b = b.cut(air)
	}
	d.blocks(d.under, b, p, false)
}

// small is a box over the lane, as high as it must be.
func (d *drawing) small(body box, p *screen.Page) {
	d.top.rect(body, shade, 0)
	d.tappable(body, "")
	const width, border = 900, 28
	w := float32(width)
	if p.Pad {
		w += 130
	}
	if len(p.Choices) > 8 {
		w = 1080 // two columns
	}
	h := 60 + d.blocksTall(p, w-2*border, true) + d.closingTall(p, w-2*border) + border
	h = min(h, body.h-24)
	b := box{(d.w - w) / 2, body.y + (body.h-h)/2, w, h}
	d.top.card(b, d.c.ground, d.c.edge, 1, 14)
	in := box{b.x + border, b.y + 10, b.w - 2*border, b.h - 10 - border/2}
	head, in := in.cut(56)
	d.title(d.top, head, p)
	in = d.closing(d.top, in, p)
	d.blocks(d.top, in, p, true)
}

// title is the page's name, and who or what it is about beside it.
func (d *drawing) title(p painter, b box, page *screen.Page) {
	st := style{size: sizePage, bold: true, color: d.c.ink}
	b.y += 6
	b.h -= 6
	w := min(p.measure(page.Title, st)+2, b.w*0.7)
	p.text(page.Title, box{b.x, b.y, w, b.h}, st)
	room := box{b.x + w + 24, b.y + 5, b.w - w - 24, b.h - 5}
	lead := style{size: sizeText, color: d.c.soft}
	if page.Lead == "" || room.w < 60 {
		return
	}
	if p.measure(page.Lead, lead) <= room.w {
		p.text(page.Lead, room, lead)
		return
	}
	lead.size = sizeHint // in two lines
	lines := p.wrap(page.Lead, lead, room.w, 2)
	y := room.y + (room.h-23*float32(len(lines)))/2
	for i, line := range lines {
		p.text(line, box{room.x, y + 23*float32(i), room.w, 23}, lead)
	}
}

// closing is what stands at the foot of a page, always in the same place: the
// live line, and above it an error. It returns what is left above.
func (d *drawing) closing(p painter, b box, page *screen.Page) box {
	if page.Aside.Text != "" {
		h := d.asideTall(page, b.w)
		d.aside(p, box{b.x, b.y + b.h - h, b.w, h - 8}, page.Aside)
		b.h -= h
	}
	if page.Error != "" {
		st := style{size: sizeBody, bold: true, color: white}
		lines := d.errorLines(page, b.w)
		h := float32(len(lines))*28 + 20
		at := box{b.x, b.y + b.h - h - 8, b.w, h}
		p.rect(at, red, 8)
		for i, line := range lines {
			p.text(line, box{at.x + 18, at.y + 10 + float32(i)*28, at.w - 36, 28}, st)
		}
		b.h -= h + 16
	}
	return b
}

func (d *drawing) closingTall(page *screen.Page, w float32) (h float32) {
	if page.Aside.Text != "" {
		h += d.asideTall(page, w)
	}
	if page.Error != "" {
		h += float32(len(d.errorLines(page, w)))*28 + 36
	}
	return h
}

// errorLines are the three parts of an error in lines.
func (d *drawing) errorLines(page *screen.Page, w float32) []string {
	return d.under.wrap(page.Error, style{size: sizeBody, bold: true}, w-36, 4)
}

func (d *drawing) asideTall(page *screen.Page, w float32) float32 {
	return 18 + 30*float32(len(d.under.wrap(page.Aside.Text, style{size: sizeText, bold: true}, w-60, 2)))
}

// aside is the live line with its weight.
func (d *drawing) aside(p painter, b box, l screen.Line) {
	ground, text, dot := d.c.card, d.c.ink, looks[1].ground
	switch l.Level {
	case screen.Good:
		dot = rgb(0x07612e)
	case screen.Quiet:
		dot, text = d.c.soft, d.c.soft
	case screen.Warn:
		ground, text, dot = amber, black, black
	case screen.Bad:
		ground, text, dot = red, white, white
	}
	p.card(b, ground, d.c.edge, 1, 8)
	st := style{size: sizeText, bold: true, color: text}
	lines := p.wrap(l.Text, st, b.w-60, 2)
	p.rect(box{b.x + 18, b.y + b.h/2 - 7, 14, 14}, dot, 7)
	for i, s := range lines {
		p.text(s, box{b.x + 46, b.y + (b.h-30*float32(len(lines)))/2 + float32(i)*30, b.w - 60, 30}, st)
	}
}
