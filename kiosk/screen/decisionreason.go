package screen

import (
	"slices"
	"strconv"

	"quachot/internal/record"
)

// becauseDeclared is the reason of a passage that a declaration opened.
const becauseDeclared = "declared"

// reasonsWhy are the reasons to let somebody through who was to be checked, as
// they stand in [record.Passage.Reason]; texts are under "because.<code>". A
// reason in the officer's own words stands there as typed.
var reasonsWhy = []string{"identity", becauseDeclared, "tested", "local", "duty", "freight", "medical", "ordered"}

// reasons asks why somebody is let through who is not plainly free to pass: one
// key, or words. A stop needs a supervisor as well.
type reasons struct {
	x     matter
	codes []string // in the order shown: the last one used first
	words *form    // free words; nil = not asked for
}

func newReasons(m *Model, x matter) page {
	codes := slices.Clone(reasonsWhy)
	if last := m.because[record.LetThrough]; last != "" {
		codes = slices.DeleteFunc(codes, func(c string) bool { return c == last })
		codes = slices.Insert(codes, 0, last)
	}
	return &reasons{x: x, codes: codes}
}

func (r *reasons) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	if r.words != nil {
		return r.type1(m, k, hasty)
	}
	if hasty {
		return nil, true
	}
	switch {
	case k == KeyEscape:
		return nil, false
	case k == KeyEnter:
		return r.given(m, r.codes[0]), false
	case k == "0":
		r.words = newForm(textField("why", "because.words", m.method()))
		return nil, true
	}
	if n, err := strconv.Atoi(string(k)); err == nil && n >= 1 && n <= len(r.codes) {
		return r.given(m, r.codes[n-1]), false
	}
	return nil, true
}

func (r *reasons) type1(m *Model, k Key, hasty bool) ([]Effect, bool) {
	switch r.words.key(k, hasty) {
	case formDone:
		if why := r.words.value("why"); why != "" {
			return r.given(m, why), false
		}
	case formLeft:
		r.words = nil
	}
	return nil, true
}

// given goes on with the reason: to the supervisor for a stop, else to the record.
func (r *reasons) given(m *Model, why string) []Effect {
	if slices.Contains(reasonsWhy, why) {
		if m.because == nil {
			m.because = map[record.Decision]string{}
		}
		m.because[record.LetThrough] = why
	}
	p := record.Passage{Decision: record.LetThrough, Reason: why}
	if r.x.verdict() != record.Stop {
		return m.act(r.x, p)
	}
	return m.begin(newOverride(m.whyText(why), func(supervisor string) []Effect {
		p.Override = supervisor
		return m.act(r.x, p)
	}))
}

// whyText is a reason in words.
func (m *Model) whyText(why string) string {
	if key := "because." + why; m.words.Has(key) {
		return m.words.T(key)
	}
	return why
}

func (r *reasons) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	p := Page{Name: "reasons", Title: t("decision.why"), Lead: m.about(r.x), Small: true}
	if r.words != nil {
		return p, r.words.draw(m.words, &p)
	}
	for i, c := range r.codes {
		p.Choices = append(p.Choices, Choice{Key: Key(strconv.Itoa(i + 1)), Text: m.whyText(c), Marked: i == 0})
	}
	p.Choices = append(p.Choices, Choice{Key: "0", Text: t("because.other")})
	if r.x.verdict() == record.Stop {
		p.Aside = Line{t("decision.override"), Bad}
		if m.hit(r.x) { // the street sees no red
			p.Aside.Level = Quiet
		}
	}
	return p, []Hint{{"Enter", m.whyText(r.codes[0]), true}, {"Esc", t("lane.key.back"), false}}
}

// hit says that the watch-list has somebody or something of x.
func (m *Model) hit(x matter) bool {
	if x.vehicle != nil {
		return m.watchAboard(x.vehicle)
	}
	return slices.ContainsFunc(x.scans, func(s *shown) bool { return s.Watch != nil })
}

// about names in one line whom a decision is about.
func (m *Model) about(x matter) string {
	if v := x.vehicle; v != nil {
		return m.vehicleName(v)
	}
	s := x.scans[0]
	return joined(" · ", m.word(s), m.nameOf(s.Reading), m.person(s.Reading))
}
