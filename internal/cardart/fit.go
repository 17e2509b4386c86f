package cardart

import "strings"

// In ems: the distance of two lines, so that an Ễ under an Ậ stays readable, and
// of the first line from the upper edge.
const (
	lineHeight = 1.3
	firstLine  = 1.1
)

// Name sizes, in dots: from what one looks at to what one can still read.
const (
	nameLargest  = 56
	nameSmallest = 26
)

// fitName breaks a name into at most three lines and takes the largest size at
// which they fit width and height. 60 letters always fit; what does not fit at
// the smallest size is cut with an ellipsis.
func (a *Art) fitName(name string, width, height float64) ([]string, float64) {
	for size := float64(nameLargest); size > nameSmallest; size -= 2 {
		lines := a.wrap(bold, size, name, width)
		if len(lines) <= 3 && (firstLine+lineHeight*float64(len(lines)-1))*size <= height && a.wordsFit(bold, size, name, width) {
			return a.balance(bold, size, name, width, lines), size
		}
	}
	most := 1 + int((height/nameSmallest-firstLine)/lineHeight)
	return a.fit(bold, nameSmallest, nameSmallest, name, width, most)
}

// fit breaks s into at most that many lines, with a size from largest to
// smallest: rather one line more than words broken or too small.
func (a *Art) fit(w weight, largest, smallest float64, s string, width float64, most int) ([]string, float64) {
	for size := largest; size > smallest; size -= 2 {
		lines := a.wrap(w, size, s, width)
		if len(lines) <= most && (len(lines) <= 1 || size <= largest-4) && a.wordsFit(w, size, s, width) {
			return a.balance(w, size, s, width, lines), size
		}
	}
	lines := a.wrap(w, smallest, s, width)
	if len(lines) > most {
		lines = lines[:most]
		last := []rune(lines[most-1])
		lines[most-1] = string(last[:max(len(last)-2, 0)]) + "…"
	}
	return lines, smallest
}

// wordsFit says whether no word has to be broken.
func (a *Art) wordsFit(w weight, size float64, s string, width float64) bool {
	for _, word := range strings.Fields(s) {
		if a.width(w, size, word) > width {
			return false
		}
	}
	return true
}

// wrap breaks s at blanks, and inside a word that is wider than a line. A line
// does not begin with a lone dash; it may stand out by that.
func (a *Art) wrap(w weight, size float64, s string, width float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && (word == "-" || a.width(w, size, line+" "+word) <= width) {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = word
		for a.width(w, size, line) > width {
			head := a.beginning(w, size, line, width)
			lines = append(lines, head)
			line = line[len(head):]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// beginning is the longest beginning of word that fits, at least one letter.
func (a *Art) beginning(w weight, size float64, word string, width float64) string {
	end := 0
	for i, r := range word {
		next := i + len(string(r))
		if end > 0 && a.width(w, size, word[:next]) > width {
			break
		}
		end = next
	}
	return word[:end]
}

// balance makes the lines about equally long: "Nguyễn Thị / Minh Khai", not
// "Nguyễn Thị Minh / Khai".
func (a *Art) balance(w weight, size float64, s string, width float64, lines []string) []string {
	for narrow := width - 10; narrow > width/2; narrow -= 10 {
		tighter := a.wrap(w, size, s, narrow)
		if len(tighter) != len(lines) || !a.wordsFit(w, size, s, narrow) {
			break
		}
		lines = tighter
	}
	return lines
}

// shrink is the largest size from largest down to smallest at which s fits.
func (a *Art) shrink(w weight, largest, smallest float64, s string, width float64) float64 {
	for size := largest; size > smallest; size-- {
		if a.width(w, size, s) <= width {
			return size
		}
	}
	return smallest
}
