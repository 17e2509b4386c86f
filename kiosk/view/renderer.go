package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// renderer draws the board. Its layers lie above each other in the order of
// planes; seal and flash move between the lane and what is above it.
type renderer struct {
	board  *Board
	planes [4]*layer // under, over, top, drop
	seal   *seal
	flash  *flash
	finger *canvas.Rectangle // over what is being pressed
	size   fyne.Size
	hits   []hit               // of the last drawing
	all    []fyne.CanvasObject // every object, in the order of drawing
	count  int                 // of the layers' objects when all was made
}

func newRenderer(b *Board) *renderer {
	r := &renderer{board: b, seal: newSeal(), flash: newFlash(), finger: canvas.NewRectangle(press)}
	r.finger.Hide()
	for i := range r.planes {
		r.planes[i] = newLayer()
	}
	return r
}

// MinSize lets the window be of any size a person can still read; at 150 %
// scaling, 1024 pixels are 683 units.
func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(640, 360) }

// Objects are in the order of drawing. The toolkit asks at every frame.
func (r *renderer) Objects() []fyne.CanvasObject {
	count := 0
	for _, l := range r.planes {
		count += l.count()
	}
	if r.all != nil && count == r.count {
		return r.all
	}
	r.count = count
	all := r.planes[0].objects(make([]fyne.CanvasObject, 0, count+8))
	all = r.flash.objects(r.seal.objects(all))
	for _, l := range r.planes[1:] {
		all = l.objects(all)
	}
	r.all = append(all, r.finger)
	return r.all
}

// press shows where the finger lies; an empty box that it was lifted.
func (r *renderer) press(b box) {
	scale := r.scale()
	painter{scale: scale}.place(r.finger, b)
	r.finger.CornerRadius = 8 * scale
	show(r.finger, b.w > 0)
}

// Destroy ends what moves.
func (r *renderer) Destroy() {
	r.seal.stop()
	r.flash.stop()
}

// Layout draws for a new size.
func (r *renderer) Layout(size fyne.Size) {
	r.size = size
	r.draw()
}

// Refresh draws the board's state.
func (r *renderer) Refresh() { r.draw() }

// scale is pixels of the canvas for one base unit.
func (r *renderer) scale() float32 {
	return max(0.01, min(r.size.Width/baseWidth, r.size.Height/baseHeight))
}

func (r *renderer) draw() {
	if r.size.Width < 1 || r.size.Height < 1 {
		return
	}
	scale := r.scale()
	for _, l := range r.planes {
		l.begin()
	}
	d := drawing{
		under: painter{r.planes[0], scale}, over: painter{r.planes[1], scale},
		top: painter{r.planes[2], scale}, drop: painter{r.planes[3], scale},
		w: r.size.Width / scale, h: r.size.Height / scale,
		s: r.board.state, c: paletteOf(r.board.state), hits: r.hits[:0],
	}
	d.draw()
	r.hits = d.hits
	show(r.finger, false) // what it lay on may be another thing now
	for _, l := range r.planes {
		l.end()
	}
	r.seal.show(d.mark.seal, scale, r.board.state.Seal, d.mark.ink)
	r.flash.show(d.mark.flash, scale, r.board.state.Flash, d.mark.light)
}
