package lane

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"quachot/internal/clock"
	"quachot/internal/record"
	"quachot/internal/seal"
)

// readings give a new text of each kind for every i.
var readings = []struct {
	name string
	text func(p *post, i int) string
}{
	{"card", func(p *post, i int) string { s, _ := p.card(uint32(i)); return s }},
	{"number", func(p *post, i int) string { _, n := p.card(uint32(i)); return n.Grouped() }},
	{"cccd-1", func(_ *post, i int) string {
		return fmt.Sprintf("046203%06d||Trần Văn Bình|19092003|Nam|Thôn 3, Phú Mậu, Huế|11032021", i)
	}},
	{"cccd-2", func(_ *post, i int) string {
		return fmt.Sprintf("046187%06d|19%07d|Nguyễn Thị Minh Khai|18011987|Nữ|12/3 Kiệt 45 Nguyễn Huệ, Huế|25042021", i, i)
	}},
	{"qrqg-4", func(_ *post, i int) string {
		return fmt.Sprintf("046087%06d|NGUYEN LE KHA HAN|1987-01-18|0|%018d|<1<%010d<09%08d", i, i, i, i)
	}},
	{"garbage", func(_ *post, i int) string { return fmt.Sprintf("garbage %d", i) }},
}

// BenchmarkScan is one scanner on a journal on disk. New = every identity key
// has to be derived; known = they are in memory, so this is all the rest. The
// number in a name is how many keys the reading has.
func BenchmarkScan(b *testing.B) {
	for _, r := range readings {
		b.Run(r.name+"/new", func(b *testing.B) { bench(b, 1, func(p *post, i int) string { return r.text(p, i) }) })
		b.Run(r.name+"/known", func(b *testing.B) {
			bench(b, 1, func(p *post, i int) string { return r.text(p, i%20) })
		})
	}
	b.Run("card/new/eight-scanners", func(b *testing.B) { bench(b, 8, readings[0].text) })
}

func bench(b *testing.B, scanners int, text func(*post, int) string) {
	p := newPost(b)
	office, err := seal.NewPrivate()
	if err != nil {
		b.Fatal(err)
	}
	p.deps.Journal = realJournal(b, b.TempDir(), nil, office)
	p.deps.Clock = ticking{clock.System()}
	p.Lane = New(p.deps, record.In)
	texts := make([]string, b.N+20)
	for i := range texts {
		texts[i] = text(p, i)
	}
	for _, t := range texts[b.N:] { // warm up
		p.scan(t)
	}
	took := make([]time.Duration, b.N)
	var wg sync.WaitGroup
	b.ResetTimer()
	for s := range scanners {
		wg.Go(func() {
			for i := s; i < b.N; i += scanners {
				r, err := p.Scan(b.Context(), texts[i])
				if err != nil || !r.Durable || r.Repeat {
					b.Errorf("%+v, %v", r, err)
				}
				took[i] = r.Took
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// ticking is a clock on which every look is 3 s later, so that no scan of the
// same text is a repeat.
type ticking struct{ clock.Clock }

var ticks = struct {
	sync.Mutex
	n time.Duration
}{}

func (ticking) SinceBoot() time.Duration {
	ticks.Lock()
	defer ticks.Unlock()
	ticks.n += 3 * time.Second
	return ticks.n
}
