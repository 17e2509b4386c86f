package credential

import (
	"strings"
	"time"
)

// vietnam is the time of all plain dates on Vietnamese documents; there is no
// daylight saving time.
var vietnam = time.FixedZone("UTC+7", 7*3600)

// clockSlack is how far a date of issue may lie ahead of this clock before it
// is said: a day covers any mistaken time zone.
const clockSlack = 24 * time.Hour

// dayMonthYear reads ddMMyyyy with sep between the parts ("" or "/"), and what
// is left of it when day or month are not known: 00 in their place, MM/yyyy or
// yyyy alone. The result is YYYY-MM-DD, YYYY-MM or YYYY; empty when s is no date.
func dayMonthYear(s, sep string) string {
	s = strings.TrimSpace(s)
	if len(s) < 4 {
		return ""
	}
	year := s[len(s)-4:]
	rest := strings.TrimSuffix(s[:len(s)-4], sep)
	day, month := "00", "00"
	switch {
	case rest == "":
	case len(rest) == 2:
		month = rest
	case len(rest) == 4+len(sep) && rest[2:2+len(sep)] == sep:
		day, month = rest[:2], rest[2+len(sep):]
	default:
		return ""
	}
	switch {
	case month == "00" && day == "00":
		return isoDate(year)
	case day == "00":
		return isoDate(year + "-" + month)
	}
	return isoDate(year + "-" + month + "-" + day)
}

// isoDate is s when it is a real YYYY-MM-DD, YYYY-MM or YYYY (a time behind it is
// dropped, YYYYMMDD gets its dashes), else empty.
func isoDate(s string) string {
	if len(s) > 10 && (s[10] == 'T' || s[10] == ' ') {
		s = s[:10]
	}
	if len(s) == 8 && digits(s) {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return s
		}
	}
	return ""
}

// day is the first moment of a YYYY-MM-DD in Viet Nam; zero when s is not one.
func day(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, vietnam)
	if err != nil {
		return time.Time{}
	}
	return t
}

// birth puts a birth date, already read, on r; none, or one in the future, is
// warned of.
func (r *Reading) birth(date string, now time.Time) {
	r.Birth = date
	if date == "" || date > now.In(vietnam).Format(time.DateOnly)[:len(date)] {
		r.warn(WarnBirthDate)
	}
}

// dates warns when now lies outside from and r.Expires, the last moment that
// counts: the EU's test data ask for that, although RFC 8392 ends a token at
// exp. Zero times are open.
func (r *Reading) dates(from, now time.Time) {
	if !r.Expires.IsZero() && now.After(r.Expires) {
		r.warn(WarnExpired)
	}
	if from.After(now.Add(clockSlack)) {
		r.warn(WarnNotYetValid)
	}
}
