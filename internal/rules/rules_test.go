package rules

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quachot/internal/record"
	"quachot/internal/wire"
)

func rule(id, when string) wire.Rule {
	return wire.Rule{ID: id, When: when, Verdict: Check, ReasonVI: "vì " + id, ReasonEN: "for " + id}
}

func with(r wire.Rule, change func(*wire.Rule)) wire.Rule {
	change(&r)
	return r
}

func TestBadRules(t *testing.T) {
	deep := strings.Repeat("(", 60) + "true" + strings.Repeat(")", 60)
	for _, tt := range []struct {
		name         string
		rule         wire.Rule
		want         string // begins with
		line, column int
	}{
		{"no id", rule("", "true"), "it has no id", 0, 0},
		{"id with a blank", rule("a b", "true"), "the id must be", 0, 0},
		{"id too long", rule(strings.Repeat("a", 41), "true"), "the id must be", 0, 0},
		{"verdict", with(rule("a", "true"), func(r *wire.Rule) { r.Verdict = "pass" }), `the verdict is "pass"`, 0, 0},
		{"no verdict", with(rule("a", "true"), func(r *wire.Rule) { r.Verdict = "" }), `the verdict is ""`, 0, 0},
		{"no Vietnamese", with(rule("a", "true"), func(r *wire.Rule) { r.ReasonVI = " " }), "reason_vi is empty", 0, 0},
		{"no English", with(rule("a", "true"), func(r *wire.Rule) { r.ReasonEN = "" }), "reason_en is empty", 0, 0},
		{"long reason", with(rule("a", "true"), func(r *wire.Rule) { r.ReasonEN = strings.Repeat("ư", 201) }), "reason_en is longer", 0, 0},
		{"two lines of reason", with(rule("a", "true"), func(r *wire.Rule) { r.ReasonVI = "a\nb" }), "reason_vi has a control character", 0, 0},
		{"empty", rule("a", " \n"), "when is empty", 0, 0},
		{"too long", rule("a", "true ||"+strings.Repeat(" true ||", 250)+" true"), "the expression has 2012 letters", 0, 0},
		{"not UTF-8", rule("a", "level > 1 \xff"), "the expression is not UTF-8", 0, 0},
		{"half an expression", rule("a", "level >"), "Syntax error", 1, 8},
		{"second line", rule("a", "level > 1 &&\n  direcion == 'in'"), "unknown variable direcion", 2, 3},
		{"after Vietnamese letters", rule("a", "'đường' == directon"), "unknown variable directon", 1, 12},
		{"member", rule("a", "reading.knd == 'card'"), "unknown variable reading.knd; there are reading.kind", 1, 1},
		{"a whole group", rule("a", "reading == 'card'"), "unknown variable reading; there are reading.kind", 1, 1},
		{"types", rule("a", "level == '3'"), "found no matching overload for '_==_'", 1, 7},
		{"one equals sign", rule("a", "level = 3"), "Syntax error", 1, 7},
		{"function", rule("a", "exec('rm')"), "unknown function exec", 1, 5},
		{"number", rule("a", "level + 1"), "the answer is a number", 0, 0},
		{"text", rule("a", "direction"), "the answer is a text", 0, 0},
		{"list", rule("a", "declared.tests"), "the answer is a list", 0, 0},
		{"anything", rule("a", "dyn(level)"), "the answer is a dyn", 0, 0},
		{"loops", rule("a", "declared.tests.all(a, declared.tests.all(b, declared.tests.exists(c, a + b == c)))"), "too much work", 0, 0},
		{"nested too deep", rule("a", deep), "", 0, 0},
	} {
		_, problems := Compile([]wire.Rule{tt.rule})
		if len(problems) == 0 {
			t.Errorf("%s: no problem", tt.name)
			continue
		}
		p := problems[0]
		if !strings.HasPrefix(p.Text, tt.want) || tt.want != "" && (p.Line != tt.line || p.Column != tt.column) {
			t.Errorf("%s: got %d:%d %q, want %d:%d %q", tt.name, p.Line, p.Column, p.Text, tt.line, tt.column, tt.want)
		}
	}
}

