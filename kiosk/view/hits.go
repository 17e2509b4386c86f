package view

import (
	"strings"

	"quachot/kiosk/screen"
)

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

// caps are the names on key caps of keys that are called otherwise.
var caps = map[screen.Key]string{
	screen.KeyEscape: "Esc", screen.KeyPageUp: "PgUp", screen.KeyPageDown: "PgDn", screen.KeyDelete: "Del",
}

// capOf is what stands on a key's cap.
func capOf(k screen.Key) string {
	if c, ok := caps[k]; ok {
		return c
	}
	return string(k)
}

// keyOf is the key of a cap; "" for a cap that names several, such as "1-9",
// which cannot be tapped.
func keyOf(c string) screen.Key {
	for k, name := range caps {
		if name == c {
			return k
		}
	}
	if k := screen.Key(c); len([]rune(c)) == 1 || named[k] || functionKey(c) {
		return k
	}
	return ""
}

var named = map[screen.Key]bool{
	screen.KeyEnter: true, screen.KeyEscape: true, screen.KeyBackspace: true, screen.KeyTab: true, screen.KeyBack: true,
	screen.KeyUp: true, screen.KeyDown: true, screen.KeyLeft: true, screen.KeyRight: true, screen.KeyPageUp: true,
	screen.KeyPageDown: true, screen.KeyDelete: true,
}

// functionKey is F1 to F12.
func functionKey(c string) bool {
	n, ok := strings.CutPrefix(c, "F")
	return ok && (len(n) == 1 && n >= "1" && n <= "9" || n == "10" || n == "11" || n == "12")
}
