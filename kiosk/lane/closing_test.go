package lane

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
)

var officers = []wire.Officer{{ID: "S01", Role: "supervisor"}, {ID: "B01", Role: "steward"}}

// A stop goes through only with a supervisor of the list; every refusal writes
// nothing.
func TestOverride(t *testing.T) {
	p := newPost(t)
	p.officers = officers
	p.publish(identity.NewDocument(identity.CCCD, "046187001234"), identity.NewDocument(identity.Plate, "75A12345"))
	stopped := p.scan(cccd)
	fine := p.scan(man)
	if stopped.Verdict != record.Stop || fine.Verdict != record.Check {
		t.Fatalf("verdicts %v and %v", stopped.Verdict, fine.Verdict)
	}
	let := record.Passage{Decision: record.LetThrough}
	for _, tt := range []struct {
		name string
		in   record.Passage
		with string
		err  error
	}{
		{"the stop", record.Passage{Decision: record.LetThrough, Scans: []uint64{stopped.ID.Seq}}, "", ErrOverride},
		{"in full", record.Passage{Decision: record.LetThrough, Earlier: []record.ID{fine.ID, stopped.ID}}, "", ErrOverride},
		{"one of yesterday", record.Passage{Decision: record.LetThrough, Earlier: []record.ID{fine.ID, {Segment: record.SegmentID{9}, Seq: 4}}}, "", ErrOverride},
		{"by a steward", record.Passage{Decision: record.LetThrough, Scans: []uint64{stopped.ID.Seq}}, "B01", ErrOverride},
		{"by nobody known", record.Passage{Decision: record.LetThrough, Scans: []uint64{stopped.ID.Seq}}, "S99", ErrOverride},
		{"a watched plate", record.Passage{Decision: record.LetThrough, Plate: "75A-123.45"}, "", ErrOverride},
		{"turned back", record.Passage{Decision: record.TurnedBack, Scans: []uint64{stopped.ID.Seq}}, "", nil},
		{"the other one", let, "", nil},
		{"by a supervisor", record.Passage{Decision: record.LetThrough, Scans: []uint64{stopped.ID.Seq}, Plate: "75A-123.45"}, "S01", nil},
	} {
		before := len(p.journal.kinds())
		tt.in.Override = tt.with
		_, err := p.Decide(t.Context(), tt.in)
		if !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.err)
		}
		if wrote := len(p.journal.kinds()) > before; wrote != (tt.err == nil) {
			t.Errorf("%s: wrote %v", tt.name, wrote)
		}
	}
	if got := last[record.Passage](t, p.journal); got.Override != "S01" {
		t.Errorf("the override is not on record: %+v", got)
	}
}

