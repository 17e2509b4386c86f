// Package credential reads whatever QR a citizen shows: our own card and every
// other code in use (the table in docs/formats). It never touches a disk, a
// screen or the network; one text in, one Reading out.
package credential

import (
	"fmt"
	"time"

	"quachot/internal/identity"
)

// Kind says which credential a text is. Values are in records: append only.
type Kind uint8

// The kinds, in the order of the recognition table.
const (
	Unknown    Kind = 0  // none of the below: garbage, or half a code
	Card       Kind = 1  // our signed card, Base45 or digits form
	CardNumber Kind = 2  // our card's 13-digit number, typed or from a barcode
	DCC        Kind = 3  // EU Digital COVID Certificate, HC1:
	SHC        Kind = 4  // SMART Health Card, shc:/
	VDSNC      Kind = 5  // ICAO VDS-NC, JSON: recognised by name only
	VDS        Kind = 6  // ICAO VDS or IDB: recognised by name only
	URL        Kind = 7  // a link: logged, never opened
	BHYT       Kind = 8  // health insurance card
	QRQG       Kind = 9  // national personal QR
	CCCD       Kind = 10 // citizen identity card with chip, and Căn cước
	Document   Kind = 11 // a bare document number: 12 or 9 digits, a passport, an old health card
	DIVOC      Kind = 12 // zip with JSON-LD: recognised by name only
	Claim169   Kind = 13 // a Claim 169 token that is not one of our cards
)

var kindNames = [...]string{"unknown", "card", "card-number", "dcc", "shc", "vds-nc", "vds", "url", "bhyt", "qrqg", "cccd", "document", "divoc", "claim169"}

// String is the kind's name in JSON and in text keys ("kind.<name>").
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// MarshalText writes the name, so JSON shows words.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Trust says how far a reading is proven. Values are in records: append only.
type Trust uint8

// The degrees of trust. Only Signed proves who made the credential; Undecided
// ("unknown" in words) means that it cannot be told here, for example because
// the key is not known, and is never the same as Forged.
const (
	Undecided  Trust = 0
	Signed     Trust = 1
	Unverified Trust = 2
	Forged     Trust = 3
)

var trustNames = [...]string{"unknown", "signed", "unverified", "forged"}

// String is the trust's name in JSON and in text keys ("trust.<name>").
func (t Trust) String() string {
	if int(t) < len(trustNames) {
		return trustNames[t]
	}
	return fmt.Sprintf("trust(%d)", uint8(t))
}

// MarshalText writes the name, so JSON shows words.
func (t Trust) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Reading is what the kiosk understood of one scanned text. The zero Reading is
// an empty scan: Unknown, Undecided. Absent facts are empty strings or zero
// times, never guesses.
type Reading struct {
	Kind  Kind
	Trust Trust
	// Reason is a code that says why Trust is not better, or why the text could
	// not be read: [BadSignature], [UnknownKey], [Truncated] ... Empty when Trust
	// is Signed. Texts are under "reading.<code>".
	Reason string
	// Warnings are codes of cross-checks that failed: [WarnBirthYear],
	// [WarnExpired], [WarnMasked] ... They never refuse here; what a checkpoint
	// makes of them is its own matter. Texts are under "warning.<code>".
	Warnings []string

	Name  string // as the credential spells it, NFC
	Birth string // YYYY-MM-DD, YYYY-MM or YYYY
	Sex   string // "M", "F" or ""
	// Documents are the numbers this credential carries, own first. A masked
	// number is left out.
	Documents []identity.Document
	Address   string
	Ward      string // 5-digit code, from our card
	Phone     string

	CardNumber string    // 13 digits, of Card and CardNumber
	TokenHash  [32]byte  // SHA-256 of the COSE bytes, of Card; zero otherwise
	KeyID      []byte    // kid of a signed kind
	Issued     time.Time // zero when the credential does not say
	Expires    time.Time // the last moment it counts; zero when it never ends

	// Fields are all further facts by name, for `kiosk read` and the office:
	// "issued", "old", "qid", "bhxh", "level", "vaccine" ...
	Fields map[string]string
}
