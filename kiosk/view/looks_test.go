package view

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"quachot/assets/icons"
	"quachot/internal/record"
)

// Simulations of missing cones, on linear RGB, after Viénot, Brettel and Mollon
// (1999): protanopia and deuteranopia.
var blindness = map[string][3][3]float64{
	"protanopia":   {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
	"deuteranopia": {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
}

// simulated is c as somebody with that eye sees it.
func simulated(c color.NRGBA, m [3][3]float64) color.NRGBA {
	linear := func(v uint8) float64 { return math.Pow(float64(v)/255, 2.2) }
	in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	var out [3]uint8
	for i, row := range m {
		v := row[0]*in[0] + row[1]*in[1] + row[2]*in[2]
		out[i] = uint8(255*math.Pow(min(1, max(0, v)), 1/2.2) + 0.5)
	}
	return color.NRGBA{out[0], out[1], out[2], 0xff}
}

// A word on its verdict is as legible to those who do not tell red from green.
func TestVerdictsAreLegibleToTheColourBlind(t *testing.T) {
	for name, m := range blindness {
		for v := record.Pass; v <= record.Unreadable; v++ {
			l := lookOf(v)
			if c := contrast(simulated(l.ground, m), simulated(l.text, m)); c < 6 {
				t.Errorf("%v under %s: contrast %.1f, want 6", v, name, c)
			}
		}
		l := street
		if c := contrast(simulated(l.ground, m), simulated(l.text, m)); c < 6 {
			t.Errorf("street under %s: contrast %.1f, want 6", name, c)
		}
	}
}

// Without any colour, two verdicts still differ in shape: a fifth of the area or
// more of one is not where the other's is, or what is cut out of it differs.
func TestVerdictsDifferInShape(t *testing.T) {
	test.NewTempApp(t)
	names := []string{"pass", "check", "stop", "unreadable", "desk"}
	masks := map[string][]bool{}
	for _, n := range names {
		masks[n] = mask(t, n)
	}
	for i, a := range names {
		for _, b := range names[:i] {
			differ, either := 0, 0
			for p := range masks[a] {
				if masks[a][p] || masks[b][p] {
					either++
				}
				if masks[a][p] != masks[b][p] {
					differ++
				}
			}
			if share := float64(differ) / float64(either); share < 0.2 {
				t.Errorf("%s and %s differ in %.0f %% of their shape, want 20", a, b, 100*share)
			}
		}
	}
}

// mask is where a verdict's shape is light on a dark ground or the other way.
func mask(t *testing.T, name string) []bool {
	t.Helper()
	const side = 64
	img := canvas.NewImageFromResource(fyne.NewStaticResource(name+".svg", icons.Read(name)))
	img.FillMode = canvas.ImageFillContain
	w := test.NewTempWindow(t, img)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(side, side))
	drawn := w.Canvas().Capture()
	frame := luminanceAt(drawn, 0, 0)
	solid := light(name)
	var m []bool
	for y := range side {
		for x := range side {
			l := luminanceAt(drawn, x, y)
			m = append(m, math.Abs(l-solid) < math.Abs(l-frame) && math.Abs(l-solid) < 0.3)
		}
	}
	return m
}

// light is the luminance of a shape's body.
func light(name string) float64 {
	if bytes.Contains(icons.Read(name), []byte(`fill="#000000"`)) {
		return 0
	}
	return 1
}

func luminanceAt(i image.Image, x, y int) float64 {
	r, g, b, _ := i.At(x, y).RGBA()
	return luminance(color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0xff})
}
