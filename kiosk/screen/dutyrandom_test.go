package screen

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"quachot/internal/record"
)

// Whatever officers do at the pages of duty, every citizen's code reaches the lane
// exactly once and in order, no badge ever does, and nothing that was judged is
// lost from the screen's queue but by being shown.
func TestRandomDutyLosesNoScan(t *testing.T) {
	keys := []Key{
		KeyDuty, KeyDuty, KeyEnter, KeyEnter, KeyEscape, KeyTab, KeyBack, KeyBackspace, KeyDelete, KeyPaper, KeyUp, KeyDown,
		"1", "1", "1", "1", "2", "2", "2", "2", "9", "9", "9", "9", "c", "Field:login.id", "Field:from.pin",
	}
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 7))
		b := newDutyBench(t)
		scanned, judged, shown := 0, 0, map[string]bool{}
		look := func() {
			if p := b.State().Panel; p != nil {
				shown[p.Name] = true
			}
		}
		for range 1500 {
			b.effects = nil
			switch n := r.IntN(20); {
			case n < 3:
				scanned++
				b.scan(of(record.Pass, fmt.Sprint("P", scanned)))
			case n == 3:
				b.badge([]string{"C001", "C002", "C009"}[r.IntN(3)])
			case n == 4:
				b.wait(time.Duration(r.IntN(180)) * time.Second)
			default:
				b.run(b.Key(keys[r.IntN(len(keys))], r.IntN(4) == 0, b.at))
			}
			for _, e := range b.effects {
				if e.Judge != nil {
					judged++
					if badgeOf(*e.Judge) != "" {
						t.Fatalf("seed %d: a badge went to the lane", seed)
					}
				}
			}
			look()
		}
		if judged != scanned {
			t.Errorf("seed %d: %d of %d scans went to the lane", seed, judged, scanned)
		}
		b.pages, b.Model.on.locked, b.current = nil, false, nil // whatever was left open
		for range len(b.queue) + 1 {
			b.active()
			b.wait(stayQueued)
			look()
		}
		if len(shown) != scanned {
			t.Errorf("seed %d: %d of %d verdicts were shown", seed, len(shown), scanned)
		}
	}
}
