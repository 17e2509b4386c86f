package command

import (
	"encoding/json"
	"errors"
	"fmt"

	"quachot/internal/rules"
	"quachot/internal/wire"
	"quachot/syncserver/publish"
)

type rulesCmd struct {
	Load rulesLoad `cmd:"" help:"Replace the rules by those of a file. With one bad rule, none is loaded."`
	Show rulesShow `cmd:"" help:"The rules in force, one JSON line each; rules load reads them again."`
	Test rulesTest `cmd:"" help:"Try rules on the cases of a file: a JSON line each."`
}

type rulesLoad struct {
	File    string `arg:"" optional:"" help:"Rules in JSON; docs/rules.md says how they are written."`
	Default bool   `help:"Load the built-in rules instead of a file."`
}

func (l rulesLoad) Run(c *call) error {
	if l.Default == (l.File != "") {
		return errors.New("name a file of rules, or --default for the built-in ones")
	}
	all := rules.DefaultRules()
	if !l.Default {
		var err error
		if all, err = c.readRules(l.File); err != nil {
			return err
		}
	}
	return c.withOffice(func(o *office) error {
		if err := publish.SetRules(c.ctx, o.store, all); err != nil {
			return err
		}
		if err := errors.Join(o.lists.Refresh(c.ctx), o.audit(c.ctx, "command", "rules load", fmt.Sprint(len(all)))); err != nil {
			return err
		}
		off := 0
		for _, r := range all {
			if r.Off {
				off++
			}
		}
		return json.NewEncoder(c.stdout).Encode(map[string]int{"loaded": len(all), "off": off})
	})
}

// ruleProblem is a line about a file of rules. Line is the file's, Column and
// ExprLine are the expression's, 0 where the rule as a whole is meant.
type ruleProblem struct {
	Line     int    `json:"line"`
	Rule     string `json:"rule,omitempty"`
	ExprLine int    `json:"expression_line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Problem  string `json:"problem"`
}

// readRules reads a file of rules, or prints what is wrong with it.
func (c *call) readRules(file string) ([]wire.Rule, error) {
	b, err := c.readFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the rules: %w", err)
	}
	read, problems := rules.ReadFile(b)
	if len(problems) == 0 {
		return read.Rules, nil
	}
	out := json.NewEncoder(c.stdout)
	out.SetEscapeHTML(false)
	for _, p := range problems {
		line := ruleProblem{Line: p.Line, Rule: p.ID, ExprLine: p.Problem.Line, Column: p.Column, Problem: p.Text}
		if err := out.Encode(line); err != nil {
			return nil, err
		}
	}
	fmt.Fprintf(c.stderr, "%d problems in %s. Nothing was loaded, the rules in force stay. Correct them and load the file again.\n", len(problems), file)
	return nil, exit(exitFindings)
}

type rulesShow struct{}

func (rulesShow) Run(c *call) error {
	return c.withExisting(func(o *office) error {
		all, loaded, err := c.rulesInForce(o)
		if err != nil {
			return err
		}
		if !loaded {
			fmt.Fprintln(c.stderr, "The office loaded no rules: these are the built-in ones, which the stations ask.")
		}
		out := json.NewEncoder(c.stdout)
		out.SetEscapeHTML(false)
		for _, r := range all {
			if err := out.Encode(r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *call) rulesInForce(o *office) (all []wire.Rule, loaded bool, err error) {
	all, loaded, err = publish.Rules(c.ctx, o.store)
	if err == nil && !loaded {
		all = rules.DefaultRules()
	}
	return all, loaded, err
}

type rulesTest struct {
	File    string `arg:"" help:"Cases: a JSON line each with input, want and name; docs/rules.md has examples."`
	Rules   string `help:"Try the rules of this file, not those in force." placeholder:"FILE"`
	Default bool   `help:"Try the built-in rules, not those in force."`
}

func (r rulesTest) Run(c *call) error {
	b, err := c.readFile(r.File)
	if err != nil {
		return fmt.Errorf("read the cases: %w", err)
	}
	cases, unread := rules.ReadCases(b)
	switch {
	case r.Default && r.Rules != "":
		return errors.New("--rules and --default exclude each other")
	case r.Default:
		return c.tryCases(rules.DefaultRules(), cases, unread)
	case r.Rules != "":
		all, err := c.readRules(r.Rules)
		if err != nil {
			return err
		}
		return c.tryCases(all, cases, unread)
	}
	return c.withExisting(func(o *office) error {
		all, _, err := c.rulesInForce(o)
		if err != nil {
			return err
		}
		return c.tryCases(all, cases, unread)
	})
}

// caseProblem is a line about a case that is not as it says, or cannot be read.
type caseProblem struct {
	Line    int    `json:"line"`
	Name    string `json:"name,omitempty"`
	Problem string `json:"problem"`
}

// tryCases prints every case that does not hold, then the counts.
func (c *call) tryCases(all []wire.Rule, cases []rules.Case, unread []rules.CaseProblem) error {
	var bad []caseProblem
	for _, p := range unread {
		bad = append(bad, caseProblem{Line: p.Line, Problem: p.Text})
	}
	for _, one := range cases {
		if wrong := one.Try(all); wrong != "" {
			bad = append(bad, caseProblem{one.Line, one.Name, wrong})
		}
	}
	out := json.NewEncoder(c.stdout)
	out.SetEscapeHTML(false)
	for _, p := range bad {
		if err := out.Encode(p); err != nil {
			return err
		}
	}
	if err := out.Encode(map[string]int{"cases": len(cases) + len(unread), "failed": len(bad)}); err != nil {
		return err
	}
	if len(bad) > 0 || len(cases) == 0 {
		fmt.Fprintf(c.stderr, "%d of %d cases do not hold.\n", len(bad), len(cases)+len(unread))
		return exit(exitFindings)
	}
	return nil
}
