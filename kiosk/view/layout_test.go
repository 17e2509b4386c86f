package view

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"quachot/kiosk/screen"
)

var sizes = []fyne.Size{{Width: 1366, Height: 768}, {Width: 1920, Height: 1080}, {Width: 1024, Height: 768}}

// scaled is 1366x768 at 125 % and 150 % of the system's scaling.
var scaled = []fyne.Size{{Width: 1366 / 1.25, Height: 768 / 1.25}, {Width: 1366 / 1.5, Height: 768 / 1.5}}

// drawn are the visible texts of a board.
func drawn(b *Board) []*canvas.Text {
	var texts []*canvas.Text
	for _, o := range test.WidgetRenderer(b).Objects() {
		if t, ok := o.(*canvas.Text); ok && t.Visible() && t.Text != "" {
			texts = append(texts, t)
		}
	}
	return texts
}

func lay(s screen.State, size fyne.Size) *Board {
	b := NewBoard()
	b.Resize(size)
	b.Draw(s)
	return b
}

// boards draw state after state, one board a size: icons are drawn once.
type boards map[fyne.Size]*Board

func (all boards) lay(s screen.State, size fyne.Size) *Board {
	if all[size] == nil {
		all[size] = NewBoard()
		all[size].Resize(size)
	}
	all[size].Draw(s)
	return all[size]
}

// Every text lies on the screen, is not wider than its place, and is not below
// the band its place is in.
func TestNothingIsCutOff(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	all := boards{}
	for _, lang := range []string{"vi", "en"} {
		for name, s := range states(lang) {
			for _, size := range append(scaled, sizes...)[:map[string]int{"vi": 5, "en": 3}[lang]] {
				for _, text := range drawn(all.lay(s, size)) {
					pos, need := text.Position(), text.MinSize()
					if need.Width > text.Size().Width+1.5 {
						t.Errorf("%s %s %v: %q needs %.1f, has %.1f", lang, name, size, text.Text, need.Width, text.Size().Width)
					}
					if pos.X < 0 || pos.Y < 0 || pos.X+text.Size().Width > size.Width+1 || pos.Y+text.Size().Height > size.Height+1 {
						t.Errorf("%s %s %v: %q lies off the screen at %v", lang, name, size, text.Text, pos)
					}
				}
			}
		}
	}
}

// No text is written over another one, unless a box lies between the two.
func TestTextsDoNotOverlap(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	all := boards{}
	for _, lang := range []string{"vi", "en"} {
		for name, s := range states(lang) {
			texts := uncovered(all.lay(s, sizes[0]))
			for i, a := range texts {
				for _, b := range texts[:i] {
					if overlap(a, b) {
						t.Errorf("%s %s: %q and %q overlap", lang, name, a.Text, b.Text)
					}
				}
			}
		}
	}
}

// uncovered are the visible texts that no box drawn later hides or dims.
func uncovered(b *Board) []*canvas.Text {
	var texts []*canvas.Text
	objects := test.WidgetRenderer(b).Objects()
	for i, o := range objects {
		if t, ok := o.(*canvas.Text); ok && t.Visible() && t.Text != "" && !covered(objects[i:], t) {
			texts = append(texts, t)
		}
	}
	return texts
}

// overlap says that the letters of a and b meet; what a font reserves above and
// below them may.
func overlap(a, b *canvas.Text) bool {
	ax, aw, ay := extent(a)
	bx, bw, by := extent(b)
	return ax+1 < bx+bw && bx+1 < ax+aw && max(ay-by, by-ay) < 0.4*max(a.TextSize, b.TextSize)
}

// extent is where a text's letters begin, their width, and their middle.
func extent(t *canvas.Text) (x, w, middle float32) {
	w = min(t.MinSize().Width, t.Size().Width)
	x = t.Position().X
	switch t.Alignment {
	case fyne.TextAlignCenter:
		x += (t.Size().Width - w) / 2
	case fyne.TextAlignTrailing:
		x += t.Size().Width - w
	}
	return x, w, t.Position().Y + t.Size().Height/2
}

