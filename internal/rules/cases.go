package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"quachot/internal/record"
	"quachot/internal/wire"
)

// Case is one example of what rules do: for this input, these rules speak.
type Case struct {
	Line  int // of the file, from 1; set by ReadCases
	Name  string
	Input Input
	// Want are the ids of the rules that speak, in any order.
	Want []string
	// On are rules that are off and asked in this case all the same.
	On []string
	// Verdict, when given, is the worst verdict of the rules that speak: pass,
	// check or stop.
	Verdict string
}

// CaseProblem is a line of a file of cases that cannot be used.
type CaseProblem struct {
	Line int
	Text string
}

// String says where, then what.
func (p CaseProblem) String() string { return fmt.Sprintf("line %d: %s", p.Line, p.Text) }

// ReadCases reads cases, a JSON object a line; empty lines and lines that begin
// with # are left out. A name that Input does not have is a problem, so that a
// slip of the finger does not make a case say nothing.
func ReadCases(b []byte) (cases []Case, problems []CaseProblem) {
	if len(b) > MaxFile {
		return nil, []CaseProblem{{1, fmt.Sprintf("the file has %d bytes, at most %d are read", len(b), MaxFile)}}
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	for i, line := range bytes.Split(b, []byte("\n")) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		c, err := readCase(line)
		if err != nil {
			problems = append(problems, CaseProblem{i + 1, err.Error()})
			continue
		}
		c.Line = i + 1
		cases = append(cases, c)
	}
	return cases, problems
}

func readCase(line []byte) (Case, error) {
	read := struct {
		Name    string    `json:"name"`
		Input   Input     `json:"input"`
		Want    *[]string `json:"want"`
		On      []string  `json:"on"`
		Verdict string    `json:"verdict"`
	}{Input: NewInput()}
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&read); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return Case{}, fmt.Errorf("%q cannot be a %s", wrong.Field, wrong.Value)
		}
		return Case{}, fmt.Errorf("not a case: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Case{}, errors.New("not a case: something stands after its end")
	}
	if read.Want == nil {
		return Case{}, errors.New(`it has no "want": the list of the rules that speak, [] for none`)
	}
	if read.Verdict != "" && !slices.Contains([]string{"pass", Check, Stop}, read.Verdict) {
		return Case{}, fmt.Errorf("the verdict %q is none of pass, check, stop", read.Verdict)
	}
	return Case{Name: read.Name, Input: read.Input, Want: *read.Want, On: read.On, Verdict: read.Verdict}, nil
}

// Try judges a case by rules and says what is not as the case wants it, empty
// when all is.
func (c Case) Try(all []wire.Rule) string {
	s, err := c.set(all)
	if err != nil {
		return err.Error()
	}
	spoke := []string{}
	verdict := record.Pass
	for _, f := range s.Judge(c.Input) {
		id := f.ID
		if f.Failed {
			id += " (failed)"
		}
		spoke = append(spoke, id)
		verdict = verdict.Worse(f.Verdict)
	}
	want := slices.Clone(c.Want)
	slices.Sort(want)
	sorted := slices.Sorted(slices.Values(spoke))
	var wrong []string
	if !slices.Equal(sorted, want) {
		wrong = append(wrong, fmt.Sprintf("want %s, but %s spoke", names(c.Want), names(spoke)))
	}
	if c.Verdict != "" && c.Verdict != verdict.String() {
		wrong = append(wrong, fmt.Sprintf("want verdict %s, got %s", c.Verdict, verdict))
	}
	return strings.Join(wrong, "; ")
}

// set is the rules that this case asks.
func (c Case) set(all []wire.Rule) (*Set, error) {
	on := slices.Clone(all)
	for _, id := range c.On {
		i := slices.IndexFunc(on, func(r wire.Rule) bool { return r.ID == id })
		if i < 0 {
			return nil, fmt.Errorf("there is no rule %q to switch on", id)
		}
		on[i].Off = false
	}
	for _, id := range c.Want {
		if !slices.ContainsFunc(on, func(r wire.Rule) bool { return r.ID == id }) {
			return nil, fmt.Errorf("there is no rule %q", id)
		}
	}
	s, _ := Compile(on)
	return s, nil
}

func names(ids []string) string {
	if len(ids) == 0 {
		return "none"
	}
	return strings.Join(ids, ", ")
}
