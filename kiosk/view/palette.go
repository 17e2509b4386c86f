package view

import (
	"image/color"

	"quachot/internal/record"
	"quachot/kiosk/screen"
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// The colours that both themes share.
var (
	white  = rgb(0xffffff)
	black  = rgb(0x000000)
	amber  = rgb(0xf2a900)
	red    = rgb(0xa81218)
	wayIn  = rgb(0x1b5fa8)
	wayOut = rgb(0x7a3f00)
	violet = rgb(0x6a1fb0)
	shade  = color.NRGBA{A: 0x99} // over the lane, under a box
	veil   = color.NRGBA{A: 0x40} // behind a small plate on a verdict
	press  = color.NRGBA{R: 0x1b, G: 0x5f, B: 0xa8, A: 0x55}
)

// palette is a theme's colours. A test computes the contrast of every text with
// what it is drawn on.
type palette struct {
	ground, card    color.NRGBA // behind everything; behind rows, fields and boxes
	ink, soft       color.NRGBA // text on both, and quiet text on both
	edge            color.NRGBA // outline of a card
	band, onBand    color.NRGBA // header and foot, text on them
	quiet           color.NRGBA // quiet text on the band
	rule            color.NRGBA // line between band and body
	key, onKey      color.NRGBA // a key cap
	good, warn      color.NRGBA // dots on the band
	chosen, focus   color.NRGBA // ground of the marked choice; outline of what has the focus
	given           color.NRGBA // ground of a field that was filled by a scan
	fault           color.NRGBA // text of an error on ground and card
	question, track color.NRGBA // the decision asked for, on the band; a scroll bar's ground
	wide            bool        // a verdict is a band across the screen, its lines black on white below
}

var dusk = palette{
	ground: rgb(0xeef1f4), card: white, ink: rgb(0x17212b), soft: rgb(0x4d5966), edge: rgb(0xb4bec9),
	band: rgb(0x14202e), onBand: white, quiet: rgb(0xb9c4d0), rule: rgb(0x14202e),
	key: rgb(0x33465c), onKey: white, good: rgb(0x46c978), warn: rgb(0xf7b733),
	chosen: rgb(0xdbe9f8), focus: wayIn, given: rgb(0xe6f0fb), fault: red,
	question: amber, track: rgb(0xd3dae1),
}

// sunny is for glare: white ground, black text, no grey.
var sunny = palette{
	ground: white, card: white, ink: black, soft: rgb(0x2a2a2a), edge: rgb(0x444444),
	band: white, onBand: black, quiet: rgb(0x3a3a3a), rule: black,
	key: black, onKey: white, good: rgb(0x07612e), warn: rgb(0xb36b00),
	chosen: rgb(0xcfe4ff), focus: rgb(0x0b3d80), given: rgb(0xe4efff), fault: rgb(0x8c0007),
	question: black, track: rgb(0xcccccc), wide: true,
}

// paletteOf is the theme a state asks for.
func paletteOf(s screen.State) palette {
	if s.Sunny {
		return sunny
	}
	return dusk
}

// look is a verdict's ground and the text on it.
type look struct {
	ground, text color.NRGBA
	icon         string
}

var looks = map[record.Verdict]look{
	record.Pass:       {rgb(0x07612e), white, "pass"},
	record.Check:      {amber, black, "check"},
	record.Stop:       {red, white, "stop"},
	record.Unreadable: {rgb(0x3c4654), white, "unreadable"},
}

// street is the look of a watch-list hit: whoever stands by sees an invitation
// to a desk, and nothing of why.
var street = look{rgb(0x14467e), white, "desk"}

// lookFor is a verdict's look, or that of the street.
func lookFor(v record.Verdict, neutral bool) look {
	if neutral {
		return street
	}
	return lookOf(v)
}

// lookOf never fails: an unknown verdict is not readable.
func lookOf(v record.Verdict) look {
	if l, ok := looks[v]; ok {
		return l
	}
	return looks[record.Unreadable]
}

// dotOf is the colour of a line's dot on the band.
func (c palette) dotOf(l screen.Level) color.NRGBA {
	switch l {
	case screen.Good:
		return c.good
	case screen.Warn:
		return c.warn
	case screen.Bad:
		return red
	}
	return c.quiet
}
