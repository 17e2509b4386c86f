package screen

import (
	"context"
	"strconv"
	"strings"
	"time"

	"quachot/internal/record"
)

// paperRun is what holds from one paper form to the next.
type paperRun struct {
	number  string // the next form's, proposed
	day     string // when they happened: YYYY-MM-DD
	clock   string // hh:mm
	from    string // keys of units
	to      string
	purpose string
	count   int // entered since the program started
}

// paperPage enters forms that were filled in by hand while the window was dark or
// too slow (F7). When a form happened stands apart from when it is entered; after
// each a new one opens with the next number and what seldom changes.
type paperPage struct {
	form   *form
	live   liveLine
	busy   bool
	failed string
	said   Line // what became of the last form
}

// newPaper is the page of F7.
func newPaper(m *Model) page {
	p := &paperPage{}
	p.blank(m)
	return p
}

// opened builds the index of wards.
func (p *paperPage) opened(*Model) []Effect { return []Effect{warm()} }

// blank opens an empty form with what the last one leaves.
func (p *paperPage) blank(m *Model) {
	number := codeField("form", "paper.number", 20, formFault)
	number.need, number.help = true, "paper.help.number"
	day := recentField(m, "day", "paper.day")
	clock := &field{name: "clock", label: "paper.clock", need: true, help: "paper.help.clock", input: &typing{
		fits: func(r rune) bool { return digit(r) || strings.ContainsRune(":.h ", r) }, most: 5, shape: clockShape,
		faulty: func(s string, done bool) string { return p.clockFault(m, s, done) },
	}}
	day.need = true
	fields := append([]*field{number, day, clock}, declareFields(m, func() string { return "" })...)
	fields = append(fields, plateField(), choiceField("decision", "paper.decision", "", paperDecisions()...))
	p.form = newForm(fields...)
	run := m.paper
	for name, value := range map[string]string{
		"form": orElse(run.number, m.prefs.Form), "day": run.day, "clock": run.clock, "from": run.from, "to": run.to, "purpose": run.purpose,
	} {
		p.form.give(name, value)
	}
	p.form.start()
	p.live = liveLine{}
}

// paperDecisions are the decisions a form can bear; none is an answer.
func paperDecisions() []option {
	all := []option{{"", "paper.decision.none", []Key{"0"}}}
	for _, k := range []Key{"1", "3", "4", "5"} {
		d := decisions[k].String()
		all = append(all, option{d, "decision." + d, []Key{k}})
	}
	return all
}

// formFault asks for a digit: what is printed on a form ends with its number.
func formFault(s string, done bool) string {
	if done && strings.Trim(s, "0123456789") == s {
		return "paper.number.none"
	}
	return ""
}

// clockShape puts the colon into four digits.
func clockShape(s string) string {
	s = strings.NewReplacer(".", ":", "h", ":", "H", ":", " ", ":").Replace(s)
	if strings.Contains(s, ":") || len(s) < 3 {
		return s
	}
	return s[:2] + ":" + s[2:]
}

// clockFault refuses what is no time of day, and a time still to come.
func (p *paperPage) clockFault(m *Model, s string, done bool) string {
	_, err := time.Parse("15:4", clockShape(s))
	if err != nil {
		if done || len(clockShape(s)) == 5 {
			return "paper.clock.none"
		}
		return ""
	}
	if at, ok := p.happened(m); done && ok && at.After(m.now) {
		return "paper.clock.future"
	}
	return ""
}

// happened is when the form says it was.
func (p *paperPage) happened(m *Model) (time.Time, bool) {
	at, err := time.ParseInLocation("2006-01-02 15:4", p.form.value("day")+" "+p.form.value("clock"), m.now.Location())
	return at, err == nil
}

func (p *paperPage) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	if p.busy {
		return nil, true
	}
	p.failed = ""
	var event formEvent
	if k == KeyPaper && !hasty && !p.form.asking {
		event = p.form.finish()
	} else {
		event = p.form.key(k, hasty)
	}
	switch event {
	case formDone:
		return p.save(m), true
	case formLeft:
		return nil, false
	}
	return p.live.ask(m, func() record.Declaration { return p.declaration(m) }, p), true
}

