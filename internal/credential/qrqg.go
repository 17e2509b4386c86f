package credential

import (
	"regexp"
	"strings"
	"time"

	"quachot/internal/identity"
	"quachot/internal/vietnam/docnum"
)

// qrqgBirth is YYYY-MM-DD in which an app may have hidden parts by *.
var qrqgBirth = regexp.MustCompile(`^[0-9*]{4}-[0-9*]{2}-[0-9*]{2}$`)

// readQRQG reads the national personal QR of 2021 (decision 1405/QD-BTTTT):
//
//	document|NAME|birth YYYY-MM-DD|0 or 1|QID|declarant<sex<health card<phone<...
//
// The fourth field says who declared: 0 the person, 1 somebody for them. A
// document or birth date masked by * is left out of the facts it cannot give;
// such a code is known by its QID alone.
func readQRQG(s scan) (Reading, bool) {
	f := strings.Split(s.text, "|")
	by := part(f, 3)
	if len(f) < 5 || !qrqgBirth.MatchString(part(f, 2)) || by != "0" && by != "1" {
		return Reading{}, false
	}
	r := Reading{Kind: QRQG, Trust: Unverified, Reason: Unsigned}
	r.Name = part(f, 1)
	ext := strings.Split(part(f, 5), "<")
	r.Sex = map[string]string{"1": "M", "2": "F"}[part(ext, 1)]
	r.maskedBirth(part(f, 2), s.now)
	r.firstNumber(part(f, 0), s.now)
	r.document(identity.QID, part(f, 4))
	r.extension(ext, by)
	r.set("doc", part(f, 0))
	r.set("type", by)
	r.set("qid", part(f, 4))
	if len(f) < 6 {
		r.warn(WarnShortened)
	}
	return r, true
}

// maskedBirth keeps of a birth date what stands before the first *.
func (r *Reading) maskedBirth(date string, now time.Time) {
	shown, _, masked := strings.Cut(date, "*")
	if !masked {
		r.birth(isoDate(date), now)
		return
	}
	r.warn(WarnMasked)
	if len(shown) >= 4 {
		r.Birth = isoDate(strings.TrimSuffix(shown[:min(len(shown), 8)], "-"))
	}
}

// firstNumber adds the document of a QRQG, unless it is masked.
func (r *Reading) firstNumber(s string, now time.Time) {
	switch {
	case strings.Contains(s, "*"):
		r.warn(WarnMasked)
	case !r.number(strings.ToUpper(s), now) && s != "":
		r.warn(WarnNumber)
	}
}

// extension reads the values behind the QID. The declarant is another person,
// so their number is a fact and never a document of this one.
func (r *Reading) extension(ext []string, by string) {
	r.set("declarant", part(ext, 0))
	if by == "1" {
		r.warn(WarnOtherPerson)
	}
	if no := strings.ToUpper(part(ext, 2)); docnum.IsInsurance(no) {
		r.document(identity.BHYT, docnum.BHXH(no))
	}
	r.set("bhyt", part(ext, 2))
	r.Phone = part(ext, 3)
	for i := 4; i < len(ext) && i < 4+maxExtra; i++ {
		r.set(extraName(i), ext[i])
	}
}
