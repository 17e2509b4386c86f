package rules

import (
	"strings"
	"time"
)

// Results of a test.
const (
	Negative = "negative"
	Positive = "positive"
)

// Test is one line of a declaration's tests.
type Test struct {
	Result string    // Negative, Positive, or empty when the line does not say
	At     time.Time // zero when the line does not say
}

// zone is Viet Nam's, for times written without one.
var zone = time.FixedZone("+07", 7*60*60)

var results = map[string]string{
	"negative": Negative, "not detected": Negative, "neg": Negative, "âm": Negative, "am": Negative, "-": Negative, "(-)": Negative, "not-detected": Negative,
	"positive": Positive, "pos": Positive, "dương": Positive, "duong": Positive, "+": Positive, "(+)": Positive, "detected": Positive,
}

// ReadResult is Negative, Positive, or empty for words that are neither.
func ReadResult(words string) string { return results[strings.ToLower(strings.TrimSpace(words))] }

var layouts = []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02", "02/01/2006"}

// ReadTest reads a test as forms write it: words in any order, such as
// "pcr negative 2021-09-30T08:00". A day alone counts from its first hour, so
// that a test is never made younger than it may be.
func ReadTest(line string) (t Test) {
	for _, word := range strings.Fields(strings.ToLower(clipText(line))) {
		if r, ok := results[word]; ok {
			t.Result = r
			continue
		}
		if at := ReadTime(word); !at.IsZero() {
			t.At = at
		}
	}
	return t
}

// ReadTime reads a time or a day as certificates and forms write it; zero when
// it is neither.
func ReadTime(s string) time.Time {
	for _, layout := range layouts {
		if at, err := time.ParseInLocation(layout, strings.ToUpper(s), zone); err == nil {
			return at
		}
	}
	return time.Time{}
}

// NewestTest is the result and the age in hours of the newest of tests. One
// without a time is older than any with one.
func NewestTest(tests []string, now time.Time) (result string, hours int) {
	hours = Never
	var newest time.Time
	for _, line := range clipList(tests) {
		t := ReadTest(line)
		if t.Result == "" || t.At.Before(newest) || t.At.After(now.Add(time.Hour)) {
			continue
		}
		newest, result = t.At, t.Result
		if !t.At.IsZero() {
			hours = HoursSince(t.At, now)
		}
	}
	return result, hours
}

// HoursSince counts full hours from at until now, never below 0; Never for the
// zero time.
func HoursSince(at, now time.Time) int {
	if at.IsZero() {
		return Never
	}
	return int(min(max(0, now.Sub(at)/time.Hour), Never))
}
