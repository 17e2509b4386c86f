// Package view draws the lane's screen with Fyne: one widget, drawn from a
// [screen.State] and nothing else. It has nothing that can take the focus, so
// that no scan can press anything, and it decides nothing.
package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"quachot/kiosk/screen"
)

// Board is the whole screen.
type Board struct {
	widget.BaseWidget
	state screen.State // owned by the drawing goroutine
}

// NewBoard makes an empty board.
func NewBoard() *Board {
	b := &Board{}
	b.ExtendBaseWidget(b)
	return b
}

// Draw shows s. Any goroutine may call it; it returns at once, and states are
// drawn in the order of the calls.
func (b *Board) Draw(s screen.State) {
	fyne.Do(func() {
		b.state = s
		b.Refresh()
	})
}

// CreateRenderer is called by Fyne.
func (b *Board) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{board: b, under: newLayer(), over: newLayer()}
}

// renderer draws the board: over holds what lies above everything else.
type renderer struct {
	board       *Board
	under, over *layer
	size        fyne.Size
}

// MinSize lets the window be of any size a person can still read.
func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(800, 450) }

// Objects are in the order of drawing.
func (r *renderer) Objects() []fyne.CanvasObject {
	return append(r.under.objects(), r.over.objects()...)
}

// Destroy has nothing to give back.
func (r *renderer) Destroy() {}

// Layout draws for a new size.
func (r *renderer) Layout(size fyne.Size) {
	r.size = size
	r.draw()
}

// Refresh draws the board's state.
func (r *renderer) Refresh() {
	r.draw()
}

func (r *renderer) draw() {
	if r.size.Width < 1 || r.size.Height < 1 {
		return
	}
	scale := min(r.size.Width/baseWidth, r.size.Height/baseHeight)
	d := drawing{
		under: painter{r.under, scale}, over: painter{r.over, scale},
		w: r.size.Width / scale, h: r.size.Height / scale,
		s: r.board.state,
	}
	r.under.begin()
	r.over.begin()
	d.draw()
	r.under.end()
	r.over.end()
}
