package view

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"quachot/assets/icons"
)

// painter draws in base units onto a layer. What is drawn as it was before costs
// the toolkit nothing.
type painter struct {
	*layer
	scale float32
}

// box is a place in base units.
type box struct{ x, y, w, h float32 }

// inset is b without a border of d.
func (b box) inset(d float32) box { return box{b.x + d, b.y + d, b.w - 2*d, b.h - 2*d} }

// cut takes h from the top of b; rest is what is left.
func (b box) cut(h float32) (top, rest box) {
	return box{b.x, b.y, b.w, h}, box{b.x, b.y + h, b.w, b.h - h}
}

// holds says that a point lies in b.
func (b box) holds(x, y float32) bool {
	return x >= b.x && x < b.x+b.w && y >= b.y && y < b.y+b.h
}

func (p painter) place(o fyne.CanvasObject, b box) {
	pos, size := fyne.NewPos(b.x*p.scale, b.y*p.scale), fyne.NewSize(b.w*p.scale, b.h*p.scale)
	if o.Size() != size {
		o.Resize(size)
	}
	if o.Position() != pos {
		o.Move(pos)
	}
}

// rect fills a box; radius rounds its corners.
func (p painter) rect(b box, c color.Color, radius float32) { p.card(b, c, nil, 0, radius) }

// card fills a box and draws its outline, which lies inside the box.
func (p painter) card(b box, fill, line color.Color, width, radius float32) {
	if p.usedRects == len(p.rects) {
		p.rects = append(p.rects, canvas.NewRectangle(fill))
	}
	r := p.rects[p.usedRects]
	p.usedRects++
	radius, width = radius*p.scale, width*p.scale
	if r.FillColor != fill || r.CornerRadius != radius || r.StrokeColor != line || r.StrokeWidth != width {
		r.FillColor, r.CornerRadius, r.StrokeColor, r.StrokeWidth = fill, radius, line, width
		r.Refresh()
	}
	p.place(r, b)
}

// icon draws an SVG of assets/icons, in whole base units.
func (p painter) icon(name string, b box) {
	b.w, b.h = float32(int(b.w)), float32(int(b.h))
	which := drawnAs{name, b.w, b.h}
	have := p.images[which]
	n := p.usedImages[which]
	if n == len(have) {
		img := canvas.NewImageFromResource(fyne.NewStaticResource(name+".svg", icons.Read(name)))
		img.FillMode = canvas.ImageFillContain
		have = append(have, img)
		p.images[which] = have
		p.order = append(p.order, img)
	}
	p.usedImages[which] = n + 1
	p.place(have[n], b)
}

// align says where in its box a text stands.
type align = fyne.TextAlign

const (
	left   = fyne.TextAlignLeading
	center = fyne.TextAlignCenter
	right  = fyne.TextAlignTrailing
)

// style is how a text looks.
type style struct {
	size  float32
	bold  bool
	color color.Color
	align align
}

// text writes one line into b, vertically centred; it shrinks a line that is
// too wide down to two thirds and then cuts it. It returns the width used.
func (p painter) text(s string, b box, st style) float32 {
	s, size, width := p.fit(s, st, b.w)
	p.write(s, b, st, size)
	return width
}

// write puts s as it is into b.
func (p painter) write(s string, b box, st style, size float32) {
	if s == "" {
		return
	}
	if p.usedTexts == len(p.texts) {
		p.texts = append(p.texts, canvas.NewText("", color.Black))
	}
	t := p.texts[p.usedTexts]
	p.usedTexts++
	size *= p.scale
	ts, font := fyne.TextStyle{Bold: st.bold}, face(st.bold)
	if t.Text != s || t.TextSize != size || t.TextStyle != ts || t.Color != st.color || t.Alignment != st.align {
		t.Text, t.TextSize, t.TextStyle, t.Color, t.Alignment, t.FontSource = s, size, ts, st.color, st.align, font
		t.Refresh()
	}
	if h := t.MinSize().Height / p.scale; h > b.h { // the toolkit would begin at the top
		b.y, b.h = b.y+(b.h-h)/2, h
	}
	p.place(t, b)
}

// lines writes a text into b, broken into at most n lines, and returns the
// height used.
func (p painter) lines(s string, b box, st style, n int) float32 {
	h := p.lineHeight(st)
	parts := p.wrap(s, st, b.w, n)
	for i, part := range parts {
		p.text(part, box{b.x, b.y + float32(i)*h, b.w, h}, st)
	}
	return h * float32(len(parts))
}
