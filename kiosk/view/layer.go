package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// layer is one plane of the screen: rectangles below pictures below text. Its
// objects are used again from one drawing to the next, so that the toolkit's
// caches of text and pictures do not grow with every scan.
type layer struct {
	rects  []*canvas.Rectangle
	texts  []*canvas.Text
	images map[drawnAs][]*canvas.Image
	order  []*canvas.Image
	// used counts what the present drawing took so far.
	usedRects, usedTexts int
	usedImages           map[drawnAs]int
}

// drawnAs is an icon at a size in base units. The toolkit draws an icon anew
// whenever it is resized, which takes longer than all the rest of a screen, so
// each size has its own.
type drawnAs struct {
	name string
	w, h float32
}

func newLayer() *layer {
	return &layer{images: map[drawnAs][]*canvas.Image{}, usedImages: map[drawnAs]int{}}
}

// count is how many objects the layer has; it only grows.
func (l *layer) count() int { return len(l.rects) + len(l.order) + len(l.texts) }

// objects adds all of the layer's objects to all, bottom first.
func (l *layer) objects(all []fyne.CanvasObject) []fyne.CanvasObject {
	for _, r := range l.rects {
		all = append(all, r)
	}
	for _, i := range l.order {
		all = append(all, i)
	}
	for _, t := range l.texts {
		all = append(all, t)
	}
	return all
}

// begin starts a drawing; end hides what it did not use.
func (l *layer) begin() {
	l.usedRects, l.usedTexts = 0, 0
	clear(l.usedImages)
}

func (l *layer) end() {
	for i, r := range l.rects {
		show(r, i < l.usedRects)
	}
	for i, t := range l.texts {
		show(t, i < l.usedTexts)
	}
	for name, images := range l.images {
		for i, img := range images {
			show(img, i < l.usedImages[name])
		}
	}
}

func show(o fyne.CanvasObject, visible bool) {
	if o.Visible() == visible {
		return
	}
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}