// Correcting a turned-back stop to let-through without naming its scan is the
// same override.
func TestOverrideByACorrection(t *testing.T) {
	p := newPost(t)
	p.officers = officers
	p.publish(identity.NewDocument(identity.CCCD, "046187001234"))
	stopped := p.scan(cccd)
	first, err := p.Decide(t.Context(), record.Passage{Decision: record.TurnedBack})
	if err != nil {
		t.Fatal(err)
	}
	p.scan("garbage")
	if _, err := p.Decide(t.Context(), record.Passage{Decision: record.LetThrough, Corrects: &first.ID}); !errors.Is(err, ErrOverride) {
		t.Errorf("let through by a correction: %v", err)
	}
	if _, err := p.Decide(t.Context(), record.Passage{Decision: record.ToQuarantine, Corrects: &first.ID, Place: "KCL1"}); err != nil {
		t.Fatal(err)
	}
	want := record.Passage{Decision: record.ToQuarantine, Corrects: &first.ID, Place: "KCL1", Scans: []uint64{stopped.ID.Seq}}
	if diff := cmp.Diff(want, last[record.Passage](t, p.journal)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c := p.Counts(); c["turned-back"] != 0 || c["to-quarantine"] != 1 || c["passages"] != 0 {
		t.Errorf("counts %v: the corrected decision still counts", c)
	}
}

// An undone decision is a record of its own, once; the counts know it no more.
func TestUndo(t *testing.T) {
	p := newPost(t)
	own, _ := p.card(7)
	pass := p.scan(own)
	check := p.scan(man)
	back, err := p.Decide(t.Context(), record.Passage{Decision: record.TurnedBack, Scans: []uint64{pass.ID.Seq, check.ID.Seq}, Way: record.In})
	if err != nil {
		t.Fatal(err)
	}
	if c := p.Counts(); c["passages"] != 0 || c["turned-back"] != 1 {
		t.Errorf("turned back: %v", c)
	}
	undo := record.Passage{Undone: true, Corrects: &back.ID}
	p.journal.err = errDisk
	if _, err := p.Decide(t.Context(), undo); !errors.Is(err, errDisk) || p.Counts()["turned-back"] != 1 {
		t.Errorf("an undo that was not saved: %v, %v", err, p.Counts())
	}
	p.journal.err = nil
	if _, err := p.Decide(t.Context(), undo); err != nil {
		t.Fatal(err)
	}
	want := record.Passage{
		Decision: record.TurnedBack, Corrects: &back.ID, Undone: true, Way: record.In, Earlier: []record.ID{pass.ID, check.ID},
	}
	if diff := cmp.Diff(want, last[record.Passage](t, p.journal)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c := p.Counts(); c["passages"] != 1 || c["turned-back"] != 0 {
		t.Errorf("undone: %v, want the pass counted as gone through again", c)
	}
	other := record.ID{Seq: 99}
	for name, id := range map[string]*record.ID{"twice": &back.ID, "what is none": &other, "nothing": nil} {
		if _, err := p.Decide(t.Context(), record.Passage{Undone: true, Corrects: id}); !errors.Is(err, ErrUndo) {
			t.Errorf("undo %s: %v", name, err)
		}
	}
}

// A lorry with five people is one passage of five scans; children without a
// code are counted by the party.
func TestOnePassageForAVehicle(t *testing.T) {
	p := newPost(t)
	var aboard []uint64
	for i := range uint32(5) {
		own, _ := p.card(i + 1)
		aboard = append(aboard, p.scan(own).ID.Seq)
	}
	in := record.Passage{
		Decision: record.LetThrough, Scans: aboard, Plate: "75C-123.45", Vehicle: "lorry", Party: 7, Purpose: "freight",
		Permit: "QR-0099", Checked: "cccd",
	}
	if _, err := p.Decide(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	in.Plate = "75C12345"
	if diff := cmp.Diff(in, last[record.Passage](t, p.journal)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c := p.Counts(); c["passages"] != 7 || c["pass"] != 5 || c["let-through"] != 1 {
		t.Errorf("counts %v", c)
	}
}

func TestStaysAndPaper(t *testing.T) {
	p := newPost(t)
	p.scan(man)
	for _, tt := range []struct {
		name string
		in   record.Passage
		err  error
	}{
		{"a stay", record.Passage{Decision: record.LetThrough, Stay: &record.Stay{Room: "204", Nights: 3}}, nil},
		{"its end", record.Passage{Decision: record.LetThrough, Stay: &record.Stay{Room: "204", Left: true}}, nil},
		{"a stay that ends as it begins", record.Passage{Decision: record.LetThrough, Stay: &record.Stay{Nights: 1, Left: true}}, ErrStay},
		{"a thousand nights", record.Passage{Decision: record.LetThrough, Stay: &record.Stay{Nights: 1000}}, ErrStay},
		{"tomorrow's", record.Passage{Decision: record.LetThrough, Form: "1", HappenedAt: noon.Add(24 * time.Hour).UnixMilli()}, ErrFuture},
	} {
		if _, err := p.Decide(t.Context(), tt.in); !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.err)
		}
	}
	paper := record.Passage{Decision: record.LetThrough, Form: "HN-0042", HappenedAt: noon.Add(-3 * time.Hour).UnixMilli(), Way: record.Out}
	for _, twice := range []bool{false, true} {
		got, err := p.Decide(t.Context(), paper)
		if err != nil || got.Twice != twice {
			t.Errorf("paper form: twice %v, want %v, %v", got.Twice, twice, err)
		}
		if diff := cmp.Diff(paper, last[record.Passage](t, p.journal)); diff != "" {
			t.Errorf("a paper form is about no scan (-want +got):\n%s", diff)
		}
	}
	p.clock.pass(24 * time.Hour)
	paper.Form = "hn 0042"
	if got, err := p.Decide(t.Context(), paper); err != nil || got.Twice {
		t.Errorf("the next day: twice %v, %v", got.Twice, err)
	}
}

// Where the office has named nobody, no stop is for ever.
func TestNoOfficersNoOverride(t *testing.T) {
	p := newPost(t)
	p.publish(identity.NewDocument(identity.CCCD, "046187001234"))
	p.scan(cccd)
	if _, err := p.Decide(t.Context(), record.Passage{Decision: record.LetThrough}); err != nil {
		t.Error(err)
	}
}

// A guest is known by every code until the stay ends, over restarts; undone, it
// was never so.
func TestLodging(t *testing.T) {
	p := newPost(t)
	p.settings.Posts = postsOfKind("lodging")
	p.publish()
	scan := func(what, room string) {
		t.Helper()
		p.clock.pass(time.Minute)
		r := p.scan(cccd)
		if got := r.Stay; (got == nil) != (room == "") || got != nil && got.Room != room {
			t.Errorf("%s: stay %+v, want room %q", what, got, room)
		}
	}
	decide := func(in record.Passage) record.ID {
		t.Helper()
		got, err := p.Decide(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return got.ID
	}
	scan("a stranger", "")
	slip := decide(record.Passage{Decision: record.LetThrough, Stay: &record.Stay{Room: "999", Nights: 1}})
	scan("in the wrong room", "999")
	decide(record.Passage{Undone: true, Corrects: &slip})
	scan("undone", "")
	decide(record.Passage{Decision: record.LetThrough, Stay: &record.Stay{Room: "204", Nights: 2}})
	p.Lane = New(p.deps, record.In)
	scan("after a restart", "204")
	out := decide(record.Passage{Decision: record.LetThrough, Stay: &record.Stay{Room: "204", Left: true}})
	scan("checked out", "")
	decide(record.Passage{Undone: true, Corrects: &out})
	scan("not so", "204")
	for _, w := range p.journal.records {
		for _, put := range w.item.State {
			if put.Bucket == StayBucket && len(put.Value) > 0 && put.Keep < 48*time.Hour {
				t.Errorf("kept %v", put.Keep)
			}
		}
	}
}
