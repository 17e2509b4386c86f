package view

import (
	"image/color"

	"quachot/internal/record"
	"quachot/kiosk/screen"
)

// The size everything is given for; the screen is scaled as a whole.
const (
	baseWidth  = 1366
	baseHeight = 768
)

// Type sizes at the base size.
const (
	sizeVerdict = 96
	sizeTitle   = 60
	sizeName    = 48
	sizeReason  = 28
	sizeBody    = 20
	sizeHint    = 18
	sizeSmall   = 16
)

// Heights of the bands at the base size.
const (
	headerHeight = 96
	footerHeight = 60
	noticeHeight = 50
	ribbonHeight = 38
	rowHeight    = 46
	rowsHeight   = 30 + 3*rowHeight + 10
	margin       = 28
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// The colours that are not a verdict's.
var (
	white     = rgb(0xffffff)
	black     = rgb(0x000000)
	ink       = rgb(0x17212b) // text on ground
	inkSoft   = rgb(0x4d5966)
	ground    = rgb(0xeef1f4)
	band      = rgb(0x14202e) // header and foot
	bandSoft  = rgb(0xb9c4d0) // quiet text on it
	keyFace   = rgb(0x33465c)
	leadFace  = rgb(0xf2a900)
	wayIn     = rgb(0x1b5fa8)
	wayOut    = rgb(0x7a3f00)
	levelGood = rgb(0x46c978)
	levelWarn = rgb(0xf7b733)
	levelBad  = rgb(0xa81218)
	violet    = rgb(0x6a1fb0)
	shade     = color.NRGBA{A: 0x99}
	veil      = color.NRGBA{A: 0x40}
)

// look is a verdict's ground and the text on it.
type look struct {
	ground, text color.NRGBA
	icon         string
}

var looks = map[record.Verdict]look{
	record.Pass:       {rgb(0x07612e), white, "pass"},
	record.Check:      {rgb(0xf2a900), black, "check"},
	record.Stop:       {rgb(0xa81218), white, "stop"},
	record.Unreadable: {rgb(0x3c4654), white, "unreadable"},
}

// lookOf never fails: an unknown verdict is not readable.
func lookOf(v record.Verdict) look {
	if l, ok := looks[v]; ok {
		return l
	}
	return looks[record.Unreadable]
}

// dotOf is the colour of a line's dot on the band.
func dotOf(l screen.Level) color.NRGBA {
	switch l {
	case screen.Good:
		return levelGood
	case screen.Warn:
		return levelWarn
	case screen.Bad:
		return levelBad
	}
	return bandSoft
}
