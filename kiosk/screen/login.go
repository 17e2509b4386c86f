package screen

// login asks who is on duty. It opens with the window when the office has named
// officers, by F9, and by a badge.
type login struct {
	signIn
	lead string // key of the catalogue: why it opened by itself
}

func newLogin() *login { return &login{signIn: signIn{name: "login"}, lead: "duty.login.lead"} }

func (p *login) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	switch {
	case k == KeyEscape:
		return nil, hasty || p.busy
	case p.signIn.key(m, k, hasty):
		return p.prove(Credentials{Role: needsWork}, func(m *Model, o Officer) []Effect {
			m.loggedIn(o)
			return m.shut(p)
		}), true
	}
	return nil, true
}

func (p *login) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{
		Name: "login", Title: t("duty.login.title"), Lead: t(p.lead), Fields: p.fields(m, true), Pad: true, Error: p.error(m),
		Aside: m.waitingScans(),
	}
	if m.status.Duty.Officers == 0 {
		page.Lead = t("duty.login.none")
	}
	if m.training {
		page.Text = append(page.Text, m.trainingPIN())
	}
	if last := m.status.Duty.Last; last != nil {
		page.Table = m.handedOver(last)
		page.Text = append(page.Text, m.lastWords(last))
	}
	return page, []Hint{{"Enter", t("duty.key.login"), true}, {"Esc", t("duty.key.without"), false}}
}

// waitingScans says that what is scanned behind a page is saved, and how much of
// it waits to be looked at.
func (m *Model) waitingScans() Line {
	if n := len(m.queue) + len(m.judging); n > 0 {
		return Line{m.words.T("duty.scans.waiting", "n", m.number(uint64(n))), Warn}
	}
	return Line{m.words.T("duty.scans.saved"), Quiet}
}
