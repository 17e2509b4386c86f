package checkpoint

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
)

func TestJudgeDeclared(t *testing.T) {
	own := token(issuer, "k1", nil)
	binh := record.Declaration{
		Documents: []identity.Document{{Kind: identity.CCCD, Number: "0462 0300 5678"}}, Name: "Trần Văn Bình", Phone: "0912.345.678", Plate: "75A-123.45", From: "19768",
	}
	expired := must(credentialOf(own, func(r *credential.Reading) { r.Expires = noon.Add(-1) }))
	for _, tt := range []struct {
		name    string
		text    string // what was scanned before; empty = nothing
		d       record.Declaration
		when    string // the one rule
		given   func(*Input, *fakeLists)
		want    record.Verdict
		reasons []record.Reason
		keys    int
	}{
		{"only declared is never green", "", binh, "false", nil, record.Check, say("declared"), 1},
		{"unreadable is nobody's", "hello?", binh, "false", nil, record.Check, say("declared"), 1},
		{"with a signed card", own, binh, "false", nil, record.Pass, nil, 2},
		{"with a CCCD", cccd, binh, "false", nil, record.Check, say("unverified"), 3},
		{"watched by the document", "", binh, "false", watching("cccd:046203005678", wire.WatchDetails{Note: "x"}), record.Stop, say("watch", "declared"), 1},
		{"watched by the phone", "", binh, "false", watching("phone:0912345678", wire.WatchDetails{Note: "x"}), record.Stop, say("watch", "declared"), 1},
		{"watched by the plate", own, binh, "false", watching("plate:75A12345", wire.WatchDetails{Note: "x"}), record.Stop, say("watch_plate"), 2},
		{"watched by the card shown", own, binh, "false", watching("card:"+string(number), wire.WatchDetails{Note: "x"}), record.Stop, say("watch"), 2},
		{"revoked stays revoked", own, binh, "false", revoked(number), record.Stop, say("revoked"), 2},
		{"a forger's document counts, not the forgery's", token(someone, "k1", nil), binh, "true", watching("card:"+string(number), wire.WatchDetails{}), record.Stop, say("bad_signature"), 1},
		{"rules hear the declaration", own, binh, "declared.has && declared.hours_ago == 0 && declared.from == '19768' && reading.kind == 'card'", nil, record.Check, []record.Reason{rule("r")}, 2},
		{"rules hear nothing of a reading", "", binh, "declared.has && reading.kind == ''", nil, record.Check, []record.Reason{{Code: "declared"}, rule("r")}, 1},
		{"a paper form of this morning", own, with(binh, noon.UnixMilli()-5*3600_000), "declared.hours_ago == 5", nil, record.Check, []record.Reason{rule("r")}, 2},
		{"a paper form of last week", own, with(binh, noon.AddDate(0, 0, -7).UnixMilli()), "!declared.has && declared.hours_ago == 168", nil, record.Check, []record.Reason{rule("r")}, 2},
		{"nothing at all", "", record.Declaration{}, "false", nil, record.Check, say("declared"), 0},
		{"no lists", own, binh, "false", func(_ *Input, l *fakeLists) { l.asOf = noLists }, record.Check, say("lists_none"), 2},
	} {
		lists := &fakeLists{asOf: listsAt}
		in := Input{Now: noon, Lists: lists, Derive: derive, Rules: asking(t, tt.when, "check")}
		if tt.given != nil {
			tt.given(&in, lists)
		}
		var r credential.Reading
		if tt.text != "" {
			r = credential.Read(tt.text, lists.Trusted(), noon)
		}
		got := JudgeDeclared(tt.d, r, in)
		if diff := cmp.Diff(tt.reasons, got.Reasons); diff != "" || got.Verdict != tt.want || len(got.Keys) != tt.keys {
			t.Errorf("%s: %v with %d keys, want %v with %d; reasons (-want +got):\n%s", tt.name, got.Verdict, len(got.Keys), tt.want, tt.keys, diff)
		}
	}
	if got := JudgeDeclared(binh, expired, Input{Now: noon, Lists: &fakeLists{asOf: listsAt}}); got.Verdict != record.Stop || got.Reasons[0].Code != "expired" {
		t.Errorf("expired: %v %v", got.Verdict, got.Reasons)
	}
}

func with(d record.Declaration, happened int64) record.Declaration {
	d.HappenedAt = happened
	return d
}

// credentialOf reads a text and changes what was read.
func credentialOf(text string, change func(*credential.Reading)) (credential.Reading, error) {
	r := credential.Read(text, (&fakeLists{}).Trusted(), noon)
	change(&r)
	return r, nil
}

func TestLevels(t *testing.T) {
	s := wire.Settings{Levels: map[string]uint8{"": 1, "46": 2, "19753": 4, "post:PB1": 3}}
	for code, want := range map[string]uint8{"": 1, "46": 2, "79": 1, "479": 2, "760": 1, "19753": 4, "19768": 2, "26734": 1, "99999": 1, "xx": 1} {
		if got := LevelOf(s, code, noon); got != want {
			t.Errorf("level of %q: %d, want %d", code, got, want)
		}
	}
	for _, tt := range []struct {
		post, province string
		want           uint8
	}{{"PB1", "46", 3}, {"PB2", "46", 2}, {"PB2", "79", 1}, {"", "", 1}, {"PB2", "", 1}} {
		if got := LevelAt(s, wire.Post{Code: tt.post}, tt.province); got != tt.want {
			t.Errorf("level at %q of %q: %d, want %d", tt.post, tt.province, got, tt.want)
		}
	}
	if LevelOf(wire.Settings{}, "19753", noon) != 0 || LevelAt(wire.Settings{}, wire.Post{Code: "PB1"}, "46") != 0 {
		t.Error("a level where none was set")
	}
}