// declaration is what the form says so far.
func (p *paperPage) declaration(m *Model) record.Declaration {
	d := declarationOf(p.form)
	d.Source, d.Form, d.Way, d.Plate = sourcePaper, p.form.value("form"), m.way, p.form.value("plate")
	if at, ok := p.happened(m); ok {
		d.HappenedAt = at.UnixMilli()
	}
	return d
}

// passage is the decision that was made on paper; false when the form bears none.
func (p *paperPage) passage(d record.Declaration) (record.Passage, bool) {
	var what record.Decision
	if what.UnmarshalText([]byte(p.form.value("decision"))) != nil {
		return record.Passage{}, false
	}
	return record.Passage{
		Decision: what, Purpose: d.Purpose, Plate: d.Plate, Party: 1, Way: d.Way,
		Form: d.Form, HappenedAt: d.HappenedAt, Checked: "declaration",
	}, true
}

// save writes the declaration, then the decision.
func (p *paperPage) save(m *Model) []Effect {
	d := p.declaration(m)
	passage, decided := p.passage(d)
	p.busy = true
	return []Effect{{Work: func(ctx context.Context, do Doing) func(*Model, time.Time) []Effect {
		r, err := do.Declare(ctx, d)
		var late error
		if err == nil && decided {
			passage.Earlier = []record.ID{r.ID}
			_, late = do.Decide(ctx, passage)
		}
		return func(m *Model, _ time.Time) []Effect {
			p.busy = false
			if err != nil {
				p.failed = m.words.T("declare.failed", "why", err.Error())
				return nil
			}
			return p.saved(m, d, r, late)
		}
	}}}
}

// saved notes what became of the form and opens the next one.
func (p *paperPage) saved(m *Model, d record.Declaration, r Result, late error) []Effect {
	t := m.words.T
	rememberWards(m, p.form)
	m.paper = paperRun{
		number: nextNumber(d.Form), day: p.form.value("day"), clock: p.form.value("clock"),
		from: p.form.value("from"), to: p.form.value("to"), purpose: d.Purpose, count: m.paper.count + 1,
	}
	verdict := m.word(&shown{Result: r})
	p.said = Line{t("paper.saved", "form", d.Form, "name", m.shownName(d.Name), "verdict", verdict), levelOf(r.Verdict)}
	switch {
	case late != nil:
		p.failed = t("paper.undecided", "form", d.Form, "why", late.Error())
	case r.Twice:
		p.failed = t("paper.twice", "form", d.Form)
	}
	m.prefs.Form = m.paper.number
	p.blank(m)
	effects := append(m.sound(soundOf(r)), m.keepPrefs()...)
	if r.Watch != nil { // somebody has to be rung, now or as soon as this page is closed
		effects = append(effects, m.arrived(&shown{Result: r, told: &d})...)
	}
	return effects
}

// nextNumber is the form number after s: its last digits and one more, as wide.
func nextNumber(s string) string {
	head := strings.TrimRight(s, "0123456789")
	digits := s[len(head):]
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil {
		return ""
	}
	next := strconv.FormatUint(n+1, 10)
	return head + strings.Repeat("0", max(0, len(digits)-len(next))) + next
}

// levelOf is a verdict's weight in a line.
func levelOf(v record.Verdict) Level {
	switch v {
	case record.Pass:
		return Good
	case record.Stop:
		return Bad
	}
	return Warn
}

func (p *paperPage) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{Name: "paper", Title: t("paper.title"), Error: p.failed, Lead: t("paper.lead")}
	if n := m.paper.count; n > 0 {
		page.Lead = t("paper.count", "n", strconv.Itoa(n))
	}
	hints := p.form.draw(m.words, &page)
	page.Aside = p.live.line(m)
	if !p.live.know && p.said.Text != "" {
		page.Aside = p.said
	}
	switch {
	case p.busy:
		return page, []Hint{{"", t("declare.saving"), false}}
	case p.form.asking:
		return page, hints
	}
	return page, append(hints[:1:1], append([]Hint{{"F7", t("paper.key.save"), false}}, hints[1:]...)...)
}
