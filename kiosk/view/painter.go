package view

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"quachot/assets/icons"
)

// layer is one plane of the screen: rectangles below pictures below text. Its
// objects are used again from one drawing to the next, so that the toolkit's
// caches of text and pictures do not grow with every scan.
type layer struct {
	rects  []*canvas.Rectangle
	texts  []*canvas.Text
	images map[string][]*canvas.Image
	order  []*canvas.Image
	// used counts what the present drawing took so far.
	usedRects, usedTexts int
	usedImages           map[string]int
}

func newLayer() *layer {
	return &layer{images: map[string][]*canvas.Image{}, usedImages: map[string]int{}}
}

// objects are all of the layer's objects, bottom first.
func (l *layer) objects() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, r := range l.rects {
		all = append(all, r)
	}
	for _, i := range l.order {
		all = append(all, i)
	}
	for _, t := range l.texts {
		all = append(all, t)
	}
	return all
}

// painter draws in base units onto layers.
type painter struct {
	*layer
	scale float32
}

// begin starts a drawing; end hides what it did not use.
func (l *layer) begin() {
	l.usedRects, l.usedTexts = 0, 0
	clear(l.usedImages)
}

func (l *layer) end() {
	for i, r := range l.rects {
		show(r, i < l.usedRects)
	}
	for i, t := range l.texts {
		show(t, i < l.usedTexts)
	}
	for name, images := range l.images {
		for i, img := range images {
			show(img, i < l.usedImages[name])
		}
	}
}

func show(o fyne.CanvasObject, visible bool) {
	if o.Visible() == visible {
		return
	}
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

// box is a place in base units.
type box struct{ x, y, w, h float32 }

// inset is b without a border of d.
func (b box) inset(d float32) box { return box{b.x + d, b.y + d, b.w - 2*d, b.h - 2*d} }

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
func (p painter) rect(b box, c color.Color, radius float32) {
	if p.usedRects == len(p.rects) {
		p.rects = append(p.rects, canvas.NewRectangle(c))
	}
	r := p.rects[p.usedRects]
	p.usedRects++
	if radius *= p.scale; r.FillColor != c || r.CornerRadius != radius {
		r.FillColor, r.CornerRadius = c, radius
		r.Refresh()
	}
	p.place(r, b)
}

// icon draws an SVG of assets/icons.
func (p painter) icon(name string, b box) {
	have := p.images[name]
	n := p.usedImages[name]
	if n == len(have) {
		img := canvas.NewImageFromResource(fyne.NewStaticResource(name+".svg", icons.Read(name)))
		img.FillMode = canvas.ImageFillContain
		have = append(have, img)
		p.images[name] = have
		p.order = append(p.order, img)
	}
	p.usedImages[name] = n + 1
	p.place(have[n], b)
}

// align says where in its box a text stands.
type align = fyne.TextAlign

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
	if p.usedTexts == len(p.texts) {
		p.texts = append(p.texts, canvas.NewText("", color.Black))
	}
	t := p.texts[p.usedTexts]
	p.usedTexts++
	s, size, width := p.fit(s, st, b.w)
	size *= p.scale
	ts := fyne.TextStyle{Bold: st.bold}
	if t.Text != s || t.TextSize != size || t.TextStyle != ts || t.Color != st.color || t.Alignment != st.align {
		t.Text, t.TextSize, t.TextStyle, t.Color, t.Alignment = s, size, ts, st.color, st.align
		t.Refresh()
	}
	p.place(t, b)
	return width
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
