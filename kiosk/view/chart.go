package view

import (
	"math"
	"strconv"

	"quachot/kiosk/screen"
)

// chart is stacked bars: a legend, the bars with their sums, a label below each.
type chart screen.Chart

func (c *chart) tall(*drawing, float32) float32  { return 320 }
func (c *chart) least(*drawing, float32) float32 { return 220 }

func (c *chart) draw(d *drawing, p painter, b box) {
	p.card(b, d.c.card, d.c.edge, 1, 8)
	in := b.inset(16)
	title := style{size: sizeBody, bold: true, color: d.c.ink}
	used := p.text(c.Title, box{in.x, in.y - 4, in.w * 0.45, 30}, title)
	head := float32(56)
	if beside := (box{in.x + used + 30, in.y - 4, in.w - used - 30, 30}); c.legendWidth(p, sizeSmall) <= beside.w {
		c.legend(d, p, beside)
	} else {
		c.legend(d, p, box{in.x, in.y + 28, in.w, 30})
		head += 32
	}
	plot := box{in.x, in.y + head, in.w, in.h - head - 28}
	p.rect(box{plot.x, plot.y + plot.h, plot.w, 2}, d.c.ink, 0)
	if len(c.Bars) == 0 {
		return
	}
	slot := min(plot.w/float32(len(c.Bars)), 120)
	top := c.top()
	for i, bar := range c.Bars {
		x := plot.x + float32(i)*slot
		c.bar(d, p, box{x + slot*0.15, plot.y, slot * 0.7, plot.h}, bar, top)
		p.text(bar.Label, box{x, plot.y + plot.h + 4, slot, 26}, style{size: sizeSmall, color: d.c.soft, align: center})
	}
}

// top is the highest bar, at least one.
func (c *chart) top() float64 {
	top := 1.0
	for _, b := range c.Bars {
		top = max(top, sum(b.Parts))
	}
	return top
}

func sum(parts []float64) (s float64) {
	for _, p := range parts {
		if p > 0 && !math.IsInf(p, 0) {
			s += p
		}
	}
	return s
}

// bar is one column with white between its parts, so that they are told apart
// without colour, in the order of the legend.
func (c *chart) bar(d *drawing, p painter, b box, bar screen.Bar, top float64) {
	y := b.y + b.h
	for i, v := range bar.Parts {
		if v <= 0 || math.IsInf(v, 0) || math.IsNaN(v) {
			continue
		}
		h := b.h * float32(v/top)
		y -= h
		p.rect(box{b.x, y, b.w, max(1, h-1.5)}, c.colour(i).ground, 2)
	}
	if s := sum(bar.Parts); s > 0 {
		text := strconv.FormatFloat(s, 'f', -1, 64)
		p.text(text, box{b.x - b.w*0.2, y - 26, b.w * 1.4, 26}, style{size: sizeSmall, bold: true, color: d.c.ink, align: center})
	}
}

// colour is a part's: that of its verdict.
func (c *chart) colour(i int) look {
	if i < len(c.Kinds) {
		return lookOf(c.Kinds[i])
	}
	return lookOf(0)
}

// legendMark is the square before a name and the air behind it.
const legendMark = 46

func (c *chart) legendWidth(p painter, size float32) (w float32) {
	for _, n := range c.Names {
		w += p.measure(n, style{size: size}) + legendMark
	}
	return w
}

// legend names the parts, from the right, all in type of one size.
func (c *chart) legend(d *drawing, p painter, b box) {
	st := style{size: sizeSmall, color: d.c.ink}
	for c.legendWidth(p, st.size) > b.w+14 && st.size > 11 {
		st.size -= 0.5
	}
	x := max(b.x, b.x+b.w-c.legendWidth(p, st.size)+14)
	for i, n := range c.Names {
		w := min(p.measure(n, st), b.w/float32(len(c.Names))*1.5-legendMark, b.x+b.w-x-26)
		if w < 1 {
			return
		}
		l := c.colour(i)
		p.rect(box{x, b.y + 5, 20, 20}, l.ground, 4)
		p.icon(l.icon, box{x + 3, b.y + 8, 14, 14})
		p.text(n, box{x + 26, b.y, w + 1, b.h}, st)
		x += w + legendMark
	}
}
