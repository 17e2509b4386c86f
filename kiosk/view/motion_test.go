package view

import (
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"quachot/assets/sounds"
	"quachot/kiosk/screen"
)

// The seal turns while a verdict is on show, and only then.
func TestSealTurnsWithAVerdict(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	all := states("vi")
	b := lay(all["pass"], sizes[0])
	s := b.drawn.seal
	if !s.moving || !s.rings[0].Visible() {
		t.Fatal("a verdict is on show and no seal turns")
	}
	before := s.rings[0].Angle
	s.tick(0.25)
	if s.rings[0].Angle == before {
		t.Error("a quarter of a turn later the seal stands where it stood")
	}
	if other := s.rings[2].Angle; other == s.rings[0].Angle {
		t.Error("both rings turn the same way")
	}
	for _, name := range []string{"waiting", "page-form"} {
		b.Draw(all[name])
		if s.moving || s.rings[0].Visible() {
			t.Errorf("%s: the seal turns with no verdict on show", name)
		}
		b.Draw(all["pass"])
	}
}

// A turn takes twelve seconds, in steps that cost at most eight drawings a second.
func TestSealIsSlow(t *testing.T) {
	if turn != 12*time.Second {
		t.Errorf("one turn takes %v", turn)
	}
	if perSecond := steps / turn.Seconds(); perSecond > 8 {
		t.Errorf("%.1f drawings a second", perSecond)
	}
}

// Another day has another seal: of a year's, no two days that follow each other
// look alike but seldom.
func TestSealIsSeededByTheDay(t *testing.T) {
	shape := func(seed string) [5][3]float32 {
		s := newSeal()
		s.shape(seed)
		var all [5][3]float32
		for i, r := range s.rings {
			all[i] = [3]float32{float32(r.Sides), r.share, r.speed}
		}
		return all
	}
	same := 0
	day := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 365 {
		a, b := day.AddDate(0, 0, i).Format(time.DateOnly), day.AddDate(0, 0, i+1).Format(time.DateOnly)
		if shape(a) == shape(b) {
			same++
		}
		if shape(a) != shape(a) {
			t.Fatal("one day has two seals")
		}
	}
	if same > 8 {
		t.Errorf("%d days of a year have the seal of the day before", same)
	}
}

// The border is lit while the sound sounds.
func TestFlashMirrorsTheRhythm(t *testing.T) {
	all, err := sounds.Rhythms()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"pass": 1, "check": 2, "stop": 1, "unreadable": 3, "watch": 3} {
		flashes, was := 0, false
		for at := time.Duration(0); at < length(all[name]); at += 5 * time.Millisecond {
			if now := lit(all[name], at); now != was {
				was = now
				if now {
					flashes++
				}
			}
		}
		if flashes != want {
			t.Errorf("%s flashes %d times, want %d", name, flashes, want)
		}
		if lit(all[name], length(all[name])) {
			t.Errorf("%s is lit after its end", name)
		}
	}
}

// Each sound flashes once, when it is new, and never over a page.
func TestFlashOnceASound(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	s := states("vi")["pass"]
	s.Flash = screen.Flash{Sound: "pass", Turn: 7}
	b := lay(s, sizes[0])
	f := b.drawn.flash
	if f.turn != 7 || f.motion == nil {
		t.Fatal("a new sound did not flash")
	}
	first := f.motion
	b.Draw(s)
	if f.motion != first {
		t.Error("the same sound flashed twice")
	}
	s.Flash.Turn++
	b.Draw(s)
	if f.motion == first {
		t.Error("the next sound did not flash")
	}
	f.motion.Tick(0)
	if !f.border.Visible() {
		t.Error("the border is dark while the sound sounds")
	}
	if got := f.border.Size(); got.Width < 1000 || got.Height < 100 {
		t.Errorf("the border is %v", got)
	}
	b.Draw(states("vi")["page-form"])
	if f.border.Visible() || f.motion != nil {
		t.Error("the border flashes over a page")
	}
}
