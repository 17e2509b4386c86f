package rules

import (
	"fmt"
	"os"
	"strings"
	"testing"

	assets "quachot/assets/rules"
	"quachot/internal/wire"
)

const handbook = "../../docs/rules.md"

// The office reads docs/rules.md: its tables say what the code and the built-in
// rules say. `go test -run Handbook -v` prints what belongs there.
func TestHandbook(t *testing.T) {
	b, err := os.ReadFile(handbook)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	for name, want := range map[string]string{"variables": variablesTable(), "rules": rulesTable()} {
		_, rest, ok := strings.Cut(text, "<!-- "+name+": ")
		_, rest, _ = strings.Cut(rest, "-->\n")
		got, _, _ := strings.Cut(rest, "<!-- end -->")
		if !ok || strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("the table of %s in %s is old; it has to be:\n%s", name, handbook, want)
		}
	}
	for _, codes := range [][]string{assets.Purposes, assets.Vehicles, assets.Symptoms} {
		if line := "`" + strings.Join(codes, "` `") + "`"; !strings.Contains(text, line) {
			t.Errorf("%s does not list %s", handbook, line)
		}
	}
}

// The examples in the handbook are what they say.
func TestHandbookExamples(t *testing.T) {
	b, err := os.ReadFile(handbook)
	if err != nil {
		t.Fatal(err)
	}
	_, example, ok := strings.Cut(string(b), "```json\n")
	example, _, _ = strings.Cut(example, "```")
	if f, problems := ReadFile([]byte(example)); !ok || len(problems) > 0 || len(f.Rules) != 1 {
		t.Errorf("the example rule: %v", problems)
	}
	at := strings.Index(string(b), `{"name": "`)
	line, _, _ := strings.Cut(string(b[max(0, at):]), "\n")
	cases, problems := ReadCases([]byte(line))
	if len(problems) > 0 || len(cases) != 1 || cases[0].Try(DefaultRules()) != "" {
		t.Errorf("the example case %s: %v", line, problems)
	}
	for row := range strings.Lines(string(b)) {
		when, ok := strings.CutPrefix(row, "| `")
		when, rest, _ := strings.Cut(when, "` | ")
		_, variable := byName[when]
		if !ok || variable || strings.Count(rest, "|") != 1 || !strings.ContainsAny(when, "=()<>") || strings.HasPrefix(when, "{") {
			continue // another table
		}
		if _, problems := Compile([]wire.Rule{rule("a", strings.ReplaceAll(when, `\|`, "|"))}); len(problems) > 0 {
			t.Errorf("example %s: %v", when, problems)
		}
	}
}

func variablesTable() string {
	var s strings.Builder
	s.WriteString("| variable | type | what it is |\n|---|---|---|\n")
	for _, v := range Variables() {
		fmt.Fprintf(&s, "| `%s` | %s | %s |\n", v.Name, v.Type, v.Doc)
	}
	return s.String()
}

func rulesTable() string {
	var s strings.Builder
	s.WriteString("| rule | verdict | when | the officer reads |\n|---|---|---|---|\n")
	for _, r := range DefaultRules() {
		verdict := r.Verdict
		if r.Off {
			verdict += ", *off*"
		}
		fmt.Fprintf(&s, "| `%s` | %s | `%s` | %s / %s |\n", r.ID, verdict, strings.ReplaceAll(r.When, "|", `\|`), r.ReasonVI, r.ReasonEN)
	}
	return s.String()
}
