package view

import "quachot/kiosk/screen"

// The number pad: keys of 104 by 80, so that a glove hits one and not two.
const (
	padKeyWidth  = 104
	padKeyHeight = 80
	padGap       = 10
	padWidth     = 3*padKeyWidth + 2*padGap
	padHeight    = 4*padKeyHeight + 3*padGap
)

var padKeys = [4][3]screen.Key{
	{"1", "2", "3"}, {"4", "5", "6"}, {"7", "8", "9"}, {screen.KeyBackspace, "0", screen.KeyEnter},
}

// pad draws the number pad into b, its keys as large as b is.
func (d *drawing) pad(p painter, b box) {
	w, h := (b.w-2*padGap)/3, (b.h-3*padGap)/4
	for i, row := range padKeys {
		for j, k := range row {
			at := box{b.x + float32(j)*(w+padGap), b.y + float32(i)*(h+padGap), w, h}
			d.padKey(p, at, k)
			d.tappable(at.inset(-padGap/2), k)
		}
	}
}

func (d *drawing) padKey(p painter, b box, k screen.Key) {
	icon := box{b.x + b.w/2 - 24, b.y + b.h/2 - 24, 48, 48}
	switch k {
	case screen.KeyEnter:
		p.card(b, amber, d.c.rule, 1, 10)
		p.icon("enter", icon)
	case screen.KeyBackspace:
		p.rect(b, d.c.key, 10)
		p.icon("backspace", icon)
	default:
		p.rect(b, d.c.key, 10)
		p.text(string(k), b, style{size: 38, bold: true, color: d.c.onKey, align: center})
	}
}
