package view

import "strings"

// paragraphs are text: one column when it fits, smaller or in two columns when
// it does not. A tab parts a key or a name from what is said about it.
type paragraphs []string

// set is text broken into lines at a size.
type set struct {
	size  float32
	lines []setLine
	high  float32
}

type setLine struct {
	head, text string // head stands in a column of its own
	y          float32
	part       int // which paragraph it belongs to
}

func (t paragraphs) tall(d *drawing, w float32) float32 {
	return t.set(d, min(w, 1100), sizeText).high
}

func (t paragraphs) least(d *drawing, w float32) float32 {
	return t.set(d, w, sizeHint).high
}

// set breaks the text for a width.
func (t paragraphs) set(d *drawing, w, size float32) set {
	s := set{size: size}
	st := style{size: size}
	line := size * 1.42
	indent := t.indent(d, w, size)
	for i, paragraph := range t {
		head, text, tabbed := strings.Cut(paragraph, "\t")
		room := w
		if !tabbed {
			head, text = "", paragraph
		} else {
			room -= indent
		}
		if i > 0 && !tabbed {
			s.high += size * 0.4
		}
		for j, part := range d.under.wrap(text, st, room, 40) {
			one := setLine{text: part, y: s.high, part: i}
			if tabbed {
				one.head = " "
			}
			if j == 0 && head != "" {
				one.head = head
			}
			s.lines = append(s.lines, one)
			s.high += line
		}
	}
	return s
}

// halves says that a text fits into two columns of a height.
func (t paragraphs) halves(s set, room float32) bool {
	i := t.second(s, room)
	return i < 0 || s.high-s.lines[i].y <= room
}

// indent is the width of the heads' column.
func (t paragraphs) indent(d *drawing, w, size float32) (wide float32) {
	for _, paragraph := range t {
		if head, _, tabbed := strings.Cut(paragraph, "\t"); tabbed {
			wide = max(wide, d.under.measure(head, style{size: size, bold: true})+24)
		}
	}
	return min(wide, w*0.4)
}

func (t paragraphs) draw(d *drawing, p painter, b box) {
	for _, size := range []float32{sizeText, sizeBody, sizeHint, sizeSmall} {
		w := min(b.w, 50*size) // longer lines are hard to follow
		if s := t.set(d, w, size); s.high <= b.h {
			t.write(d, p, box{b.x, b.y, w, b.h}, s, 1)
			return
		}
		if s := t.set(d, b.w, size); size < sizeText && s.high <= b.h {
			t.write(d, p, b, s, 1)
			return
		}
		if b.w >= 900 {
			half := (b.w - 40) / 2
			if s := t.set(d, half, size); t.halves(s, b.h) {
				t.write(d, p, box{b.x, b.y, half, b.h}, s, 2)
				return
			}
		}
	}
	w, columns := b.w, 1
	if b.w >= 900 {
		w, columns = (b.w-40)/2, 2
	}
	t.write(d, p, box{b.x, b.y, w, b.h}, t.set(d, w, sizeSmall), columns)
}

// write writes the lines, in a second column what does not fit into the first;
// a paragraph is not parted.
func (t paragraphs) write(d *drawing, p painter, b box, s set, columns int) {
	st := style{size: s.size, color: d.c.ink}
	indent := t.indent(d, b.w, s.size)
	start, second := float32(0), -1
	if columns > 1 {
		second = t.second(s, b.h)
	}
	for i, l := range s.lines {
		if i == second {
			start = l.y
			b.x += b.w + 40
		}
		at := box{b.x, b.y + l.y - start, b.w, s.size * 1.42}
		if at.y+at.h > b.y+b.h+1 {
			continue
		}
		if l.head != "" {
			p.text(l.head, box{at.x, at.y, indent - 16, at.h}, style{size: s.size, bold: true, color: d.c.ink})
			at.x, at.w = at.x+indent, at.w-indent
		}
		p.text(l.text, at, st)
	}
}

// second is the line that begins the second column, -1 when there is none.
func (t paragraphs) second(s set, room float32) int {
	for i, l := range s.lines {
		if l.y+s.size*1.42 <= room+1 {
			continue
		}
		for i > 0 && s.lines[i-1].part == l.part {
			i--
		}
		return max(i, 1)
	}
	return -1
}
