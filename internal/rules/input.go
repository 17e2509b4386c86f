package rules

import "strings"

// Never stands for hours or days since something that never happened, or of
// which nobody knows when: "test_hours > 72" is then true, as it should be.
const Never = 1_000_000

// NoAge stands for an age that is not known. A rule about children asks for
// person.age >= 0 first.
const NoAge = -1

// Sizes beyond which a text or list is cut before a rule sees it. They bound
// what a rule can cost.
const (
	maxText = 200 // bytes
	maxList = 32
)

// Input is all that rules may look at. Make it with [NewInput]: some values that
// are not known are not zero. The JSON names are the names in expressions; what
// each means stands in [Variables].
type Input struct {
	Reading  Reading  `json:"reading"`
	Declared Declared `json:"declared"`
	Vehicle  Vehicle  `json:"vehicle"`
	Post     Post     `json:"post"`
	Now      Now      `json:"now"`

	Level         int    `json:"level"`
	Direction     string `json:"direction"`
	LanePurpose   string `json:"lane_purpose"`
	ListsAgeHours int    `json:"lists_age_hours"`
}

// Reading is what the credential says.
type Reading struct {
	Kind         string   `json:"kind"`
	Trust        string   `json:"trust"`
	Name         string   `json:"name"`
	BirthYear    int      `json:"birth_year"`
	Age          int      `json:"age"`
	Sex          string   `json:"sex"`
	Ward         string   `json:"ward"`
	Province     string   `json:"province"`
	WardLevel    int      `json:"ward_level"`
	Card         string   `json:"card"`
	Issued       string   `json:"issued"`
	Expires      string   `json:"expires"`
	Doses        int      `json:"doses"`
	LastDoseDays int      `json:"last_dose_days"`
	Recovered    bool     `json:"recovered"`
	TestResult   string   `json:"test_result"`
	TestHours    int      `json:"test_hours"`
	Warnings     []string `json:"warnings"`
}

// Declared is the person's health declaration of the last 72 hours.
type Declared struct {
	Has        bool     `json:"has"`
	HoursAgo   int      `json:"hours_ago"`
	Age        int      `json:"age"`
	Symptoms   []string `json:"symptoms"`
	Contact    bool     `json:"contact"`
	Tests      []string `json:"tests"`
	TestResult string   `json:"test_result"`
	TestHours  int      `json:"test_hours"`
	Doses      int      `json:"doses"`
	From       string   `json:"from"`
	Through    []string `json:"through"`
	To         string   `json:"to"`
	FromLevel  int      `json:"from_level"`
	ToLevel    int      `json:"to_level"`
	Purpose    string   `json:"purpose"`
}

// Vehicle is what the person sits in; its zero value is nobody's.
type Vehicle struct {
	Plate  string `json:"plate"`
	Type   string `json:"type"`
	Permit string `json:"permit"`
}

// Post is where the station stands.
type Post struct {
	Code string `json:"code"`
	Kind string `json:"kind"`
}

// Now is the time in Viet Nam.
type Now struct {
	Hour    int    `json:"hour"`
	Minute  int    `json:"minute"`
	Weekday int    `json:"weekday"`
	Date    string `json:"date"`
	Doubted bool   `json:"doubted"`
}

// NewInput is an input of which nothing is known.
func NewInput() Input {
	return Input{
		Reading:  Reading{Age: NoAge, LastDoseDays: Never, TestHours: Never},
		Declared: Declared{Age: NoAge, HoursAgo: Never, TestHours: Never},
	}
}

// clip cuts what is longer than a rule may see.
func (in *Input) clip() {
	r, d, v := &in.Reading, &in.Declared, &in.Vehicle
	for _, s := range []*string{
		&r.Kind, &r.Trust, &r.Name, &r.Sex, &r.Ward, &r.Province, &r.Card, &r.Issued, &r.Expires, &r.TestResult,
		&d.TestResult, &d.From, &d.To, &d.Purpose, &v.Plate, &v.Type, &v.Permit,
		&in.Post.Code, &in.Post.Kind, &in.Now.Date, &in.Direction, &in.LanePurpose,
	} {
		*s = clipText(*s)
	}
	for _, l := range []*[]string{&r.Warnings, &d.Symptoms, &d.Tests, &d.Through} {
		*l = clipList(*l)
	}
}

func clipText(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") // half a letter at the cut goes too
}

// clipList never writes into l, which is the caller's.
func clipList(l []string) []string {
	l = l[:min(len(l), maxList)]
	for i, s := range l {
		if len(s) > maxText {
			cut := make([]string, len(l))
			copy(cut, l[:i])
			for j := i; j < len(l); j++ {
				cut[j] = clipText(l[j])
			}
			return cut
		}
	}
	return l
}
