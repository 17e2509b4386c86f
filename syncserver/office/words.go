package office

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"quachot/internal/text"
)

// Hanoi is the time of every page: Vietnam has one zone and no summer time.
var hanoi = time.FixedZone("+07", 7*3600)

// clockTime is the time of day, with the day before it when that is not today.
func clockTime(at, now time.Time) string {
	at, now = at.In(hanoi), now.In(hanoi)
	if at.Year() == now.Year() && at.YearDay() == now.YearDay() {
		return at.Format("15:04:05")
	}
	if at.Year() == now.Year() {
		return at.Format("02/01 15:04:05")
	}
	return at.Format("02/01/2006 15:04")
}

// span is a length of time in one unit, rounded down: "12 phút".
func span(t *text.Catalogue, d time.Duration) string {
	unit, n := "days", d/(24*time.Hour)
	switch {
	case d < time.Minute:
		unit, n = "seconds", d/time.Second
	case d < time.Hour:
		unit, n = "minutes", d/time.Minute
	case d < 48*time.Hour:
		unit, n = "hours", d/time.Hour
	}
	return t.T("office.unit."+unit, "n", strconv.FormatInt(int64(n), 10))
}

// number writes n with its thousands apart, as the language does it.
func number(t *text.Catalogue, n uint64) string {
	mark := "."
	if t.Lang() == text.English {
		mark = ","
	}
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return s
}

// coded is the text of prefix+code, or says that there is none: stations may be
// newer than the office.
func coded(t *text.Catalogue, prefix, code string) string {
	if key := prefix + code; t.Has(key) {
		return t.T(key)
	}
	return t.T("office.code.unknown", "code", hideNumbers(code))
}

// join writes the parts that are there with a dot between.
func join(parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, " · ")
}

// sentence begins with a capital.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
