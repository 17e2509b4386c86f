package view

import "quachot/kiosk/screen"

// footer is the tally, or the question, and the keys.
func (d *drawing) footer() {
	b := box{0, d.h - footerHeight, d.w, footerHeight}
	d.under.rect(b, d.c.band, 0)
	d.under.rect(box{0, b.y, d.w, 2}, d.c.rule, 0)
	x := d.hints(b)
	room := box{margin, b.y, x - margin - 12, b.h}
	if room.w < 90 {
		return // the keys need the whole width
	}
	if p := d.s.Panel; p != nil && p.Question != "" && d.s.Page == nil {
		d.under.text(p.Question, room, style{size: sizeText, bold: true, color: d.c.question})
		return
	}
	tally := style{size: sizeSmall, color: d.c.quiet}
	if d.under.measure(d.s.Tally, tally)*2/3 <= room.w {
		d.under.text(d.s.Tally, room, tally)
	}
}

// hints are drawn from the right, narrower when they are many; it returns where
// they begin.
func (d *drawing) hints(b box) float32 {
	size, air := float32(sizeHint), float32(24)
	for d.hintsWidth(size, air) > b.w-2*margin && size > 12 {
		size, air = size-0.5, max(8, air-2)
	}
	end := b.x + b.w - margin
	for i := len(d.s.Hints) - 1; i >= 0; i-- {
		h := d.s.Hints[i]
		w := d.hintWidth(h, size)
		d.hint(box{end - w, b.y, w, b.h}, h, size, air)
		end -= w + air
	}
	return end
}

func (d *drawing) hintsWidth(size, air float32) (w float32) {
	for _, h := range d.s.Hints {
		w += d.hintWidth(h, size) + air
	}
	return w - air
}

func (d *drawing) hintWidth(h screen.Hint, size float32) (w float32) {
	for _, name := range capsOf(h.Key) {
		w += d.capWidth(capOf(screen.Key(name)), size) + capGap
	}
	if h.Text != "" {
		w += size/2 - capGap + d.under.measure(h.Text, style{size: size, bold: h.Lead}) + 2
	}
	return w
}

// capGap is between the caps of a hint that names several keys.
const capGap = 4

func (d *drawing) capWidth(name string, size float32) float32 {
	return max(size*2, d.under.measure(name, style{size: size, bold: true})+size*1.1)
}

// hint is a key cap with what the key does; both can be tapped, and half of the
// air beside them. Of several caps each is a key of its own.
func (d *drawing) hint(b box, h screen.Hint, size, air float32) {
	x, names := b.x, capsOf(h.Key)
	for i, name := range names {
		k := d.capWidth(capOf(screen.Key(name)), size)
		d.cap(d.under, box{x, b.y + (b.h-2*size)/2, k, 2 * size}, capOf(screen.Key(name)), h.Lead, size)
		place := box{x - capGap/2, b.y, k + capGap, b.h}
		if i == len(names)-1 {
			place.w = b.x + b.w + air/2 - place.x
		}
		if i == 0 {
			place.x, place.w = place.x-air/2, place.w+air/2
		}
		if key := keyOf(name); key != "" {
			wide := max(0, touch-place.w)
			d.tappable(box{place.x - wide/2, place.y, place.w + wide, place.h}, key)
		}
		x += k + capGap
	}
	x += size/2 - capGap
	d.under.text(h.Text, box{x, b.y, b.x + b.w - x, b.h}, style{size: size, color: d.c.onBand, bold: h.Lead})
}

// cap is a key's cap; the next thing to do is amber.
func (d *drawing) cap(p painter, b box, name string, lead bool, size float32) {
	ground, text := d.c.key, d.c.onKey
	if lead {
		ground, text = amber, black
	}
	p.card(b, ground, d.c.rule, map[bool]float32{true: 2}[lead && d.c.wide], 6)
	p.text(name, box{b.x + 4, b.y, b.w - 8, b.h}, style{size: size, bold: true, color: text, align: center})
}
