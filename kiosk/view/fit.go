package view

import (
	"strings"

	"fyne.io/fyne/v2"
)

// measure is the width of a line in base units.
func measure(s string, st style) float32 {
	return fyne.MeasureText(s, st.size, fyne.TextStyle{Bold: st.bold}).Width
}

// lineHeight is the height of a line in base units.
func lineHeight(st style) float32 {
	return fyne.MeasureText("Ặ", st.size, fyne.TextStyle{Bold: st.bold}).Height
}

// fit makes s fit into width: smaller type first, then fewer characters.
func fit(s string, st style, width float32) (text string, size, used float32) {
	used = measure(s, st)
	if used <= width || width <= 0 {
		return s, st.size, used
	}
	smaller := st
	smaller.size = max(st.size*width/used*0.995, st.size*2/3)
	if used = measure(s, smaller); used <= width {
		return s, smaller.size, used
	}
	s = cut(s, smaller, width)
	return s, smaller.size, measure(s, smaller)
}

// cut ends s with an ellipsis so that it fits.
func cut(s string, st style, width float32) string {
	r := []rune(s)
	low, high := 0, len(r)
	for low < high { // the longest beginning that fits
		mid := (low + high + 1) / 2
		if measure(string(r[:mid])+"…", st) <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return strings.TrimRight(string(r[:low]), " ,·") + "…"
}

// wrap breaks s at blanks into at most n lines; what is left is cut.
func wrap(s string, st style, width float32, n int) []string {
	var lines []string
	line := ""
	words := strings.Fields(s)
	for i, w := range words {
		longer := strings.TrimSpace(line + " " + w)
		if line == "" || measure(longer, st) <= width {
			line = longer
			continue
		}
		lines = append(lines, line)
		line = w
		if len(lines) == n-1 {
			line = strings.Join(words[i:], " ")
			break
		}
	}
	return append(lines, line)
}
