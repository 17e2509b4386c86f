package lane

import (
	"slices"
	"testing"
	"time"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
)

// asked are rules of a test's own.
var asked = wire.RuleList{Rules: []wire.Rule{
	{ID: "none", When: `!declared.has`, Verdict: "check", ReasonVI: "chưa khai báo", ReasonEN: "no declaration"},
	{ID: "ill", When: `"fever" in declared.symptoms`, Verdict: "stop", ReasonVI: "sốt", ReasonEN: "fever"},
	{ID: "freight", When: `purpose == "freight" && vehicle.permit == ""`, Verdict: "check", ReasonVI: "giấy", ReasonEN: "permit"},
	{ID: "level", When: `level == 4 && post.kind == "place"`, Verdict: "check", ReasonVI: "cấp 4", ReasonEN: "level 4"},
}}

// The next scan's rules know what was declared, the lane's purpose, the vehicle
// that is open and the level of the province.
func TestRulesKnowTheLane(t *testing.T) {
	p := newPost(t)
	p.rules = &asked
	p.settings = wire.Settings{Posts: postsOfKind("place"), Levels: map[string]uint8{"46": 4, "": 1}}
	p.publish()
	p.deps.Province = "46"
	p.Lane = New(p.deps, record.In)
	scan := func(what string, want ...string) {
		t.Helper()
		p.clock.pass(10 * time.Minute)
		r := p.scan(man)
		var got []string
		for _, reason := range r.Reasons {
			if reason.Code == checkpoint.ReasonRule {
				got = append(got, reason.Arg)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: rules %v, want %v (%v)", what, got, want, r.Reasons)
		}
	}
	scan("nothing declared", "level", "none")
	d := binh
	d.Symptoms = nil
	if got, err := p.Declare(t.Context(), d); err != nil || got.Verdict != record.Check {
		t.Fatalf("%+v, %v", got, err)
	}
	scan("declared", "level")
	if live := p.Try(binh); live.Verdict != record.Stop {
		t.Errorf("a fever in the form: the live line says %v %v", live.Verdict, live.Reasons)
	}
	scan("only typed", "level")
	if _, err := p.Declare(t.Context(), binh); err != nil {
		t.Fatal(err)
	}
	if err := p.SetPurpose(t.Context(), "freight"); err != nil {
		t.Fatal(err)
	}
	scan("ill, in a lane for freight", "freight", "ill", "level")
	p.Ride(&checkpoint.Ride{Plate: "75C12345", Permit: "QR-1"})
	scan("with a permit", "ill", "level")
	p.Ride(nil)
	p.clock.pass(73 * time.Hour)
	scan("after 72 hours", "freight", "level", "none")
}
