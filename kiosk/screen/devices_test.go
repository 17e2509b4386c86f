package screen

import (
	"strings"
	"testing"
	"time"

	"quachot/kiosk/uplink"
)

// A scanner that is gone is said until it is back.
func TestLostScannerIsSaid(t *testing.T) {
	b := newBench(t)
	status := b.status
	status.Scanners = []Scanner{{Name: "serial:/dev/ttyACM0", Lost: true}, {Name: "serial:COM3"}}
	b.do(b.SetStatus(status, b.at))
	s := b.State()
	if !s.Alarm || !strings.Contains(s.Notice, "/dev/ttyACM0") || strings.Contains(s.Notice, "COM3") {
		t.Errorf("notice %q, alarm %v", s.Notice, s.Alarm)
	}
	status.Scanners = []Scanner{{Name: "serial:/dev/ttyACM0"}, {Name: "serial:COM3"}}
	b.do(b.SetStatus(status, b.at))
	if s := b.State(); s.Notice != "" {
		t.Errorf("plugged in again, and still: %q", s.Notice)
	}
}

// A clock that cannot be right is said in the header, also without a network.
func TestWrongClockIsSaid(t *testing.T) {
	for _, c := range []struct {
		name   string
		now    time.Time
		asOf   time.Time
		latest time.Time
		key    string // "" = nothing is said
	}{
		{"right", noon, noon.Add(-time.Hour), time.Time{}, ""},
		{"a minute behind the lists", noon, noon.Add(time.Minute), time.Time{}, ""},
		{"an hour behind the lists", noon, noon.Add(time.Hour), time.Time{}, "lane.clock-behind"},
		{"an hour behind what the office said", noon, time.Time{}, noon.Add(time.Hour), "lane.clock-behind"},
		{"an empty battery", time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}, time.Time{}, "lane.clock-dead"},
	} {
		b := newBench(t)
		status := b.status
		status.ListsAsOf, status.Link = c.asOf, uplink.State{LatestOffice: c.latest}
		b.do(b.SetStatus(status, c.now))
		got := b.State().Header.Contact
		head, _, _ := strings.Cut(b.words.T(orElse(c.key, "app.name")), "{")
		if said := got.Level == Bad && strings.HasPrefix(got.Text, head); said != (c.key != "") {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// In training nothing is sent, and nobody is asked to worry about it.
func TestTrainingHasNoOffice(t *testing.T) {
	b := newBench(t)
	b.Train()
	h := b.State().Header
	if h.Sync.Level != Quiet || h.Contact.Text != "" || b.State().Ribbon == "" {
		t.Errorf("header %+v", h)
	}
}
