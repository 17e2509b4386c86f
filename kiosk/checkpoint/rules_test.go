package checkpoint

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/rules"
	"quachot/internal/wire"
)

// asking is a set of one rule.
func asking(t testing.TB, when, verdict string) *rules.Set {
	t.Helper()
	s, problems := rules.Compile([]wire.Rule{{ID: "r", When: when, Verdict: verdict, ReasonVI: "v", ReasonEN: "e"}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return s
}

// declaredAs remembers a declaration of the person with a document.
func declaredAs(doc string, ago time.Duration, d record.Declaration) func(*Input, *fakeLists) {
	m := match(must(identity.ParseDocument(doc)))
	return func(in *Input, _ *fakeLists) {
		in.Declared = func(asked identity.Match) (record.Declaration, time.Time, bool) { return d, noon.Add(-ago), asked == m }
	}
}

func rule(id string) record.Reason { return record.Reason{Code: "rule", Arg: id} }

// Rules come after validity, the watch-list and the age of the lists, and before
// what only repeats; the weightiest finding stands first whoever found it.
func TestRulesInTheirOrder(t *testing.T) {
	own := token(issuer, "k1", nil)
	watchOwn := watching("card:"+string(number), wire.WatchDetails{})
	for _, tt := range []struct {
		name    string
		text    string
		when    string
		verdict string
		given   func(*Input, *fakeLists)
		want    record.Verdict
		reasons []record.Reason
	}{
		{"silent", own, "level > 2", "stop", nil, record.Pass, nil},
		{"a note", own, "true", "note", nil, record.Pass, []record.Reason{rule("r")}},
		{"check", own, "true", "check", nil, record.Check, []record.Reason{rule("r")}},
		{"stop", own, "true", "stop", nil, record.Stop, []record.Reason{rule("r")}},
		{"fails", own, "1 / level > 0", "note", nil, record.Check, []record.Reason{{Code: "rule_failed", Arg: "r"}}},
		{"after revoked and watch", own, "true", "stop", both(revoked(number), watchOwn), record.Stop, []record.Reason{{Code: "revoked"}, {Code: "watch"}, rule("r")}},
		{"after the lists' age, before recent", own, "true", "note", both(stale([3]uint{1, 0, 0}), both(at(listsAt.Add(2*time.Hour)), seen("card:"+string(number), 5*time.Minute))), record.Pass,
			[]record.Reason{{Code: "lists_old", Arg: "2"}, rule("r"), {Code: "recent", Arg: "5"}}},
		{"a stop rule stands before unverified", cccd, "true", "stop", nil, record.Stop, []record.Reason{rule("r"), {Code: "unverified"}}},
		{"nothing is asked of what cannot be read", "hello?", "true", "stop", nil, record.Unreadable, say("garbage")},
		{"nor of whom a forgery names", token(someone, "k1", nil), "true", "stop", nil, record.Stop, say("bad_signature")},
		{"no rule makes green", cccd, "false", "stop", nil, record.Check, say("unverified")},
	} {
		lists := &fakeLists{asOf: listsAt}
		in := Input{Text: tt.text, Now: noon, Lists: lists, Derive: derive, Rules: asking(t, tt.when, tt.verdict)}
		if tt.given != nil {
			tt.given(&in, lists)
		}
		got := Judge(in)
		if diff := cmp.Diff(tt.reasons, got.Reasons); diff != "" || got.Verdict != tt.want {
			t.Errorf("%s: %v, want %v; reasons (-want +got):\n%s", tt.name, got.Verdict, tt.want, diff)
		}
	}
}

// What rules are told of the person, the place and the time.
func TestFacts(t *testing.T) {
	own := token(issuer, "k1", nil)
	level := func(levels map[string]uint8) func(*Input, *fakeLists) {
		return func(_ *Input, l *fakeLists) { l.levels = levels }
	}
	binh := record.Declaration{
		From: "19768", Through: []string{"26734"}, To: "19753", Purpose: "goods", Symptoms: []string{"fever"}, Contact: true,
		Tests: []string{"pcr negative 2021-10-01T02:00"}, Doses: 1, Birth: "1990",
	}
	for _, tt := range []struct {
		name  string
		text  string
		when  string
		given func(*Input, *fakeLists)
	}{
		{"own card", own, "reading.kind == 'card' && reading.trust == 'signed' && reading.card == '" + string(number) + "' && reading.name.startsWith('NGUY') && reading.sex == 'F'", nil},
		{"its dates", own, "reading.issued == '2021-09-01' && reading.expires == '2022-09-01' && reading.birth_year == 1987 && reading.age == 34", nil},
		{"its ward and province", own, "reading.ward == '19768' && reading.province == '46' && reading.ward_level == 0 && origin_level == 0", nil},
		{"level of its province", own, "reading.ward_level == 3 && origin_level == 3", level(map[string]uint8{"46": 3, "": 1})},
		{"level of its ward", own, "reading.ward_level == 4", level(map[string]uint8{"46": 3, "19768": 4})},
		{"level of everywhere else", own, "reading.ward_level == 2 && level == 2", level(map[string]uint8{"": 2, "79": 4})},
		{"CCCD", cccd, "reading.kind == 'cccd' && reading.trust == 'unverified' && reading.age == 34 && reading.doses == 0 && reading.test_hours == 1000000", nil},
		{"birthday tomorrow", cccd, "reading.age == 34", at(time.Date(2022, 1, 17, 5, 0, 0, 0, time.UTC))},
		{"birthday today", cccd, "reading.age == 35", at(time.Date(2022, 1, 17, 18, 0, 0, 0, time.UTC))},
		{"typed number", string(number), "reading.kind == 'card-number' && reading.age == -1 && reading.birth_year == 0", nil},
		{"warnings", "046087001234||Lê A|18011987|Nữ|Huế|25042021", "'sex' in reading.warnings", nil},
		{"post, lane, direction", own, "post.code == 'PB1' && post.kind == 'road' && level == 3 && direction == 'out' && purpose == 'work'", func(in *Input, _ *fakeLists) {
			in.Post, in.Level, in.Direction, in.Purpose = wire.Post{Code: "PB1", Kind: "road"}, 3, record.Out, "work"
		}},
		{"level of the post itself", own, "level == 4", func(in *Input, l *fakeLists) {
			in.Post, l.levels = wire.Post{Code: "PB1"}, map[string]uint8{"post:PB1": 4, "": 1}
		}},
		{"vehicle", own, "vehicle.plate == '75C12345' && vehicle.type == 'truck' && vehicle.permit == 'LX 1'", func(in *Input, _ *fakeLists) {
			in.Vehicle = &Ride{Plate: "75c-123.45", Type: "truck", Permit: "LX 1"}
		}},
		{"what the vehicle travels for", own, "purpose == 'goods'", func(in *Input, _ *fakeLists) {
			in.Purpose, in.Vehicle = "work", &Ride{Type: "truck", Purpose: "goods"}
		}},
		{"a vehicle that does not say", own, "purpose == 'work'", func(in *Input, _ *fakeLists) { in.Purpose, in.Vehicle = "work", &Ride{Type: "car"} }},
		{"on foot", own, "vehicle.plate == '' && vehicle.type == '' && post.code == '' && direction == ''", nil},
		{"the time in Huế", own, "now.hour == 12 && now.minute == 0 && now.weekday == 5 && now.date == '2021-10-01' && !now.doubted && lists_age_hours == 0", nil},
		{"a Sunday night", own, "now.hour == 0 && now.weekday == 7 && now.date == '2021-10-03'", at(time.Date(2021, 10, 2, 17, 30, 0, 0, time.UTC))},
		{"a wrong clock", own, "now.doubted && now.date == '2021-10-01'", at(time.Unix(0, 0))},
		{"no lists", own, "lists_age_hours == 1000000", func(_ *Input, l *fakeLists) { l.asOf = time.Time{} }},
		{"nothing declared", own, "!declared.has && declared.hours_ago == 1000000 && person.test_hours == 1000000 && purpose == ''", nil},
		{"declared with another document of the person", cccd, "declared.has && declared.hours_ago == 2 && declared.symptoms == ['fever'] && declared.contact && declared.doses == 1", declaredAs("cmnd:191234567", 2*time.Hour, binh)},
		{"its test", cccd, "declared.test_result == 'negative' && declared.test_hours == 10 && person.test_hours == 10 && person.doses == 1", declaredAs("cccd:046187001234", 2*time.Hour, binh)},
		{"its way", cccd, "declared.from == '19768' && declared.through == ['26734'] && declared.to == '19753' && purpose == 'goods'", declaredAs("cccd:046187001234", time.Hour, binh)},
		{"the worst level on its way", cccd, "declared.from_level == 4 && origin_level == 4 && declared.to_level == 2", both(declaredAs("cccd:046187001234", time.Hour, binh), level(map[string]uint8{"46": 2, "79": 4}))},
		{"too old", cccd, "!declared.has && declared.hours_ago == 73 && size(declared.symptoms) == 0", declaredAs("cccd:046187001234", 73*time.Hour, binh)},
		{"of somebody else", cccd, "!declared.has", declaredAs("cccd:046187009999", time.Hour, binh)},
	} {
		lists := &fakeLists{asOf: listsAt}
		in := Input{Text: tt.text, Now: noon, Lists: lists, Derive: derive, Rules: asking(t, tt.when, "note")}
		if tt.given != nil {
			tt.given(&in, lists)
		}
		found := false
		for _, r := range Judge(in).Reasons {
			found = found || r == rule("r")
		}
		if !found {
			t.Errorf("%s: not so: %s", tt.name, tt.when)
		}
	}
}

// Doses and tests of a certificate count when it is signed.
func TestCertifiedFacts(t *testing.T) {
	fields := func(f map[string]string) credential.Reading {
		return credential.Reading{Kind: credential.DCC, Trust: credential.Signed, Fields: f}
	}
	for _, tt := range []struct {
		name string
		r    credential.Reading
		when string
	}{
		{"second of two", fields(map[string]string{"type": "vaccination", "dose": "2", "doses": "2", "date": "2021-09-01"}), "reading.doses == 2 && reading.last_dose_days == 30 && !reading.recovered"},
		{"first of two", fields(map[string]string{"type": "vaccination", "dose": "1", "doses": "2", "date": "2021-09-25"}), "reading.doses == 1 && reading.last_dose_days == 6"},
		{"one of one", fields(map[string]string{"type": "vaccination", "dose": "1", "doses": "1", "date": "2021-09-01"}), "reading.doses == 2"},
		{"a health card's two", fields(map[string]string{"doses": "2", "date": "2021-09-01"}), "reading.doses == 2"},
		{"no date", fields(map[string]string{"dose": "1", "doses": "2"}), "reading.doses == 1 && reading.last_dose_days == 1000000"},
		{"nonsense", fields(map[string]string{"dose": "-3", "doses": "many", "date": "x"}), "reading.doses == 0"},
		{"recovery", fields(map[string]string{"type": "recovery"}), "reading.recovered && reading.doses == 0"},
		{"negative test", fields(map[string]string{"type": "test", "result": "Not detected", "sampled": "2021-09-30T22:00:00Z"}), "reading.test_result == 'negative' && reading.test_hours == 7 && person.test_hours == 7"},
		{"positive test", fields(map[string]string{"type": "test", "result": "Detected", "sampled": "2021-09-30T22:00:00Z"}), "reading.test_result == 'positive' && person.test_hours == 1000000"},
		{"unsigned", credential.Reading{Kind: credential.DCC, Fields: map[string]string{"dose": "2", "doses": "2"}}, "reading.doses == 0"},
	} {
		c := newCase(Input{Now: noon, Lists: &fakeLists{asOf: listsAt}, Rules: asking(t, tt.when, "note")})
		c.ask(tt.r, record.Declaration{}, time.Time{}, false)
		if len(c.out.Reasons) != 1 {
			t.Errorf("%s: not so: %s", tt.name, tt.when)
		}
	}
}

// With the built-in rules a card of ours passes without a key at level 1 and 2,
// and at 3 once the person has declared.
func TestEverydayIsGreen(t *testing.T) {
	own := token(issuer, "k1", nil)
	judge := func(level uint8, given func(*Input, *fakeLists)) Outcome {
		lists := &fakeLists{asOf: listsAt}
		in := Input{Text: own, Now: noon, Lists: lists, Derive: derive, Rules: rules.Default(), Direction: record.In, Level: level, Post: wire.Post{Code: "PB1", Kind: "road"}}
		if given != nil {
			given(&in, lists)
		}
		return Judge(in)
	}
	for _, level := range []uint8{0, 1, 2} {
		if got := judge(level, nil); got.Verdict != record.Pass || len(got.Reasons) > 0 {
			t.Errorf("level %d: %v %v", level, got.Verdict, got.Reasons)
		}
	}
	if got := judge(3, nil); got.Verdict != record.Check || got.Reasons[0] != rule("declaration-72h") {
		t.Errorf("level 3 undeclared: %v %v", got.Verdict, got.Reasons)
	}
	if got := judge(3, declaredAs("card:"+string(number), time.Hour, record.Declaration{From: "19768", Doses: 2})); got.Verdict != record.Pass {
		t.Errorf("level 3 declared: %v %v", got.Verdict, got.Reasons)
	}
}
