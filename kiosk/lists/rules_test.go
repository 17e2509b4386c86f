package lists

import (
	"strings"
	"testing"

	"quachot/internal/rules"
	"quachot/internal/wire"
)

func rule(id, when string) wire.Rule {
	return wire.Rule{ID: id, When: when, Verdict: rules.Check, ReasonVI: "vì " + id, ReasonEN: "for " + id}
}

// spoke are the rules that speak at a level, joined.
func spoke(s *Snapshot, level int) string {
	in := rules.NewInput()
	in.Level = level
	var ids []string
	for _, f := range s.Rules().Judge(in) {
		ids = append(ids, f.ID)
	}
	return strings.Join(ids, " ")
}

// Rules and places switch with all other lists: none without the others.
func TestRulesAndPlacesComeDown(t *testing.T) {
	o := newOffice(t)
	s, path := open(t, o)
	if s.Snapshot().Rules() != rules.Default() || len(s.Snapshot().Places()) != 0 {
		t.Fatal("before any list the default rules are asked, and there is no place")
	}
	o.set(wire.ListRules, wire.RuleList{Rules: []wire.Rule{rule("a", "level >= 3")}})
	o.set(wire.ListPlaces, wire.PlaceList{Places: []wire.CarePlace{{Code: "KTX", Name: "Ký túc xá", Kind: "quarantine", Free: 12}}})
	o.set(wire.ListSettings, wire.Settings{Levels: map[string]uint8{"46": 3}})
	wants, err := s.Offer(o.sign(o.manifest()))
	if err != nil || len(wants) != 3 {
		t.Fatalf("%d wants, %v", len(wants), err)
	}
	for i, w := range wants {
		if spoke(s.Snapshot(), 3) == "a" || len(s.Snapshot().Places()) > 0 || s.Snapshot().Settings().Levels != nil {
			t.Fatalf("something switched after %d of 3 lists", i)
		}
		if _, err := s.Put(o.chunk(w)); err != nil {
			t.Fatal(err)
		}
	}
	check := func(when string) {
		t.Helper()
		got := s.Snapshot()
		if spoke(got, 3) != "a" || spoke(got, 2) != "" || len(got.Places()) != 1 || got.Places()[0].Free != 12 || got.Settings().Levels["46"] != 3 {
			t.Errorf("%s: rules %q, places %v, settings %v", when, spoke(got, 3), got.Places(), got.Settings())
		}
		if got.RuleText("a", "vi") != "vì a" || got.RuleText("a", "en") != "for a" || got.RuleText("b", "vi") != "" {
			t.Errorf("%s: texts %q %q", when, got.RuleText("a", "vi"), got.RuleText("b", "vi"))
		}
	}
	check("after the sync")
	o.set(wire.ListOfficers, officers("x"))
	o.sync(s)
	check("after another list changed")
	s.Close()
	s = reopen(t, o, path)
	check("after a restart")
	o.set(wire.ListRules, wire.RuleList{})
	o.sync(s)
	if got := s.Snapshot().Rules().Len(); got != 0 {
		t.Errorf("an empty list asks %d rules", got)
	}
}

// A rule of a newer office is left out and said; the others are asked, and the
// lists switch all the same.
func TestRuleThatIsNotUnderstood(t *testing.T) {
	o := newOffice(t)
	s, path := open(t, o)
	o.set(wire.ListRules, wire.RuleList{Rules: []wire.Rule{rule("a", "level >= 3"), rule("new", "weather.rain"), rule("b", "level == 3")}})
	o.sync(s)
	for range 2 {
		got := s.Snapshot()
		if spoke(got, 3) != "a b" || got.Serial() != o.serial {
			t.Errorf("asked %q, serial %d of %d", spoke(got, 3), got.Serial(), o.serial)
		}
		if p := got.Problems(); len(p) != 1 || !strings.Contains(p[0], "new") || !strings.Contains(p[0], "weather.rain") {
			t.Errorf("problems %q", p)
		}
		s.Close()
		s = reopen(t, o, path)
	}
}
