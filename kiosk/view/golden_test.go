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
		for _, name := range []string{"waiting", "pass", "check", "stop", "watch", "unreadable-queue", "field", "closing", "worst"} {
			w := board(t, all[name], 1366, 768)
			test.AssertRendersToMarkup(t, filepath.Join(lang, name+".xml"), w.Canvas())
		}
	}
}
