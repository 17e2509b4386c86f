package people

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"

	"quachot/internal/identity"
	"quachot/internal/vietnam/docnum"
	"quachot/internal/vietnam/units"
)

// maxName is more than any name; beyond it the cells have slipped.
const maxName = 100

// person reads one row; the second value says why it cannot be used.
func (t *table) person(row int, cells []string) (Person, *Rejected) {
	p := Person{Row: row, Address: t.cell(cells, colAddress), Hamlet: t.cell(cells, colHamlet)}
	for _, field := range []struct {
		column string
		read   func(string) (reason string)
	}{
		{colName, p.readName},
		{colDOB, func(s string) string { return p.readBirth(s, t) }},
		{colSex, p.readSex},
		{colDocument, p.readDocuments},
		{colWard, p.readWard},
		{colPhone, p.readPhone},
	} {
		value := t.cell(cells, field.column)
		if reason := field.read(value); reason != "" {
			return p, &Rejected{Row: row, Column: field.column, Reason: reason, Value: value}
		}
	}
	return p, nil
}

func (p *Person) readName(s string) string {
	letters := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r), unicode.IsControl(r):
			return "name"
		}
	}
	if letters < 2 || len([]rune(s)) > maxName {
		return "name"
	}
	p.Name = s
	return ""
}

// dayForms are the ways to write a day; the month never stands first.
var dayForms = []string{time.DateOnly, "2/1/2006", "2-1-2006", "2.1.2006", "2006/1/2"}

func (p *Person) readBirth(s string, t *table) string {
	day, ok := parseDay(s)
	if !ok && t.sheet {
		day, ok = t.parseSerial(s)
	}
	switch {
	case ok && plausible(day.Year()):
		p.Birth = day.Format(time.DateOnly)
	case len(s) == 4 && onlyDigits(s) && plausible(atoi(s)):
		p.Birth = s
	default:
		return "dob"
	}
	return ""
}

func parseDay(s string) (time.Time, bool) {
	s = strings.TrimSuffix(s, " 00:00:00")
	for _, form := range dayForms {
		if day, err := time.Parse(form, s); err == nil {
			return day, true
		}
	}
	return time.Time{}, false
}

// parseSerial reads a sheet's number of days. Four digits are a year, never a
// day of 1905 to 1927.
func (t *table) parseSerial(s string) (time.Time, bool) {
	days, err := strconv.ParseFloat(s, 64)
	if err != nil || days < 10000 || days > 100000 {
		return time.Time{}, false
	}
	day, err := excelize.ExcelDateToTime(days, t.date1904)
	return day, err == nil
}

// plausible is a year of birth that a living person may have; whether it is in
// the future says who knows the date.
func plausible(year int) bool { return year >= 1900 && year <= 2100 }

var sexes = map[string]string{"": "", "m": "M", "male": "M", "nam": "M", "f": "F", "female": "F", "nu": "F"}

func (p *Person) readSex(s string) string {
	sex, ok := sexes[fold(s)]
	if !ok || s != "" && fold(s) == "" {
		return "sex"
	}
	p.Sex = sex
	return ""
}

// readDocuments takes KIND:NUMBER, several with semicolons between. A bare
// number of 12 digits is a CCCD and of 9 a CMND; 11 digits are a CCCD that a
// spreadsheet took its leading zero from (all of them start with one).
func (p *Person) readDocuments(s string) string {
	for one := range strings.SplitSeq(s, ";") {
		one = strings.TrimSpace(one)
		if one == "" {
			continue
		}
		d, ok := parseDocument(one)
		if !ok {
			return "document"
		}
		p.Documents = append(p.Documents, d)
	}
	return ""
}

func parseDocument(s string) (identity.Document, bool) {
	if !strings.Contains(s, ":") {
		return bareDocument(identity.NewDocument(identity.CCCD, plainNumber(s)).Number)
	}
	d, err := identity.ParseDocument(s)
	if err != nil {
		return d, false
	}
	switch d.Kind {
	case identity.CCCD:
		return d, docnum.IsPersonal(d.Number)
	case identity.CMND:
		return d, docnum.IsOld(d.Number)
	case identity.Passport: // also those of other countries
		return d, len(d.Number) >= 5 && len(d.Number) <= 20
	case identity.BHYT:
		return d, docnum.IsInsurance(d.Number)
	}
	return d, true
}

func bareDocument(n string) (identity.Document, bool) {
	switch {
	case docnum.IsPersonal(n):
		return identity.Document{Kind: identity.CCCD, Number: n}, true
	case len(n) == 11 && docnum.IsPersonal("0"+n):
		return identity.Document{Kind: identity.CCCD, Number: "0" + n}, true
	case docnum.IsOld(n):
		return identity.Document{Kind: identity.CMND, Number: n}, true
	}
	return identity.Document{}, false
}

// readWard takes the code, with leading zeros that a spreadsheet took away.
func (p *Person) readWard(s string) string {
	code := plainNumber(s)
	if code == "" || len(code) > 5 || !onlyDigits(code) {
		return "ward"
	}
	code = strings.Repeat("0", 5-len(code)) + code
	if _, ok := units.Ward(code, time.Time{}); !ok {
		return "ward_unknown"
	}
	p.Ward = code
	return ""
}

var phone = regexp.MustCompile(`^0[0-9]{9,10}$`)

func (p *Person) readPhone(s string) string {
	if s == "" {
		return ""
	}
	n := strings.NewReplacer(" ", "", ".", "", "-", "", "(", "", ")", "").Replace(plainNumber(s))
	switch {
	case strings.HasPrefix(n, "+84"):
		n = "0" + n[3:]
	case len(n) == 11 && strings.HasPrefix(n, "84"):
		n = "0" + n[2:]
	case len(n) == 9 && n[0] != '0':
		n = "0" + n
	}
	if !phone.MatchString(n) {
		return "phone"
	}
	p.Phone = n
	return ""
}

// scientific is how a sheet may store a long number.
var scientific = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}$`)

// plainNumber is a whole number without exponent or ".0"; other texts stay.
func plainNumber(s string) string {
	if head, ok := strings.CutSuffix(s, ".0"); ok && onlyDigits(head) {
		return head
	}
	if !scientific.MatchString(s) {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f >= 1e15 {
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func onlyDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
