package lane

import (
	"errors"
	"testing"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
)

var binh = record.Declaration{
	Name: "Trần Văn Bình", Documents: []identity.Document{{Kind: identity.CCCD, Number: "046 203 005678"}},
	Phone: "0912345678", Symptoms: []string{"fever"}, From: "19768",
}

func keyOf(p *post, kind identity.DocumentKind, number string) identity.Match {
	return p.deriver.Derive(identity.NewDocument(kind, number)).Match
}

// Next scan's rules know a declaration by the person's number and by the card it
// was made with, for 72 hours from when it was made, and not who made it.
func TestDeclarationIsRememberedByEveryKey(t *testing.T) {
	p := newPost(t)
	own, number := p.card(7)
	shown := p.scan(own)
	d := binh
	d.Scans = []uint64{shown.ID.Seq}
	if _, err := p.Declare(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := last[record.Declaration](t, p.journal); len(got.Scans) != 1 || got.Scans[0] != shown.ID.Seq || got.Verdict != record.Pass {
		t.Errorf("on record %+v", got)
	}
	for name, m := range map[string]identity.Match{
		"number": keyOf(p, identity.CCCD, "046203005678"), "card": keyOf(p, identity.Card, string(number)),
	} {
		got, at, ok := p.declared(m)
		if !ok || !at.Equal(noon) || len(got.Symptoms) != 1 || got.From != "19768" {
			t.Errorf("by %s: %+v at %v, %v", name, got, at, ok)
		}
		if got.Name+got.Phone != "" || got.Documents != nil {
			t.Errorf("by %s: the station still knows who it was: %+v", name, got)
		}
	}
	if _, _, ok := p.declared(keyOf(p, identity.Phone, "0912345678")); ok {
		t.Error("a family's phone counts as a person")
	}
	for _, w := range p.journal.records {
		for _, put := range w.item.State {
			if put.Bucket == DeclaredBucket && put.Keep != 72*time.Hour {
				t.Errorf("kept %v", put.Keep)
			}
		}
	}
}

// A paper form counts from when it was filled in.
func TestPaperDeclaration(t *testing.T) {
	p := newPost(t)
	d := binh
	d.Source, d.Form, d.HappenedAt = "paper", "HN-0042", noon.Add(-70*time.Hour).UnixMilli()
	for _, twice := range []bool{false, true} {
		got, err := p.Declare(t.Context(), d)
		if err != nil || got.Twice != twice || !got.Durable {
			t.Errorf("%+v, %v, want twice %v", got, err, twice)
		}
	}
	got := last[record.Declaration](t, p.journal)
	if got.Form != "HN-0042" || got.Source != "paper" || got.HappenedAt != d.HappenedAt {
		t.Errorf("on record %+v", got)
	}
	for _, put := range p.journal.records[len(p.journal.records)-1].item.State {
		if put.Bucket == DeclaredBucket && put.Keep != 2*time.Hour {
			t.Errorf("kept %v, want the rest of 72 h", put.Keep)
		}
	}
	d.HappenedAt = noon.Add(-100 * time.Hour).UnixMilli()
	d.Documents = []identity.Document{{Kind: identity.CCCD, Number: "046203009999"}}
	if _, err := p.Declare(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := p.declared(keyOf(p, identity.CCCD, "046203009999")); ok {
		t.Error("a form of four days ago still counts")
	}
	d.HappenedAt = noon.Add(time.Hour).UnixMilli()
	if _, err := p.Declare(t.Context(), d); !errors.Is(err, ErrFuture) {
		t.Errorf("a form of this afternoon: %v", err)
	}
}

// Whoever is on the watch-list and shows no code is found by what they declare,
// their phone too.
func TestDeclaredPersonIsWatched(t *testing.T) {
	for name, who := range map[string]identity.Document{
		"by number": identity.NewDocument(identity.CCCD, "046203005678"),
		"by phone":  identity.NewDocument(identity.Phone, "0912345678"),
	} {
		p := newPost(t)
		p.publish(who)
		if live := p.Try(binh); live.Verdict != record.Stop || live.Watch == nil || live.Watch.Note != "ring 115" {
			t.Errorf("%s: the live line says %+v", name, live)
		}
		if n := len(p.journal.kinds()); n != 0 {
			t.Errorf("%s: trying wrote %d records", name, n)
		}
		got, err := p.Declare(t.Context(), binh)
		if err != nil || got.Verdict != record.Stop || got.Watch == nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if d := last[record.Declaration](t, p.journal); d.Verdict != record.Stop || len(d.Reasons) == 0 || d.Reasons[0].Code != "watch" {
			t.Errorf("%s: on record %v %v", name, d.Verdict, d.Reasons)
		}
	}
}

func TestDeclarationOfAnUnknownScan(t *testing.T) {
	p := newPost(t)
	d := binh
	d.Scans = []uint64{12}
	if _, err := p.Declare(t.Context(), d); !errors.Is(err, ErrNoScan) || len(p.journal.kinds()) != 0 {
		t.Errorf("%v, wrote %v", err, p.journal.kinds())
	}
}

func TestIncidentsAndNotes(t *testing.T) {
	p := newPost(t)
	a := p.scan("garbage a")
	if _, err := p.Incident(t.Context(), record.Incident{Text: "ran"}); !errors.Is(err, ErrIncident) {
		t.Errorf("an incident without a word: %v", err)
	}
	if _, err := p.Note(t.Context(), "  ", nil); !errors.Is(err, ErrNote) {
		t.Errorf("an empty note: %v", err)
	}
	in := record.Incident{What: "ran-post", Text: "did not stop", Plate: "75a 123.45", Scans: []uint64{a.ID.Seq}}
	if saved, err := p.Incident(t.Context(), in); err != nil || !saved.Durable {
		t.Fatal(saved, err)
	}
	got := last[record.Incident](t, p.journal)
	if got.Plate != "75A12345" || len(got.Earlier) != 1 || got.Earlier[0] != a.ID || got.Scans != nil {
		t.Errorf("%+v", got)
	}
	if c := p.Counts(); c["incidents"] != 1 || c["notes"] != 0 {
		t.Errorf("counts %v", c)
	}
}
