package lane

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"quachot/internal/card"
	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/kiosk/checkpoint"
)

// rawKeep is how much is kept of what could not be read or verified.
const rawKeep = 2 << 10

// scanRecord is the record of one outcome without the document's fields.
func scanRecord(text string, direction record.Direction, o checkpoint.Outcome) record.Scan {
	r := o.Reading
	s := record.Scan{
		Direction: direction,
		Reading:   r.Kind, Trust: r.Trust, Why: r.Reason, Warnings: r.Warnings,
		Verdict: o.Verdict, Reasons: o.Reasons,
	}
	if !ownCard(r) {
		s.Documents = r.Documents
	}
	if n, err := card.ParseNumber(r.CardNumber); err == nil {
		s.Card = n.Uint()
	} else if r.CardNumber != "" { // not a number of ours, and the only one there is
		s.Documents = append(s.Documents[:len(s.Documents):len(s.Documents)], identity.NewDocument(identity.Card, r.CardNumber))
	}
	if o.Verdict != record.Pass && r.TokenHash != ([32]byte{}) {
		s.Token = r.TokenHash[:]
	}
	if r.Trust == credential.Forged || r.Trust == credential.Undecided {
		s.Raw = []byte(text)
		if len(text) > rawKeep {
			s.Raw, s.RawLen = s.Raw[:rawKeep], len(text)
		}
	}
	return s
}

func addFields(s *record.Scan, r credential.Reading) {
	s.Name, s.Birth, s.Sex, s.Address, s.Phone = r.Name, r.Birth, r.Sex, r.Address, r.Phone
}

// fieldsKey stands for one person's fields as one credential gives them: other
// fields under the same number are news, and written.
type fieldsKey [sha256.Size]byte

// fieldsOf is the zero key when there are none to write: nothing was said, or it
// is our card, of which only the number is kept.
func fieldsOf(r credential.Reading) fieldsKey {
	if ownCard(r) || r.Name+r.Birth+r.Sex+r.Address+r.Phone == "" {
		return fieldsKey{}
	}
	parts := []string{r.Name, r.Birth, r.Sex, r.Address, r.Phone}
	for _, d := range r.Documents {
		parts = append(parts, d.String())
	}
	return sha256.Sum256([]byte(fmt.Sprintf("%q", strings.Join(parts, "\x00"))))
}

// maxFields bounds the memory of a day; when it is full, fields are written
// once more.
const maxFields = 10_000

// firstToday tells whether these fields are not on record yet today, in this
// segment, and notes them. The caller holds mu.
func (l *Lane) firstToday(f fieldsKey) bool {
	if today := dayOf(l.d.Clock.Now()); today != l.fieldsDay || len(l.fields) >= maxFields {
		clear(l.fields)
		l.fieldsDay = today
	}
	if _, known := l.fields[f]; known {
		return false
	}
	l.fields[f] = struct{}{}
	return true
}

// zone is Viet Nam's: a day of records is a day there.
var zone = time.FixedZone("+07", 7*60*60)
