package screen

// newOverride asks a supervisor to prove who it is before a stop is let through;
// then gets the supervisor's id. Reason is what the officer gave, in words.
func newOverride(reason string, then func(supervisor string) []Effect) page {
	return &override{reason: reason, then: then}
}

type override struct {
	reason string
	then   func(supervisor string) []Effect
}

func (o *override) key(_ *Model, k Key, _ bool) ([]Effect, bool) { return nil, k != KeyEscape }

func (o *override) draw(m *Model) (Page, []Hint) {
	return Page{Name: "override", Title: m.words.T("lane.decide"), Lead: o.reason, Small: true},
		[]Hint{{Key: "Esc", Text: m.words.T("lane.key.cancel")}}
}
