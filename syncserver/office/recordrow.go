package office

import (
	"strconv"
	"strings"
	"time"

	"quachot/internal/card"
	"quachot/internal/credential"
	"quachot/internal/record"
	"quachot/internal/text"
)

// late is from when on a record says that it came later than it happened.
const late = 2 * time.Minute

// recordRow is one line of the feed, in words. Free text in it has its long
// numbers hidden; html/template escapes the rest.
type recordRow struct {
	N              uint64
	Time, Late     string
	Post, Lane     string
	Way            string // in, out or ""
	Kind           string
	Verdict        string // name of the verdict, "" for none
	Headline, Read string
	Reasons        []string
	Pending        bool
	New            bool // just arrived, told by a fading ground
}

func newRecordRow(t *text.Catalogue, r Record, now time.Time) recordRow {
	at := r.At
	if at.IsZero() {
		at = r.Received
	}
	row := recordRow{N: r.N, Time: clockTime(at, now), Post: hideNumbers(r.PostName), Lane: lane(t, r.Lane), Pending: r.Pending != ""}
	if row.Post == "" {
		row.Post = r.Post
	}
	if row.Post == "" {
		row.Post = r.Station
	}
	if r.Received.Sub(at) >= late {
		row.Late = t.T("office.row.received", "time", clockTime(r.Received, now))
	}
	if row.Pending || r.Kind == 0 {
		row.Pending = true
		row.Kind = "—"
		row.Headline = t.T("office.row.pending")
		return row
	}
	row.Kind = t.T("record." + r.Kind.String())
	row.fill(t, r, now)
	return row
}

// lane writes a bare number with its word; a lane that has a name keeps it.
func lane(t *text.Catalogue, name string) string {
	if _, err := strconv.Atoi(name); err == nil {
		return t.T("office.row.lane", "lane", name)
	}
	return hideNumbers(name)
}

func (row *recordRow) fill(t *text.Catalogue, r Record, now time.Time) {
	switch {
	case r.Scan != nil:
		row.scan(t, r.Scan)
	case r.Passage != nil:
		row.passage(t, r.Passage)
	case r.Declaration != nil:
		row.declaration(t, r.Declaration)
	case r.Card != nil:
		row.Headline = join(sentence(coded(t, "office.card.", r.Card.Step)), person(r.Card.Name, r.Card.Birth))
		row.Read = cardNumber(t, r.Card.Card)
	case r.Shift != nil:
		row.Headline = sentence(coded(t, "office.shift.", r.Shift.Event))
		row.Read = t.T("office.row.officer", "id", hideNumbers(r.Shift.Officer))
	case r.Context != nil:
		row.context(t, r.Context)
	case r.Incident != nil:
		row.Headline = term(t, "incident.", r.Incident.What)
		row.Read = join(hideNumbers(r.Incident.Plate), hideNumbers(r.Incident.Text))
	case r.Clock != nil:
		before, after := time.UnixMilli(r.Clock.Before), time.UnixMilli(r.Clock.After)
		row.Headline = sentence(t.T("office.row.clock", "before", clockTime(before, now), "after", clockTime(after, now)))
	case r.Note != nil:
		row.Read = hideNumbers(r.Note.Text)
	}
}

func (row *recordRow) scan(t *text.Catalogue, s *record.Scan) {
	row.Verdict, row.Way = s.Verdict.String(), s.Direction.String()
	kind, number := t.T("kind."+s.Reading.String()), cardNumber(t, s.Card)
	var about []string
	switch row.Headline = person(s.Name, s.Birth); {
	case row.Headline != "":
		about = append(about, kind, number)
	case number != "":
		row.Headline, about = sentence(number), append(about, kind)
	default:
		row.Headline = kind
	}
	if s.Reading != credential.Unknown {
		about = append(about, t.T("trust."+s.Trust.String()))
	}
	for _, d := range s.Documents {
		about = append(about, masked(t, d))
	}
	row.Read = join(about...)
	row.Reasons = reasons(t, s)
}

// reasons are the verdict's reasons, or what was wrong with the reading, and the
// warnings, each once.
func reasons(t *text.Catalogue, s *record.Scan) []string {
	var all []string
	told := map[string]bool{}
	add := func(code, arg string) {
		if code != "" && !told[code] {
			told[code] = true
			all = append(all, sentence(because(t, code, arg)))
		}
	}
	for _, r := range s.Reasons {
		add(r.Code, r.Arg)
	}
	if len(s.Reasons) == 0 { // else they say it already
		add(s.Why, "")
	}
	for _, w := range s.Warnings {
		add(w, "")
	}
	if s.Repeats > 0 {
		all = append(all, sentence(t.T("office.row.repeats", "n", strconv.FormatUint(uint64(s.Repeats), 10))))
	}
	if s.Unsaved {
		all = append(all, sentence(t.T("office.row.unsaved")))
	}
	return all
}

