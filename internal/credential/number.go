package credential

import (
	"errors"
	"strings"
	"time"

	"quachot/internal/card"
	"quachot/internal/identity"
	"quachot/internal/vietnam/docnum"
)

// readCardNumber reads our card's number as it is typed or scanned. Thirteen
// digits with a wrong check digit are nothing else, so they end here.
func readCardNumber(s scan) (Reading, bool) {
	n, err := card.ParseNumber(s.text)
	switch {
	case errors.Is(err, card.ErrCheckDigit):
		return Reading{Reason: BadCheckDigit}, true
	case err != nil:
		return Reading{}, false
	}
	return Reading{Kind: CardNumber, Trust: Unverified, Reason: Unsigned, CardNumber: string(n)}, true
}

// readNumber reads a document number alone, from a barcode or typed, blanks,
// dots and dashes allowed. Ten digits alone could be a health card or a phone,
// so they are said to be ambiguous.
func readNumber(s scan) (Reading, bool) {
	if len(s.text) > 40 {
		return Reading{}, false
	}
	n := strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "-", "", "\t", "").Replace(s.text))
	if len(n) == 10 && digits(n) {
		return Reading{Reason: Ambiguous}, true
	}
	r := Reading{Kind: Document, Trust: Unverified, Reason: Unsigned}
	if !r.number(n, s.now) {
		return Reading{}, false
	}
	return r, true
}

// number adds s as the document its form says it is, and warns of what a
// personal number says against the facts already on r. False: s is no number of
// an identity document or passport, nor the long one of a health card.
func (r *Reading) number(s string, now time.Time) bool {
	switch {
	case docnum.IsPersonal(s):
		r.document(identity.CCCD, s)
		r.personal(s, now)
	case docnum.IsOld(s):
		r.document(identity.CMND, s)
	case docnum.IsPassport(s):
		r.document(identity.Passport, s)
	case docnum.IsOldInsurance(s):
		r.document(identity.BHYT, docnum.BHXH(s))
		r.set("no", s)
	default:
		return false
	}
	return true
}

// personal compares a personal number with the facts on r and names its province.
func (r *Reading) personal(s string, now time.Time) {
	p, err := docnum.ParsePersonal(s)
	if err != nil {
		return
	}
	r.warn(p.Check(r.Birth, r.Sex, now.In(vietnam).Year())...)
	r.set("province", docnum.ProvinceName(p.Province))
}

// knownNumber says whether s is a number that one of the '|' formats starts with.
func knownNumber(s string) bool {
	return docnum.IsPersonal(s) || docnum.IsOld(s) || docnum.IsPassport(s) || docnum.IsInsurance(s)
}

// maskedNumber says whether s is a number whose first characters are hidden.
func maskedNumber(s string) bool {
	rest := strings.TrimLeft(s, "*")
	return rest != s && len(s) >= 6 && len(s) <= 15 && (rest == "" || digits(rest))
}
