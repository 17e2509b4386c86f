package screen

import (
	"context"
	"slices"
	"time"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/vietnam/units"
	"quachot/kiosk/checkpoint"
)

// declare is the health declaration of one person (F3, and 2 on a verdict). What
// a scan or the last person of the vehicle gave stands there already; a CCCD or a
// BHYT card scanned while it is open fills what nobody typed. A line below says
// how lists and rules see it so far.
type declare struct {
	form  *form
	about *shown // the verdict it belongs to; nil = no code was scanned for it
	took  bool   // about was taken from the queue, which gets it back

	documents []identity.Document // of what was scanned
	scans     []record.ID         // further ones of the same person
	sex       string
	address   string
	home      string // key of units

	live   liveLine
	busy   bool   // being saved
	failed string // why it was not
}

// newDeclare is the page of F3.
func newDeclare(m *Model) page {
	p := &declare{}
	p.form = newForm(declareFields(m, func() string { return p.home })...)
	if s := m.current; s != nil && m.mayTell(s) {
		p.about = s
		p.fill(m, s.Result)
	}
	p.sticky(m)
	p.form.typed = false
	p.form.start()
	return p
}

// mayTell says that the declaration that is being opened is of the person on
// show: of one who waits for a decision, sits in the vehicle, or whose code could
// not be read. A person who may pass is on show for a while yet when the next one
// comes without a code.
func (m *Model) mayTell(s *shown) bool {
	if s.told != nil || s.act != nil {
		return false
	}
	return s.open() || s.Verdict == record.Unreadable || m.vehicle != nil && s.aboard == m.vehicle
}

// opened asks what is known already, and builds the index of wards, for which the
// first search would wait.
func (p *declare) opened(m *Model) []Effect { return append(p.try(m), warm()) }

func warm() Effect {
	return Effect{Work: func(context.Context, Doing) func(*Model, time.Time) []Effect {
		units.Warm()
		return nil
	}}
}

// sticky fills what holds for everybody here: the lane's purpose, and what the
// last person of the vehicle declared.
func (p *declare) sticky(m *Model) {
	purpose := m.status.Purpose
	p.form.give("purpose", purpose)
	if v := m.vehicle; v != nil {
		p.form.give("purpose", orElse(v.purpose, purpose))
		for _, s := range slices.Backward(v.aboard) {
			if d := s.told; d != nil && s != p.about {
				p.like(*d)
				return
			}
		}
	}
}

// like fills in a journey that somebody else declared.
func (p *declare) like(d record.Declaration) {
	keys := keysOf(d)
	p.form.give("from", keys[0])
	p.form.give("to", keys[len(keys)-1])
	p.form.give("through", joinKeys(keys[1:len(keys)-1]))
	p.form.give("purpose", d.Purpose)
}

// fill takes what a scan says; what was typed stays.
func (p *declare) fill(m *Model, r Result) {
	p.form.give("name", r.Reading.Name)
	p.form.give("birth", r.Reading.Birth)
	p.form.give("phone", r.Reading.Phone)
	for _, d := range r.Reading.Documents {
		if !slices.Contains(p.documents, d) {
			p.documents = append(p.documents, d)
		}
	}
	p.form.hide("document", len(p.documents) > 0 || r.Reading.CardNumber != "")
	if p.sex == "" {
		p.sex = r.Reading.Sex
	}
	if p.address == "" && r.Reading.Address != "" {
		p.address, p.home = r.Reading.Address, m.homeOf(r.Reading.Address)
		p.offer()
	}
	p.live.stale = true
}

// offer shows the home among what can be chosen before anything is typed.
func (p *declare) offer() {
	for _, name := range []string{"from", "to"} {
		if x := p.form.field(name).input.(*picking); len(x.text) == 0 {
			x.search()
		}
	}
}

// judged takes a scan that came while the form is open: the first one when none
// belongs to the form yet, and others of the same person that say nothing worse.
func (p *declare) judged(m *Model, r Result) ([]Effect, bool) {
	if p.busy || r.Verdict == record.Unreadable || r.Reading.Name == "" && len(r.Reading.Documents) == 0 && r.Reading.CardNumber == "" {
		return nil, false
	}
	if p.about == nil {
		p.about, p.took = &shown{Result: r, since: m.now}, true
		p.fill(m, r)
		return append(m.sound(soundOf(r)), p.try(m)...), true
	}
	if r.Watch != nil || r.Verdict > p.about.Verdict || !p.same(r) {
		return nil, false
	}
	p.scans = append(p.scans, r.ID)
	p.fill(m, r)
	return append(m.sound(soundOf(r)), p.try(m)...), true
}

// same says that a scan is of the person of the form: by a number, or by name
// and birth.
func (p *declare) same(r Result) bool {
	if slices.ContainsFunc(r.Reading.Documents, func(d identity.Document) bool { return slices.Contains(p.documents, d) }) {
		return true
	}
	if samePerson(p.about, &shown{Result: r}) {
		return true
	}
	a, b := p.about.Reading, r.Reading
	return a.Name != "" && units.Fold(a.Name) == units.Fold(b.Name) && a.Birth != "" && a.Birth == b.Birth
}

func (p *declare) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	if p.busy {
		return nil, true
	}
	p.failed = ""
	event := formSpare
	if k == KeyDeclare && !hasty && !p.form.asking {
		event = p.form.finish()
	} else {
		event = p.form.key(k, hasty)
	}
	switch event {
	case formDone:
		return p.save(m), true
	case formLeft:
		return p.left(m), false
	}
	return p.try(m), true
}

