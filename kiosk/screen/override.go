package screen

// newOverride asks a supervisor to prove who it is, by badge or number and PIN,
// before a stop is let through or the window is left; then gets the supervisor's
// id. Reason says in words what it is for. Who is on duty stays on duty. Where the
// office has named no officers, there is nobody to ask: a plain Enter does, and
// the supervisor's id is empty.
func newOverride(reason string, then func(supervisor string) []Effect) page {
	return &override{signIn: signIn{name: "override"}, reason: reason, then: then}
}

type override struct {
	signIn
	reason string
	then   func(supervisor string) []Effect
}

func (p *override) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	switch {
	case k == KeyEscape:
		return nil, hasty || p.busy
	case m.status.Duty.Officers == 0:
		if k != KeyEnter || hasty {
			return nil, true
		}
		return p.agreed(m, Officer{}), false
	case p.signIn.key(m, k, hasty):
		return p.prove(Credentials{Only: true, Role: needsOverride}, p.agreed), true
	}
	return nil, true
}

func (p *override) agreed(m *Model, o Officer) []Effect {
	m.closed(p, false)
	return append(p.then(o.ID), m.uncovered()...)
}

func (p *override) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	if m.status.Duty.Officers == 0 {
		return Page{
			Name: "override", Title: t("duty.override.title"), Lead: p.reason, Text: []string{t("duty.override.none")}, Small: true,
		}, []Hint{{"Enter", t("duty.key.confirm"), true}, {"Esc", t("lane.key.cancel"), false}}
	}
	return Page{
		Name: "override", Title: t("duty.override.title"), Lead: p.reason, Fields: p.fields(m, true), Pad: true,
		Error: p.error(m), Aside: m.waitingScans(), Small: true,
	}, []Hint{{"Enter", t("duty.key.confirm"), true}, {"Esc", t("lane.key.cancel"), false}}
}
