package checkpoint

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"quachot/internal/card"
	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
)

// clockSlack is how far the wall clock may be off the office's before dates are not
// decided by it any more. The manifest is signed again hourly, so
// without it a clock a minute slow would turn every card amber for a minute an
// hour; expiry counts in days.
const clockSlack = 5 * time.Minute

// caseOf is one judgement under way: what is known of the time, and the findings
// so far.
type caseOf struct {
	in      Input
	now     time.Time // never below what the office's clock has reached
	doubted bool      // the wall clock is wrong: nothing expires by it
	out     Outcome
	weights []record.Verdict // of out.Reasons, one each; 0 = only said
}

func newCase(in Input) *caseOf {
	floor := in.Lists.AsOf()
	if in.LatestOffice.After(floor) {
		floor = in.LatestOffice
	}
	c := &caseOf{in: in, now: in.Now}
	if in.Ahead > clockSlack {
		c.now = in.Now.Add(-in.Ahead)
		c.doubted = true
	}
	if c.now.Before(floor) {
		c.doubted = c.doubted || floor.Sub(c.now) > clockSlack
		c.now = floor
	}
	return c
}

func (c *caseOf) judge(r credential.Reading) Outcome {
	c.out.Reading = r
	if reason, ok := unreadable(r); ok {
		c.find(record.Unreadable, reason, "")
		return c.outcome()
	}
	c.verify(r)
	c.valid(r)
	c.watch(r)
	c.stale()
	d, at, has := c.declared()
	c.ask(r, d, at, has)
	c.recent()
	return c.outcome()
}

// find adds a finding; weight 0 is a remark that changes no verdict.
func (c *caseOf) find(weight record.Verdict, code, arg string) {
	c.out.Reasons = append(c.out.Reasons, record.Reason{Code: code, Arg: arg})
	c.weights = append(c.weights, weight)
}

// outcome puts the weightiest findings first, in the order they were found.
func (c *caseOf) outcome() Outcome {
	c.out.Verdict = record.Pass
	var sorted []record.Reason
	for _, weight := range []record.Verdict{record.Unreadable, record.Stop, record.Check, record.Pass, 0} {
		for i, w := range c.weights {
			if w == weight {
				sorted = append(sorted, c.out.Reasons[i])
				c.out.Verdict = c.out.Verdict.Worse(w)
			}
		}
	}
	c.out.Reasons = sorted
	return c.out
}

// unreadable tells whether nothing at all is known of the person, and why.
func unreadable(r credential.Reading) (reason string, ok bool) {
	return orElse(r.Reason, credential.Garbage), r.Kind == credential.Unknown
}

// verify turns the reading's trust into a verdict.
func (c *caseOf) verify(r credential.Reading) {
	switch r.Trust {
	case credential.Signed:
		c.content(r)
	case credential.Forged:
		c.find(record.Stop, orElse(r.Reason, "forged"), "")
	case credential.Unverified:
		c.find(record.Check, "unverified", "")
	default:
		c.find(record.Check, orElse(r.Reason, "unknown"), "")
	}
}

// content looks into what is signed for what a green light would hide: a
// certificate of an infection, no person named, a signer who signed what it
// should not.
func (c *caseOf) content(r credential.Reading) {
	if result := strings.ToLower(r.Fields["result"]); result == "detected" || result == "positive" {
		c.find(record.Check, "positive_test", "")
	}
	for _, w := range []string{credential.WarnNoIdentity, credential.WarnSchema, credential.WarnSignerDates} {
		if slices.Contains(r.Warnings, w) {
			c.find(record.Check, w, "")
		}
	}
}

// watch holds every key of the person against the watch-list.
func (c *caseOf) watch(r credential.Reading) {
	c.watchAll(documentsOf(r), phones(r.Phone))
	if r.Trust == credential.Forged { // whoever forged it is not who it names
		c.out.Keys = nil
	}
}

// watchAll holds documents and phones against the watch-list. A phone finds an
// entry, but it is a family's, not a person's: it gives no key.
func (c *caseOf) watchAll(documents, phones []identity.Document) {
	if !c.watches(identity.Phone) {
		phones = nil
	}
	asked := slices.Concat(documents, phones)
	if len(asked) == 0 || c.in.Derive == nil {
		return
	}
	keys := c.in.Derive(asked)
	c.out.Keys = keys[:len(documents):len(documents)]
	for _, k := range keys {
		if details, ok := c.in.Lists.Watch(k); ok && !c.over(details) {
			c.find(record.Stop, "watch", "")
			c.out.Watch = &details
			return
		}
	}
}

// vehicle holds a plate against the watch-list.
func (c *caseOf) vehicle(plate string) {
	document := identity.NewDocument(identity.Plate, plate)
	if document.Number == "" || c.in.Derive == nil || !c.watches(identity.Plate) {
		return
	}
	for _, k := range c.in.Derive([]identity.Document{document}) {
		if details, ok := c.in.Lists.Watch(k); ok && !c.over(details) {
			c.find(record.Stop, "watch_plate", "")
			c.out.Watch = &details
		}
	}
}

// over tells whether an entry's time has run out. A clock in doubt ends none.
func (c *caseOf) over(d wire.WatchDetails) bool {
	return d.Until != 0 && !c.doubted && c.now.After(time.Unix(d.Until, 0))
}

// recent says when the person was here last.
func (c *caseOf) recent() {
	if c.in.Recent == nil {
		return
	}
	for _, k := range c.out.Keys {
		if s, ok := c.in.Recent(k.Match); ok && (c.out.Last == nil || s.At.After(c.out.Last.At)) {
			c.out.Last = &s
		}
	}
	if c.out.Last == nil {
		return
	}
	if since := c.in.Now.Sub(c.out.Last.At); since < RecentFor && since > -clockSlack {
		c.find(0, "recent", strconv.Itoa(int(max(0, since)/time.Minute)))
	}
}

// RecentFor is how long a scan is said to have been made lately.
const RecentFor = time.Hour

// documentsOf are the numbers a person is known by: those the credential
// carries, and our card's own number.
func documentsOf(r credential.Reading) []identity.Document {
	documents := slices.Clone(r.Documents)
	if r.CardNumber != "" {
		own := identity.NewDocument(identity.Card, r.CardNumber)
		if !slices.Contains(documents, own) {
			documents = append(documents, own)
		}
	}
	return documents
}

// cardNumber is the number by which revocation knows a card; 0 when it is not
// one of our numbers.
func cardNumber(r credential.Reading) uint64 {
	n, err := card.ParseNumber(r.CardNumber)
	if err != nil {
		return 0
	}
	return n.Uint()
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
