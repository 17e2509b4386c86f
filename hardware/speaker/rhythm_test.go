package speaker

import (
	"math"
	"testing"

	"quachot/assets/sounds"
)

// slot is the time a rhythm is heard in: about what an ear tells apart.
const slot = rate / 50

// heardAs is a rhythm's loudness over time, in slots, without its pitch, taken
// from the samples that are played.
func heardAs(tones []sounds.Tone) (loud []float64) {
	wav := WAV(tones)[44:]
	for i := 0; i+2*slot <= len(wav); i += 2 * slot {
		var energy float64
		for j := i; j < i+2*slot; j += 2 {
			v := float64(int16(uint16(wav[j]) | uint16(wav[j+1])<<8))
			energy += v * v
		}
		loud = append(loud, math.Sqrt(energy/slot)/math.MaxInt16)
	}
	return loud
}

// beats are the lengths of sound and silence in turn, in slots.
func beats(loud []float64) (all []int) {
	was := false
	for _, l := range loud {
		if on := l > 0.12; on != was || len(all) == 0 {
			all, was = append(all, 0), on
		}
		all[len(all)-1]++
	}
	return all
}

// The sounds as played differ in rhythm, pitch left aside: in the number of
// their beats, or in a beat that is more than twice as long.
func TestRhythmAloneTellsSoundsApart(t *testing.T) {
	all, err := sounds.Rhythms()
	if err != nil {
		t.Fatal(err)
	}
	heard := map[string][]int{}
	for name, tones := range all {
		heard[name] = beats(heardAs(tones))
	}
	for a, x := range heard {
		for b, y := range heard {
			if a < b && !differ(x, y) {
				t.Errorf("%s %v and %s %v have the same rhythm", a, x, b, y)
			}
		}
	}
}

func differ(x, y []int) bool {
	if len(x) != len(y) {
		return true
	}
	for i := range x {
		if x[i] > 2*y[i] || y[i] > 2*x[i] {
			return true
		}
	}
	return false
}

// What each is: one short, two middle, one long, three short, and one of its own.
func TestRhythmsAreThoseOfTheManual(t *testing.T) {
	all, err := sounds.Rhythms()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		beats    int
		shortest int // of the sounding ones, in ms
		longest  int
	}{
		"pass": {1, 80, 160}, "check": {2, 120, 200}, "stop": {1, 700, 1200}, "unreadable": {3, 50, 100}, "watch": {3, 60, 500},
	} {
		n, low, high := 0, 1<<30, 0
		for _, tone := range all[name] {
			if tone.Hz > 0 {
				n, low, high = n+1, min(low, tone.MS), max(high, tone.MS)
			}
		}
		if n != want.beats || low < want.shortest || high > want.longest {
			t.Errorf("%s has %d beats of %d to %d ms, want %+v", name, n, low, high, want)
		}
	}
}
