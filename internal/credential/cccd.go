package credential

import (
	"fmt"
	"strings"

	"quachot/internal/identity"
	"quachot/internal/vietnam/docnum"
)

// readCCCD reads the code of a chip-based identity card (2021) and of the Căn
// cước card (2024):
//
//	number|old number|name|birth ddMMyyyy|sex|residence|issued ddMMyyyy[|...]
//
// The date of issue is missing on some; cards from 2024-07 end in four more
// fields, empty on those seen, kept as they are. Empty fields count.
func readCCCD(s scan) (Reading, bool) {
	f := strings.Split(s.text, "|")
	if len(f) < 6 || !docnum.IsPersonal(part(f, 0)) || len(part(f, 3)) != 8 || !digits(part(f, 3)) {
		return Reading{}, false
	}
	r := Reading{Kind: CCCD, Trust: Unverified, Reason: Unsigned}
	r.Name, r.Sex, r.Address = part(f, 2), sexWord(part(f, 4)), part(f, 5)
	r.birth(dayMonthYear(part(f, 3), ""), s.now)
	r.number(part(f, 0), s.now)
	r.oldNumber(part(f, 1))
	r.set("id", part(f, 0))
	r.set("old", part(f, 1))
	r.Issued = day(dayMonthYear(part(f, 6), ""))
	r.set("issued", dayMonthYear(part(f, 6), ""))
	for i := 7; i < len(f) && i < 7+maxExtra; i++ {
		r.set(extraName(i), f[i])
	}
	if len(f) == 6 {
		r.warn(WarnShortened)
	}
	if garbled(r.Name) || r.Sex == "" {
		r.warn(WarnGarbled)
	}
	return r, true
}

// maxExtra bounds the fields kept of a code with more of them than are known.
const maxExtra = 8

// extraName is "extra_7", "extra_8" ...: what is in field i is not known.
func extraName(i int) string {
	return fmt.Sprintf("extra_%d", i)
}

// oldNumber adds the number of an earlier card; none and all zeros are left out.
func (r *Reading) oldNumber(s string) {
	switch {
	case docnum.IsOld(s):
		r.document(identity.CMND, s)
	case docnum.IsPersonal(s):
		r.document(identity.CCCD, s)
	case strings.Trim(s, "0- ") != "":
		r.warn(WarnNumber)
	}
}

// sexWord reads the sex as cards print it; empty when it is neither word.
func sexWord(s string) string {
	switch strings.ToLower(s) {
	case "nam", "m", "male":
		return "M"
	case "nữ", "nu", "f", "female":
		return "F"
	}
	return ""
}
