package screen

import (
	"context"
	"slices"
	"time"

	"quachot/assets/rules"
)

// purposePage asks what this lane takes people to travel for; Delete takes it back.
type purposePage struct {
	busy  bool
	fault string
}

func newPurpose(*Model) page { return &purposePage{} }

func (p *purposePage) key(_ *Model, k Key, hasty bool) ([]Effect, bool) {
	if hasty || p.busy {
		return nil, true
	}
	purpose := ""
	switch i := slices.IndexFunc(rules.Purposes, func(v string) bool { return k == digitOf(slices.Index(rules.Purposes, v)) }); {
	case k == KeyEscape:
		return nil, false
	case i >= 0:
		purpose = rules.Purposes[i]
	case k != KeyDelete:
		return nil, true
	}
	p.busy = true
	return []Effect{{Work: func(ctx context.Context, do Doing) func(*Model, time.Time) []Effect {
		err := do.SetPurpose(ctx, purpose)
		return func(m *Model, _ time.Time) []Effect { return p.set(m, purpose, err) }
	}}}, true
}

func (p *purposePage) set(m *Model, purpose string, err error) []Effect {
	p.busy = false
	if err != nil {
		p.fault = m.words.T("settings.failed", "why", err.Error())
		return nil
	}
	m.status.Purpose = purpose
	m.closed(p, false)
	return m.uncovered()
}

func (p *purposePage) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{Name: "purpose", Title: t("purpose.title"), Lead: t("purpose.lead"), Small: true, Error: p.fault}
	for i, v := range rules.Purposes {
		page.Choices = append(page.Choices, Choice{Key: digitOf(i), Text: t("purpose." + v), Marked: v == m.status.Purpose})
	}
	page.Choices = append(page.Choices, Choice{Key: KeyDelete, Text: t("purpose.none"), Marked: m.status.Purpose == ""})
	return page, []Hint{{"Esc", t("lane.key.back"), false}}
}

// selfService says that people scan by themselves: nobody decides at this post.
func (m *Model) selfService() bool { return m.status.Kind == "place" }

// inside says how many are in a place now; "" at other posts.
func (m *Model) inside() string {
	if !m.selfService() {
		return ""
	}
	return m.words.T("lane.inside", "n", m.number(uint64(max(0, m.status.Inside))))
}

// keepPlaces is how many places a patrol is offered again.
const keepPlaces = 9

// moved remembers where a patrol stands.
func (m *Model) moved(name string) {
	m.status.Place = name
	m.places = slices.DeleteFunc(m.places, func(p string) bool { return p == name })
	m.places = slices.Insert(m.places, 0, name)
	m.places = m.places[:min(len(m.places), keepPlaces)]
}
