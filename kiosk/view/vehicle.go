package view

import (
	"fmt"

	"quachot/kiosk/screen"
)

// The strip of a vehicle: its plate, then who is on board in lines of three.
const (
	vehicleHeight = 178
	stripHeight   = 66
	aboardColumns = 3
	aboardLines   = 2
)

// vehicle is drawn where the rows before are: who is on board is what counts now.
func (d *drawing) vehicle(b box, v *screen.Vehicle) {
	d.under.rect(box{b.x, b.y, b.w, 3}, d.c.focus, 0)
	strip := box{b.x + margin, b.y + 3, b.w - 2*margin, stripHeight}
	x := strip.x + d.plate(box{strip.x, strip.y + 9, 0, strip.h - 18}, v.Plate) + 20
	end := strip.x + strip.w
	if v.Word != "" {
		end -= d.badge(box{end, strip.y + 9, 0, strip.h - 18}, v) + 20
	}
	d.under.text(v.Detail, box{x, strip.y, end - x, strip.h}, style{size: sizeText, color: d.c.ink})
	d.aboard(box{strip.x, strip.y + strip.h, strip.w, b.h - 3 - strip.h}, v.Aboard)
}

// plate looks like one; it returns its width.
func (d *drawing) plate(b box, number string) float32 {
	st := style{size: 32, bold: true, color: black, align: center}
	b.w = max(150, min(d.under.measure(number, st)+44, 420))
	d.under.card(b, white, black, 3, 8)
	d.under.text(number, b.inset(6), st)
	return b.w
}

// badge is the worst verdict aboard, ending at b.x; it returns its width.
func (d *drawing) badge(b box, v *screen.Vehicle) float32 {
	l := lookFor(v.Verdict, v.Neutral)
	st := style{size: sizeText, bold: true, color: l.text}
	w := min(d.under.measure(v.Word, st)+2, 330)
	b.w = w + b.h + 18
	b.x -= b.w
	d.under.rect(b, l.ground, 8)
	d.under.icon(l.icon, box{b.x + 8, b.y + 7, b.h - 14, b.h - 14})
	d.under.text(v.Word, box{b.x + b.h + 4, b.y, w, b.h}, st)
	return b.w
}

// aboard are the people scanned so far, the newest first as State gives them;
// how many more there are stands in the last place.
func (d *drawing) aboard(b box, rows []screen.Row) {
	const places = aboardColumns * aboardLines
	w, h := (b.w-2*12)/aboardColumns, (b.h-8)/aboardLines
	for i, r := range rows {
		at := box{b.x + float32(i%aboardColumns)*(w+12), b.y + float32(i/aboardColumns)*h, w, h - 6}
		if i == places-1 && len(rows) > places {
			d.under.text(fmt.Sprintf("+%d", len(rows)-i), at, style{size: sizeText, bold: true, color: d.c.soft})
			return
		}
		d.person(at, r)
	}
}

func (d *drawing) person(b box, r screen.Row) {
	l := lookFor(r.Verdict, r.Neutral)
	d.under.card(b, d.c.card, d.c.edge, 1, 6)
	d.under.rect(box{b.x, b.y, b.h, b.h}, l.ground, 6)
	d.under.icon(l.icon, box{b.x + 7, b.y + 7, b.h - 14, b.h - 14})
	name, end := r.Name, b.x+b.w-10
	if name == "" {
		name = r.Word
	}
	st := style{size: sizeHint, color: d.c.soft, align: right}
	if r.Decided != "" {
		w := min(d.under.measure(r.Decided, st), 130)
		d.under.text(r.Decided, box{end - w, b.y, w, b.h}, st)
		end -= w + 8
	}
	d.under.text(name, box{b.x + b.h + 10, b.y, end - b.x - b.h - 10, b.h}, style{size: sizeBody, bold: true, color: d.c.ink})
}
