// Package docnum knows the rules of Vietnamese document numbers: which text can
// be which number, and what a 12-digit personal number says of its bearer. A
// number that breaks a rule is a reason to look again, never proof of a false
// document: people registered abroad have country codes that are not listed
// here, and corrected birth dates keep the old number.
package docnum

import "regexp"

var (
	personal  = regexp.MustCompile(`^[0-9]{12}$`)
	old       = regexp.MustCompile(`^[0-9]{9}$`)
	passport  = regexp.MustCompile(`^[A-Z][0-9]{7,8}$`)
	insurance = regexp.MustCompile(`^(?:[A-Z]{2}[0-9]{3}[A-Z0-9]{10}|[0-9]{10})$`)
	oldCard   = regexp.MustCompile(`^[A-Z]{2}[0-9]{3}[A-Z0-9]{10}$`)
	zeros     = regexp.MustCompile(`^0+$`)
)

// IsPersonal says whether s can be a 12-digit personal number (CCCD, Căn cước,
// 12-digit CMND). All zeros, which some systems print for "none", cannot.
func IsPersonal(s string) bool { return personal.MatchString(s) && !zeros.MatchString(s) }

// IsOld says whether s can be a 9-digit identity card number (CMND).
func IsOld(s string) bool { return old.MatchString(s) && !zeros.MatchString(s) }

// IsPassport says whether s can be a Vietnamese passport number: a capital
// letter and 7 or 8 digits.
func IsPassport(s string) bool { return passport.MatchString(s) }

// IsInsurance says whether s can be the number of a health insurance card: two
// letters, benefit level and province, ten more characters (2009-2021; army and
// police have letters among them), or the 10-digit BHXH number (from 2021).
func IsInsurance(s string) bool { return insurance.MatchString(s) && !zeros.MatchString(s) }

// IsOldInsurance says whether s is the 15-character form, which nothing else
// can be mistaken for.
func IsOldInsurance(s string) bool { return oldCard.MatchString(s) }

// BHXH is the 10-digit social insurance number of a health insurance card, the
// same on the old and the new card; empty when s is neither.
func BHXH(s string) string {
	if !IsInsurance(s) {
		return ""
	}
	return s[len(s)-10:]
}
