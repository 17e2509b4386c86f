package rules

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/checker"
	"github.com/google/cel-go/common/types"

	"quachot/internal/record"
	"quachot/internal/wire"
)

// Problem is what is wrong with one rule.
type Problem struct {
	Index  int // of the rule in the list, from 0
	ID     string
	Line   int // in the expression, from 1; 0 = the rule as a whole
	Column int // in letters, from 1
	Text   string
}

// String is the problem for a person: where, then what.
func (p Problem) String() string {
	name := p.ID
	if name == "" {
		name = fmt.Sprintf("number %d", p.Index+1)
	}
	if p.Line > 0 {
		return fmt.Sprintf("rule %s, line %d, column %d: %s", name, p.Line, p.Column, p.Text)
	}
	return fmt.Sprintf("rule %s: %s", name, p.Text)
}

var goodID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

var verdicts = map[string]record.Verdict{Stop: record.Stop, Check: record.Check, Note: 0}

// trackAbove is the estimate above which a rule's work is also counted while it
// runs. Counting trebles the time of a small rule, and one without loops cannot
// work longer than its length and the sizes of its texts allow.
const trackAbove = 500

// compile makes one rule ready and gives its estimated cost.
func compile(r wire.Rule) (ready, uint64, []Problem) {
	one := ready{Rule: r}
	problems := checkFields(r)
	if verdict, ok := verdicts[r.Verdict]; ok {
		one.verdict = verdict
	}
	if !fits(r.When) {
		return one, 0, problems
	}
	ast, issues := environment().Compile(r.When)
	if issues.Err() != nil {
		return one, 0, append(problems, explain(r.When, issues)...)
	}
	if ast.OutputType() != cel.BoolType {
		return one, 0, append(problems, Problem{Text: fmt.Sprintf("the answer is a %s, it must be true or false: compare it with something", inWords(ast.OutputType()))})
	}
	cost, err := environment().EstimateCost(ast, sizes{})
	if err != nil {
		return one, 0, append(problems, Problem{Text: err.Error()})
	}
	if cost.Max > MaxCost {
		return one, 0, append(problems, Problem{Text: fmt.Sprintf("too much work: up to %d units, at most %d are allowed", cost.Max, MaxCost)})
	}
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	if cost.Max > trackAbove {
		options = append(options, cel.CostLimit(MaxCost))
	}
	program, err := environment().Program(ast, options...)
	if err != nil {
		problems = append(problems, Problem{Text: err.Error()})
	}
	one.ask = func(in *Input) (bool, error) { return ask(program, in) }
	return one, cost.Max, problems
}

var errNotBool = errors.New("neither true nor false")

// ask is whether an expression is true. CEL turns its own panics into errors.
func ask(program cel.Program, in *Input) (bool, error) {
	out, _, err := program.Eval(&activation{in: in})
	if err != nil {
		return false, err
	}
	yes, ok := out.Value().(bool)
	if !ok {
		return false, errNotBool
	}
	return yes, nil
}

// inWords is a type as [Variable] names it.
func inWords(t *cel.Type) string {
	switch t.Kind() {
	case types.StringKind:
		return "text"
	case types.IntKind, types.UintKind, types.DoubleKind:
		return "number"
	case types.ListKind:
		return "list"
	}
	return cel.FormatCELType(t)
}

