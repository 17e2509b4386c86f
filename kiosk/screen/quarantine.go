package screen

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"quachot/internal/record"
	"quachot/internal/vietnam/units"
	"quachot/internal/wire"
)

// places asks where somebody is sent: the office's places, the best one marked.
type places struct {
	x       matter
	d       record.Decision
	all     []wire.CarePlace // the best first; nil until they came
	fetched bool
	mark    int
	from    int // the first one shown
}

// placesShown is how many places fit on the page, each with a digit.
const placesShown = 7

func newPlaces(x matter, d record.Decision) page { return &places{x: x, d: d} }

// opened asks for the office's list.
func (p *places) opened(*Model) []Effect {
	return []Effect{{Work: func(_ context.Context, do Doing) func(*Model, time.Time) []Effect {
		all := do.Places()
		return func(m *Model, _ time.Time) []Effect { return p.take(m, all) }
	}}}
}

// take shows the places. With none of the kind in the office's list there is
// nothing to choose: the decision is written without one.
func (p *places) take(m *Model, all []wire.CarePlace) []Effect {
	if !slices.Contains(m.pages, page(p)) { // the officer thought better of it
		return nil
	}
	p.fetched = true
	p.all = m.ranked(all, kindOfPlace(p.d), m.wardsOf(p.x))
	if len(p.all) > 0 {
		return nil
	}
	m.closed(p, false)
	return append(m.act(p.x, record.Passage{Decision: p.d}), m.uncovered()...)
}

func kindOfPlace(d record.Decision) string {
	if d == record.ToTest {
		return "test"
	}
	return "quarantine"
}

func (p *places) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	if hasty {
		return nil, true
	}
	last := len(p.all) - 1
	switch k {
	case KeyEscape:
		return nil, false
	case KeyDown:
		p.mark = min(p.mark+1, max(0, last))
	case KeyUp:
		p.mark = max(p.mark-1, 0)
	case KeyPageDown:
		p.mark = min(p.mark+placesShown, max(0, last))
	case KeyPageUp:
		p.mark = max(p.mark-placesShown, 0)
	case KeyEnter:
		return p.choose(m, p.mark)
	default:
		if n, err := strconv.Atoi(string(k)); err == nil && n >= 1 && n <= placesShown {
			return p.choose(m, p.from+n-1)
		}
	}
	p.from = min(p.from, p.mark)
	p.from = max(p.from, p.mark-placesShown+1)
	return nil, true
}

// choose writes the decision with the place at i, even a full one: the officer
// may know more than the list.
func (p *places) choose(m *Model, i int) ([]Effect, bool) {
	if i < 0 || i >= len(p.all) {
		return nil, true
	}
	to := p.all[i]
	if m.sent == nil {
		m.sent = map[string]uint{}
	}
	m.sent[to.Code] += uint(len(p.x.scans))
	p.x.to = &to
	return m.act(p.x, record.Passage{Decision: p.d, Place: to.Code}), false
}

func (p *places) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{Name: "places", Title: t("places.title." + p.d.String()), Lead: m.about(p.x)}
	if !p.fetched {
		page.Aside = Line{t("places.fetching"), Quiet}
	}
	for i := p.from; i < min(len(p.all), p.from+placesShown); i++ {
		c := p.all[i]
		page.Choices = append(page.Choices, Choice{
			Key: Key(strconv.Itoa(i - p.from + 1)), Text: c.Name, Marked: i == p.mark,
			Detail: joined(" · ", m.beds(c), c.Address, c.Phone),
		})
	}
	if more := len(p.all) - p.from - placesShown; more > 0 {
		page.Aside = Line{t("places.more", "n", strconv.Itoa(more)), Quiet}
	}
	return page, []Hint{
		{"Enter", t("places.key.send"), true}, {"↑ ↓", t("places.key.choose"), false}, {"Esc", t("lane.key.back"), false},
	}
}

// beds says how many are free: the office's number less those sent from here
// since.
func (m *Model) beds(c wire.CarePlace) string {
	if c.Kind != "quarantine" {
		return ""
	}
	free := m.free(c)
	if free == 0 {
		return m.words.T("places.full")
	}
	return m.words.T("places.free", "n", strconv.Itoa(int(free)))
}

func (m *Model) free(c wire.CarePlace) uint { return c.Free - min(c.Free, m.sent[c.Code]) }

// ranked are the places of a kind, the best first: those with a free bed, those
// that serve where the person goes to or comes from, the nearer ward before the
// province, then by free beds.
func (m *Model) ranked(all []wire.CarePlace, kind string, wards []string) []wire.CarePlace {
	var fit []wire.CarePlace
	for _, c := range all {
		if c.Kind == kind {
			fit = append(fit, c)
		}
	}
	full := func(c wire.CarePlace) int {
		if kind == "quarantine" && m.free(c) == 0 {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(fit, func(a, b wire.CarePlace) int {
		return cmp.Or(
			cmp.Compare(full(a), full(b)),
			cmp.Compare(m.serves(b, wards), m.serves(a, wards)),
			cmp.Compare(m.free(b), m.free(a)),
		)
	})
	return fit
}

// serves says how well a place serves the wards, those first that count most: a
// ward named before its province, a place for all before one for others.
func (m *Model) serves(c wire.CarePlace, wards []string) int {
	best := 0
	if len(c.Serves) == 0 {
		best = 1
	}
	for i, ward := range wards {
		for _, code := range c.Serves {
			switch {
			case code == ward:
				best = max(best, 20-i)
			case m.inProvince(ward, code):
				best = max(best, 10-i)
			}
		}
	}
	return best
}

func (m *Model) inProvince(ward, province string) bool {
	u, ok := units.Of(ward, m.now)
	return ok && u.ProvinceCode == province
}

// wardsOf are the codes that count for where x is sent: where they go to, where
// they come from, where they live.
func (m *Model) wardsOf(x matter) []string {
	var to, from, home []string
	for _, s := range x.scans {
		if s.told != nil {
			to, from = append(to, s.told.To), append(from, s.told.From)
		}
		home = append(home, s.Reading.Ward)
	}
	var all []string
	for _, code := range slices.Concat(to, from, home) {
		if code != "" && !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all[:min(len(all), 8)]
}
