package view

import (
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2/test"
)

// What is drawn, by its objects. A change that is meant: look at the pictures
// (TestPictures), then copy testdata/failed over testdata.
func TestGolden(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	for _, lang := range []string{"vi", "en"} {
		all := states(lang)
		for _, name := range []string{"waiting", "pass", "check", "stop", "watch", "unreadable-queue", "field", "closing", "worst", "vehicle"} {
			w := board(t, all[name], 1366, 768)
			test.AssertRendersToMarkup(t, filepath.Join(lang, name+".xml"), w.Canvas())
		}
	}
	all := states("vi")
	for _, name := range []string{"check", "watch", "page-form", "page-places", "page-login", "page-meter", "page-confirm"} {
		s := all[name]
		test.AssertRendersToMarkup(t, filepath.Join("vi", name+".xml"), board(t, s, 1366, 768).Canvas())
		s.Sunny = true
		test.AssertRendersToMarkup(t, filepath.Join("sunny", name+".xml"), board(t, s, 1366, 768).Canvas())
	}
}
