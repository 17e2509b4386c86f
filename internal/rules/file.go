package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"quachot/internal/wire"
)

// MaxFile bounds a file of rules, in bytes.
const MaxFile = 1 << 20

// File is a file of rules: JSON objects with id, when, verdict, reason_vi,
// reason_en and, to keep a rule without asking it, "off": true. They stand in a
// list between [ and ], or one after the other without, as `rules show` prints
// them.
type File struct {
	Rules []wire.Rule
	Lines []int // of the file, where each rule begins
}

// ReadFile reads a file of rules and compiles them all. Problems are in the
// order of the file; their Line is the file's and their Column 0 where the file
// itself is wrong. Only a file without problems is to be used.
func ReadFile(b []byte) (File, []FileProblem) {
	f, bad := parse(b)
	if bad != nil {
		return f, []FileProblem{*bad}
	}
	_, problems := Compile(f.Rules)
	all := make([]FileProblem, len(problems))
	for i, p := range problems {
		all[i] = FileProblem{Line: f.Lines[p.Index], Problem: p}
	}
	return f, all
}

// FileProblem is a Problem and the line of the file where its rule begins.
type FileProblem struct {
	Line int
	Problem
	broken bool // the file, not a rule of it
}

// String says where, then what.
func (p FileProblem) String() string {
	if p.broken {
		return fmt.Sprintf("line %d: %s", p.Line, p.Text)
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Problem)
}

// parse reads the list, rule by rule, so that a mistake has a line.
func parse(b []byte) (f File, bad *FileProblem) {
	fail := func(at int64, format string, args ...any) (File, *FileProblem) {
		return f, &FileProblem{Line: lineOf(b, at), Problem: Problem{Text: fmt.Sprintf(format, args...)}, broken: true}
	}
	if len(b) > MaxFile {
		return fail(0, "the file has %d bytes, at most %d are read", len(b), MaxFile)
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	dec := json.NewDecoder(bytes.NewReader(b))
	begin := skipSpace(b, 0)
	inList := begin < int64(len(b)) && b[begin] == '['
	switch {
	case inList:
		_, _ = dec.Token() // the [ just seen
	case begin == int64(len(b)):
		return fail(begin, "the file is empty; a list without rules is []")
	case b[begin] != '{':
		return fail(begin, "the file must hold rules in JSON, beginning with [ or {")
	}
	for dec.More() {
		at := skipSpace(b, dec.InputOffset())
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return fail(offset(err, dec), "this is not JSON: %v", err)
		}
		if len(f.Rules) > MaxRules {
			return fail(at, "more than %d rules", MaxRules)
		}
		r, err := readRule(raw)
		if err != nil {
			return fail(at, "%v", err)
		}
		f.Rules, f.Lines = append(f.Rules, r), append(f.Lines, lineOf(b, at))
	}
	if _, err := dec.Token(); inList && err != nil {
		return fail(dec.InputOffset(), "the list does not end with ]")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fail(dec.InputOffset(), "something stands after the list's end")
	}
	return f, nil
}

var ruleNames = []string{"id", "when", "verdict", "reason_vi", "reason_en", "off"}

// readRule reads one rule; a name it does not know, or twice the same, is a
// mistake and no future version's.
func readRule(raw []byte) (r wire.Rule, err error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return r, errors.New("a rule must be an object between { and }")
	}
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return r, err
		}
		name, _ := t.(string)
		if !slices.Contains(ruleNames, name) {
			return r, fmt.Errorf("a rule has no %q, only %q", name, ruleNames)
		}
		if seen[name] {
			return r, fmt.Errorf("%q stands twice in this rule", name)
		}
		seen[name] = true
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return r, err
		}
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return r, fmt.Errorf("%q must be a %s, not a %s", wrong.Field, wrong.Type, wrong.Value)
		}
		return r, err
	}
	return r, nil
}

// skipSpace is where the next value begins.
func skipSpace(b []byte, at int64) int64 {
	for at < int64(len(b)) && bytes.IndexByte([]byte(" \t\r\n,"), b[at]) >= 0 {
		at++
	}
	return at
}

func offset(err error, dec *json.Decoder) int64 {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Offset
	}
	return dec.InputOffset()
}

// lineOf is the line, from 1, of a byte of the file.
func lineOf(b []byte, at int64) int {
	return 1 + bytes.Count(b[:min(max(0, at), int64(len(b)))], []byte("\n"))
}
