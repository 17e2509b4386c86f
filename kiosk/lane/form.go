package lane

import (
	"strings"
	"time"

	"quachot/kiosk/journal"
)

// FormBucket is the journal's state bucket of the paper forms entered in the
// last day: key "d" or "p" (declaration, passage) and the form's number, value
// the day.
const FormBucket = "form"

const (
	formDeclaration = "d"
	formPassage     = "p"
)

// formNumber is a form's number as it is compared: officers write "hà-12", "HÀ 12".
func formNumber(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", ".", "", "/", "").Replace(s))
}

// entered says whether a form of that number was entered today already. It is
// said, not refused: two pads may carry one number.
func (l *Lane) entered(what, number string) bool {
	if number == "" {
		return false
	}
	day, ok := l.d.Journal.Get(FormBucket, []byte(what+formNumber(number)))
	return ok && string(day) == dayOf(l.d.Clock.Now())
}

// form is the state that remembers a form.
func (l *Lane) form(what, number string) []journal.Put {
	if number == "" {
		return nil
	}
	return []journal.Put{{
		Bucket: FormBucket, Key: []byte(what + formNumber(number)), Value: []byte(dayOf(l.d.Clock.Now())), Keep: 24 * time.Hour,
	}}
}
