package lane

import (
	"context"
	"fmt"
	"testing"
	"time"

	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/kiosk/journal"
)

// The meter counts by the hours of Viet Nam's clock, and seconds per person only
// while people queue.
func TestMeter(t *testing.T) {
	p := newPost(t) // 12:00 in Huế
	n := uint32(0)
	pass := func(after time.Duration) {
		p.clock.pass(after)
		n++
		own, _ := p.card(n)
		p.scan(own)
	}
	pass(0)
	for range 6 { // a queue: one every 4 s
		pass(4 * time.Second)
	}
	pass(10 * time.Minute) // nobody came
	p.clock.pass(50 * time.Minute)
	p.scan(man)
	p.clock.pass(9 * time.Second) // 9 s to decide
	if _, err := p.Decide(t.Context(), record.Passage{Decision: record.ToTest}); err != nil {
		t.Fatal(err)
	}
	p.clock.pass(2 * time.Hour)
	p.scan("garbage")

	m := p.Meter()
	if len(m.Hours) != 4 || m.Hours[0].Start.Hour() != 12 || !m.Since.Equal(noon) {
		t.Fatalf("hours %+v since %v, want 12 to 15", m.Hours, m.Since)
	}
	want := []Hour{
		{Scans: 8, Verdicts: [5]uint64{record.Pass: 8}, PerPerson: 4250 * time.Millisecond},
		{Scans: 1, Verdicts: [5]uint64{record.Check: 1}, Decisions: [5]uint64{record.ToTest: 1}},
		{},
		{Scans: 1, Verdicts: [5]uint64{record.Unreadable: 1}},
	}
	for i, h := range m.Hours {
		want[i].Start = h.Start
		if h != want[i] {
			t.Errorf("%d h: %+v, want %+v", h.Start.Hour(), h, want[i])
		}
	}
	if m.Total.Scans != 10 || m.Total.PerPerson != 4250*time.Millisecond {
		t.Errorf("total %+v", m.Total)
	}
}

func TestGapBins(t *testing.T) {
	before := time.Duration(-1)
	for bin := range lastGapBin + 1 {
		if g := binGap(bin); gapBin(g) != bin || g <= before {
			t.Errorf("bin %d: its middle %v lies in %d", bin, g, gapBin(g))
		}
		before = binGap(bin)
	}
	if b := gapBin(24 * time.Hour); b != lastGapBin {
		t.Errorf("a day lies in bin %d", b)
	}
}

// A crash ends no shift: the same officer goes on counting, another begins.
func TestShiftSurvivesACrash(t *testing.T) {
	for _, who := range []string{"B01", "B02", ""} {
		p := newPost(t)
		if err := p.SetOfficer(t.Context(), "B01"); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			p.clock.pass(70 * time.Minute)
			p.scan(fmt.Sprintf("garbage %d", i))
		}
		own, _ := p.card(1)
		p.scan(own)
		before, meter := p.Counts(), p.Meter()
		p.Lane = New(p.deps, record.In)
		if err := p.SetOfficer(t.Context(), who); err != nil {
			t.Fatal(err)
		}
		after := p.Counts()
		again := p.Meter()
		same := fmt.Sprint(before) == fmt.Sprint(after) && fmt.Sprint(meter.Hours) == fmt.Sprint(again.Hours) && again.Since.Equal(meter.Since)
		if want := who != "B02"; same != want {
			t.Errorf("%q comes: %v, before %v; taken up %v, want %v", who, after, before, same, want)
		}
		if who != "B02" {
			continue
		}
		all := bodies[record.Shift](p.journal)
		if ended := all[len(all)-2]; ended.Officer != "B01" || ended.Event != "logout" || ended.Counts["scans"] != 4 {
			t.Errorf("the shift that was cut short ends as %+v", ended)
		}
		if after["scans"] != 0 {
			t.Errorf("%v counted for B02", after)
		}
	}
}

