package view

import (
	"strings"

	"fyne.io/fyne/v2"
)

// rendered is the size of s in base units. It is measured at the size drawn: the
// width of small type is not its share of the width of large type.
func (p painter) rendered(s string, st style) fyne.Size {
	size, _ := fyne.CurrentApp().Driver().RenderedTextSize(s, st.size*p.scale, fyne.TextStyle{Bold: st.bold}, face(st.bold))
	return fyne.NewSize(size.Width/p.scale, size.Height/p.scale)
}

// measure is the width of a line in base units.
func (p painter) measure(s string, st style) float32 {
	if s == "" {
		return 0
	}
	return p.rendered(s, st).Width
}

// lineHeight is the height of a line in base units.
func (p painter) lineHeight(st style) float32 { return p.rendered("Ặ", st).Height }

// fit makes s fit into width: smaller type first, then fewer characters.
func (p painter) fit(s string, st style, width float32) (text string, size, used float32) {
	used = p.measure(s, st)
	if used <= width || width <= 0 {
		return s, st.size, used
	}
	smaller, least := st, st.size*2/3
	for used > width && smaller.size > least { // small type is a little wider than its share
		smaller.size = max(smaller.size*width/used*0.995, least)
		used = p.measure(s, smaller)
	}
	if used <= width {
		return s, smaller.size, used
	}
	s = p.cut(s, smaller, width)
	return s, smaller.size, p.measure(s, smaller)
}

// cut ends s with an ellipsis so that it fits.
func (p painter) cut(s string, st style, width float32) string {
	r := []rune(s)
	low, high := 0, len(r)
	for low < high { // the longest beginning that fits
		mid := (low + high + 1) / 2
		if p.measure(string(r[:mid])+"…", st) <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return strings.TrimRight(string(r[:low]), " ,·") + "…"
}

// tail is the end of s that fits, behind an ellipsis: what is being typed.
func (p painter) tail(s string, st style, width float32) string {
	if p.measure(s, st) <= width {
		return s
	}
	r := []rune(s)
	low, high := 0, len(r)
	for low < high { // the longest end that fits
		mid := (low + high + 1) / 2
		if p.measure("…"+string(r[len(r)-mid:]), st) <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return "…" + string(r[len(r)-low:])
}

// wrap breaks s at blanks into at most n lines; what is left stands in the last.
func (p painter) wrap(s string, st style, width float32, n int) []string {
	var lines []string
	line := ""
	words := strings.Fields(s)
	for i, w := range words {
		longer := strings.TrimSpace(line + " " + w)
		if line == "" || p.measure(longer, st) <= width {
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
