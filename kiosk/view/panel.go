package view

import (
	"fmt"
	"image/color"
	"slices"

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
	bottom := b.y + b.h // of the reasons; what follows them always has its place
	if p.Seen != "" {
		bottom -= 34
	}
	if p.Decided != "" {
		bottom -= 52
	}
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
	who := style{size: sizeName, bold: true, color: l.text}
	if d.under.measure(name, who)*2/3 > b.w { // a name is never cut
		who.size = sizeName * 2 / 3
		for _, part := range d.under.wrap(name, who, b.w, 2) {
			line(part, who, 44)
		}
	} else {
		line(name, who, 62)
	}
	reason := style{size: sizeReason, color: l.text}
	line(p.Source, reason, 40)
	for i, r := range cutReasons(p, int((bottom-b.y)/40)) {
		bold := reason
		bold.bold = i == 0
		line(r, bold, 40)
	}
	line(p.Seen, style{size: sizeBody + 2, color: l.text}, 34)
	line(p.Decided, style{size: 36, bold: true, color: l.text}, 52)
}

// cutReasons are the reasons that fit into n lines. The weightiest comes first
// and is never left out; how many were is said.
func cutReasons(p *screen.Panel, n int) []string {
	n = max(1, n)
	if len(p.Reasons) <= n {
		return p.Reasons
	}
	shown := slices.Clone(p.Reasons[:n])
	shown[n-1] = fmt.Sprintf("(+%d) %s", len(p.Reasons)-n, shown[n-1])
	return shown
}

// tags are small plates at the upper right: not saved, read again, others wait.
func (d *drawing) tags(b box, p *screen.Panel, l look) {
	y := b.y + 14
	tag := func(s string, face, text color.Color) {
		if s == "" {
			return
		}
		st := style{size: 22, bold: true, color: text, align: center}
		w := d.under.measure(s, st) + 32
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
		height += d.under.lineHeight(st) * float32(len(d.under.wrap(l, st, w-36, 3)))
	}
	at := box{b.x + b.w - margin - w, b.y + b.h - height - 40, w, height + 24}
	d.over.rect(at, shade, 8)
	y := at.y + 12
	for _, l := range lines {
		y += d.over.lines(l, box{at.x + 18, y, w - 36, 0}, st, 3)
	}
}