// A logout ends a shift: what comes after the restart is not its.
func TestShiftThatEndedIsOver(t *testing.T) {
	p := newPost(t)
	if err := p.SetOfficer(t.Context(), "B01"); err != nil {
		t.Fatal(err)
	}
	p.scan("garbage")
	if err := p.SetOfficer(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	p.Lane = New(p.deps, record.In)
	if err := p.SetOfficer(t.Context(), "B01"); err != nil {
		t.Fatal(err)
	}
	if c := p.Counts(); c["scans"] != 0 {
		t.Errorf("the shift that ended goes on: %v", c)
	}
}

func TestHandover(t *testing.T) {
	p := newPost(t)
	if err := p.Handover(t.Context(), "B02"); err == nil {
		t.Error("nobody handed over")
	}
	if err := p.SetOfficer(t.Context(), "B01"); err != nil {
		t.Fatal(err)
	}
	p.scan("garbage")
	if err := p.Handover(t.Context(), "B02"); err != nil {
		t.Fatal(err)
	}
	all := bodies[record.Shift](p.journal)
	out, in := all[len(all)-2], all[len(all)-1]
	if out.Officer != "B01" || out.With != "B02" || out.Counts["scans"] != 1 || in.Officer != "B02" || in.With != "B01" || p.Officer() != "B02" {
		t.Errorf("%+v, then %+v", out, in)
	}
}

// What the meter costs on disk and in memory does not grow with the scans.
func TestNothingGrows(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of scans")
	}
	p := newPost(t)
	p.deps.Journal = forgetful{p.journal}
	p.Lane = New(p.deps, record.In)
	largest := 0
	for i := range 9_000 { // what is remembered is cut twice
		p.clock.pass(1300 * time.Millisecond)
		p.scan(fmt.Sprintf("garbage %d", i))
		if i%10 == 0 {
			if _, err := p.Decide(t.Context(), record.Passage{Decision: record.LetThrough}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, put := range p.shift.puts() {
		largest = max(largest, len(put.Value))
	}
	for name, n := range map[string]int{
		"codes of the last seconds": len(p.reads), "scans": len(p.scans) / (2*keepScans + 1), "decisions": len(p.passages) / (2*keepScans + 1),
		"hours": len(p.shift.hours) / 19, "fields": len(p.fields),
	} {
		if n > 5 {
			t.Errorf("%s: %d", name, n)
		}
	}
	if cap(p.scans) > 4*keepScans || largest > 200 {
		t.Errorf("room for %d scans, %d bytes of state with each record", cap(p.scans), largest)
	}
}

// forgetful keeps the state of a fake journal and no record.
type forgetful struct{ *fakeJournal }

func (f forgetful) Append(ctx context.Context, items ...journal.Item) ([]journal.Saved, error) {
	saved, err := f.fakeJournal.Append(ctx, items...)
	f.records = nil
	return saved, err
}

// A place counts who is in, and a restart does not forget them.
func TestInside(t *testing.T) {
	p := newPost(t)
	p.settings.Posts = postsOfKind("place")
	p.publish()
	in := func(way record.Direction, who uint32, want int) {
		t.Helper()
		if p.Direction() != way {
			if err := p.SetDirection(t.Context(), way); err != nil {
				t.Fatal(err)
			}
		}
		p.clock.pass(time.Minute)
		own, _ := p.card(who)
		p.scan(own)
		if got := p.Inside(); got != want {
			t.Errorf("card %d, %v: %d inside, want %d", who, way, got, want)
		}
	}
	in(record.In, 1, 1)
	in(record.In, 2, 2)
	in(record.In, 2, 2) // shown twice
	in(record.Out, 1, 1)
	p.Lane = New(p.deps, record.Out)
	if got := p.Inside(); got != 1 {
		t.Errorf("after a restart %d inside, want 1", got)
	}
	in(record.Out, 9, 0)
	in(record.Out, 8, 0) // came before the place counted
	in(record.In, 1, 1)
	p.scan("garbage")
	if got := p.Inside(); got != 1 {
		t.Errorf("garbage went in: %d", got)
	}
	p.clock.pass(12 * time.Hour)
	if got := p.Inside(); got != 0 {
		t.Errorf("the next day %d inside, want 0", got)
	}
}

// Purpose and place hold for the records after them, and are written before the
// next scan.
func TestPurposeAndPlace(t *testing.T) {
	p := newPost(t)
	p.scan("garbage a")
	at := [2]float64{16.4, 107.7}
	if err := p.SetPurpose(t.Context(), " freight "); err != nil {
		t.Fatal(err)
	}
	if err := p.Move(t.Context(), record.Place{Name: "Cầu Phú Bài", At: &at}); err != nil {
		t.Fatal(err)
	}
	got := last[record.Context](t, p.journal)
	if got.Purpose != "freight" || got.Place == nil || got.Place.Name != "Cầu Phú Bài" || *got.Place.At != at {
		t.Errorf("context %+v", got)
	}
	if where, ok := p.Place(); !ok || where.Name != "Cầu Phú Bài" || p.Purpose() != "freight" {
		t.Errorf("%+v %v, %q", where, ok, p.Purpose())
	}
	if err := p.SetDirection(t.Context(), record.Out); err != nil {
		t.Fatal(err)
	}
	again := New(p.deps, LastDirection(p.journal, record.In))
	if where, _ := again.Place(); where.Name != "Cầu Phú Bài" || again.Purpose() != "freight" || again.Direction() != record.Out {
		t.Errorf("after a crash at %+v, %q, %v", where, again.Purpose(), again.Direction())
	}
	wrong := [2]float64{160, 10}
	if err := p.Move(t.Context(), record.Place{At: &wrong}); err == nil {
		t.Error("moved to 160° north")
	}
	if err := p.Move(t.Context(), record.Place{}); err != nil {
		t.Fatal(err)
	}
	if got := last[record.Context](t, p.journal); got.Place != nil {
		t.Errorf("back at the post: %+v", got.Place)
	}
	if k := p.journal.kinds(); fmt.Sprint(k) != "[context scan context context context context]" {
		t.Errorf("records %v", k)
	}
}

// The real journal keeps counts, forms and declarations in the transaction of
// their records.
func TestShiftOnDisk(t *testing.T) {
	p := newPost(t)
	office, err := seal.NewPrivate()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	j := realJournal(t, dir, p.clock, office)
	p.deps.Journal = j
	p.Lane = New(p.deps, record.In)
	p.scan(man)
	d := binh
	d.Form = "7"
	if _, err := p.Declare(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	p.clock.pass(time.Hour)
	p.deps.Journal = realJournal(t, dir, p.clock, office)
	p.Lane = New(p.deps, record.In)
	if c := p.Counts(); c["scans"] != 1 || c["declarations"] != 1 || c["check"] != 1 {
		t.Errorf("counts %v", c)
	}
	if got, err := p.Declare(t.Context(), d); err != nil || !got.Twice {
		t.Errorf("the form is forgotten: %+v, %v", got, err)
	}
	if _, _, ok := p.declared(keyOf(p, binh.Documents[0].Kind, "046203005678")); !ok {
		t.Error("the declaration is forgotten")
	}
}
