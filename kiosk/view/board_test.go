package view

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2/test"
)

// TestPictures writes every screen as a picture into $QUACHOT_PICTURES, to be
// looked at; it proves nothing.
func TestPictures(t *testing.T) {
	dir := os.Getenv("QUACHOT_PICTURES")
	if dir == "" {
		t.Skip("QUACHOT_PICTURES is not set")
	}
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	for _, lang := range []string{"vi", "en"} {
		for name, s := range states(lang) {
			for _, size := range sizes {
				if size.Width != baseWidth && lang == "en" {
					continue
				}
				w := board(t, s, size.Width, size.Height)
				file := filepath.Join(dir, fmt.Sprintf("%s-%s-%.0f.png", lang, name, size.Width))
				f, err := os.Create(file)
				if err != nil {
					t.Fatal(err)
				}
				if err := png.Encode(f, w.Canvas().Capture()); err != nil {
					t.Fatal(err)
				}
				f.Close()
			}
		}
	}
}
