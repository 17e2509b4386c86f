package rules

import (
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/interpreter"
)

// Variable is one thing a rule may ask for.
type Variable struct {
	Name string
	Type string // text, number, yes/no, list of texts
	Doc  string // what it means, and its value when nothing is known

	get func(*Input) any
}

func text(name, doc string, get func(*Input) string) Variable {
	return Variable{name, "text", doc, func(in *Input) any { return types.String(get(in)) }}
}

func number(name, doc string, get func(*Input) int) Variable {
	return Variable{name, "number", doc, func(in *Input) any { return types.Int(get(in)) }}
}

func truth(name, doc string, get func(*Input) bool) Variable {
	return Variable{name, "yes/no", doc, func(in *Input) any { return types.Bool(get(in)) }}
}

func list(name, doc string, get func(*Input) []string) Variable {
	return Variable{name, "list of texts", doc, func(in *Input) any { return get(in) }}
}

// Variables are all variables of an expression, in the order of the handbook
// (docs/rules.md has the same table, a test compares them).
func Variables() []Variable { return variables[:] }

var variables = [...]Variable{
	text("reading.kind", "what was shown: card, card-number, cccd, qrqg, bhyt, dcc, shc, document ...; empty when nothing was", func(in *Input) string { return in.Reading.Kind }),
	text("reading.trust", "signed, unverified or unknown", func(in *Input) string { return in.Reading.Trust }),
	text("reading.name", "name as it is written there", func(in *Input) string { return in.Reading.Name }),
	number("reading.birth_year", "0 when not known", func(in *Input) int { return in.Reading.BirthYear }),
	number("reading.age", "full years today; -1 when not known", func(in *Input) int { return in.Reading.Age }),
	text("reading.sex", "M, F or empty", func(in *Input) string { return in.Reading.Sex }),
	text("reading.ward", "5-digit code of the home ward, on our card", func(in *Input) string { return in.Reading.Ward }),
	text("reading.province", "2-digit code of that ward's province", func(in *Input) string { return in.Reading.Province }),
	number("reading.ward_level", "epidemic level of the home ward; 0 when not known", func(in *Input) int { return in.Reading.WardLevel }),
	text("reading.card", "number of our card, 13 digits", func(in *Input) string { return in.Reading.Card }),
	text("reading.issued", "day of issue, YYYY-MM-DD; empty when not known", func(in *Input) string { return in.Reading.Issued }),
	text("reading.expires", "last day it counts, YYYY-MM-DD; empty when it never ends", func(in *Input) string { return in.Reading.Expires }),
	number("reading.doses", "vaccine doses in the certificate", func(in *Input) int { return in.Reading.Doses }),
	number("reading.last_dose_days", "days since the last dose; 1000000 when not known", func(in *Input) int { return in.Reading.LastDoseDays }),
	truth("reading.recovered", "the certificate is of a recovery", func(in *Input) bool { return in.Reading.Recovered }),
	text("reading.test_result", "negative, positive or empty", func(in *Input) string { return in.Reading.TestResult }),
	number("reading.test_hours", "hours since the test in the certificate; 1000000 when there is none", func(in *Input) int { return in.Reading.TestHours }),
	list("reading.warnings", "codes of cross-checks that failed: birth_year, sex, masked ...", func(in *Input) []string { return in.Reading.Warnings }),

	truth("declared.has", "there is a health declaration of the last 72 hours, known to this station", func(in *Input) bool { return in.Declared.Has }),
	number("declared.hours_ago", "how old it is; 1000000 when there is none", func(in *Input) int { return in.Declared.HoursAgo }),
	list("declared.symptoms", "symptoms declared; empty = none", func(in *Input) []string { return in.Declared.Symptoms }),
	truth("declared.contact", "says to have met a case", func(in *Input) bool { return in.Declared.Contact }),
	list("declared.tests", "tests as they were written down", func(in *Input) []string { return in.Declared.Tests }),
	text("declared.test_result", "of the newest test: negative, positive or empty", func(in *Input) string { return in.Declared.TestResult }),
	number("declared.test_hours", "hours since the newest test; 1000000 when there is none", func(in *Input) int { return in.Declared.TestHours }),
	number("declared.doses", "vaccine doses as told", func(in *Input) int { return in.Declared.Doses }),
	text("declared.from", "code of the ward the person comes from", func(in *Input) string { return in.Declared.From }),
	list("declared.through", "codes of wards passed through", func(in *Input) []string { return in.Declared.Through }),
	text("declared.to", "code of the ward the person goes to", func(in *Input) string { return in.Declared.To }),
	number("declared.from_level", "highest epidemic level of the wards come from and passed; 0 when not known", func(in *Input) int { return in.Declared.FromLevel }),
	number("declared.to_level", "epidemic level of the ward gone to; 0 when not known", func(in *Input) int { return in.Declared.ToLevel }),
	text("declared.purpose", "purpose of the journey, a code", func(in *Input) string { return in.Declared.Purpose }),

	number("person.age", "age from what was read, else declared; -1 when not known", (*Input).age),
	number("person.doses", "the higher of read and declared doses", func(in *Input) int { return max(in.Reading.Doses, in.Declared.Doses) }),
	number("person.test_hours", "hours since the newest NEGATIVE test, read or declared; 1000000 when there is none", (*Input).negativeHours),
	number("origin_level", "epidemic level where the person comes from: declared, else the home ward of our card; 0 when not known", (*Input).origin),

	text("vehicle.plate", "plate without separators; empty when on foot", func(in *Input) string { return in.Vehicle.Plate }),
	text("vehicle.type", "motorbike, car, bus, truck ...; empty when on foot", func(in *Input) string { return in.Vehicle.Type }),
	text("vehicle.permit", "green-lane permit as shown; empty when there is none", func(in *Input) string { return in.Vehicle.Permit }),

	text("post.code", "code of the post", func(in *Input) string { return in.Post.Code }),
	text("post.kind", "road, place, lodging or patrol", func(in *Input) string { return in.Post.Kind }),
	number("level", "epidemic level where the post stands, 1 to 4; 0 when the office set none", func(in *Input) int { return in.Level }),
	text("direction", "in, out or empty", func(in *Input) string { return in.Direction }),
	text("purpose", "purpose declared, else that of the vehicle, else the one this lane takes for granted; a code", (*Input).purpose),
	number("now.hour", "0 to 23, in Viet Nam", func(in *Input) int { return in.Now.Hour }),
	number("now.minute", "0 to 59", func(in *Input) int { return in.Now.Minute }),
	number("now.weekday", "1 Monday to 7 Sunday", func(in *Input) int { return in.Now.Weekday }),
	text("now.date", "YYYY-MM-DD", func(in *Input) string { return in.Now.Date }),
	truth("now.doubted", "the computer's clock is known to be wrong", func(in *Input) bool { return in.Now.Doubted }),
	number("lists_age_hours", "age of the office's lists; 1000000 when none ever came", func(in *Input) int { return in.ListsAgeHours }),
}

