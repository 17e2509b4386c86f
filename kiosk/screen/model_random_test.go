package screen

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
)

// anyKeys are what a hand may hit.
var anyKeys = append(keys("0123456789ZHP+abz .-"), KeyEnter, KeyEnter, KeyEnter, KeyEscape, KeyEscape, KeyBackspace, KeyTab, KeyBack,
	KeyUp, KeyDown, KeyPageUp, KeyPageDown, KeyDelete, KeyHelp, KeyNumber, KeyDeclare, KeyVehicle, KeyVehicle, KeyDirection,
	KeyIncident, KeyPaper, KeyMeter, KeySettings, KeySync)

// Whatever is hit, at every kind of post: nothing panics, every scan is counted
// once or still waits, and no scan is decided twice unless the second decision
// names the first.
func TestAnyKeysLoseNoScan(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 3))
		b := newBench(t)
		h := &hands{
			places: []wire.CarePlace{{Code: "Q", Kind: "quarantine", Free: 2}, {Code: "T", Kind: "test"}},
			plate:  checkpoint.Outcome{Verdict: record.Verdict(r.IntN(4))},
			judged: Result{Outcome: of(record.Verdict(1+r.IntN(3)), "D")},
		}
		b.SetStatus(Status{Kind: []string{"road", "place", "lodging", "patrol"}[r.IntN(4)]}, b.at)
		scans := 0
		for range 400 {
			switch n := r.IntN(10); {
			case n < 3:
				scans++
				o := of(record.Verdict(1+r.IntN(4)), fmt.Sprint(scans))
				o.Keys = []identity.Keys{{Match: identity.Match{byte(scans), byte(scans >> 8)}}}
				b.seq++
				res := Result{Outcome: o, ID: record.ID{Seq: b.seq}, At: b.at, Durable: true}
				b.judging = append(b.judging, b.at)
				b.carryOut(h, b.Judged(res, b.at))
			case n < 5:
				b.pass(time.Duration(r.IntN(6000)) * time.Millisecond)
			default:
				b.carryOut(h, b.Key(anyKeys[r.IntN(len(anyKeys))], r.IntN(8) == 0, b.at))
			}
			b.State()
			b.effects = b.effects[:0]
		}
		if err := decidedOnce(h.passages); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		for tries := 0; len(b.pages) > 0; tries++ { // Esc, and Enter where a form asks
			if tries > 50 {
				t.Fatalf("seed %d: page %q does not close", seed, b.State().Page.Name)
			}
			k := KeyEscape
			if r.IntN(2) == 0 && b.State().Page.Error != "" {
				k = KeyEnter
			}
			b.carryOut(h, b.Key(k, false, b.at))
		}
		counted := 0
		for _, n := range b.tally {
			counted += n
		}
		for _, s := range b.queue {
			if !s.counted {
				counted++
			}
		}
		// Declarations without a code are verdicts too.
		if most := scans + declarations(h); counted < scans || counted > most {
			t.Errorf("seed %d: %d of %d scans are counted or wait, at most %d with declarations", seed, counted, scans, most)
		}
	}
}

func declarations(h *hands) (n int) {
	for _, did := range h.did {
		if len(did) > 7 && did[:7] == "declare" {
			n++
		}
	}
	return n
}

// decidedOnce says which scan was decided again without a word about the decision
// before. Every passage is the 1001st record or later, but not each record is one.
func decidedOnce(all []record.Passage) error {
	open := map[record.ID]bool{}
	for i, p := range all {
		for _, id := range p.Earlier {
			switch {
			case p.Undone:
				open[id] = false
			case open[id] && p.Corrects == nil:
				return fmt.Errorf("passage %d decides scan %d again: %+v", i, id.Seq, p)
			default:
				open[id] = true
			}
		}
		if len(p.Earlier) == 0 && p.Form == "" {
			return fmt.Errorf("passage %d is about nobody: %+v", i, p)
		}
	}
	return nil
}
