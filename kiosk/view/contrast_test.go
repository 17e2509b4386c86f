package view

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// Every text of every screen in both themes against what lies under it.
func TestContrast(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	all := boards{}
	for name, s := range states("vi") {
		for _, s.Sunny = range []bool{false, true} {
			b := all.lay(s, sizes[0])
			objects := test.WidgetRenderer(b).Objects()
			for i, o := range objects {
				text, ok := o.(*canvas.Text)
				if !ok || !text.Visible() || text.Text == "" {
					continue
				}
				want := 4.5
				if s.Panel != nil && text.Text == s.Panel.Word && text.TextSize > 60 {
					want = 7
				}
				ground := under(objects[:i], text)
				if c := contrast(ground, text.Color.(color.NRGBA)); c < want && !covered(objects[i:], text) {
					t.Errorf("%s, sunny %v: %q in %v on %v: contrast %.1f, want %.1f", name, s.Sunny, text.Text, text.Color, ground, c, want)
				}
			}
		}
	}
}

// under is the colour below the middle of a text's letters.
func under(objects []fyne.CanvasObject, text *canvas.Text) color.NRGBA {
	at := middle(text)
	ground := dusk.ground
	for _, o := range objects {
		if r, ok := o.(*canvas.Rectangle); ok && r.Visible() && within(r, at) && r.FillColor != nil {
			ground = mix(ground, r.FillColor.(color.NRGBA))
		}
	}
	return ground
}

// covered says that something is drawn over a text later.
func covered(objects []fyne.CanvasObject, text *canvas.Text) bool {
	for _, o := range objects {
		r, ok := o.(*canvas.Rectangle)
		if ok && r.Visible() && within(r, middle(text)) && r.FillColor != nil && r.FillColor.(color.NRGBA).A > 0x20 {
			return true
		}
	}
	return false
}

func middle(text *canvas.Text) fyne.Position {
	x, w, y := extent(text)
	return fyne.NewPos(x+w/2, y)
}

func within(o fyne.CanvasObject, at fyne.Position) bool {
	p, s := o.Position(), o.Size()
	return at.X >= p.X && at.X < p.X+s.Width && at.Y >= p.Y && at.Y < p.Y+s.Height
}

// mix lays over on ground.
func mix(ground, over color.NRGBA) color.NRGBA {
	part := func(g, o uint8) uint8 { return uint8((int(g)*(255-int(over.A)) + int(o)*int(over.A)) / 255) }
	return color.NRGBA{part(ground.R, over.R), part(ground.G, over.G), part(ground.B, over.B), 0xff}
}

// contrast is the ratio of WCAG 2.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}
