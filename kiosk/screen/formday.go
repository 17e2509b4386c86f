package screen

import (
	"strings"
	"time"
)

// dayShape puts the slashes into digits typed without them: 18011987 looks like
// 18/01/1987. Up to four digits may still be a year.
func dayShape(s string) string {
	s = strings.NewReplacer("-", "/", ".", "/", " ", "/").Replace(s)
	if strings.Contains(s, "/") || len(s) <= 4 {
		return s
	}
	return s[:2] + "/" + s[2:4] + "/" + s[4:]
}

// readDay is YYYY-MM-DD of a day, YYYY of a year alone, "" of anything else.
func readDay(s string) string {
	s = dayShape(s)
	if len(s) == 4 && strings.Trim(s, "0123456789") == "" {
		return s
	}
	day, err := time.Parse("2/1/2006", s)
	if err != nil {
		return ""
	}
	return day.Format(time.DateOnly)
}

// showDay is the opposite of readDay. A month alone (YYYY-MM) becomes its year,
// which is all that is certain of the day.
func showDay(value string) string {
	if day, err := time.Parse(time.DateOnly, value); err == nil {
		return day.Format("02/01/2006")
	}
	if _, err := time.Parse("2006-01", value); err == nil {
		return value[:4]
	}
	return value
}

// dayFault says what is wrong with a day, as soon as it is: a 13th month, a day
// to come. What may still become right is only wrong when the field is left.
func dayFault(s string, years, done bool, today time.Time) string {
	parts := strings.Split(dayShape(s), "/")
	limits := []string{"31", "12"}
	for i, part := range parts[:len(parts)-1] {
		if i >= len(limits) || part == "" || len(part) > 2 || len(part) == 2 && part > limits[i] || strings.Trim(part, "0") == "" {
			return "form.day.none"
		}
	}
	value := readDay(s)
	whole := len(value) == 10 || len(value) == 4 && years
	switch {
	case !whole && (done || len(parts) == 3 && len(parts[2]) >= 4):
		return "form.day.none"
	case !whole, len(value) == 4 && !done && value < "1900":
		return "" // 1801 may be the 18th of January
	case value[:4] < "1900":
		return "form.day.old"
	case len(value) == 4 && value > today.Format("2006"), len(value) == 10 && value > today.Format(time.DateOnly):
		if len(value) == 4 && !done {
			return ""
		}
		return "form.day.future"
	}
	return ""
}