// checkFields looks at all but the expression's meaning.
func checkFields(r wire.Rule) (problems []Problem) {
	add := func(format string, args ...any) {
		problems = append(problems, Problem{Text: fmt.Sprintf(format, args...)})
	}
	switch {
	case r.ID == "":
		add("it has no id")
	case len(r.ID) > MaxID || !goodID.MatchString(r.ID):
		add("the id must be 1 to %d small letters, digits and dashes", MaxID)
	}
	if _, ok := verdicts[r.Verdict]; !ok {
		add("the verdict is %q, it must be %s, %s or %s", r.Verdict, Stop, Check, Note)
	}
	for _, reason := range []struct{ name, text string }{{"reason_vi", r.ReasonVI}, {"reason_en", r.ReasonEN}} {
		switch {
		case strings.TrimSpace(reason.text) == "":
			add("%s is empty: the officer must be told why", reason.name)
		case utf8.RuneCountInString(reason.text) > MaxReason:
			add("%s is longer than %d letters", reason.name, MaxReason)
		case !printable(reason.text):
			add("%s has a control character or is not UTF-8", reason.name)
		}
	}
	switch n := utf8.RuneCountInString(r.When); {
	case strings.TrimSpace(r.When) == "":
		add("when is empty: write the question, such as level >= 3")
	case n > MaxWhen:
		add("the expression has %d letters, at most %d are allowed", n, MaxWhen)
	case !utf8.ValidString(r.When):
		add("the expression is not UTF-8")
	}
	return problems
}

// fits tells whether an expression is worth compiling.
func fits(when string) bool {
	return strings.TrimSpace(when) != "" && utf8.ValidString(when) && utf8.RuneCountInString(when) <= MaxWhen
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// maxIssues bounds what is said about one expression.
const maxIssues = 5

// explain turns the compiler's findings into problems.
func explain(when string, issues *cel.Issues) []Problem {
	var problems []Problem
	for _, e := range issues.Errors() {
		if len(problems) == maxIssues {
			break
		}
		p := Problem{Line: max(e.Location.Line(), 1), Column: e.Location.Column() + 1, Text: e.Message}
		if strings.HasPrefix(e.Message, "undeclared reference") {
			p.Text = unknown(nameAt(when, p.Line, p.Column), e.Message)
		}
		problems = append(problems, p)
	}
	if len(problems) == 0 { // Err was not nil, so there is something to say
		problems = append(problems, Problem{Text: issues.Err().Error()})
	}
	return problems
}

// unknown says that there is no such variable, and what may have been meant.
func unknown(name, message string) string {
	if name == "" { // it stands at a call's bracket
		_, name, _ = strings.Cut(message, "'")
		name, _, _ = strings.Cut(name, "'")
		return "unknown function " + name
	}
	text := "unknown variable " + name
	head, _, _ := strings.Cut(name, ".")
	var like []string
	for _, v := range variables {
		if strings.HasPrefix(v.Name, head+".") {
			like = append(like, v.Name)
		}
	}
	if len(like) > 0 {
		text += "; there are " + strings.Join(like, " ")
	}
	return text
}

var dotted = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*`)

// nameAt is the dotted name that begins at a place of the expression.
func nameAt(when string, line, column int) string {
	lines := strings.Split(when, "\n")
	if line > len(lines) {
		return ""
	}
	letters := []rune(lines[line-1])
	if column < 1 || column > len(letters) {
		return ""
	}
	return dotted.FindString(string(letters[column-1:]))
}

// environment is the language: CEL's standard functions over our variables.
var environment = sync.OnceValue(func() *cel.Env {
	env, err := cel.NewEnv(append(declare(),
		cel.ParserRecursionLimit(40), cel.ParserExpressionSizeLimit(MaxWhen), cel.ParserErrorRecoveryLimit(4))...)
	if err != nil {
		panic(err) // our own variables: a test makes it
	}
	return env
})

// sizes tells the estimate how long texts and lists can be: clip sees to it.
type sizes struct{}

func (sizes) EstimateSize(node checker.AstNode) *checker.SizeEstimate {
	path := node.Path()
	if len(path) == 0 {
		return nil
	}
	size := uint64(maxText)
	if v, ok := byName[path[0]]; ok && len(path) == 1 && v.Type == "list of texts" {
		size = maxList
	}
	return &checker.SizeEstimate{Max: size}
}

func (sizes) EstimateCallCost(string, string, *checker.AstNode, []checker.AstNode) *checker.CallEstimate {
	return nil
}
