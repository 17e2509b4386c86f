// Package rules asks the office's questions of a person at a post: expressions
// in CEL (the Common Expression Language) over what was read, what was declared,
// the vehicle, the post, the epidemic level and the time. Both programs use it:
// the office refuses a list with a bad rule, a station skips the bad one and
// asks the others (design, section 6). docs/rules.md explains it to the office.
//
// A rule is judged in bounded time whatever it says: its length, its estimated
// cost and its cost while it runs are limited, and every text and list it can
// see has a largest size. There are no loops without end in CEL, no calls out
// and no state.
package rules

import (
	"fmt"
	"slices"
	"strings"

	"quachot/internal/record"
	"quachot/internal/wire"
)

// Limits of a list of rules. What is beyond them is a [Problem].
const (
	MaxRules  = 200
	MaxID     = 40   // letters of an id
	MaxWhen   = 2000 // letters of an expression
	MaxReason = 200  // letters of a reason, in either language
	// Costs are in CEL's units, about one for each step and each ten letters
	// looked at; a unit was measured at 10 to 500 ns, so that the costliest list
	// adds 20 ms to a scan. The built-in rules together have 250.
	MaxCost     = 10_000
	MaxAllCosts = 40_000 // of all rules of a list together
)

// Verdicts that a rule may give.
const (
	Stop  = "stop"
	Check = "check"
	Note  = "note" // said, changes no verdict
)

// Set is rules ready to be asked. Its methods may be called by any number of
// goroutines; a nil Set asks nothing.
type Set struct {
	rules []ready
	texts map[string][2]string // by id: Vietnamese, English
}

// ready is one compiled rule.
type ready struct {
	wire.Rule
	verdict record.Verdict
	// ask is whether the expression is true; an error when it cannot be told.
	ask func(*Input) (bool, error)
}

// Finding is a rule that spoke.
type Finding struct {
	ID      string
	Verdict record.Verdict // 0: a note, only said
	VI, EN  string         // why, for the officer; empty when Failed
	// Failed: the rule could not be judged (a division by zero, too much work).
	// Verdict is then Check: what is not known is looked at.
	Failed bool
}

// Compile makes a Set of the rules that can be used, in their order, and says
// what is wrong with the others. Rules that are off are compiled too, so that a
// mistake in one is seen before it is needed, and not asked.
func Compile(all []wire.Rule) (*Set, []Problem) {
	s := &Set{texts: map[string][2]string{}}
	var problems []Problem
	var total uint64
	seen := map[string]bool{}
	for i, r := range all {
		add := func(p Problem) {
			p.Index, p.ID = i, r.ID
			problems = append(problems, p)
		}
		if i >= MaxRules {
			add(Problem{Text: fmt.Sprintf("there are %d rules, at most %d can be asked", len(all), MaxRules)})
			break
		}
		if seen[r.ID] && r.ID != "" {
			add(Problem{Text: "there is a rule with this id already"})
			continue
		}
		seen[r.ID] = true
		one, cost, bad := compile(r)
		for _, p := range bad {
			add(p)
		}
		if len(bad) > 0 {
			continue
		}
		if !r.Off {
			if total += cost; total > MaxAllCosts {
				add(Problem{Text: fmt.Sprintf("all rules together may cost %d units at most: make some simpler", MaxAllCosts)})
				total -= cost
				continue
			}
			s.rules = append(s.rules, one)
		}
		s.texts[r.ID] = [2]string{r.ReasonVI, r.ReasonEN}
	}
	return s, problems
}

// Judge asks every rule, in order. The answer is the rules that spoke; nil when
// none did.
func (s *Set) Judge(in Input) []Finding {
	if s == nil {
		return nil
	}
	in.clip()
	var found []Finding
	for i := range s.rules {
		r := &s.rules[i]
		spoke, err := r.ask(&in)
		switch {
		case err != nil:
			found = append(found, Finding{ID: r.ID, Verdict: record.Check, Failed: true})
		case spoke:
			found = append(found, Finding{ID: r.ID, Verdict: r.verdict, VI: r.ReasonVI, EN: r.ReasonEN})
		}
	}
	return found
}

// Text is a rule's reason in a language, "vi" or "en"; the other one's where it
// has none, empty when there is no such rule.
func (s *Set) Text(id, lang string) string {
	if s == nil {
		return ""
	}
	both := s.texts[id]
	if lang == "en" {
		slices.Reverse(both[:])
	}
	if both[0] == "" {
		return both[1]
	}
	return both[0]
}

// Asks tells whether any rule that is asked names the variable: what costs time
// to find out is left out otherwise.
func (s *Set) Asks(variable string) bool {
	return s != nil && slices.ContainsFunc(s.rules, func(r ready) bool { return strings.Contains(r.When, variable) })
}

// Len is how many rules are asked.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return len(s.rules)
}