// A bad rule does not take the good ones with it.
func TestTheOthersGoOn(t *testing.T) {
	list := []wire.Rule{
		rule("one", "level == 3"), rule("bad", "level ="), rule("one", "true"),
		rule("fails", "level == 3 && 1 / (level - 3) > 0"), with(rule("off", "true"), func(r *wire.Rule) { r.Off = true }),
		with(rule("said", "level == 3"), func(r *wire.Rule) { r.Verdict = Note }),
		with(rule("red", "level == 3"), func(r *wire.Rule) { r.Verdict = Stop }),
	}
	s, problems := Compile(list)
	if len(problems) != 2 || problems[0].ID != "bad" || problems[1].Index != 2 {
		t.Errorf("problems %v", problems)
	}
	in := NewInput()
	in.Level = 3
	want := []Finding{
		{ID: "one", Verdict: record.Check, VI: "vì one", EN: "for one"},
		{ID: "fails", Verdict: record.Check, Failed: true},
		{ID: "said", Verdict: 0, VI: "vì said", EN: "for said"},
		{ID: "red", Verdict: record.Stop, VI: "vì red", EN: "for red"},
	}
	if diff := cmp.Diff(want, s.Judge(in)); diff != "" {
		t.Error(diff)
	}
	in.Level = 4
	if got := s.Judge(in); got != nil {
		t.Errorf("at level 4: %+v", got)
	}
	if s.Text("off", "vi") != "vì off" || s.Text("bad", "vi") != "" || s.Text("one", "en") != "for one" || s.Len() != 4 {
		t.Errorf("texts %q %q, %d rules", s.Text("off", "vi"), s.Text("bad", "vi"), s.Len())
	}
	var none *Set
	if none.Judge(in) != nil || none.Text("one", "vi") != "" || none.Len() != 0 || none.Asks("level") {
		t.Error("no set asks something")
	}
}

// Together rules have a limit too: a list cannot make a scan slow.
func TestTooManyAndTooCostly(t *testing.T) {
	var many, costly []wire.Rule
	for i := range MaxRules + 3 {
		many = append(many, rule("r"+strings.Repeat("x", i%30)+string(rune('a'+i%26))+string(rune('a'+i/26)), "true"))
	}
	for i := range 40 {
		costly = append(costly, rule("c"+string(rune('a'+i%26))+string(rune('a'+i/26)), "declared.tests.exists(a, a.matches('b+c*') && a.matches('x+y*') && a.contains('zz') && declared.through.exists(b, b == 'x'))"))
	}
	if s, problems := Compile(many); s.Len() != MaxRules || len(problems) != 1 {
		t.Errorf("%d rules, %v", s.Len(), problems)
	}
	s, problems := Compile(costly)
	if len(problems) == 0 || s.Len() == 0 || s.Len()+len(problems) != len(costly) {
		t.Errorf("%d rules, %d problems", s.Len(), len(problems))
	}
	for _, p := range problems {
		if !strings.HasPrefix(p.Text, "all rules together") {
			t.Error(p)
		}
	}
}

// What the estimate cannot know is stopped while it runs: the rule fails, and
// says so.
func TestRuntimeLimit(t *testing.T) {
	r := rule("r", "declared.tests.exists(a, a.contains('b'))")
	one, cost, problems := compile(r)
	if len(problems) > 0 || cost <= trackAbove {
		t.Fatalf("cost %d, %v", cost, problems)
	}
	in := NewInput() // not through Judge: nothing cuts these
	for range 3000 {
		in.Declared.Tests = append(in.Declared.Tests, strings.Repeat("a", 1000))
	}
	if _, err := one.ask(&in); err == nil || !strings.Contains(err.Error(), "cost limit") {
		t.Errorf("err %v, want the limit", err)
	}
	set, _ := Compile([]wire.Rule{r})
	if got := set.Judge(in); len(got) != 0 {
		t.Errorf("cut to size: %+v, want silence", got)
	}
}

// Each variable has a value of its type from an input of which nothing is known.
func TestEveryVariableCanBeAsked(t *testing.T) {
	same := map[string]string{"text": " == 'x'", "number": " == 123456", "yes/no": "", "list of texts": ".exists(x, x == 'x')"}
	for _, v := range Variables() {
		s, problems := Compile([]wire.Rule{rule("a", v.Name+same[v.Type])})
		if len(problems) > 0 {
			t.Errorf("%s: %v", v.Name, problems)
			continue
		}
		if got := s.Judge(NewInput()); len(got) != 0 || v.Doc == "" {
			t.Errorf("%s: %+v for an input of which nothing is known", v.Name, got)
		}
		if !s.Asks(v.Name) || s.Asks("no.such") {
			t.Errorf("%s: Asks", v.Name)
		}
	}
}

