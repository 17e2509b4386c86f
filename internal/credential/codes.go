package credential

import "quachot/internal/vietnam/docnum"

// Codes of Reading.Reason, with texts under "reading.<code>".
const (
	// The text could not be read: Kind is Unknown.
	Empty         = "empty"           // nothing was scanned
	Garbage       = "garbage"         // no known code
	Truncated     = "truncated"       // the beginning of a known code, the rest is missing
	Malformed     = "malformed"       // a known code whose inside is broken
	TooLarge      = "too_large"       // longer than any code, or inflates to too much
	BadCheckDigit = "bad_check_digit" // 13 digits, but not a card number
	InputMethod   = "input_method"    // a known code, its letters changed by a Vietnamese input method
	Ambiguous     = "ambiguous"       // a number that several documents could have

	// The text was read, its signature does not count: Kind is known.
	Unsigned     = "unsigned"      // this credential carries no signature
	UnknownKey   = "unknown_key"   // signed by a key not known here
	BadSignature = "bad_signature" // the key is known and did not sign this
	AlgMismatch  = "alg_mismatch"  // signed with another algorithm than the key's
	KeyRange     = "key_range"     // the key may not sign this card number or date
	KeyUsage     = "key_usage"     // the certificate may not sign this kind of certificate
	Encrypted    = "encrypted"     // only its addressee can read it
	NoPrefix     = "no_prefix"     // an EU certificate without its HC1:
	Chunked      = "chunked"       // one of several codes that belong together
	NotSupported = "not_supported" // recognised by name only
	Link         = "link"          // a web address, never opened
)

// Codes of Reading.Warnings, with texts under "warning.<code>".
const (
	WarnProvince    = docnum.WarnProvince
	WarnBirthYear   = docnum.WarnBirthYear
	WarnSex         = docnum.WarnSex
	WarnBirthDate   = "birth_date"    // the birth date is missing, no date, or still to come
	WarnNumber      = "number"        // a document number in a form no document has
	WarnMasked      = "masked"        // parts are hidden by *
	WarnShortened   = "shortened"     // the last fields are missing
	WarnGarbled     = "garbled"       // letters were lost on the way
	WarnExpired     = "expired"       // no longer valid now
	WarnNotYetValid = "not_yet_valid" // valid or issued only later than now
	WarnNoIdentity  = "no_identity"   // signed, but says nothing of a person
	WarnSchema      = "schema"        // signed, but not of the form the standard demands
	WarnSignerDates = "signer_dates"  // signed outside the dates of the signer's certificate
	WarnOtherPerson = "declared_by_other"
)