// left gives back the verdict that the form had taken.
func (p *declare) left(m *Model) []Effect {
	if !p.took {
		return nil
	}
	m.queue = slices.Insert(m.queue, 0, p.about)
	return nil
}

// save writes the declaration. The page stays until it is on disk.
func (p *declare) save(m *Model) []Effect {
	d := p.declaration(m)
	p.busy = true
	return []Effect{{Work: func(ctx context.Context, do Doing) func(*Model, time.Time) []Effect {
		r, err := do.Declare(ctx, d)
		return func(m *Model, _ time.Time) []Effect {
			p.busy = false
			if err != nil {
				p.failed = m.words.T("declare.failed", "why", err.Error())
				return nil
			}
			return p.saved(m, d, r)
		}
	}}}
}

// saved closes the page and lets the lane show what came of it.
func (p *declare) saved(m *Model, d record.Declaration, r Result) []Effect {
	p.remember(m)
	effects := m.declared(p.about, d, r)
	effects = append(effects, p.left(m)...)
	m.closed(p, false)
	if p.about != nil && !p.took {
		effects = append(effects, m.sound(soundOf(p.about.Result))...)
	}
	return append(effects, m.uncovered()...)
}

// remember puts the wards in front for the next person.
func (p *declare) remember(m *Model) {
	rememberWards(m, p.form)
}

func rememberWards(m *Model, f *form) {
	if m.lately == nil {
		m.lately = usedWards{}
	}
	m.lately.use("from", f.value("from"))
	m.lately.use("to", f.value("to"))
	for _, key := range splitKeys(f.value("through")) {
		m.lately.use("through", key)
	}
}

// liveLine is what lists and rules say of a form that is being filled. They are
// asked on the lane's goroutine, once at a time.
type liveLine struct {
	asked record.Declaration
	out   checkpoint.Outcome
	know  bool // out is of something
	stale bool // something changed since it was asked
	under bool // being asked
}

// try asks again when something changed.
func (p *declare) try(m *Model) []Effect {
	return p.live.ask(m, func() record.Declaration { return p.declaration(m) }, p)
}

// ask has d judged when it differs from what was asked last; nobody is judged
// before there is a name or a number.
func (l *liveLine) ask(m *Model, of func() record.Declaration, p page) []Effect {
	if l.under {
		l.stale = true
		return nil
	}
	d := of()
	if d.Name == "" && len(d.Documents) == 0 {
		l.know = false
		return nil
	}
	if l.know && !l.stale && sameDeclaration(d, l.asked) {
		return nil
	}
	l.asked, l.under, l.stale = d, true, false
	return []Effect{{Work: func(_ context.Context, do Doing) func(*Model, time.Time) []Effect {
		out := do.Try(d)
		return func(m *Model, _ time.Time) []Effect {
			l.under, l.know, l.out = false, true, out
			if l.stale && slices.Contains(m.pages, p) {
				return l.ask(m, of, p)
			}
			return nil
		}
	}}}
}

// line says it in words.
func (l *liveLine) line(m *Model) Line {
	if !l.know {
		return Line{m.words.T("declare.live.nothing"), Quiet}
	}
	word := m.words.T("verdict.short." + l.out.Verdict.String())
	if l.out.Watch != nil {
		return Line{m.street(), Bad}
	}
	var why []string
	for _, code := range misfits(l.asked, m.now.Year()) {
		why = appendNew(why, m.reason(record.Reason{Code: code}))
	}
	for _, r := range l.out.Reasons {
		why = appendNew(why, m.reason(r))
	}
	why = why[:min(len(why), 3)]
	return Line{m.words.T("declare.live", "verdict", word, "why", joined(" · ", why...)), levelOf(l.out.Verdict)}
}

func (p *declare) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{Name: "declare", Title: t("declare.title"), Lead: p.lead(m), Error: p.failed}
	hints := p.form.draw(m.words, &page)
	page.Aside = p.live.line(m)
	m.hideGiven(page.Fields)
	switch {
	case p.busy:
		return page, []Hint{{"", t("declare.saving"), false}}
	case p.form.asking:
		return page, hints
	}
	return page, slices.Insert(hints, 1, Hint{"F3", t("declare.key.finish"), false})
}

// lead says whose declaration it is.
func (p *declare) lead(m *Model) string {
	if p.about == nil {
		return m.words.T("declare.lead")
	}
	return joined(" · ", m.nameOf(p.about.Reading), m.source(p.about.Reading))
}

// hideGiven keeps what a scan gave from the street, where names are hidden. What
// the officer types is seen as it is typed.
func (m *Model) hideGiven(fields []FormField) {
	if !m.masked() {
		return
	}
	for i, f := range fields {
		switch {
		case !f.Given || f.Focus:
		case f.Key == tapField+"name":
			fields[i].Text = m.shownName(f.Text)
		case f.Key == tapField+"birth", f.Key == tapField+"phone":
			fields[i].Text = tail(f.Text)
		}
	}
}

// sourceOf is what was read of a person, or where the declaration comes from that
// was made without a code.
func (m *Model) sourceOf(s *shown) string {
	switch {
	case s.told == nil || s.Reading.Kind != credential.Unknown:
		return m.source(s.Reading)
	case s.told.Source == sourcePaper:
		return m.words.T("declare.source.paper", "form", s.told.Form)
	}
	return m.words.T("declare.source.spoken")
}
