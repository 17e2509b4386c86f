package screen

import (
	"context"
	"time"

	"quachot/internal/text"
)

// Prefs are what the officer set for this window. The zero value is a window in
// its own language with plain colours and names shown.
type Prefs struct {
	Sunny   bool   `json:"sunny,omitempty"`   // black on white, for glare
	Private bool   `json:"private,omitempty"` // names and numbers are hidden until asked for
	Lang    string `json:"lang,omitempty"`    // "vi", "en"; "" = as the program was started
	Typing  string `json:"typing,omitempty"`  // "vni", "plain"; "" = Telex
	Form    string `json:"form,omitempty"`    // number of the next paper form to enter; "" = not known
}

// A PrefsKeeper is a Doing that keeps the settings for the next start. A Doing
// that is none forgets them.
type PrefsKeeper interface {
	KeepPrefs(ctx context.Context, p Prefs) error
}

// Prefer takes the settings of the last time; before the first State.
func (m *Model) Prefer(p Prefs) {
	m.prefs = p
	if p.Lang != "" && p.Lang != m.words.Lang() {
		m.words = text.Load(p.Lang)
	}
}

// method is how Vietnamese letters are typed in words.
func (m *Model) method() typingMethod {
	switch m.prefs.Typing {
	case "vni":
		return vni
	case "plain":
		return plain
	}
	return telex
}

// settings is the menu of F10.
type settings struct{}

func newSettings(*Model) page { return &settings{} }

// entry is one line of the menu. The page that opens may be nil: the line is
// shown and cannot be chosen, and off says why.
type entry struct {
	key   Key
	text  string // key of the catalogue
	state func(m *Model) string
	off   func(m *Model) string // key of the catalogue; "" = can be chosen
	do    func(m *Model) []Effect
}

// entries are the menu, in their order. Pages of others add their line.
func entries() []entry {
	return []entry{
		{key: "1", text: "settings.theme", state: func(m *Model) string { return m.onOff(m.prefs.Sunny) },
			do: func(m *Model) []Effect { m.prefs.Sunny = !m.prefs.Sunny; return m.keepPrefs() }},
		{key: "2", text: "settings.private", state: func(m *Model) string { return m.onOff(m.prefs.Private) },
			do: func(m *Model) []Effect { m.prefs.Private = !m.prefs.Private; return m.keepPrefs() }},
		{key: "3", text: "settings.purpose", state: func(m *Model) string {
			return orElse(m.termOf("purpose.", m.status.Purpose), m.words.T("purpose.none"))
		},
			do: func(m *Model) []Effect { return m.begin(newPurpose(m)) }},
		{key: "4", text: "settings.move", state: func(m *Model) string { return m.status.Place },
			off: func(m *Model) string { return unless(m.status.Kind == "patrol", "settings.move.off") },
			do:  func(m *Model) []Effect { return m.begin(m.mover()) }},
		{key: "5", text: "settings.reprint", off: func(m *Model) string { return unless(len(m.slips) > 0, "settings.reprint.off") },
			do: func(m *Model) []Effect { return m.reprint() }},
		{key: "6", text: "settings.typing", state: func(m *Model) string { return m.words.T("settings.typing." + orElse(m.prefs.Typing, "telex")) },
			do: func(m *Model) []Effect { m.prefs.Typing = nextTyping[m.prefs.Typing]; return m.keepPrefs() }},
		{key: "7", text: "settings.lang", state: func(m *Model) string { return m.words.T("lang." + m.words.Lang()) },
			do: func(m *Model) []Effect { m.Prefer(otherLang(m)); return m.keepPrefs() }},
		{key: "8", text: "settings.selftest", do: func(m *Model) []Effect { return m.begin(newScannerTest(m)) }},
		{key: "9", text: "settings.samples", off: func(m *Model) string { return unless(m.training, "settings.samples.off") },
			do: func(m *Model) []Effect { return m.begin(newTrainees(m)) }},
	}
}

// nextTyping goes round the ways to type Vietnamese letters.
var nextTyping = map[string]string{"": "vni", "vni": "plain", "plain": ""}

func otherLang(m *Model) Prefs {
	p := m.prefs
	p.Lang = text.English
	if m.words.Lang() == text.English {
		p.Lang = text.Vietnamese
	}
	return p
}

// unless is key while ok does not hold.
func unless(ok bool, key string) string {
	if ok {
		return ""
	}
	return key
}

func (m *Model) onOff(on bool) string {
	if on {
		return m.words.T("settings.on")
	}
	return m.words.T("settings.off")
}

// keepPrefs keeps the settings for the next start, where that can be done.
func (m *Model) keepPrefs() []Effect {
	p := m.prefs
	return []Effect{{Work: func(ctx context.Context, do Doing) func(*Model, time.Time) []Effect {
		keeper, ok := do.(PrefsKeeper)
		if !ok {
			return nil
		}
		if err := keeper.KeepPrefs(ctx, p); err != nil {
			return func(m *Model, _ time.Time) []Effect {
				m.say("settings.failed", true, "why", err.Error())
				return nil
			}
		}
		return nil
	}}}
}

func (s *settings) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	if hasty {
		return nil, true
	}
	if k == KeyEscape || k == KeySettings {
		return nil, false
	}
	for _, e := range entries() {
		if e.key == k && (e.off == nil || e.off(m) == "") {
			effects := e.do(m)
			return effects, m.top() == page(s) // a page that opened takes the menu's place
		}
	}
	return nil, true
}

func (s *settings) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	p := Page{Name: "settings", Title: t("settings.title")}
	for _, e := range entries() {
		c := Choice{Key: e.key, Text: t(e.text)}
		if e.state != nil {
			c.Detail = e.state(m)
		}
		if e.off != nil && e.off(m) != "" {
			c.Off, c.Detail = true, t(e.off(m))
		}
		p.Choices = append(p.Choices, c)
	}
	if text, alarm := m.said(); text != "" {
		p.Aside = Line{Text: text}
		if alarm {
			p.Error, p.Aside = text, Line{}
		}
	}
	return p, []Hint{{"Esc", t("lane.key.close"), true}}
}
