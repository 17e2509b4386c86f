package view

import (
	"flag"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

var accept = flag.Bool("accept", false, "write what is drawn over testdata; look at the pictures first")

// What is drawn, object by object: in Vietnamese in the plain theme, in English
// in the one for glare. A change that is meant: look at the pictures
// (TestPictures), then go test ./kiosk/view -run Golden -accept
func TestGolden(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	if *accept {
		_ = os.RemoveAll("testdata")
	}
	for _, lang := range []string{"vi", "en"} {
		for name, s := range states(lang) {
			s.Sunny = lang == "en"
			golden(t, filepath.Join("testdata", lang, name+".txt"), listed(lay(s, sizes[0])))
		}
	}
}

// golden compares with a file, and says the first line that differs.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *accept {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%v: a new screen is accepted with -accept", err)
		return
	}
	want, have := strings.Split(string(b), "\n"), strings.Split(got, "\n")
	for i := range max(len(want), len(have)) {
		w, h := lineAt(want, i), lineAt(have, i)
		if w != h {
			t.Errorf("%s, line %d: got %q, want %q", file, i+1, h, w)
			return
		}
	}
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// listed is what a board shows, bottom first, a line an object: kind, place,
// colours, words.
func listed(b *Board) string {
	var all strings.Builder
	for _, o := range test.WidgetRenderer(b).Objects() {
		if !o.Visible() {
			continue
		}
		p, s := o.Position(), o.Size()
		place := fmt.Sprintf("%.0f,%.0f %.0fx%.0f", p.X, p.Y, s.Width, s.Height)
		switch o := o.(type) {
		case *canvas.Rectangle:
			fmt.Fprintln(&all, strings.TrimSpace(fmt.Sprint("box ", place, " ", hex(o.FillColor), " ", stroke(o.StrokeColor, o.StrokeWidth))))
		case *canvas.Polygon:
			fmt.Fprintln(&all, "polygon", place, o.Sides, fmt.Sprintf("%.0f°", o.Angle), hex(o.FillColor))
		case *canvas.Image:
			fmt.Fprintln(&all, "icon", place, o.Resource.Name())
		case *canvas.Text:
			fmt.Fprintf(&all, "text %s %.1f%s%s %s %s\n", place, o.TextSize, map[bool]string{true: "b"}[o.TextStyle.Bold],
				map[fyne.TextAlign]string{center: " center", right: " right"}[o.Alignment], hex(o.Color), o.Text)
		}
	}
	return all.String()
}

func hex(c color.Color) string {
	n, ok := c.(color.NRGBA)
	if !ok || n.A == 0 {
		return "-"
	}
	if n.A < 0xff {
		return fmt.Sprintf("%02x%02x%02x/%02x", n.R, n.G, n.B, n.A)
	}
	return fmt.Sprintf("%02x%02x%02x", n.R, n.G, n.B)
}

func stroke(c color.Color, width float32) string {
	if width == 0 || c == nil {
		return ""
	}
	return fmt.Sprintf("line %s %.1f", hex(c), width)
}
