package screen

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/kiosk/journal"
)

// fakeLane saves into memory; gate, when not nil, holds every scan.
type fakeLane struct {
	gate chan struct{}
	fail error

	mu    sync.Mutex // guards texts and decided
	texts []string
	way   record.Direction
	ids   []record.ID
}

func (f *fakeLane) Scan(_ context.Context, text string) Result {
	if f.gate != nil {
		<-f.gate
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.texts = append(f.texts, text)
	return Result{Outcome: of(record.Pass, text), ID: record.ID{Seq: uint64(len(f.texts))}, At: noon, Durable: f.fail == nil, Err: f.fail}
}

func (f *fakeLane) Decide(_ context.Context, p record.Passage) (record.ID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ids = append(f.ids, p.Earlier...)
	return record.ID{Seq: 900}, nil
}

func (f *fakeLane) SetDirection(_ context.Context, d record.Direction) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.way = d
	return nil
}

// running starts a desk; states gets everything shown.
func running(t *testing.T, lane Lane) (d *Desk, states chan State, stop func() error) {
	t.Helper()
	states = make(chan State, 10_000)
	d = NewDesk(Config{
		Words: text.Load("vi"), Direction: record.In, Lane: lane,
		Status: func() Status { return Status{Post: "P", Counts: journal.Counts{Health: journal.HealthOK}} },
		Show:   func(s State) { states <- s }, Sound: func(string) {}, Quit: func() {}, Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	return d, states, func() error { cancel(); return <-ended }
}

// until waits for a state that f likes.
func until(t *testing.T, states chan State, what string, f func(State) bool) State {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case s := <-states:
			if f(s) {
				return s
			}
		case <-late:
			t.Fatalf("never shown: %s", what)
		}
	}
}

func TestEveryScanReachesTheLaneInOrder(t *testing.T) {
	lane := &fakeLane{}
	d, _, stop := running(t, lane)
	const n = 2000
	for i := range n {
		d.Scan(Scan{Texts: []string{fmt.Sprint(i)}, At: time.Now()})
	}
	if err := stop(); err != nil { // at once: what arrived is still saved
		t.Fatal(err)
	}
	if len(lane.texts) != n {
		t.Fatalf("%d scans saved, want %d", len(lane.texts), n)
	}
	for i, s := range lane.texts {
		if s != fmt.Sprint(i) {
			t.Fatalf("scan %d is %s", i, s)
		}
	}
}

// A stalled disk holds the verdict up, never the screen.
func TestStalledLaneDoesNotStopTheScreen(t *testing.T) {
	lane := &fakeLane{gate: make(chan struct{})}
	d, states, stop := running(t, lane)
	d.Scan(Scan{Texts: []string{"A"}, At: time.Now()})
	until(t, states, "that it is being saved", func(s State) bool { return s.Header.Journal.Text == "đang ghi" })
	d.Key(KeyDirection, false)
	until(t, states, "the other direction", func(s State) bool { return s.Header.Out })
	close(lane.gate)
	until(t, states, "the verdict", func(s State) bool { return s.Panel != nil && s.Panel.Name == "A" })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if lane.way != record.Out {
		t.Error("the lane was not told of the direction")
	}
}

func TestScanThatCouldNotBeSavedIsShownAsSuch(t *testing.T) {
	d, states, stop := running(t, &fakeLane{fail: errors.New("no medium")})
	d.Scan(Scan{Texts: []string{"A"}, At: time.Now()})
	until(t, states, "CHƯA GHI", func(s State) bool { return s.Panel != nil && s.Panel.Unsaved == "CHƯA GHI" })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyChangesAreShown(t *testing.T) {
	d, states, stop := running(t, &fakeLane{})
	until(t, states, "the first screen", func(s State) bool { return s.Header.Post == "P" })
	for len(states) > 0 {
		<-states
	}
	for range 50 {
		d.Key("x", false) // means nothing
	}
	d.Key(KeyNumber, false)
	s := <-states
	if s.Field == nil {
		t.Errorf("a state was shown again without a change: %+v", s)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

// The layout changed the characters, the keys still hold a card's number.
func TestCandidateThatIsACredentialIsTaken(t *testing.T) {
	for _, c := range []struct {
		texts []string
		want  string
	}{
		{nil, ""},
		{[]string{"garbage"}, "garbage"},
		{[]string{"&é\"'(-è_çà&é", "046187001234"}, "046187001234"},
		{[]string{"046187001234", "x"}, "046187001234"},
		{[]string{"neither", "nor"}, "neither"},
	} {
		if got := choose(c.texts, noon); got != c.want {
			t.Errorf("choose(%q) = %q, want %q", c.texts, got, c.want)
		}
	}
}
