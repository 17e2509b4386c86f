package view

import (
	"fmt"
	"os"
	"testing"

	"fyne.io/fyne/v2/test"
)

func TestUPictures(t *testing.T) {
	dir := os.Getenv("U_PICS")
	if dir == "" {
		t.Skip()
	}
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	for _, lang := range []string{"vi", "en"} {
		for name, s := range dutyStates(lang) {
			picture(t, s, 1366, 768, fmt.Sprintf("%s/%s-%s-1366.png", dir, lang, name))
			if lang == "vi" {
				picture(t, s, 1920, 1080, fmt.Sprintf("%s/%s-%s-1920.png", dir, lang, name))
			}
		}
	}
}
