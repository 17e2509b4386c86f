package view

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"quachot/assets/sounds"
	"quachot/kiosk/screen"
)

// flashWidth is the border that flashes, in base units.
const flashWidth = 16

// flash shows the rhythm of a sound at a verdict's border, once: for an officer
// who cannot hear it. Three short flashes at most, and only at the border, so
// that nobody's fit is set off.
type flash struct {
	border  *canvas.Rectangle
	rhythms map[string][]sounds.Tone
	now     []sounds.Tone
	turn    uint64 // of the sound last shown
	motion  *fyne.Animation
}

func newFlash() *flash {
	f := &flash{border: canvas.NewRectangle(color.Transparent)}
	f.border.Hide()
	f.rhythms, _ = sounds.Rhythms() // broken rhythms are the speaker's to tell; then nothing flashes
	return f
}

func (f *flash) objects(all []fyne.CanvasObject) []fyne.CanvasObject { return append(all, f.border) }

// show flashes s around b when it is a new sound; an empty b stops it.
func (f *flash) show(b box, scale float32, s screen.Flash, ink color.NRGBA) {
	if b.w == 0 {
		f.stop()
		return
	}
	painter{scale: scale}.place(f.border, b)
	if width := flashWidth * scale; f.border.StrokeColor != ink || f.border.StrokeWidth != width {
		f.border.StrokeColor, f.border.StrokeWidth = ink, width
		f.border.Refresh()
	}
	if s.Turn == f.turn {
		return
	}
	f.stop()
	f.turn = s.Turn
	f.now = f.rhythms[s.Sound]
	if len(f.now) == 0 {
		return
	}
	whole := length(f.now)
	f.motion = &fyne.Animation{Duration: whole, Curve: fyne.AnimationLinear, Tick: func(done float32) {
		show(f.border, done < 1 && lit(f.now, time.Duration(float64(done)*float64(whole))))
	}}
	f.motion.Start()
}

func (f *flash) stop() {
	if f.motion != nil {
		f.motion.Stop()
		f.motion = nil
	}
	show(f.border, false)
}

// length is how long a rhythm lasts.
func length(rhythm []sounds.Tone) (d time.Duration) {
	for _, t := range rhythm {
		d += t.Length()
	}
	return d
}

// lit says whether a tone sounds at a moment of a rhythm.
func lit(rhythm []sounds.Tone, at time.Duration) bool {
	for _, t := range rhythm {
		if at -= t.Length(); at < 0 {
			return t.Hz > 0
		}
	}
	return false
}
