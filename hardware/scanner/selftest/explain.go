package selftest

import (
	"slices"
	"strings"
	"unicode"

	"quachot/assets/scanners"
)

// An explanation is how the card's text became what was read: typed in a layout,
// with Caps Lock or without, and then with the least number of characters lost,
// doubled or changed.
type explanation struct {
	layout string
	caps   bool
	steps  []step
	read   int  // characters
	start  bool // it begins as the card does
}

// step is one character that is not as it was sent.
type step struct {
	what byte // 'l' lost, 'd' doubled, 'c' changed or too many
	at   int  // in the card's text
}

// cost is how many characters are not explained.
func (e explanation) cost() int { return len(e.steps) }

// changed says that characters came as others.
func (e explanation) changed() bool {
	return slices.ContainsFunc(e.steps, func(s step) bool { return s.what != 'l' && s.what != 'd' })
}

// isCard says that what was read is the card's text at all.
func (e explanation) isCard() bool {
	return e.read > 0 && (e.start || len(e.steps) < len(scanners.TestText)*2/5)
}

// What the text was read from says which way a layout changes it.
type view func(l Layout, text string) []rune

func fromChars(l Layout, text string) []rune { return l.onComputer(text) }
func fromKeys(l Layout, text string) []rune  { return l.onScanner(text) }
func fromDevice(_ Layout, text string) []rune {
	return []rune(text)
}

// margin is how many characters better another layout or Caps Lock must explain
// what was read: a real one changes many more.
const margin = 4

// explain finds the likeliest story of what was read.
func explain(read string, how view) explanation {
	got := []rune(read)
	best := explanation{layout: US, read: len(got), start: strings.HasPrefix(strings.ToUpper(read), scanners.TestStart)}
	best.steps = make([]step, len(scanners.TestText)+len(got)+1) // worse than any story
	for _, l := range layouts {
		sent := how(l, scanners.TestText)
		for _, caps := range []bool{false, true} {
			extra := 0
			if caps {
				sent = swapCase(sent)
			}
			if l.Name != US || caps {
				extra = margin
			}
			if steps, ok := compare(sent, got, best.cost()-extra); ok {
				best.layout, best.caps, best.steps = l.Name, caps, steps
			}
			if best.layout == US && !best.caps && !best.changed() {
				return best // lost and doubled ones are nobody's layout
			}
		}
	}
	return best
}

func swapCase(text []rune) []rune {
	out := make([]rune, len(text))
	for i, r := range text {
		out[i] = r
		if up := unicode.ToUpper(r); up != r {
			out[i] = up
		} else {
			out[i] = unicode.ToLower(r)
		}
	}
	return out
}

func same(sent, got rune) bool { return sent == got || sent == anything }

// weight is what the loss of a character costs.
func weight(sent rune) uint16 {
	if sent == anything {
		return 0
	}
	return 1
}

// compare is the fewest steps from sent to got (Levenshtein, with the way back);
// false when there are bound or more.
func compare(sent, got []rune, bound int) ([]step, bool) {
	n, m := len(sent), len(got)
	cost := make([][]uint16, n+1)
	for i := range cost {
		cost[i] = make([]uint16, m+1)
		if i > 0 {
			cost[i][0] = cost[i-1][0] + weight(sent[i-1])
		}
	}
	for j := range m + 1 {
		cost[0][j] = uint16(j)
	}
	for i := 1; i <= n; i++ {
		for j := 1; j <= m; j++ {
			c := cost[i-1][j-1]
			if !same(sent[i-1], got[j-1]) {
				c++
			}
			cost[i][j] = min(c, cost[i-1][j]+weight(sent[i-1]), cost[i][j-1]+1)
		}
	}
	if int(cost[n][m]) >= bound {
		return nil, false
	}
	return back(sent, got, cost), true
}

// back walks the table from its end.
func back(sent, got []rune, cost [][]uint16) (steps []step) {
	i, j := len(sent), len(got)
	for i > 0 || j > 0 {
		switch {
		case i > 0 && j > 0 && same(sent[i-1], got[j-1]) && cost[i][j] == cost[i-1][j-1]:
			i, j = i-1, j-1
		case j > 0 && cost[i][j] == cost[i][j-1]+1:
			steps = append(steps, step{extra(sent, got, i, j), i})
			j--
		case i > 0 && cost[i][j] == cost[i-1][j]+weight(sent[i-1]):
			if sent[i-1] != anything {
				steps = append(steps, step{'l', i - 1})
			}
			i--
		default:
			steps = append(steps, step{'c', i - 1})
			i, j = i-1, j-1
		}
	}
	for a, b := 0, len(steps)-1; a < b; a, b = a+1, b-1 {
		steps[a], steps[b] = steps[b], steps[a]
	}
	return steps
}

// extra tells a character that came twice from one out of nowhere.
func extra(sent, got []rune, i, j int) byte {
	if i > 0 && got[j-1] == sent[i-1] || i < len(sent) && got[j-1] == sent[i] {
		return 'd'
	}
	return 'c'
}

// damage puts the steps into findings, one a kind.
func damage(e explanation) []Finding {
	var found []Finding
	for _, kind := range []struct {
		what byte
		code string
	}{{'l', Lost}, {'d', Doubled}, {'c', Changed}} {
		f := Finding{Code: kind.code, Level: Bad}
		for _, s := range e.steps {
			if s.what != kind.what {
				continue
			}
			if f.N++; f.N == 1 {
				f.At, f.Near = s.at+1, near(s.at)
			}
		}
		if f.N > 0 {
			found = append(found, f)
		}
	}
	return found
}

// near is the text before a place, to find it by eye.
func near(at int) string {
	at = min(at, len(scanners.TestText))
	return strings.TrimSpace(scanners.TestText[max(0, at-6):at])
}
