// Package identity names citizens by their documents: the document numbers a
// credential carries, and the identity keys by which a station matches them
// against lists without being able to read the lists (design, section 6).
package identity

import (
	"errors"
	"fmt"
	"strings"
)

// DocumentKind says what a number is the number of. The numeric values are on
// the wire and in every record: append only, never renumber.
type DocumentKind uint8

// The kinds of document a person can be known by.
const (
	CCCD     DocumentKind = 1 // 12-digit personal number (CCCD, Căn cước, 12-digit CMND)
	CMND     DocumentKind = 2 // 9-digit identity card number, until 2021
	Passport DocumentKind = 3 // letter and 7-8 digits
	BHYT     DocumentKind = 4 // 10-digit social insurance (BHXH) number of a health card
	QID      DocumentKind = 5 // number of the national personal QR (QRQG)
	Card     DocumentKind = 6 // our own card number, 13 digits
	Plate    DocumentKind = 7 // vehicle plate, upper case without separators
	Phone    DocumentKind = 8 // phone, digits, national form 0xxxxxxxxx
	Foreign  DocumentKind = 9 // any other credential's own id (EU DCC ci, SHC patient)
)

var kindNames = map[DocumentKind]string{
	CCCD: "cccd", CMND: "cmnd", Passport: "passport", BHYT: "bhyt", QID: "qid",
	Card: "card", Plate: "plate", Phone: "phone", Foreign: "foreign",
}

// String is the kind's name in KIND:NUMBER, or "kind(n)" for one this version
// does not know.
func (k DocumentKind) String() string {
	if s, ok := kindNames[k]; ok {
		return s
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Document is one document number of a person. Number is normalised: no blanks,
// dots or dashes, letters in upper case.
type Document struct {
	Kind   DocumentKind `cbor:"1,keyasint" json:"kind"`
	Number string       `cbor:"2,keyasint" json:"number"`
}

// String is KIND:NUMBER, the form commands and people files use.
func (d Document) String() string { return d.Kind.String() + ":" + d.Number }

// ErrDocument is wrapped by ParseDocument's errors.
var ErrDocument = errors.New("not a document")

// ParseDocument reads KIND:NUMBER and normalises the number. It does not check
// the number's own rules; internal/vietnam/docnum does.
func ParseDocument(s string) (Document, error) {
	name, number, ok := strings.Cut(strings.TrimSpace(s), ":")
	if !ok {
		return Document{}, fmt.Errorf("%w: %q has no colon, want KIND:NUMBER such as cccd:046187001234", ErrDocument, s)
	}
	for kind, n := range kindNames {
		if strings.EqualFold(n, strings.TrimSpace(name)) {
			d := NewDocument(kind, number)
			if d.Number == "" {
				return Document{}, fmt.Errorf("%w: %q has no number", ErrDocument, s)
			}
			return d, nil
		}
	}
	return Document{}, fmt.Errorf("%w: unknown kind %q, want one of cccd cmnd passport bhyt qid card plate phone foreign", ErrDocument, name)
}

// NewDocument normalises number: blanks, dots and dashes out, letters upper.
// A BHYT number longer than ten characters is cut to its last ten, the BHXH
// number that the old and the new card share.
func NewDocument(kind DocumentKind, number string) Document {
	n := strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "-", "", "\t", "").Replace(number))
	if kind == BHYT && len(n) > 10 {
		n = n[len(n)-10:]
	}
	return Document{Kind: kind, Number: n}
}
