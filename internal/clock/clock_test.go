package clock

import (
	"runtime"
	"testing"
	"time"
)

// hand is a clock moved by hand.
type hand struct {
	wall time.Time
	boot time.Duration
}

func (h *hand) Now() time.Time           { return h.wall }
func (h *hand) SinceBoot() time.Duration { return h.boot }
func (h *hand) BootID() [16]byte         { return [16]byte{1} }

func (h *hand) pass(d time.Duration) { h.wall, h.boot = h.wall.Add(d), h.boot+d }

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// exchange lets out and back pass and has the office, ahead by ahead, answer in
// between.
func (h *hand) exchange(o *Office, ahead, out, back time.Duration) {
	e := Exchange{SentWall: h.wall, SentBoot: h.boot}
	h.pass(out)
	e.OfficeAnswers = h.wall.Add(ahead)
	h.pass(back)
	e.ReceivedWall, e.ReceivedBoot = h.wall, h.boot
	o.Observe(e)
}

func TestSkewWithinItsMargin(t *testing.T) {
	for _, c := range []struct{ ahead, out, back time.Duration }{
		{0, 0, 0},
		{4 * time.Minute, 20 * time.Millisecond, 20 * time.Millisecond},
		{-30 * time.Hour, 2 * time.Second, 10 * time.Millisecond},
		{time.Second, 10 * time.Millisecond, 5 * time.Second},
	} {
		h, o := &hand{noon, time.Hour}, &Office{}
		h.exchange(o, c.ahead, c.out, c.back)
		skew, margin, ok := o.Skew(h)
		if wrong := (skew + c.ahead).Abs(); !ok || wrong > margin || margin > (c.out+c.back)/2 {
			t.Errorf("%+v: skew %v +- %v, %v", c, skew, margin, ok)
		}
	}
}

// The officer sets the clock after the exchange: the skew follows, because the
// estimate hangs on time since boot.
func TestSkewFollowsTheWallClock(t *testing.T) {
	h, o := &hand{noon, time.Hour}, &Office{}
	h.exchange(o, 0, time.Millisecond, time.Millisecond)
	h.pass(time.Hour)
	h.wall = h.wall.Add(-24 * time.Hour)
	if skew, margin, _ := o.Skew(h); (skew + 24*time.Hour).Abs() > margin {
		t.Errorf("skew %v +- %v, want -24h", skew, margin)
	}
}

// A jump of the wall clock in the middle of an exchange does not spoil it.
func TestJumpDuringAnExchange(t *testing.T) {
	h, o := &hand{noon, time.Hour}, &Office{}
	e := Exchange{SentWall: h.wall, SentBoot: h.boot}
	h.pass(50 * time.Millisecond)
	h.wall = noon.Add(1000 * time.Hour)
	e.ReceivedWall, e.ReceivedBoot, e.OfficeAnswers = h.wall, h.boot, noon
	o.Observe(e)
	if skew, margin, ok := o.Skew(h); !ok || (skew-1000*time.Hour).Abs() > 100*time.Millisecond {
		t.Errorf("skew %v +- %v, %v", skew, margin, ok)
	}
	var blind Office // without time since boot it cannot be told, and is not
	blind.Observe(Exchange{SentWall: noon.Add(time.Hour), ReceivedWall: noon, OfficeAnswers: noon})
	if _, _, ok := blind.Skew(h); ok {
		t.Error("an exchange that ended before it began was believed")
	}
}

func TestNarrowEstimateIsKept(t *testing.T) {
	h, o := &hand{noon, time.Hour}, &Office{}
	h.exchange(o, time.Minute, time.Millisecond, time.Millisecond)
	h.exchange(o, time.Minute, time.Millisecond, 8*time.Second) // a slow link
	if _, margin, _ := o.Skew(h); margin > 100*time.Millisecond {
		t.Errorf("margin %v: the slow exchange won", margin)
	}
	h.pass(30 * 24 * time.Hour) // by now the old one may have drifted for minutes
	h.exchange(o, time.Minute, time.Millisecond, 8*time.Second)
	if _, margin, _ := o.Skew(h); margin > 5*time.Second {
		t.Errorf("margin %v: the drifted estimate won", margin)
	}
}

func TestLatestNeverFalls(t *testing.T) {
	h, o := &hand{noon, time.Hour}, &Office{}
	if !o.Latest(h).IsZero() {
		t.Error("latest is known before anything was heard")
	}
	h.exchange(o, time.Hour, 0, 0)
	h.pass(time.Minute)
	if want := noon.Add(time.Hour + time.Minute); !o.Latest(h).Equal(want) {
		t.Errorf("latest %v, want %v", o.Latest(h), want)
	}
	h.wall = noon.Add(-10000 * time.Hour)
	o.See(noon, h.boot)
	if got := o.Latest(h); got.Before(noon.Add(time.Hour)) {
		t.Errorf("fell to %v", got)
	}
	o.See(noon.Add(48*time.Hour), h.boot)
	if got := o.Latest(h); !got.Equal(noon.Add(48 * time.Hour)) {
		t.Errorf("latest %v, want two days on", got)
	}
}

func TestSystem(t *testing.T) {
	c := System()
	if c.Now().IsZero() {
		t.Error("no wall clock")
	}
	if runtime.GOOS != "linux" && runtime.GOOS != "windows" {
		t.Skip("time since boot is not known on this system")
	}
	if a, b := c.SinceBoot(), c.SinceBoot(); a <= 0 || b < a {
		t.Errorf("time since boot %v, then %v", a, b)
	}
	if runtime.GOOS == "linux" && (c.BootID() == [16]byte{} || c.BootID() != System().BootID()) {
		t.Errorf("boot id %x", c.BootID())
	}
}