// The verdict's lines stay on the verdict's ground.
func TestPanelStaysInItsBand(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	all := boards{}
	for name, s := range states("vi") {
		if s.Panel == nil {
			continue
		}
		for _, size := range sizes[:2] {
			scale := min(size.Width/baseWidth, size.Height/baseHeight)
			floor := size.Height - (footerHeight+rowsHeight)*scale
			for _, text := range drawn(all.lay(s, size)) {
				for _, line := range append([]string{s.Panel.Word, s.Panel.Seen, s.Panel.Decided, s.Panel.Source}, s.Panel.Private...) {
					if line != "" && text.Text == line && text.Position().Y < floor && text.Position().Y+text.MinSize().Height > floor+2 {
						t.Errorf("%s %v: %q hangs over the verdict's edge", name, size, line)
					}
				}
			}
		}
	}
}

func TestTheWordsAreThere(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	all := boards{}
	for _, lang := range []string{"vi", "en"} {
		for name, s := range states(lang) {
			have, joined := map[string]bool{}, ""
			for _, text := range drawn(all.lay(s, sizes[0])) {
				have[text.Text] = true
				joined += text.Text + " "
			}
			want := []string{s.Header.Direction, s.Header.Time}
			for _, h := range s.Hints {
				want = append(want, h.Text)
				for _, name := range capsOf(h.Key) {
					want = append(want, capOf(screen.Key(name)))
				}
			}
			want = append(want, wanted(s)...)
			for _, w := range want {
				if w != "" && !have[w] && !strings.Contains(joined, w) { // may stand in two lines
					t.Errorf("%s %s: %q is not drawn", lang, name, w)
				}
			}
		}
	}
}

// wanted are words of a state that must be on the screen.
func wanted(s screen.State) (want []string) {
	if p := s.Page; p != nil && !p.Small {
		want = append(want, p.Title, p.Lead)
		for _, c := range p.Choices {
			want = append(want, c.Text)
		}
		for _, f := range p.Fields {
			if f.Focus {
				want = append(want, f.Label, f.Text)
			}
		}
		return want
	}
	if p := s.Panel; p != nil {
		want = append(want, p.Word, p.Source, p.Seen, p.Decided, p.Unsaved, s.Queue)
		if s.Page == nil {
			want = append(want, p.Question)
		}
	} else {
		want = append(want, s.Title)
	}
	if s.Vehicle != nil {
		return append(want, s.Vehicle.Plate, s.Vehicle.Word)
	}
	for _, r := range s.Rows {
		want = append(want, r.Time, r.Word, r.Name, r.Decided)
	}
	return want
}

// What can take the focus can be pressed by a scan.
func TestNothingTakesTheFocus(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	w := board(t, screen.State{}, 1366, 768)
	for name, s := range states("vi") {
		w.Content().(*Board).Draw(s)
		w.Canvas().FocusNext()
		if f := w.Canvas().Focused(); f != nil {
			t.Errorf("%s: %T took the focus", name, f)
		}
	}
}

// Old parts are gone when the next state is drawn.
func TestNoStaleParts(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	all := states("vi")
	b := NewBoard()
	b.Resize(sizes[0])
	for _, s := range all {
		b.Draw(s)
	}
	b.Draw(all["waiting-first"])
	fresh := drawn(lay(all["waiting-first"], sizes[0]))
	if got, want := len(drawn(b)), len(fresh); got != want {
		t.Errorf("%d texts after other states, %d on a fresh board", got, want)
	}
	before := len(test.WidgetRenderer(b).Objects())
	for range 3 {
		for _, s := range all {
			b.Draw(s)
		}
	}
	if after := len(test.WidgetRenderer(b).Objects()); after != before {
		t.Errorf("%d objects grew to %d", before, after)
	}
}

// Training is never mistaken for work: the ribbon and the violet frame lie over
// every screen there is, in both themes.
func TestTrainingIsMarkedOnEveryScreen(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	all := boards{}
	for name, s := range states("vi") {
		for _, s.Sunny = range []bool{false, true} {
			s.Ribbon = "TẬP HUẤN · KHÔNG TÍNH"
			b := all.lay(s, sizes[0])
			ribbon := false
			for _, text := range uncovered(b) {
				ribbon = ribbon || text.Text == s.Ribbon
			}
			objects := test.WidgetRenderer(b).Objects()
			frame := 0
			for _, o := range objects {
				if r, ok := o.(*canvas.Rectangle); ok && r.Visible() && r.FillColor == violet && min(r.Size().Width, r.Size().Height) < 10 {
					frame++
				}
			}
			if !ribbon || frame != 4 {
				t.Errorf("%s, sunny %v: ribbon %v, %d sides of the frame", name, s.Sunny, ribbon, frame)
			}
		}
	}
}