// because is the text of a code as the kiosk's screen has it: reasons of
// verdicts first, then of readings, then warnings. A day is written as here.
func because(t *text.Catalogue, code, arg string) string {
	if day, err := time.Parse(time.DateOnly, arg); err == nil {
		arg = day.Format("02/01/2006")
	}
	for _, prefix := range []string{"reason.", "reading.", "warning."} {
		if t.Has(prefix + code) {
			return t.T(prefix+code, "arg", hideNumbers(arg))
		}
	}
	return t.T("office.code.unknown", "code", hideNumbers(code))
}

func (row *recordRow) passage(t *text.Catalogue, p *record.Passage) {
	row.Way = p.Way.String()
	row.Headline = strings.ToUpper(t.T("decision." + p.Decision.String()))
	if p.Undone {
		row.Headline = t.T("office.row.undone", "decision", row.Headline)
	}
	var party string
	if p.Party > 1 {
		party = t.T("office.row.party", "n", strconv.FormatUint(uint64(p.Party), 10))
	}
	scans := t.T("office.row.scans", "n", strconv.Itoa(len(p.Scans)+len(p.Earlier)))
	row.Read = join(scans, hideNumbers(p.Plate), term(t, "vehicle.", p.Vehicle), party, term(t, "purpose.", p.Purpose), onPaper(t, p.Form, p.HappenedAt))
	if p.Reason != "" {
		row.Reasons = append(row.Reasons, term(t, "because.", p.Reason))
	}
	if p.Override != "" {
		row.Reasons = append(row.Reasons, t.T("office.row.override", "id", hideNumbers(p.Override)))
	}
}

// onPaper says that something was written down by hand first, and when it
// happened; "" when it was not.
func onPaper(t *text.Catalogue, form string, happened int64) string {
	if form == "" {
		return ""
	}
	when := "?"
	if happened != 0 {
		when = time.UnixMilli(happened).In(hanoi).Format("15:04 02/01/2006")
	}
	return t.T("office.row.paper", "form", hideNumbers(form), "when", when)
}

func (row *recordRow) declaration(t *text.Catalogue, d *record.Declaration) {
	row.Headline = person(d.Name, d.Birth)
	var about []string
	for _, doc := range d.Documents {
		about = append(about, masked(t, doc))
	}
	row.Read = join(append(about, term(t, "purpose.", d.Purpose), onPaper(t, d.Form, d.HappenedAt))...)
	if len(d.Symptoms) > 0 {
		var list []string
		for _, s := range d.Symptoms {
			list = append(list, term(t, "symptom.", s))
		}
		row.Reasons = append(row.Reasons, sentence(t.T("office.row.symptoms", "list", strings.Join(list, ", "))))
	}
	if d.Contact {
		row.Reasons = append(row.Reasons, sentence(t.T("office.row.contact")))
	}
}

func (row *recordRow) context(t *text.Catalogue, c *record.Context) {
	row.Way = c.Direction.String()
	var officer string
	if c.Officer != "" {
		officer = t.T("office.row.officer", "id", hideNumbers(c.Officer))
	}
	row.Headline = join(lane(t, c.Lane), officer)
	row.Read = hideNumbers(c.Scanner)
}

// term is the text of a value that stations have from a list; words that an
// officer typed instead stand as they are.
func term(t *text.Catalogue, prefix, value string) string {
	if value != "" && t.Has(prefix+value) {
		return t.T(prefix + value)
	}
	return hideNumbers(value)
}

// person is the name and the year of birth.
func person(name, birth string) string {
	year, _, _ := strings.Cut(birth, "-")
	return join(hideNumbers(name), hideNumbers(year))
}

// cardNumber is our card's number in its groups. It is no document number: it
// names the card and is printed on it, and a revocation needs it whole. Digits
// that are no card number may be anything, so they are masked.
func cardNumber(t *text.Catalogue, n uint64) string {
	if n == 0 {
		return ""
	}
	shown := tail(strconv.FormatUint(n, 10))
	if c, err := card.NumberFromUint(n); err == nil {
		shown = strings.ReplaceAll(c.Grouped(), " ", "\u00a0") // stays on one line
	}
	return t.T("office.row.card", "number", shown)
}

func recordRows(t *text.Catalogue, all []Record, now time.Time) []recordRow {
	rows := make([]recordRow, 0, len(all))
	for _, r := range all {
		rows = append(rows, newRecordRow(t, r, now))
	}
	return rows
}