func (in *Input) age() int {
	if in.Reading.Age != NoAge {
		return in.Reading.Age
	}
	return in.Declared.Age
}

func (in *Input) negativeHours() int {
	hours := Never
	if in.Reading.TestResult == Negative {
		hours = in.Reading.TestHours
	}
	if in.Declared.TestResult == Negative {
		hours = min(hours, in.Declared.TestHours)
	}
	return hours
}

func (in *Input) origin() int {
	if in.Declared.Has && in.Declared.From != "" {
		return in.Declared.FromLevel
	}
	return max(in.Declared.FromLevel, in.Reading.WardLevel)
}

func (in *Input) purpose() string {
	if in.Declared.Purpose != "" {
		return in.Declared.Purpose
	}
	return in.LanePurpose
}

// byName finds a variable's place.
var byName = func() map[string]*Variable {
	m := map[string]*Variable{}
	for i := range variables {
		m[variables[i].Name] = &variables[i]
	}
	return m
}()

// declare is the variables for the compiler: each is a name of its own, dots
// included, so that a misspelt one is found when the rule is loaded.
func declare() []cel.EnvOption {
	types := map[string]*cel.Type{"text": cel.StringType, "number": cel.IntType, "yes/no": cel.BoolType, "list of texts": cel.ListType(cel.StringType)}
	var all []cel.EnvOption
	for _, v := range variables {
		all = append(all, cel.Variable(v.Name, types[v.Type]))
	}
	return all
}

// activation gives an expression the values it asks for, and no others are made.
type activation struct{ in *Input }

func (a *activation) ResolveName(name string) (any, bool) {
	v, ok := byName[name]
	if !ok {
		return nil, false
	}
	return v.get(a.in), true
}

func (*activation) Parent() interpreter.Activation { return nil }
