package view

import "quachot/kiosk/screen"

// form is one column of fields. The focused one is always seen; what it says
// about itself stands beside it, or below it where the column is narrow, and
// what a picker found hangs below it over the fields that follow: nothing moves
// while somebody types.
type form []screen.FormField

const (
	fieldPitch = touch // from one field to the next
	entryHigh  = 50
	entryWide  = 620
	noteLine   = 25
	optionHigh = touch
	flagPitch  = touch
)

// measures are a form's columns.
type measures struct {
	label, entry, note float32 // widths; note 0 = below the entry
}

func (f form) measures(d *drawing, w float32) (m measures) {
	st := style{size: sizeBody, bold: true}
	for _, one := range f {
		m.label = max(m.label, d.under.measure(one.Label, st)+20)
	}
	m.label = min(m.label, w*0.32)
	m.entry = w - m.label
	if m.entry >= 860 {
		m.note = m.entry - entryWide
	}
	m.entry = min(m.entry, entryWide)
	return m
}

func (f form) tall(d *drawing, w float32) (h float32) {
	m := f.measures(d, w)
	for _, one := range f {
		h += f.high(d, one, m)
	}
	return h
}

// reach is the height with what hangs below the focused field.
func (f form) reach(d *drawing, w float32) float32 {
	m, y, low := f.measures(d, w), float32(0), float32(0)
	for _, one := range f {
		y += f.high(d, one, m)
		if one.Focus && len(one.Options) > 0 {
			low = y + float32(min(len(one.Options), 5))*optionHigh + 8
		}
	}
	return max(y, low)
}

func (f form) least(d *drawing, w float32) float32 {
	return min(f.tall(d, w), 4*fieldPitch)
}

// high is a field's height without what hangs over the next ones.
func (f form) high(d *drawing, one screen.FormField, m measures) float32 {
	h := float32(fieldPitch)
	if len(one.Flags) > 0 {
		h = flagPitch * float32(len(d.flagLines(one.Flags, m.entry+m.note)))
	}
	if m.note == 0 || len(one.Flags) > 0 {
		h += noteLine * float32(len(d.notes(one, m.entry)))
	}
	return h
}

// notes are a field's error or help, in lines: the error always, the help while
// it has the focus.
func (d *drawing) notes(one screen.FormField, w float32) []string {
	s := one.Error
	if s == "" && one.Focus {
		s = one.Help
	}
	if s == "" {
		return nil
	}
	return d.under.wrap(s, style{size: sizeHint}, w, 2)
}

func (f form) draw(d *drawing, p painter, b box) {
	m := f.measures(d, b.w)
	from, to := f.window(d, m, b.h)
	y := b.y
	for i := from; i < to; i++ {
		h := f.high(d, f[i], m)
		d.formField(p, box{b.x, y, b.w, h}, f[i], m)
		y += h
	}
	d.bar(p, box{b.x + b.w + 8, b.y, 8, y - b.y}, from, to-from, len(f))
	y = b.y
	for i := from; i < to; i++ { // above the fields, so last
		h := f.high(d, f[i], m)
		if f[i].Focus && len(f[i].Options) > 0 {
			d.options(box{b.x + m.label, y + h - 4, m.entry, b.y + b.h - y - h + 4}, f[i].Options)
		}
		y += h
	}
}

// window is which fields are seen: from the first on, unless the focused one
// with its options would be too low.
func (f form) window(d *drawing, m measures, room float32) (from, to int) {
	end, focus := float32(0), 0
	for i, one := range f {
		if one.Focus {
			focus = i
		}
	}
	for i := 0; i <= focus && i < len(f); i++ {
		end += f.high(d, f[i], m)
	}
	if focus < len(f) {
		if n := len(f[focus].Options); n > 0 {
			end += float32(min(n, 5))*optionHigh + 12
		} else if focus < len(f)-1 {
			end += fieldPitch // the next one is worth seeing
		}
	}
	for from < focus && end > room {
		end -= f.high(d, f[from], m)
		from++
	}
	y := float32(0)
	for to = from; to < len(f); to++ {
		if y += f.high(d, f[to], m); y > room+1 {
			break
		}
	}
	return from, max(to, min(from+1, len(f)))
}

// formField is a label and a place to type or switches.
func (d *drawing) formField(p painter, b box, one screen.FormField, m measures) {
	label := style{size: sizeBody, color: d.c.soft}
	if one.Focus {
		label = style{size: sizeBody, bold: true, color: d.c.ink}
		p.rect(box{b.x - 14, b.y + 3, 6, entryHigh}, d.c.focus, 3)
	}
	d.label(p, box{b.x, b.y + 3, m.label - 14, entryHigh}, one.Label, label)
	d.tappable(box{b.x, b.y, m.label + m.entry, fieldPitch}, one.Key)
	at := box{b.x + m.label, b.y + 3, m.entry, entryHigh}
	noted := box{at.x + at.w + 18, at.y, m.note - 18, entryHigh}
	if len(one.Flags) > 0 {
		h := d.flags(p, box{at.x, b.y, m.entry + m.note, b.h}, one.Flags)
		d.note(p, box{at.x, b.y + h, m.entry, 0}, one)
		return
	}
	d.formEntry(p, at, one)
	if m.note == 0 {
		noted = box{at.x, at.y + at.h + 2, at.w, 0}
	}
	d.note(p, noted, one)
}

// label is one line, or two small ones.
func (d *drawing) label(p painter, b box, s string, st style) {
	if p.measure(s, st) <= b.w {
		p.text(s, b, st)
		return
	}
	st.size = sizeHint
	for i, line := range p.wrap(s, st, b.w, 2) {
		p.text(line, box{b.x, b.y + float32(i)*b.h/2, b.w, b.h / 2}, st)
	}
}

// formEntry is what was typed, or filled by a scan.
func (d *drawing) formEntry(p painter, b box, one screen.FormField) {
	ground := d.c.card
	if one.Given {
		ground = d.c.given
	}
	room := b
	if one.Given {
		room.w -= 40
	}
	d.entry(p, b, one.Text, style{size: sizeEntry, color: d.c.ink}, one.Focus, ground, room.w)
	if one.Given {
		p.icon("given", box{b.x + b.w - 40, b.y + 12, b.h - 24, b.h - 24})
	}
	if one.Error != "" && !one.Focus {
		p.card(b, color0, d.c.fault, 2, 8)
	}
}

// note is a field's error or help: beside the field centred in its height, or
// below it.
func (d *drawing) note(p painter, b box, one screen.FormField) {
	st := style{size: sizeHint, color: d.c.soft}
	if one.Error != "" {
		st.color, st.bold = d.c.fault, true
	}
	lines := d.notes(one, b.w)
	y := b.y
	if b.h > 0 {
		y += (b.h - noteLine*float32(len(lines))) / 2
	}
	for i, s := range lines {
		p.text(s, box{b.x, y + float32(i)*noteLine, b.w, noteLine}, st)
	}
}
