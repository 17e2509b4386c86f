package view

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

// stacked are the Vietnamese capitals with a mark on a mark, the tallest
// letters of the language. Roboto clips them: the toolkit makes a text as high
// as the font says it ascends.
const stacked = "ẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰỶỸỲỴỎẢẺỈỦ"

func TestFontDrawsStackedCapitalsUnclipped(t *testing.T) {
	for name, style := range map[string]fyne.TextStyle{"regular": {}, "bold": {Bold: true}} {
		parsed, err := opentype.Parse(Theme{}.Font(style).Content())
		if err != nil {
			t.Fatal(err)
		}
		face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 96, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			t.Fatal(err)
		}
		var buffer sfnt.Buffer
		for _, r := range stacked {
			if i, err := parsed.GlyphIndex(&buffer, r); err != nil || i == 0 {
				t.Errorf("%s: no glyph for %c", name, r)
				continue
			}
			bounds, _, _ := face.GlyphBounds(r)
			if top, ascent := -bounds.Min.Y, face.Metrics().Ascent; top > ascent {
				t.Errorf("%s: %c reaches %v, the font ascends %v: it is clipped", name, r, top, ascent)
			}
			if bottom, descent := bounds.Max.Y, face.Metrics().Descent; bottom > descent {
				t.Errorf("%s: %c reaches down %v, the font descends %v: it is clipped", name, r, bottom, descent)
			}
		}
	}
}

// Characters the screen draws besides letters.
func TestFontHasTheSigns(t *testing.T) {
	for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
		parsed, err := opentype.Parse(theme.DefaultTheme().Font(style).Content())
		if err != nil {
			t.Fatal(err)
		}
		var buffer sfnt.Buffer
		for _, r := range "·»…–×₫’“”" {
			if i, err := parsed.GlyphIndex(&buffer, r); err != nil || i == 0 {
				t.Errorf("no glyph for %c", r)
			}
		}
	}
}
