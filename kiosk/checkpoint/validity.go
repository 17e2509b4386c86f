package checkpoint

import (
	"strconv"
	"time"

	"quachot/internal/credential"
	"quachot/internal/record"
)

// A card issued in the future is looked at up to farFuture, the most that a
// clock set to the wrong half of the day or the wrong time zone is wrong, and
// stopped beyond it: a card from tomorrow is no clock's mistake.
const (
	nearFuture = 10 * time.Minute
	farFuture  = 12 * time.Hour
)

// valid asks whether a credential that somebody signed, or a card number,
// counts today.
func (c *caseOf) valid(r credential.Reading) {
	if (r.CardNumber != "" || r.Kind == credential.Card) && r.Trust != credential.Forged &&
		c.in.Lists.Revoked(cardNumber(r), r.TokenHash) {
		c.find(record.Stop, "revoked", "")
	}
	if r.Trust != credential.Signed {
		return
	}
	ahead := r.Issued.Sub(c.now)
	switch {
	case c.doubted && (!r.Expires.IsZero() || ahead > nearFuture):
		c.find(record.Check, "clock", "")
	case !r.Expires.IsZero() && !c.now.Before(r.Expires):
		c.find(record.Stop, "expired", day(r.Expires))
	case r.Issued.IsZero():
	case ahead > farFuture:
		c.find(record.Stop, "not_yet_valid", day(r.Issued))
	case ahead > nearFuture:
		c.find(record.Check, "not_yet_valid", day(r.Issued))
	}
}

// stale degrades the verdict by the age of the lists, in the office's steps:
// said, amber, a supervisor is needed. It is never a stop.
func (c *caseOf) stale() {
	asOf := c.in.Lists.AsOf()
	if asOf.IsZero() {
		c.find(record.Check, "lists_none", "")
		return
	}
	hours := uint(c.now.Sub(asOf) / time.Hour)
	steps := c.in.Lists.Settings().StaleH
	past := func(i int) bool { return steps[i] > 0 && hours >= steps[i] }
	arg := strconv.FormatUint(uint64(hours), 10)
	switch {
	case past(2):
		c.find(record.Check, "lists_supervisor", arg)
	case past(1):
		c.find(record.Check, "lists_stale", arg)
	case past(0):
		c.find(0, "lists_old", arg)
	}
}

// zone is Viet Nam's, all year round: a date on the screen is a date there,
// whatever the laptop is set to.
var zone = time.FixedZone("+07", 7*60*60)

func day(t time.Time) string { return t.In(zone).Format(time.DateOnly) }
