package scanners

import (
	"strings"
	"testing"
)

// The text must keep what the self-test concludes from it.
func TestTestText(t *testing.T) {
	if n := len(TestText); n != 179 {
		t.Errorf("%d characters: the comment says 179", n)
	}
	for i := range len(TestText) {
		if c := TestText[i]; c < ' ' || c > '~' {
			t.Errorf("character %d is %q: only printable ASCII comes through a keyboard", i, c)
		}
	}
	for _, row := range []string{Capitals, Small, Digits, Marks} {
		for _, r := range row {
			if strings.Count(row, string(r)) != 1 {
				t.Errorf("%q stands twice in %q: a doubled one would not show", r, row)
			}
		}
	}
	if strings.Contains(TestText, "  ") || strings.TrimSpace(TestText) != TestText {
		t.Error("two blanks side by side, or one at an end")
	}
}

func TestManualsSayTheirSource(t *testing.T) {
	for _, m := range Manuals() {
		if m.Maker == "" || m.Models == "" || m.Manual == "" || m.Serial == "" || m.Suffix == "" || m.Source == "" {
			t.Errorf("%+v", m)
		}
	}
}
