package screen

import "quachot/kiosk/training"

// trainees is the page with the citizens of training: a key shows one's code to
// the lane as if it were scanned, for a lesson without a scanner or the sheet.
type trainees struct {
	scannerTest // it prints in the same way
	all         []training.Sample
}

// newTrainees is nil outside of training.
func newTrainees(m *Model) page {
	if !m.training {
		return nil
	}
	all, err := training.Samples()
	if err != nil {
		return nil // they are constants; a test makes them
	}
	return &trainees{all: all}
}

func (p *trainees) opened(*Model) []Effect { return nil }

func (p *trainees) scan(*Model, Scan) ([]Effect, bool, bool) { return nil, false, true }

func (p *trainees) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	switch {
	case hasty:
		return nil, true
	case k == KeyEscape || k == KeyEnter:
		return nil, false
	case k.Upper() == "P":
		return []Effect{p.printCard("samples")}, true
	}
	for i, s := range p.all {
		if k == sampleKey(i) {
			m.closed(p, false)
			return append(m.Scan(Scan{Texts: []string{s.Code}, At: m.now}, m.now), m.uncovered()...), true
		}
	}
	return nil, true
}

func sampleKey(i int) Key { return Key('1' + rune(i)) }

func (p *trainees) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{
		Name: "samples", Title: t("training.title"), Error: p.failed, Aside: p.printed,
		Lead: t("training.lead"),
	}
	for i, s := range p.all {
		page.Choices = append(page.Choices, Choice{Key: sampleKey(i), Text: s.Who, Detail: t("training.sample." + s.Name)})
	}
	return page, []Hint{{"P", t("training.key.print"), false}, {"Esc", t("lane.key.close"), true}}
}

// trainingPIN says how to log in in training, where nobody has a badge.
func (m *Model) trainingPIN() string {
	return m.words.T("training.login", "steward", training.Steward, "supervisor", training.Supervisor, "pin", training.PIN)
}
