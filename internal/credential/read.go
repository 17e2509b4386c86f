package credential

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"quachot/internal/identity"
)

// MaxScan is the longest text Read looks at, in bytes. The longest real code, a
// SMART Health Card, has below 5,000.
const MaxScan = 8 << 10

// maxKeyID bounds the key id kept of a foreign token; real ones have 4 to 43 bytes.
const maxKeyID = 64

// scan is one text on its way through the recognition table.
type scan struct {
	text  string // normalised
	trust *Trusted
	now   time.Time
}

// table is the recognition table, in its order: the first row that knows the
// text answers. A row that recognises its own format but cannot read it answers
// with Kind Unknown and why.
var table = []func(scan) (Reading, bool){
	readDCC, readSHC, readVDSNC, readVDS, readURL,
	readBHYT, readQRQG, readCCCD,
	readToken, readCardNumber, readNumber,
}

// Read says what text is, how far it is proven, and what it says. It accepts
// any bytes and never fails: what it cannot read is Kind Unknown with the reason.
// A nil trust trusts nobody. now decides warnings only, never trust. All text in
// the result is UTF-8 in NFC without control characters, at most 300 characters
// a fact.
func Read(text string, trust *Trusted, now time.Time) Reading {
	if len(text) > MaxScan {
		return Reading{Reason: TooLarge}
	}
	if trust == nil {
		trust = &Trusted{}
	}
	if r, ok := readBinary(text); ok {
		return r
	}
	clean, broken := normalise(text)
	r := recognise(scan{text: clean, trust: trust, now: now})
	if broken && r.Kind != Unknown {
		r.warn(WarnGarbled)
	}
	return r.tidy()
}

func recognise(s scan) Reading {
	if strings.TrimSpace(s.text) == "" {
		return Reading{Reason: Empty}
	}
	for _, read := range table {
		if r, ok := read(s); ok {
			return r
		}
	}
	return Reading{Reason: whyUnknown(s.text)}
}

// whyUnknown tells half a code from garbage: what starts as a known code does
// but was not read by its row is missing its end.
func whyUnknown(text string) string {
	fields := strings.Split(text, "|")
	first := strings.TrimSpace(fields[0])
	switch {
	case len(fields) > 1 && (maskedNumber(first) || knownNumber(first)):
		return Truncated
	case len(text) >= 40 && digits(text): // half of a card's digits form
		return Truncated
	case strings.HasPrefix("HC1:", text), strings.HasPrefix("shc:/", text):
		return Truncated
	case hcertVersion.MatchString(text):
		return NotSupported
	case typedOver(text):
		return InputMethod
	}
	return Garbage
}

// typedOver says whether a code of upper-case Base45 has Vietnamese letters in
// it: a keyboard scanner typed it while an input method was on ("AA" became
// "Â"), which spoils nearly every long code.
func typedOver(text string) bool {
	for _, start := range []string{"HC1:", "NCF", "6BF", "Y9F", "V7F"} {
		if strings.HasPrefix(text, start) && len(text) >= 40 {
			return strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII && unicode.Is(unicode.Latin, r) })
		}
	}
	return false
}

// warn adds a warning code once.
func (r *Reading) warn(codes ...string) {
	for _, c := range codes {
		if !slices.Contains(r.Warnings, c) {
			r.Warnings = append(r.Warnings, c)
		}
	}
}

// set adds a further fact; an empty one is left out.
func (r *Reading) set(name, value string) {
	if value = fact(value); value == "" {
		return
	}
	if r.Fields == nil {
		r.Fields = map[string]string{}
	}
	r.Fields[name] = value
}

// document adds a document number once; an empty one is left out.
func (r *Reading) document(kind identity.DocumentKind, number string) {
	d := identity.NewDocument(kind, fact(number))
	if d.Number != "" && !slices.Contains(r.Documents, d) {
		r.Documents = append(r.Documents, d)
	}
}

// tidy makes the facts that rows assign directly fit to be kept.
func (r Reading) tidy() Reading {
	for _, s := range []*string{&r.Name, &r.Birth, &r.Sex, &r.Address, &r.Ward, &r.Phone, &r.CardNumber} {
		*s = fact(*s)
	}
	r.KeyID = r.KeyID[:min(len(r.KeyID), maxKeyID)]
	return r
}
