package view

import "quachot/kiosk/screen"

// parts are the blocks a page has, in the order they are read. The pad stands
// apart: it is always at the right.
func parts(p *screen.Page, small bool) []block {
	var all []block
	if small && len(p.Text) > 0 {
		all = append(all, paragraphs(p.Text)) // a box first says what it asks
	}
	if len(p.Fields) > 0 {
		all = append(all, form(p.Fields))
	}
	if len(p.Choices) > 0 {
		all = append(all, choices(p.Choices))
	}
	if p.Table != nil {
		all = append(all, (*table)(p.Table))
	}
	if p.Chart != nil {
		all = append(all, (*chart)(p.Chart))
	}
	if !small && len(p.Text) > 0 {
		all = append(all, paragraphs(p.Text))
	}
	return all
}

// blocksTall is the height that shows all of a page's blocks below each other.
func (d *drawing) blocksTall(p *screen.Page, w float32, small bool) float32 {
	least := float32(0)
	if p.Pad {
		w -= padWidth + 2*gap
		least = padHeight + gap
	}
	h := float32(0)
	reach := float32(0)
	for _, b := range parts(p, small) {
		if f, ok := b.(form); ok && small {
			reach = h + f.reach(d, w)
		}
		h += b.tall(d, w) + gap
	}
	return max(h, least, reach)
}

// blocks lays out a page: below each other when that fits, else the first in a
// column of its own and the others beside it.
func (d *drawing) blocks(p painter, b box, page *screen.Page, small bool) {
	if page.Pad {
		h := min(float32(padHeight), b.h)
		d.pad(p, box{b.x + b.w - padWidth, b.y, padWidth, h})
		b.w -= padWidth + 2*gap
	}
	all := parts(page, small)
	if len(all) == 0 && !page.Pad && page.Error == "" { // it waits for a scan
		side := min(150, b.h-20)
		p.icon("scan", box{b.x + (b.w-side)/2, b.y + (b.h-side)/2, side, side})
		return
	}
	dense := page.Table != nil && len(page.Table.Head) > 3 && d.least(all, b.w) <= b.h
	if len(all) < 2 || small || dense || d.tall(all, b.w) <= b.h {
		d.stack(p, b, all)
		return
	}
	first := b.w * 0.5
	if _, ok := all[0].(form); ok {
		first = b.w * 0.56
	}
	one, two := d.split(all, b.w/2)
	d.stack(p, box{b.x, b.y, first - gap, b.h}, one)
	d.stack(p, box{b.x + first + gap, b.y, b.w - first - gap, b.h}, two)
}

// split divides blocks among two columns: the first and the second begin one
// each, and what follows goes where there is more room.
func (d *drawing) split(all []block, w float32) (one, two []block) {
	one, two = all[:1:1], all[1:2:2]
	for _, b := range all[2:] {
		if d.tall(one, w) < d.tall(two, w) {
			one = append(one, b)
		} else {
			two = append(two, b)
		}
	}
	return one, two
}

func (d *drawing) tall(all []block, w float32) (h float32) {
	for _, b := range all {
		h += b.tall(d, w) + gap
	}
	return h - gap
}

// least is the height that all blocks can do with.
func (d *drawing) least(all []block, w float32) (h float32) {
	for _, b := range all {
		h += b.least(d, w) + gap
	}
	return h - gap
}

// stack draws blocks below each other, each as high as it wants to be while the
// others have what they cannot do without. A chart takes what is left.
func (d *drawing) stack(p painter, b box, all []block) {
	for i, one := range all {
		spare := b.h - d.tall(all[i:], b.w)
		h := one.tall(d, b.w)
		if i == len(all)-1 {
			h = max(h, b.h)
		}
		if _, ok := one.(*chart); ok {
			h = min(one.tall(d, b.w)+max(0, spare), 480)
		}
		if i < len(all)-1 && spare < 0 {
			h = min(h, max(b.h-gap-d.least(all[i+1:], b.w), one.least(d, b.w)))
		}
		h = min(h, b.h)
		one.draw(d, p, box{b.x, b.y, b.w, h})
		_, b = b.cut(h + gap)
	}
}

// bar is a scroll bar: what is seen of how much, in pieces. It is drawn only
// when something is hidden.
func (d *drawing) bar(p painter, b box, from, seen, all int) {
	if seen >= all || all == 0 {
		return
	}
	p.rect(b, d.c.track, b.w/2)
	share := b.h / float32(all)
	p.rect(box{b.x, b.y + float32(from)*share, b.w, max(24, float32(seen)*share)}, d.c.soft, b.w/2)
}
