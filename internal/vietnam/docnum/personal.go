package docnum

import (
	_ "embed"
	"errors"
	"strconv"
	"strings"
	"sync"
)

// ErrPersonal is ParsePersonal's error.
var ErrPersonal = errors.New("not a 12-digit personal number")

// Personal is what the digits PPP G YY NNNNNN of a personal number say (decree
// 137/2015/ND-CP): province or country of birth registration, century and sex,
// last two digits of the birth year, and six random ones. There is no check
// digit.
type Personal struct {
	Number    string
	Province  string // three digits; ProvinceName gives the words
	Sex       string // "M" or "F"
	BirthYear int    // 1900-2399
}

// ParsePersonal reads a number without blanks.
func ParsePersonal(s string) (Personal, error) {
	if !IsPersonal(s) {
		return Personal{}, ErrPersonal
	}
	century, year := int(s[3]-'0'), int(s[4]-'0')*10+int(s[5]-'0')
	p := Personal{Number: s, Province: s[:3], Sex: "M", BirthYear: 1900 + century/2*100 + year}
	if century%2 == 1 {
		p.Sex = "F"
	}
	return p, nil
}

// The codes of Check, with texts under "warning.<code>".
const (
	WarnProvince  = "province"   // no province of 2016 has this code: born abroad, or a wrong number
	WarnBirthYear = "birth_year" // the number says another year of birth, or one to come
	WarnSex       = "sex"        // the number says the other sex
)

// Check compares the number with the birth date (it starts with the year) and
// the sex ("M" or "F") beside it and with this year. Empty words are not
// compared. It gives warning codes, nil when all agrees.
func (p Personal) Check(birth, sex string, thisYear int) []string {
	var warn []string
	if ProvinceName(p.Province) == "" {
		warn = append(warn, WarnProvince)
	}
	if p.BirthYear > thisYear || len(birth) >= 4 && birth[:4] != strconv.Itoa(p.BirthYear) {
		warn = append(warn, WarnBirthYear)
	}
	if (sex == "M" || sex == "F") && sex != p.Sex {
		warn = append(warn, WarnSex)
	}
	return warn
}

//go:embed provinces.csv
var provincesCSV string

var provinces = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(provincesCSV) {
		if f := strings.Split(strings.TrimSpace(line), ","); len(f) == 3 && f[0] != "code3" {
			names[f[0]] = f[2]
		}
	}
	return names
})

// ProvinceName is the name of the province with the three-digit code of the
// personal number, as it was before the mergers of 2025 ("046" is Thừa Thiên
// Huế); empty when there is none.
func ProvinceName(code string) string { return provinces()[code] }
