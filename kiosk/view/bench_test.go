package view

import (
	"fmt"
	"runtime"
	"testing"

	"fyne.io/fyne/v2/test"
)

// BenchmarkVerdict is from a State to a laid out screen, one verdict after the
// other: what the drawing goroutine does before the toolkit paints.
func BenchmarkVerdict(b *testing.B) {
	test.NewTempApp(b).Settings().SetTheme(Theme{})
	all := states("vi")
	board := lay(all["waiting"], sizes[0])
	i := 0
	for b.Loop() {
		board.Draw(all[[]string{"pass", "check", "waiting", "stop"}[i%4]])
		i++
	}
}

// BenchmarkPaint is the same with the pixels, painted without a graphics card.
func BenchmarkPaint(b *testing.B) {
	test.NewTempApp(b).Settings().SetTheme(Theme{})
	all := states("vi")
	board := NewBoard()
	w := test.NewTempWindow(b, board)
	w.SetPadded(false)
	w.Resize(sizes[0])
	i := 0
	for b.Loop() {
		board.Draw(all[[]string{"pass", "check"}[i%2]])
		w.Canvas().Capture()
		i++
	}
}

// Two thousand states leave nothing behind: no objects, and no memory beside what
// the toolkit measured in the last minute. Names, numbers and times differ in each.
func TestMemoryStaysFlat(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	all := states("vi")
	names := []string{"pass", "check", "stop", "unreadable-queue", "waiting", "watch", "page-form", "vehicle"}
	board := NewBoard()
	w := test.NewTempWindow(t, board)
	w.SetPadded(false)
	w.Resize(sizes[0])
	var before uint64
	objects := 0
	const shift = 2000
	for i := range shift {
		s := all[names[i%len(names)]]
		s.Header.Time = fmt.Sprintf("%02d:%02d", i/60%24, i%60)
		if s.Panel != nil {
			p := *s.Panel
			p.Name = fmt.Sprintf("NGUYỄN THỊ %d", i)
			s.Panel = &p
		}
		board.Draw(s)
		if i == shift/10 {
			before, objects = heap(), len(board.drawn.Objects())
		}
	}
	if got := len(board.drawn.Objects()); got != objects {
		t.Errorf("%d objects grew to %d", objects, got)
	}
	if after := heap(); after > before+4<<20 {
		t.Errorf("the heap grew from %d to %d MB", before>>20, after>>20)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
