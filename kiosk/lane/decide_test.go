package lane

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quachot/internal/identity"
	"quachot/internal/record"
)

func TestDecide(t *testing.T) {
	p := newPost(t)
	if _, err := p.Decide(t.Context(), record.Passage{Decision: record.LetThrough}); !errors.Is(err, ErrNoScan) {
		t.Errorf("before any scan: %v", err)
	}
	a, b := p.scan("garbage a"), p.scan("garbage b")
	other := record.ID{Segment: record.SegmentID{9}, Seq: 4}
	for _, tt := range []struct {
		name string
		in   record.Passage
		want record.Passage
		err  error
	}{
		{"the last scan", record.Passage{Decision: record.LetThrough},
			record.Passage{Decision: record.LetThrough, Scans: []uint64{b.ID.Seq}}, nil},
		{"by seq", record.Passage{Decision: record.TurnedBack, Reason: "no papers", Scans: []uint64{a.ID.Seq, b.ID.Seq}, Plate: "75a-123.45"},
			record.Passage{Decision: record.TurnedBack, Reason: "no papers", Scans: []uint64{a.ID.Seq, b.ID.Seq}, Plate: "75A12345"}, nil},
		{"in full", record.Passage{Decision: record.ToTest, Earlier: []record.ID{other, a.ID}},
			record.Passage{Decision: record.ToTest, Scans: []uint64{a.ID.Seq}, Earlier: []record.ID{other}}, nil},
		{"a correction of its own", record.Passage{Decision: record.ToQuarantine, Corrects: &other},
			record.Passage{Decision: record.ToQuarantine, Corrects: &other}, nil},
		{"a scan that is not", record.Passage{Decision: record.LetThrough, Scans: []uint64{77}}, record.Passage{}, ErrNoScan},
		{"no decision", record.Passage{Scans: []uint64{a.ID.Seq}}, record.Passage{}, ErrDecision},
		{"an unknown decision", record.Passage{Decision: 9}, record.Passage{}, ErrDecision},
	} {
		before := len(p.journal.kinds())
		saved, err := p.Decide(t.Context(), tt.in)
		if !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.err)
		}
		if tt.err != nil {
			if len(p.journal.kinds()) != before {
				t.Errorf("%s: wrote a record", tt.name)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, last[record.Passage](t, p.journal)); diff != "" || !saved.Durable {
			t.Errorf("%s (-want +got), %+v:\n%s", tt.name, saved, diff)
		}
	}
}

// A scan of the segment before is named in full.
func TestDecideAcrossSegments(t *testing.T) {
	p := newPost(t)
	a := p.scan("garbage a")
	p.journal.rollNext = true
	b := p.scan("garbage b")
	if _, err := p.Decide(t.Context(), record.Passage{Decision: record.LetThrough, Scans: []uint64{a.ID.Seq, b.ID.Seq}}); err != nil {
		t.Fatal(err)
	}
	want := record.Passage{Decision: record.LetThrough, Scans: []uint64{b.ID.Seq}, Earlier: []record.ID{a.ID}}
	if diff := cmp.Diff(want, last[record.Passage](t, p.journal)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The segment ends between the scan and its passage, unseen by the lane: the
// passage is corrected at once.
func TestSegmentEndsUnderADecision(t *testing.T) {
	p := newPost(t)
	a := p.scan("garbage a")
	p.journal.rollNext = true
	saved, err := p.Decide(t.Context(), record.Passage{Decision: record.LetThrough})
	if err != nil {
		t.Fatal(err)
	}
	all := bodies[record.Passage](p.journal)
	if len(all) != 2 {
		t.Fatalf("%d passages, want the wrong one and its correction", len(all))
	}
	wrong := record.ID{Segment: record.SegmentID{2}, Seq: 1}
	want := record.Passage{Decision: record.LetThrough, Earlier: []record.ID{a.ID}, Corrects: &wrong}
	if diff := cmp.Diff(want, all[1]); diff != "" || saved.ID == wrong {
		t.Errorf("(-want +got), saved %v:\n%s", saved.ID, diff)
	}
}

// A decision that names a watched vehicle says so in its answer and in its
// record; nobody else can put that into a record.
func TestDecideFindsAWatchedPlate(t *testing.T) {
	p := newPost(t)
	p.publish(identity.NewDocument(identity.Plate, "75A12345"))
	p.scan("garbage a")
	for plate, want := range map[string][]record.Reason{"75a-123.45": {{Code: "watch_plate"}}, "75A-999.99": nil, "": nil} {
		got, err := p.Decide(t.Context(), record.Passage{Decision: record.TurnedBack, Plate: plate, Found: []record.Reason{{Code: "made_up"}}})
		if err != nil || !got.Durable {
			t.Fatal(got, err)
		}
		if diff := cmp.Diff(want, got.Found); diff != "" {
			t.Errorf("plate %q answered (-want +got):\n%s", plate, diff)
		}
		if diff := cmp.Diff(want, last[record.Passage](t, p.journal).Found); diff != "" {
			t.Errorf("plate %q on record (-want +got):\n%s", plate, diff)
		}
		if hit := want != nil; hit != (got.Watch != nil) || hit && got.Watch.Note != "ring 115" {
			t.Errorf("plate %q: what to do is %+v", plate, got.Watch)
		}
	}
}

func TestDeclareAndNote(t *testing.T) {
	p := newPost(t)
	if _, err := p.Declare(t.Context(), record.Declaration{Phone: "0912345678"}); !errors.Is(err, ErrEmpty) {
		t.Errorf("nobody's declaration: %v", err)
	}
	saved, err := p.Declare(t.Context(), record.Declaration{
		Name: "Trần Văn Bình", Documents: []identity.Document{{Kind: identity.CCCD, Number: "046 203 005678"}}, Symptoms: []string{"fever"},
	})
	if err != nil || !saved.Durable {
		t.Fatal(saved, err)
	}
	if got := last[record.Declaration](t, p.journal); got.Documents[0].Number != "046203005678" || got.Symptoms[0] != "fever" {
		t.Errorf("%+v", got)
	}
	if _, err := p.Note(t.Context(), "wrong name typed", &saved.ID); err != nil {
		t.Fatal(err)
	}
	if got := last[record.Note](t, p.journal); got.Corrects == nil || *got.Corrects != saved.ID {
		t.Errorf("%+v", got)
	}
}
