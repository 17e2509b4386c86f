// Package view draws the lane's screen with Fyne: one widget, drawn from a
// [screen.State] and nothing else. It has nothing that can take the focus, so
// that no scan can press anything, and it decides nothing: a tap is told as the
// key that stands where it fell.
//
// To look at a screen, give any test of this package a State: states in
// sample_test.go lists those worth looking at, by name. This writes each as a
// picture, in both languages and themes and in every size:
//
//	QUACHOT_PICTURES=/tmp/pictures go test ./kiosk/view -run Pictures
//
// QUACHOT_PICTURE='^vi-declare.*-1366' limits it to files of such names.
package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"quachot/kiosk/screen"
	_ "quachot/kiosk/view/brief" // before the toolkit's cache
)

// Board is the whole screen.
type Board struct {
	widget.BaseWidget
	// OnKey is told what is tapped, on the drawing goroutine; nil tells nobody.
	// Set it before the board is shown.
	OnKey func(screen.Key)

	state screen.State // owned by the drawing goroutine
	down  *touchDown   // where the finger came down last; nil = taps come without
	drawn *renderer    // where things are on the screen; nil before the first drawing
}

var (
	_ fyne.Tappable     = (*Board)(nil)
	_ desktop.Mouseable = (*Board)(nil)
)

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

// touchDown is what lay under the finger when it came down.
type touchDown struct {
	key  screen.Key
	turn uint64 // of the verdict on show
}

// Tapped is called by Fyne. A tap means what was on the screen when the finger
// came down: when another verdict took the place meanwhile, it means nothing.
func (b *Board) Tapped(e *fyne.PointEvent) {
	down := b.down
	b.down = nil
	h, ok := b.at(e.Position)
	if !ok || b.OnKey == nil || down != nil && *down != (touchDown{h.key, b.state.Flash.Turn}) {
		return
	}
	b.OnKey(h.key)
}

// MouseDown is called by Fyne: what the finger lies on darkens, so that a gloved
// hand knows what it will press.
func (b *Board) MouseDown(e *desktop.MouseEvent) {
	h, ok := b.at(e.Position)
	b.down = &touchDown{h.key, b.state.Flash.Turn}
	if ok {
		b.drawn.press(h.box)
	}
}

// MouseUp is called by Fyne.
func (b *Board) MouseUp(*desktop.MouseEvent) {
	if b.drawn != nil {
		b.drawn.press(box{})
	}
}

// at is what can be tapped at a place.
func (b *Board) at(p fyne.Position) (hit, bool) {
	if b.drawn == nil {
		return hit{}, false
	}
	scale := b.drawn.scale()
	return at(b.drawn.hits, p.X/scale, p.Y/scale)
}

// CreateRenderer is called by Fyne.
func (b *Board) CreateRenderer() fyne.WidgetRenderer {
	b.drawn = newRenderer(b)
	return b.drawn
}