// Every value of an input reaches the variable of its name.
func TestVariablesReadTheirField(t *testing.T) {
	cases, problems := ReadCases([]byte(strings.ReplaceAll(`{"want":["a"],"input":{
		"reading":{"kind":"cccd","trust":"unverified","name":"N","birth_year":1987,"age":34,"sex":"F","ward":"19753","province":"46","ward_level":2,"card":"4600120001237","issued":"2021-01-01","expires":"2022-01-01","doses":1,"last_dose_days":20,"recovered":true,"test_result":"negative","test_hours":5,"warnings":["sex"]},
		"declared":{"has":true,"hours_ago":1,"age":35,"symptoms":["fever"],"contact":true,"tests":["pcr"],"test_result":"negative","test_hours":4,"doses":2,"from":"19753","through":["19756"],"to":"19759","from_level":3,"to_level":1,"purpose":"goods"},
		"vehicle":{"plate":"75C12345","type":"truck","permit":"LX"},"post":{"code":"PB1","kind":"road"},
		"now":{"hour":18,"minute":30,"weekday":7,"date":"2021-10-03","doubted":true},"level":4,"direction":"out","lane_purpose":"work","lists_age_hours":9}}`, "\n", "")))
	if len(problems) > 0 || len(cases) != 1 {
		t.Fatal(problems)
	}
	in := cases[0].Input
	for _, when := range []string{
		"reading.kind == 'cccd'", "reading.trust == 'unverified'", "reading.name == 'N'", "reading.birth_year == 1987", "reading.age == 34",
		"reading.sex == 'F'", "reading.ward == '19753'", "reading.province == '46'", "reading.ward_level == 2", "reading.card == '4600120001237'",
		"reading.issued == '2021-01-01'", "reading.expires == '2022-01-01'", "reading.doses == 1", "reading.last_dose_days == 20", "reading.recovered",
		"reading.test_result == 'negative'", "reading.test_hours == 5", "reading.warnings == ['sex']",
		"declared.has", "declared.hours_ago == 1", "declared.symptoms == ['fever']", "declared.contact", "declared.tests == ['pcr']",
		"declared.test_result == 'negative'", "declared.test_hours == 4", "declared.doses == 2", "declared.from == '19753'",
		"declared.through == ['19756']", "declared.to == '19759'", "declared.from_level == 3", "declared.to_level == 1", "declared.purpose == 'goods'",
		"person.age == 34", "person.doses == 2", "person.test_hours == 4", "origin_level == 3",
		"vehicle.plate == '75C12345'", "vehicle.type == 'truck'", "vehicle.permit == 'LX'", "post.code == 'PB1'", "post.kind == 'road'",
		"level == 4", "direction == 'out'", "purpose == 'goods'", "now.hour == 18", "now.minute == 30", "now.weekday == 7",
		"now.date == '2021-10-03'", "now.doubted", "lists_age_hours == 9", "now.date > '2021-10-02' && reading.name.size() == 1",
	} {
		s, problems := Compile([]wire.Rule{rule("a", when)})
		if len(problems) > 0 || len(s.Judge(in)) != 1 {
			t.Errorf("%s: not true, %v", when, problems)
		}
	}
}

func TestClip(t *testing.T) {
	in := NewInput()
	in.Reading.Name = strings.Repeat("ư", 200)
	long := make([]string, 50)
	for i := range long {
		long[i] = strings.Repeat("x", 300)
	}
	in.Declared.Tests = long
	s, problems := Compile([]wire.Rule{rule("a", "reading.name.size() == 100 && declared.tests.size() == 32 && declared.tests.all(x, x.size() == 200)")})
	if len(problems) > 0 || len(s.Judge(in)) != 1 {
		t.Errorf("not cut: %v %v", problems, s.Judge(in))
	}
	if len(long[0]) != 300 || len(in.Declared.Tests) != 50 {
		t.Error("the caller's own list was cut")
	}
	if got := clipText("a" + strings.Repeat("ư", 100)); len(got) != 199 {
		t.Errorf("%d bytes: half a letter at the cut", len(got))
	}
}
