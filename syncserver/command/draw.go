package command

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"quachot/internal/qr"
)

// modulePixels is large enough for a telephone's camera at a screen.
const modulePixels = 8

// drawPNG draws a code with its white margin.
func drawPNG(code *qr.Code) ([]byte, error) {
	side := (code.Size + 2*qr.Quiet) * modulePixels
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			mx, my := x/modulePixels-qr.Quiet, y/modulePixels-qr.Quiet
			if mx >= 0 && my >= 0 && mx < code.Size && my < code.Size && code.Dark(mx, my) {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("write picture: %w", err)
	}
	return b.Bytes(), nil
}
