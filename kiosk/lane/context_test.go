package lane

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quachot/internal/record"
	"quachot/kiosk/journal"
)

// A context record stands before the first record it holds for, in one commit,
// and comes again only when something changed.
func TestContextWhenItChanges(t *testing.T) {
	p := newPost(t)
	skew := 3 * time.Second
	p.deps.Skew = func() (time.Duration, bool) { return skew, true }
	p.deps.Scanner = "serial:/dev/ttyACM0"
	p.Lane = New(p.deps, record.In)
	n := 0
	scan := func(what string, wantContext bool) record.Context {
		t.Helper()
		n++
		p.clock.pass(10 * time.Second)
		before := len(p.journal.records)
		p.scan("garbage " + what)
		got := p.journal.records[before:]
		if wantContext != (got[0].item.Kind == record.KindContext) || got[len(got)-1].item.Kind != record.KindScan || got[0].with != len(got) {
			t.Errorf("%s: wrote %v", what, p.journal.kinds()[before:])
		}
		return last[record.Context](t, p.journal)
	}
	first := scan("first", true)
	want := record.Context{
		Post: "PB1", Lane: "2", Direction: record.In, Scanner: "serial:/dev/ttyACM0",
		Lists: map[string]uint64{"keys": 1, "officers": 1, "rules": 1, "settings": 1, "watch": 1}, Serial: 1, AsOf: noon.UnixMilli(), SkewMS: first.SkewMS,
	}
	if diff := cmp.Diff(want, first); diff != "" || *first.SkewMS != 3000 {
		t.Errorf("(-want +got), skew %d:\n%s", *first.SkewMS, diff)
	}
	scan("second", false)
	skew += 4 * time.Second
	scan("skew a little different", false)
	skew += 4 * time.Second
	if got := scan("skew quite different", true); *got.SkewMS != 11000 {
		t.Errorf("skew %d", *got.SkewMS)
	}
	p.publish()
	if got := scan("new lists", true); got.Serial != 2 || got.Lists["watch"] != 2 {
		t.Errorf("lists %+v", got)
	}
	if err := p.SetDirection(t.Context(), record.Out); err != nil {
		t.Fatal(err)
	}
	if got := last[record.Context](t, p.journal); got.Direction != record.Out {
		t.Errorf("turned: %+v", got)
	}
	scan("after turning", false)
	p.journal.rollNext = true // an hour is over
	scan("first of a new segment", false)
	scan("second of a new segment", true) // each segment says what holds
	scan("third of a new segment", false)
	if err := p.SetDirection(t.Context(), 7); err == nil {
		t.Error("turned in direction 7")
	}
	if err := p.SetDirection(t.Context(), record.Out); err != nil || last[record.Scan](t, p.journal).Direction != record.Out {
		t.Errorf("turned to where it looks: %v", err)
	}
}

// An officer who changes: logout with the counts of the shift, a new segment,
// the new context, login.
func TestOfficerChanges(t *testing.T) {
	p := newPost(t)
	if err := p.SetOfficer(t.Context(), "B01"); err != nil {
		t.Fatal(err)
	}
	own, _ := p.card(1)
	p.scan(own)
	p.scan(cccd)
	p.scan(own) // a repeat
	if _, err := p.Decide(t.Context(), record.Passage{Decision: record.LetThrough}); err != nil {
		t.Fatal(err)
	}
	if err := p.SetOfficer(t.Context(), "B02"); err != nil {
		t.Fatal(err)
	}
	if err := p.SetOfficer(t.Context(), "B02"); err != nil { // no change
		t.Fatal(err)
	}
	if err := p.Duty(t.Context(), "B01", "refused"); err != nil {
		t.Fatal(err)
	}
	if err := p.SetOfficer(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	want := []string{"context", "shift", "scan", "scan", "passage", "shift", "context", "shift", "shift", "shift"}
	if got := p.journal.kinds(); !slices.Equal(got, want) {
		t.Errorf("records\n%v, want\n%v", got, want)
	}
	shifts := bodies[record.Shift](p.journal)
	wantShifts := []record.Shift{
		{Officer: "B01", Event: "login"},
		{Officer: "B01", Event: "logout", Counts: map[string]uint64{"scans": 2, "repeats": 1, "pass": 1, "check": 1, "let-through": 1, "passages": 2}},
		{Officer: "B02", Event: "login"},
		{Officer: "B01", Event: "refused"},
		{Officer: "B02", Event: "logout", Counts: map[string]uint64{}},
	}
	if diff := cmp.Diff(wantShifts, shifts); diff != "" {
		t.Errorf("shifts (-want +got):\n%s", diff)
	}
	for i, w := range p.journal.records {
		if c, ok := w.item.Body.(record.Context); ok && w.id.Seq != 1 {
			t.Errorf("record %d: context %+v is record %d of its segment, want the first", i, c, w.id.Seq)
		}
	}
	if p.journal.rolls != 3 {
		t.Errorf("%d new segments, want 3", p.journal.rolls)
	}
}

func TestOfficerStaysWhenTheLogoutIsNotSaved(t *testing.T) {
	p := newPost(t)
	if err := p.SetOfficer(t.Context(), "B01"); err != nil {
		t.Fatal(err)
	}
	p.journal.err = errDisk
	if err := p.SetOfficer(t.Context(), "B02"); err == nil || p.Officer() != "B01" {
		t.Errorf("officer %q, %v", p.Officer(), err)
	}
	p.journal.err = nil
	r := p.scan("garbage")
	if r.Health != journal.HealthOK || last[record.Context](t, p.journal).Officer != "B01" {
		t.Errorf("after it: %+v", r)
	}
}
