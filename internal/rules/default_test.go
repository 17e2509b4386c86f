package rules

import (
	"slices"
	"strings"
	"testing"

	assets "quachot/assets/rules"
)

// Every default rule has a case in which it speaks and one named after it in
// which it does not, and all cases hold.
func TestDefaultRules(t *testing.T) {
	cases, problems := ReadCases(assets.Cases)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	spoke, silent := map[string]bool{}, map[string]bool{}
	for _, c := range cases {
		if wrong := c.Try(DefaultRules()); wrong != "" {
			t.Errorf("case %q, line %d: %s", c.Name, c.Line, wrong)
		}
		about, _, _ := strings.Cut(c.Name, ":")
		if slices.Contains(c.Want, about) {
			spoke[about] = true
		} else {
			silent[about] = true
		}
	}
	for _, r := range DefaultRules() {
		if !spoke[r.ID] || !silent[r.ID] {
			t.Errorf("rule %s: cases in which it speaks: %v, in which it does not: %v", r.ID, spoke[r.ID], silent[r.ID])
		}
	}
}

// A card of ours at level 1 and 2, or where no level was ever set, passes at any
// hour, either way, at any post, on foot or not.
func TestDefaultRulesLeaveEverydayGreen(t *testing.T) {
	for level := range 3 {
		for hour := range 24 {
			for _, kind := range []string{"road", "place", "lodging", "patrol"} {
				for _, way := range []string{"in", "out", ""} {
					in := NewInput()
					in.Reading.Kind, in.Reading.Trust, in.Reading.WardLevel = "card", "signed", level
					in.Level, in.Now.Hour, in.Post.Kind, in.Direction = level, hour, kind, way
					if hour%2 == 0 {
						in.Vehicle = Vehicle{Plate: "75C12345", Type: "truck"}
					}
					if found := Default().Judge(in); len(found) > 0 {
						t.Fatalf("level %d, %d:00, %s, %q: %+v", level, hour, kind, way, found)
					}
				}
			}
		}
	}
}

func BenchmarkDefault(b *testing.B) {
	for _, level := range []int{1, 4} {
		in := NewInput()
		in.Reading.Kind, in.Reading.Trust, in.Level, in.Direction, in.Post.Kind = "card", "signed", level, "in", "road"
		in.Declared.Has, in.Declared.HoursAgo, in.Declared.FromLevel, in.Declared.From = true, 2, level, "19768"
		b.Run(map[int]string{1: "level1", 4: "level4"}[level], func(b *testing.B) {
			set := Default()
			b.ReportAllocs()
			for b.Loop() {
				set.Judge(in)
			}
		})
	}
}

func BenchmarkCompileDefault(b *testing.B) {
	for b.Loop() {
		if _, problems := Compile(DefaultRules()); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
