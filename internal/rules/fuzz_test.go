package rules

import (
	"strings"
	"testing"
	"time"

	assets "quachot/assets/rules"
	"quachot/internal/record"
	"quachot/internal/wire"
)

// busy is an input as large as any can be.
func busy() Input {
	in := NewInput()
	long := strings.Repeat("a", maxText)
	for range maxList {
		in.Declared.Tests = append(in.Declared.Tests, long)
		in.Declared.Through = append(in.Declared.Through, long)
		in.Declared.Symptoms = append(in.Declared.Symptoms, long)
		in.Reading.Warnings = append(in.Reading.Warnings, long)
	}
	in.Reading.Name, in.Vehicle.Permit, in.Level = long, long, 4
	return in
}

// Whatever an expression says, it compiles or is refused, and is judged, without
// a panic and soon: the slowest seed is given a hundred times its time.
func FuzzRule(f *testing.F) {
	for _, r := range DefaultRules() {
		f.Add(r.When)
	}
	for _, when := range []string{
		"", "true", "level / 0 > 1", "declared.tests[99] == ''", "reading.name.matches('(a+)+$')", "reading.name.matches('a{1000}{1000}')",
		"declared.tests.exists(a, declared.through.exists(b, a.contains(b)))", "declared.tests.map(a, a + a).exists(b, b == 'x')",
		"[1,2,3].map(x, [x,x,x].map(y, [y,y,y])).size() > 1", "timestamp('2021-01-01T00:00:00Z') < timestamp('x')", "dyn([1])[0] == {'a': 1}",
		"int(reading.name) > 1 || string(level).startsWith('4')", "duration('1h') > duration('9999999999999h')", "b'\\xff' == b''",
		"reading.name.matches('" + strings.Repeat("(a|aa)*", 50) + "')", "9223372036854775807 + level > 0", "{'a': level}.a > 3", "\xff", "has(reading.kind)",
		"declared.tests.all(a, a.matches(declared.through[0] + '(x+x+)+y'))", strings.Repeat("!", 1000) + "true", "level in [1,2,3] ? true : 1/0 > 0",
	} {
		f.Add(when)
	}
	in := busy()
	f.Fuzz(func(t *testing.T, when string) {
		start := time.Now()
		s, problems := Compile([]wire.Rule{rule("a", when)})
		if (s.Len() == 1) == (len(problems) > 0) {
			t.Errorf("%d rules, problems %v", s.Len(), problems)
		}
		for _, p := range problems {
			if p.String() == "" || p.Line < 0 || p.Column < 0 || p.Line > 0 && p.Column == 0 {
				t.Errorf("problem %+v", p)
			}
		}
		for _, found := range s.Judge(in) {
			if found.Verdict != record.Check || found.Failed == (found.VI != "") {
				t.Errorf("finding %+v", found)
			}
		}
		s.Judge(NewInput())
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%v for %q", took, when)
		}
	})
}

func FuzzReadFile(f *testing.F) {
	f.Add(assets.Default)
	for _, s := range []string{"", "[]", "[", "{}", `[{"id":"a"}]`, `{"id":"a","id":"b"}`, `[{"off":1}]`, "[]]", "[1]", "\ufeff[]", "null", `{"id":"a"}{"id":`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		file, problems := ReadFile(b)
		if len(problems) == 0 && len(file.Rules) != len(file.Lines) {
			t.Error("rules without lines")
		}
		for _, p := range problems {
			if p.Line < 1 || p.String() == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}

func FuzzReadCases(f *testing.F) {
	f.Add(assets.Cases)
	f.Add([]byte(`{"want":[],"on":["x"]}` + "\n{}\n#\n\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		cases, problems := ReadCases(b)
		for _, p := range problems {
			if p.Line < 1 || p.Text == "" {
				t.Errorf("%+v", p)
			}
		}
		for _, c := range cases[:min(len(cases), 3)] {
			c.Try(DefaultRules())
		}
	})
}
