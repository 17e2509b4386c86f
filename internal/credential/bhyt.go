package credential

import (
	"encoding/hex"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"quachot/internal/identity"
	"quachot/internal/vietnam/docnum"
)

// bhytDate is a birth date on a health card; the year alone is seen too.
var bhytDate = regexp.MustCompile(`^(?:(?:[0-9]{2}/)?[0-9]{2}/)?[0-9]{4}$`)

// readBHYT reads a health insurance card, the 15-character one (2009-2021, 15
// elements) and the 10-digit one (from 2021-04, 17 elements), by index, since
// shortened ones exist. Names and addresses are UTF-8 bytes in hexadecimal,
// "-" is an empty field, the last field is "$":
//
//	number|name|birth|sex|address|clinic|from|to|issued|code|parent|area|five years|check|[level|place|]$
//
// Field 13 is a check that only the insurer can verify.
func readBHYT(s scan) (Reading, bool) {
	f := strings.Split(s.text, "|")
	ends := strings.TrimSpace(f[len(f)-1]) == "$"
	no := strings.ToUpper(part(f, 0))
	if len(f) < 4 || !ends && !(docnum.IsInsurance(no) && bhytDate.MatchString(part(f, 2))) {
		return Reading{}, false
	}
	if ends {
		f = f[:len(f)-1]
	}
	r := Reading{Kind: BHYT, Trust: Unverified, Reason: Unsigned}
	r.Name = r.hexText(field(f, 1))
	r.Sex = map[string]string{"1": "M", "2": "F"}[field(f, 3)]
	r.Address = r.hexText(field(f, 4))
	r.birth(dayMonthYear(field(f, 2), "/"), s.now)
	r.insurance(no)
	r.bhytDates(f, s.now)
	r.bhytRest(f)
	if len(f) < 14 {
		r.warn(WarnShortened)
	}
	return r, true
}

// field is part i, or empty for the "-" that stands for nothing.
func field(f []string, i int) string {
	if v := part(f, i); v != "-" {
		return v
	}
	return ""
}

func (r *Reading) insurance(no string) {
	r.set("no", no)
	if !docnum.IsInsurance(no) {
		r.warn(WarnNumber)
		return
	}
	r.document(identity.BHYT, docnum.BHXH(no))
	r.set("bhxh", docnum.BHXH(no))
}

// bhytDates reads the days the card is valid, both included.
func (r *Reading) bhytDates(f []string, now time.Time) {
	from, to, issued := dayMonthYear(field(f, 6), "/"), dayMonthYear(field(f, 7), "/"), dayMonthYear(field(f, 8), "/")
	r.set("from", from)
	r.set("to", to)
	r.set("issued", issued)
	r.Issued = day(issued)
	if last := day(to); !last.IsZero() {
		r.Expires = last.AddDate(0, 0, 1).Add(-time.Second)
	}
	r.dates(day(from), now)
}

func (r *Reading) bhytRest(f []string) {
	r.set("clinic", field(f, 5))
	r.set("code", field(f, 9))
	r.set("parent", r.hexText(field(f, 10)))
	r.set("area", field(f, 11))
	r.set("five_years", dayMonthYear(field(f, 12), "/"))
	r.set("check", field(f, 13))
	r.set("level", field(f, 14))
	r.set("place", r.hexText(field(f, 15)))
}

// hexText is the text in hexadecimal s. Some cards have plain, broken text
// there: it is kept and warned of.
func (r *Reading) hexText(s string) string {
	b, err := hex.DecodeString(s)
	if err != nil || !utf8.Valid(b) {
		r.warn(WarnGarbled)
		return s
	}
	return string(b)
}
