package checkpoint

import (
	"strconv"
	"time"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/rules"
	"quachot/internal/vietnam/units"
)

// DeclaredFor is how long a health declaration counts.
const DeclaredFor = 72 * time.Hour

// Reason codes of the rules; Arg is the rule's id. What a rule says stands in
// the rules themselves.
const (
	ReasonRule       = "rule"
	ReasonRuleFailed = "rule_failed" // it could not be judged, so somebody looks
)

// ask asks the rules. Whoever forged a credential is not asked: he is not who it
// names.
func (c *caseOf) ask(r credential.Reading, d record.Declaration, at time.Time, has bool) {
	if c.in.Rules.Len() == 0 || r.Trust == credential.Forged {
		return
	}
	for _, f := range c.in.Rules.Judge(c.facts(r, d, at, has)) {
		code := ReasonRule
		if f.Failed {
			code = ReasonRuleFailed
		}
		c.find(f.Verdict, code, f.ID)
	}
}

// declared is the newest declaration of the person, and when it was made.
func (c *caseOf) declared() (d record.Declaration, at time.Time, has bool) {
	if c.in.Declared == nil {
		return d, at, false
	}
	for _, k := range c.out.Keys {
		if one, when, ok := c.in.Declared(k.Match); ok && (!has || when.After(at)) {
			d, at, has = one, when, true
		}
	}
	return d, at, has
}

// facts is what the rules may know.
func (c *caseOf) facts(r credential.Reading, d record.Declaration, at time.Time, has bool) rules.Input {
	in := rules.NewInput()
	in.Direction, in.LanePurpose = c.in.Direction.String(), c.in.Purpose
	in.Level = int(c.in.Level)
	if in.Level == 0 {
		in.Level = int(LevelAt(c.in.Lists.Settings(), c.in.Post, ""))
	}
	in.Post = rules.Post{Code: c.in.Post.Code, Kind: c.in.Post.Kind}
	if v := c.in.Vehicle; v != nil {
		in.Vehicle = rules.Vehicle{Plate: identity.NewDocument(identity.Plate, v.Plate).Number, Type: v.Type, Permit: v.Permit}
		in.LanePurpose = orElse(v.Purpose, in.LanePurpose)
	}
	here := c.now.In(zone)
	in.Now = rules.Now{
		Hour: here.Hour(), Minute: here.Minute(), Weekday: (int(here.Weekday())+6)%7 + 1, Date: day(c.now), Doubted: c.doubted,
	}
	in.ListsAgeHours = rules.HoursSince(c.in.Lists.AsOf(), c.now)
	c.readFacts(&in.Reading, r)
	if has {
		c.declaredFacts(&in.Declared, d, at)
	}
	return in
}

func (c *caseOf) readFacts(to *rules.Reading, r credential.Reading) {
	if r.Kind != credential.Unknown {
		to.Kind, to.Trust = r.Kind.String(), r.Trust.String()
	}
	to.Name, to.Sex, to.Ward, to.Card, to.Warnings = r.Name, r.Sex, r.Ward, r.CardNumber, r.Warnings
	to.BirthYear, to.Age = c.born(r.Birth)
	if r.Ward != "" {
		to.WardLevel = c.highest(r.Ward)
		if c.in.Rules.Asks("reading.province") {
			if u, ok := units.Ward(r.Ward, c.now); ok {
				to.Province = u.ProvinceCode
			}
		}
	}
	if !r.Issued.IsZero() {
		to.Issued = day(r.Issued)
	}
	if !r.Expires.IsZero() {
		to.Expires = day(r.Expires)
	}
	if r.Trust == credential.Signed { // doses and tests count when somebody vouches for them
		c.certified(to, r.Fields)
	}
}

// certified is what a health certificate says of doses, tests and recovery.
func (c *caseOf) certified(to *rules.Reading, fields map[string]string) {
	if result := fields["result"]; result != "" {
		to.TestResult = rules.ReadResult(result)
		to.TestHours = rules.HoursSince(rules.ReadTime(orElse(fields["sampled"], fields["date"])), c.now)
		return
	}
	to.Recovered = fields["type"] == "recovery"
	given, _ := strconv.Atoi(fields["dose"]) // 0 when it is not said
	all, _ := strconv.Atoi(fields["doses"])
	switch {
	case fields["dose"] == "": // a SMART Health Card counts its doses
		given = all
	case all == 1 && given >= 1: // a vaccine of one dose: its course is complete, as two of another
		given = max(given, 2)
	}
	if to.Doses = max(0, given); to.Doses > 0 {
		if last := rules.ReadTime(fields["date"]); !last.IsZero() {
			to.LastDoseDays = rules.HoursSince(last, c.now) / 24
		}
	}
}

func (c *caseOf) declaredFacts(to *rules.Declared, d record.Declaration, at time.Time) {
	to.HoursAgo = rules.HoursSince(at, c.now)
	if c.now.Sub(at) > DeclaredFor {
		return // as if it had never been made, but for its age
	}
	to.Has = true
	_, to.Age = c.born(d.Birth)
	to.Symptoms, to.Contact, to.Tests, to.Doses = d.Symptoms, d.Contact, d.Tests, int(min(d.Doses, 100))
	to.TestResult, to.TestHours = rules.NewestTest(d.Tests, c.now)
	to.From, to.Through, to.To, to.Purpose = d.From, d.Through, d.To, d.Purpose
	to.FromLevel = c.highest(append([]string{d.From}, d.Through...)...)
	to.ToLevel = c.highest(d.To)
}

// born is the year and the full years of age; 0 and rules.NoAge when a birth date
// (YYYY, YYYY-MM or YYYY-MM-DD) says neither. Where only the year is known the
// birthday counts as past.
func (c *caseOf) born(birth string) (year, age int) {
	if len(birth) < 4 {
		return 0, rules.NoAge
	}
	year, err := strconv.Atoi(birth[:4])
	today := c.now.In(zone)
	if err != nil || year < today.Year()-130 || year > today.Year() {
		return 0, rules.NoAge
	}
	age = today.Year() - year
	if full, err := time.ParseInLocation(time.DateOnly, birth, zone); err == nil && full.AddDate(age, 0, 0).After(today) {
		age--
	}
	return year, max(0, age)
}
