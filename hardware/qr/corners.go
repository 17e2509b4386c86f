package qr

import (
	"cmp"
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// Why not the library's own search for the three corners: it stops at the first
// three that fit together, and about one code in a hundred, however clean, has
// modules inside that look like a corner; and it compares every three of all it
// has seen, so that a wallpaper of corners stops a lane for minutes. Here the
// whole picture is searched, the number of corners is bounded, and several
// triples are tried, the best first.
const (
	maxCorners = 120
	maxTriples = 6
)

// findCode is the text of the code in a black and white picture.
func findCode(bitmap *gozxing.BinaryBitmap, h hints) (string, error) {
	matrix, err := bitmap.GetBlackMatrix()
	if err != nil {
		return "", err
	}
	for _, t := range triples(corners(matrix)) {
		bl, tl, tr := gozxing.ResultPoint_OrderBestPatterns(t.a, t.b, t.c)
		info := detector.NewFinderPatternInfo(bl.(*detector.FinderPattern), tl.(*detector.FinderPattern), tr.(*detector.FinderPattern))
		found, err := detector.NewDetector(matrix).ProcessFinderPatternInfo(info)
		if err != nil {
			continue
		}
		result, err := decoder.NewDecoder().Decode(found.GetBits(), h)
		if err == nil && result.GetText() != "" {
			return result.GetText(), nil
		}
	}
	return "", ErrNotFound
}

// corners are the places where dark and light runs are 1:1:3:1:1 across, down
// and diagonally. The library checks them; this walks the rows, closely once the
// first was found.
func corners(m *gozxing.BitMatrix) []*detector.FinderPattern {
	finder := detector.NewFinderPatternFinder(m, nil)
	width, height := m.GetWidth(), m.GetHeight()
	skip := max(3*height/(4*detector.FinderPatternFinder_MAX_MODULES), detector.FinderPatternFinder_MIN_SKIP)
	for y := skip - 1; y < height; y += skip {
		if cornersOfRow(finder, m, y, width) {
			skip = 2
		}
		if len(finder.GetPossibleCenters()) >= maxCorners {
			break
		}
	}
	return finder.GetPossibleCenters()
}

// cornersOfRow walks one row and says whether it crosses a corner. runs are the
// lengths of the last five runs, dark, light, dark, light, dark.
func cornersOfRow(finder *detector.FinderPatternFinder, m *gozxing.BitMatrix, y, width int) bool {
	var runs [5]int
	found, at := false, 0
	for x := 0; x <= width; x++ {
		dark := x < width && m.Get(x, y)
		if dark == (at%2 == 0) && x < width {
			runs[at]++
			continue
		}
		if !dark && at == 0 && runs[0] == 0 {
			continue // light before the first dark run
		}
		if at < 4 {
			at++
			runs[at] = 1
			continue
		}
		if detector.FinderPatternFinder_foundPatternCross(runs[:]) && finder.HandlePossibleCenter(runs[:], y, x) {
			found, at, runs = true, 0, [5]int{}
			continue
		}
		runs = [5]int{runs[2], runs[3], runs[4], 1, 0}
		at = 3
	}
	return found
}

// triple is three corners that may belong together; the lower the score, the
// more they look like a code's.
type triple struct {
	a, b, c *detector.FinderPattern
	score   float64
}

// triples are the best few, best first.
func triples(centres []*detector.FinderPattern) []triple {
	var best []triple
	for i, a := range centres {
		for j, b := range centres[i+1:] {
			for _, c := range centres[i+j+2:] {
				if t, ok := judge(a, b, c); ok {
					best = insert(best, t)
				}
			}
		}
	}
	return best
}

// insert keeps best sorted and short.
func insert(best []triple, t triple) []triple {
	if len(best) == maxTriples && t.score >= best[maxTriples-1].score {
		return best
	}
	at, _ := slices.BinarySearchFunc(best, t, func(s, t triple) int { return cmp.Compare(s.score, t.score) })
	best = slices.Insert(best, at, t)
	return best[:min(len(best), maxTriples)]
}

// judge scores by how far the three are from an isosceles right triangle and
// their modules from one size. Both are relative, so that a small false triangle
// does not win over the large true one.
func judge(a, b, c *detector.FinderPattern) (triple, bool) {
	small := min(a.GetEstimatedModuleSize(), b.GetEstimatedModuleSize(), c.GetEstimatedModuleSize())
	large := max(a.GetEstimatedModuleSize(), b.GetEstimatedModuleSize(), c.GetEstimatedModuleSize())
	if large > 1.5*small {
		return triple{}, false
	}
	sides := [3]float64{distance(a, b), distance(b, c), distance(a, c)}
	slices.Sort(sides[:])
	modules := math.Sqrt(sides[0]) / large
	if modules < 9 || modules > 200 { // version 1 has 14 between corners, 40 has 170
		return triple{}, false
	}
	bent := (math.Abs(sides[2]-2*sides[1]) + math.Abs(sides[2]-2*sides[0])) / sides[2]
	if bent > 1.6 {
		return triple{}, false
	}
	return triple{a, b, c, bent + 2*(large/small-1)}, true
}

// distance is squared.
func distance(a, b *detector.FinderPattern) float64 {
	dx, dy := a.GetX()-b.GetX(), a.GetY()-b.GetY()
	return dx*dx + dy*dy
}
