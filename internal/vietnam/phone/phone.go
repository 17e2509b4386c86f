// Package phone knows the phone numbers of Viet Nam.
//
// Sources: circular 22/2014/TT-BTTTT (numbering plan), decisions 2036/2016
// (area codes since 2017) and 798/2018/QD-BTTTT (mobile numbers of eleven digits
// became ten from 15 September 2018).
package phone

import (
	"errors"
	"slices"
	"strings"
)

// Kind says what a number reaches.
type Kind uint8

// The kinds.
const (
	Mobile   Kind = iota + 1 // 0912 345 678
	Landline                 // 0234 382 3456, 024 3825 1234
	Foreign                  // +856 20 5555 1234
)

// Phone is a number that was understood.
type Phone struct {
	Number string // national form "0912345678"; a foreign one "+8562055551234"
	Kind   Kind
}

// ErrPhone is Parse's error.
var ErrPhone = errors.New("not a phone number")

// mobile are the first three digits of mobile numbers since 2018, by network.
var mobile = strings.Fields("032 033 034 035 036 037 038 039 086 096 097 098 " + // Viettel
	"081 082 083 084 085 088 091 094 " + // VinaPhone
	"070 076 077 078 079 089 090 093 " + // MobiFone
	"052 056 058 092 " + // Vietnamobile
	"059 099 087 055") // Gmobile, Itel, Wintel

// renamed are the eleven-digit prefixes until 2018 and what became of them.
var renamed = map[string]string{
	"0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038", "0169": "039",
	"0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
	"0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
	"0186": "056", "0188": "058", "0199": "059",
}

// areas are the area codes since 2017, without the leading 0. Numbers have ten
// digits after the 0, code included.
var areas = strings.Fields("24 28 " + // Hà Nội, Hồ Chí Minh
	"203 204 205 206 207 208 209 210 211 212 213 214 215 216 218 219 220 221 222 225 226 227 228 229 " +
	"232 233 234 235 236 237 238 239 251 252 254 255 256 257 258 259 260 261 262 263 269 " +
	"270 271 272 273 274 275 276 277 290 291 292 293 294 296 297 299")

// Parse reads a number in any common form: blanks, dots and dashes, +84 or 0084
// in front, mobile numbers of before 2018 (they are renewed), foreign numbers
// with + or 00 in front.
func Parse(s string) (Phone, error) {
	n, ok := national(s)
	switch {
	case !ok:
		return Phone{}, ErrPhone
	case n[0] == '+':
		if len(n) < 9 || len(n) > 16 || n[1] == '0' {
			return Phone{}, ErrPhone
		}
		return Phone{n, Foreign}, nil
	case len(n) == 10 && slices.Contains(mobile, n[:3]):
		return Phone{n, Mobile}, nil
	case len(n) == 11 && renamed[n[:4]] != "":
		return Phone{renamed[n[:4]] + n[4:], Mobile}, nil
	case len(n) == 11 && n[0] == '0' && slices.ContainsFunc(areas, func(a string) bool { return inArea(n[1:], a) }):
		return Phone{n, Landline}, nil
	}
	return Phone{}, ErrPhone
}

// inArea says that a number without its leading 0 begins with the code, and its
// own part with no 0 or 1.
func inArea(n, code string) bool { return strings.HasPrefix(n, code) && n[len(code)] > '1' }

// national takes the separators and the country off; false when there is
// anything else than digits, or nothing.
func national(s string) (string, bool) {
	var b strings.Builder
	for i, r := range strings.TrimSpace(s) {
		switch {
		case r >= '0' && r <= '9', r == '+' && i == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" .-()", r):
		default:
			return "", false
		}
	}
	n := b.String()
	if rest, ok := strings.CutPrefix(n, "00"); ok {
		n = "+" + rest
	}
	if rest, ok := strings.CutPrefix(n, "+84"); ok {
		n = "0" + strings.TrimPrefix(rest, "0")
	}
	if len(n) == 11 && strings.HasPrefix(n, "84") && slices.Contains(mobile, "0"+n[2:4]) {
		n = "0" + n[2:]
	}
	return n, n != ""
}

// Begins says that s can become a number when more is typed; an empty one can.
func Begins(s string) bool {
	n, ok := national(s)
	if !ok {
		return strings.Trim(s, " .-()") == ""
	}
	if n[0] == '+' || n == "0" || strings.HasPrefix("84", n) {
		return len(n) <= 16
	}
	if strings.HasPrefix(n, "84") && len(n) <= 11 {
		return prefixOfAny("0"+n[2:], mobile, 10)
	}
	if prefixOfAny(n, mobile, 10) {
		return true
	}
	for old := range renamed {
		if prefixOf(n, old, 11) {
			return true
		}
	}
	return n[0] == '0' && prefixOfAny(n[1:], areas, 10)
}

func prefixOfAny(n string, all []string, most int) bool {
	return slices.ContainsFunc(all, func(p string) bool { return prefixOf(n, p, most) })
}

func prefixOf(n, p string, most int) bool {
	return len(n) <= most && (strings.HasPrefix(n, p) || strings.HasPrefix(p, n))
}

// String groups the digits: "0912 345 678".
func (p Phone) String() string {
	n := p.Number
	switch {
	case p.Kind == Mobile:
		return n[:4] + " " + n[4:7] + " " + n[7:]
	case p.Kind == Landline && (n[:3] == "024" || n[:3] == "028"):
		return n[:3] + " " + n[3:7] + " " + n[7:]
	case p.Kind == Landline:
		return n[:4] + " " + n[4:7] + " " + n[7:]
	}
	return n
}
