package view

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"fyne.io/fyne/v2/test"

	"quachot/kiosk/screen"
)

// TestPictures writes every screen as a picture into $QUACHOT_PICTURES, to be
// looked at; it proves nothing. $QUACHOT_PICTURE is a regular expression for the
// files' names, such as "^vi-declare.*-(1366|sunny)"; "" = all.
func TestPictures(t *testing.T) {
	dir := os.Getenv("QUACHOT_PICTURES")
	if dir == "" {
		t.Skip("QUACHOT_PICTURES is not set")
	}
	wanted := regexp.MustCompile(os.Getenv("QUACHOT_PICTURE"))
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	for _, lang := range []string{"vi", "en"} {
		for name, s := range states(lang) {
			for _, size := range sizes {
				file := fmt.Sprintf("%s-%s-%.0f.png", lang, name, size.Width)
				if wanted.MatchString(file) {
					picture(t, s, size.Width, size.Height, filepath.Join(dir, file))
				}
			}
			s.Sunny = true
			if file := fmt.Sprintf("%s-%s-sunny.png", lang, name); wanted.MatchString(file) {
				picture(t, s, baseWidth, baseHeight, filepath.Join(dir, file))
			}
		}
	}
}

// picture draws a state into a PNG.
func picture(t *testing.T, s screen.State, w, h float32, file string) {
	t.Helper()
	window := board(t, s, w, h)
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, window.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
