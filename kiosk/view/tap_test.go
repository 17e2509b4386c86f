package view

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"quachot/kiosk/screen"
)

// keysOf are the keys a state offers to a finger.
func keysOf(s screen.State) (keys []screen.Key) {
	for _, h := range s.Hints {
		keys = append(keys, keyOf(h.Key))
	}
	if s.Field != nil || s.Page != nil && s.Page.Pad {
		keys = append(keys, "0", "1", "9", screen.KeyBackspace, screen.KeyEnter)
	}
	if s.Page == nil {
		return keys
	}
	for _, c := range s.Page.Choices {
		if !c.Off {
			keys = append(keys, c.Key)
		}
	}
	for _, f := range s.Page.Fields {
		keys = append(keys, f.Key)
		for _, flag := range f.Flags {
			keys = append(keys, flag.Key)
		}
		for _, o := range f.Options {
			if f.Focus && !o.Off {
				keys = append(keys, o.Key)
			}
		}
	}
	return slices.DeleteFunc(keys, func(k screen.Key) bool { return k == "" })
}

// A tap in the middle of everything that was drawn to be tapped sends its key,
// at every scaling of the system, and whatever a state offers can be tapped.
func TestTapsSendTheirKeys(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	for _, scaling := range []float32{1, 1.25, 1.5} {
		w := board(t, screen.State{}, 1366/scaling, 768/scaling)
		w.Canvas().(test.WindowlessCanvas).SetScale(scaling)
		for name, s := range states("vi") {
			b := w.Content().(*Board)
			b.Draw(s)
			var got []screen.Key
			b.OnKey = func(k screen.Key) { got = append(got, k) }
			var free []hit // not covered by what was drawn later
			scale := b.drawn.scale()
			for _, h := range b.drawn.hits {
				x, y := h.x+h.w/2, h.y+h.h/2
				if over, ok := at(b.drawn.hits, x, y); !ok || over != h {
					continue
				}
				free = append(free, h)
				test.TapCanvas(w.Canvas(), fyne.NewPos(x*scale, y*scale))
				if len(got) == 0 || got[len(got)-1] != h.key {
					t.Errorf("%s at %.2f: a tap on %q sent %v", name, scaling, h.key, got)
				}
				if h.w*scale*scaling < touch-0.5 || h.h*scale*scaling < touch-0.5 {
					t.Errorf("%s at %.2f: %q is %.0f by %.0f, a glove needs %d", name, scaling, h.key, h.w, h.h, touch)
				}
			}
			for _, k := range keysOf(s) {
				if !slices.ContainsFunc(free, func(h hit) bool { return h.key == k }) && !scrolled(s) {
					t.Errorf("%s at %.2f: %q cannot be tapped", name, scaling, k)
				}
			}
		}
	}
}

// scrolled says that a page is longer than the screen, or hides fields behind
// what a picker found.
func scrolled(s screen.State) bool {
	return s.Page != nil && len(s.Page.Fields) > 6
}

// What lies under a box, and a place where nothing is, do nothing.
func TestTapsBesideDoNothing(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	for _, name := range []string{"page-confirm", "field", "check", "waiting"} {
		w := board(t, states("vi")[name], 1366, 768)
		w.Content().(*Board).OnKey = func(k screen.Key) { t.Errorf("%s: a tap beside everything sent %q", name, k) }
		for _, at := range []fyne.Position{{X: 20, Y: 120}, {X: 1340, Y: 690}, {X: 683, Y: 40}} {
			test.TapCanvas(w.Canvas(), at)
		}
	}
}

// A finger that came down on one verdict decides nothing about the next one,
// nor does one that slid to another key.
func TestATapMeansWhatTheFingerCameDownOn(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	s := states("vi")["check"]
	s.Flash.Turn = 7
	b := lay(s, sizes[0])
	var got []screen.Key
	b.OnKey = func(k screen.Key) { got = append(got, k) }
	place := func(k screen.Key) fyne.Position {
		for _, h := range b.drawn.hits {
			if h.key == k {
				return fyne.NewPos(h.x+h.w/2, h.y+h.h/2)
			}
		}
		t.Fatalf("nothing sends %q", k)
		return fyne.Position{}
	}
	press := func(down, up screen.Key, between func()) {
		e := &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: place(down)}}
		b.MouseDown(e)
		between()
		b.MouseUp(e)
		b.Tapped(&fyne.PointEvent{Position: place(up)})
	}
	press("1", "1", func() { s.Flash.Turn++; b.Draw(s) })
	press("1", "3", func() {})
	if len(got) != 0 {
		t.Errorf("sent %v, want nothing", got)
	}
	press("3", "3", func() {
		if !b.drawn.finger.Visible() {
			t.Error("what the finger lies on does not darken")
		}
		s.Header.Time = "14:33"
		b.Draw(s)
	})
	if len(got) != 1 || got[0] != "3" {
		t.Errorf("sent %v, want 3", got)
	}
	if b.drawn.finger.Visible() {
		t.Error("the finger was lifted, its mark stayed")
	}
}

// A choice that cannot be chosen now sends nothing.
func TestOffIsOff(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	b := lay(states("vi")["page-places"], sizes[0])
	for _, h := range b.drawn.hits {
		if h.key == "5" {
			t.Error("the full hotel can be tapped")
		}
	}
}

func TestCapsNameKeys(t *testing.T) {
	for cap, want := range map[string]screen.Key{
		"Esc": screen.KeyEscape, "Enter": screen.KeyEnter, "F1": "F1", "F12": "F12", "1": "1", "Z": "Z",
		"Shift+Tab": screen.KeyBack, "1-9": "", "F13": "", "↑↓": "", "": "",
	} {
		if got := keyOf(cap); got != want {
			t.Errorf("cap %q is key %q, want %q", cap, got, want)
		}
	}
}
