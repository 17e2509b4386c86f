package view

import (
	"image/color"

	"quachot/kiosk/screen"
)

// panel is a verdict: colour, shape and word first, then who and why.
func (d *drawing) panel(b box, p *screen.Panel) {
	l := lookOf(p.Verdict)
	d.under.rect(b, l.ground, 0)
	icon := min(float32(210), b.h*0.5)
	d.under.icon(l.icon, box{b.x + 44, b.y + 34, icon, icon})
	x := b.x + 44 + icon + 44
	d.tags(b, p, l)
	d.words(box{x, b.y + 14, b.x + b.w - x - margin, b.h - 28}, p, l)
	if len(p.Private) > 0 {
		d.private(b, p.Private)
	}
}

// words are the verdict's lines from the top.
func (d *drawing) words(b box, p *screen.Panel, l look) {
	line := func(s string, st style, h float32) {
		if s == "" {
			return
		}
		d.under.text(s, box{b.x, b.y, b.w, h}, st)
		b.y += h
	}
	verdict := style{size: sizeVerdict, bold: true, color: l.text}
	line(p.Word, verdict, 116)
	name := p.Name
	if name != "" && p.Person != "" {
		name += " · " + p.Person
	} else if name == "" {
		name = p.Person
	}
	line(name, style{size: sizeName, bold: true, color: l.text}, 62)
	reason := style{size: sizeReason, color: l.text}
	line(p.Source, reason, 40)
	most := 4
	if p.Decided != "" || len(p.Private) > 0 {
		most = 3
	}
	for i, r := range p.Reasons[:min(most, len(p.Reasons))] {
		bold := reason
		bold.bold = i == 0
		line(r, bold, 40)
	}
	line(p.Seen, style{size: sizeBody + 2, color: l.text}, 34)
	line(p.Decided, style{size: 36, bold: true, color: l.text}, 52)
}

// tags are small plates at the upper right: not saved, read again, others wait.
func (d *drawing) tags(b box, p *screen.Panel, l look) {
	y := b.y + 14
	tag := func(s string, face, text color.Color) {
		if s == "" {
			return
		}
		st := style{size: 22, bold: true, color: text, align: center}
		w := measure(s, st) + 32
		at := box{b.x + b.w - margin - w, y, w, 40}
		d.over.rect(at, face, 8)
		d.over.text(s, at, st)
		y += 48
	}
	tag(p.Unsaved, white, levelBad)
	tag(d.s.Queue, black, white)
	tag(p.Repeats, veil, l.text)
}

// private is for the officer: small, in the lower right corner.
func (d *drawing) private(b box, lines []string) {
	const w = 520
	st := style{size: sizeBody, color: white}
	var height float32
	for _, l := range lines {
		height += lineHeight(st) * float32(len(wrap(l, st, w-36, 3)))
	}
	at := box{b.x + b.w - margin - w, b.y + b.h - height - 40, w, height + 24}
	d.over.rect(at, shade, 8)
	y := at.y + 12
	for _, l := range lines {
		y += d.over.lines(l, box{at.x + 18, y, w - 36, 0}, st, 3)
	}
}
