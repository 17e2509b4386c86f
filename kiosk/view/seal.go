package view

import (
	"hash/fnv"
	"image/color"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// The seal turns once in turn, in steps: what is drawn costs a frame, and a
// verdict may stand for minutes.
const (
	turn  = 12 * time.Second
	steps = 60
)

// mark is where a drawing wants the seal and the flash; empty boxes want none.
type mark struct {
	seal, flash box
	ink, light  color.NRGBA // of the seal, of the flash
}

// seal is a rosette of outlined polygons that turns slowly in a verdict's
// corner, its shape seeded by the day: a photograph of a green screen does not
// turn, and yesterday's film has another shape. It stands still, and costs
// nothing, while no verdict is on show.
type seal struct {
	rings  []ring
	seed   string
	motion *fyne.Animation
	moving bool
	step   int
}

// ring is one polygon of the rosette.
type ring struct {
	*canvas.Polygon
	share float32 // of the seal's width
	line  float32 // stroke, as a share of the width; 0 = filled
	phase float32 // degrees
	speed float32 // turns per turn of the seal; negative = the other way round
}

func newSeal() *seal {
	s := &seal{}
	for range 5 {
		r := ring{Polygon: canvas.NewPolygon(3, color.Transparent)}
		r.Hide()
		s.rings = append(s.rings, r)
	}
	s.shape("")
	s.motion = &fyne.Animation{Duration: turn, RepeatCount: fyne.AnimationRepeatForever, Curve: fyne.AnimationLinear, Tick: s.tick}
	return s
}

func (s *seal) objects(all []fyne.CanvasObject) []fyne.CanvasObject {
	for _, r := range s.rings {
		all = append(all, r.Polygon)
	}
	return all
}

// shape takes the day's seed: how many corners, and which way each ring turns.
func (s *seal) shape(seed string) {
	h := fnv.New32a()
	h.Write([]byte(seed))
	n := h.Sum32()
	pick := func(choices ...float32) float32 {
		c := choices[n%uint32(len(choices))]
		n = n/uint32(len(choices)) ^ n<<25
		return c
	}
	outer, middle, way := pick(6, 7, 8, 9, 10), pick(3, 4, 5), pick(1, -1)
	wide, core := pick(0.62, 0.68, 0.74), pick(3, 4, 5, 6)
	set := func(i int, sides, share, line, phase, speed float32) {
		r := &s.rings[i]
		r.Sides, r.share, r.line, r.phase, r.speed = uint(sides), share, line, phase, speed
	}
	set(0, outer, 1, 0.035, 0, way)
	set(1, outer, 1, 0.035, 180/outer, way)
	set(2, middle, wide, 0.04, 0, -way)
	set(3, middle, wide, 0.04, 180/middle, -way)
	set(4, core, 0.3, 0, 0, 2*way)
	s.seed = seed
}

// show puts the seal into b, or away when b is empty.
func (s *seal) show(b box, scale float32, seed string, ink color.NRGBA) {
	visible := b.w > 0
	if seed != s.seed {
		s.shape(seed)
	}
	for _, r := range s.rings {
		side := b.w * r.share
		painter{scale: scale}.place(r.Polygon, box{b.x + (b.w-side)/2, b.y + (b.h-side)/2, side, side})
		fill, line := color.NRGBA{}, ink
		if r.line == 0 {
			fill, line = ink, color.NRGBA{}
		}
		r.FillColor, r.StrokeColor, r.StrokeWidth = fill, line, b.w*r.line*scale
		show(r.Polygon, visible)
	}
	switch {
	case visible && !s.moving:
		s.moving = true
		s.step = -1
		s.motion.Start()
	case !visible:
		s.stop()
	}
	s.turned()
}

func (s *seal) stop() {
	if s.moving {
		s.moving = false
		s.motion.Stop()
	}
}

// tick is called at every frame; only a new step is drawn.
func (s *seal) tick(done float32) {
	step := int(done*steps) % steps
	if step == s.step {
		return
	}
	s.step = step
	s.turned()
}

// turned draws the seal at its step.
func (s *seal) turned() {
	for _, r := range s.rings {
		angle := float32(math.Mod(float64(r.phase+r.speed*360*float32(max(0, s.step))/steps), 360))
		if r.Visible() && r.Angle != angle {
			r.Angle = angle
			r.Refresh()
		}
	}
}
