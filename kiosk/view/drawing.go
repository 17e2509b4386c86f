package view

import (
	"quachot/kiosk/screen"
)

// drawing is one drawing of a state, in base units.
type drawing struct {
	under painter // the lane, or a page across the screen
	over  painter // small plates above it
	top   painter // boxes above both
	drop  painter // what a picker found, above the box its field is in
	w, h  float32
	s     screen.State
	c     palette
	hits  []hit
	mark  mark // where the seal and the flash go
}

// draw draws everything; what is tapped is decided by the last thing drawn.
func (d *drawing) draw() {
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
	body := box{0, top, d.w, d.h - footerHeight - top}
	d.footer()
	if p := d.s.Page; p != nil && !p.Small {
		d.page(body, p)
	} else {
		d.lane(body)
	}
	if p := d.s.Page; p != nil && p.Small {
		d.small(body, p)
	}
	if d.s.Field != nil {
		d.field(body, d.s.Field)
	}
	if d.s.Ribbon != "" {
		d.frame()
	}
}

// ground fills what nothing else will cover. The window itself is of the plain
// theme's ground: without a graphics card a screen's worth of filling takes 12 ms.
func (d *drawing) ground(b box) {
	if d.c.ground != dusk.ground {
		d.under.rect(b, d.c.ground, 0)
	}
}

// lane is the verdict or the call to scan, and who came before.
func (d *drawing) lane(b box) {
	foot := float32(rowsHeight)
	if d.s.Vehicle != nil {
		foot = vehicleHeight
	}
	body := box{b.x, b.y, b.w, b.h - foot}
	if d.s.Panel != nil {
		d.panel(body, d.s.Panel)
	} else {
		d.waiting(body)
	}
	below := box{b.x, b.y + b.h - foot, b.w, foot}
	d.ground(below)
	if d.s.Vehicle != nil {
		d.vehicle(below, d.s.Vehicle)
		return
	}
	d.rows(below)
}

// waiting is the screen between two people. At a place people read it
// themselves, from further away, and see how many are inside.
func (d *drawing) waiting(b box) {
	d.ground(b)
	title := style{size: sizeTitle, bold: true, color: d.c.ink, align: center}
	help := style{size: sizeReason - 4, color: d.c.soft, align: center}
	inside := style{size: sizePage, bold: true, color: d.c.ink, align: center}
	if d.s.Kind == "place" {
		title.size = sizeTitle * 1.4
	}
	icon := min(float32(150), b.h*0.36)
	lines := []struct {
		text string
		style
	}{{d.s.Title, title}, {d.s.Help, help}, {d.s.Inside, inside}}
	height := icon + 18
	for _, l := range lines {
		if l.text != "" {
			height += d.under.lineHeight(l.style) + 6
		}
	}
	y := b.y + (b.h-height)/2
	d.under.icon("scan", box{b.x + (b.w-icon)/2, y, icon, icon})
	y += icon + 18
	for _, l := range lines {
		if h := d.under.lineHeight(l.style); l.text != "" {
			d.under.text(l.text, box{b.x + margin, y, b.w - 2*margin, h}, l.style)
			y += h + 6
		}
	}
}

// notice is a bar under the header: a fault in red, a question in blue.
func (d *drawing) notice(y float32) {
	ground := wayIn
	if d.s.Alarm {
		ground = red
	}
	d.under.rect(box{0, y, d.w, noticeHeight}, ground, 0)
	d.under.text(d.s.Notice, box{margin, y, d.w - 2*margin, noticeHeight}, style{size: sizeText, bold: true, color: white})
}

// ribbon and frame say that this is training, never mistaken for real work.
func (d *drawing) ribbon(y float32) {
	b := box{0, y, d.w, ribbonHeight}
	d.under.rect(b, violet, 0)
	d.under.text(d.s.Ribbon, b, style{size: sizeText, bold: true, color: white, align: center})
}

func (d *drawing) frame() {
	for _, b := range []box{{0, 0, d.w, 6}, {0, d.h - 6, d.w, 6}, {0, 0, 6, d.h}, {d.w - 6, 0, 6, d.h}} {
		d.drop.rect(b, violet, 0)
	}
}
