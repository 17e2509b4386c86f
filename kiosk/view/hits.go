package view

import "quachot/kiosk/screen"

// hit is a place that sends a key when it is tapped, in base units.
type hit struct {
	box
	key screen.Key
}

// tappable makes b send k. A place with no key swallows the tap: what it covers
// cannot be tapped through it.
func (d *drawing) tappable(b box, k screen.Key) { d.hits = append(d.hits, hit{b, k}) }

// at is the topmost place at a point; false where nothing was drawn to be tapped.
func at(hits []hit, x, y float32) (hit, bool) {
	for i := len(hits) - 1; i >= 0; i-- {
		if hits[i].holds(x, y) {
			return hits[i], hits[i].key != ""
		}
	}
	return hit{}, false
}
