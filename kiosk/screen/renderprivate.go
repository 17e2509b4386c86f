package screen

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"quachot/internal/credential"
)

// keyReveal shows for a moment what the privacy setting hides.
const keyReveal Key = "H"

// revealFor is how long.
const revealFor = 5 * time.Second

func (m *Model) unmask() {
	if m.prefs.Private {
		m.reveal = m.now.Add(revealFor)
	}
}

// masked says that names, birth and numbers are hidden now, because the public
// sees the screen.
func (m *Model) masked() bool {
	shows := m.now.Before(m.reveal) && m.reveal.Sub(m.now) <= revealFor // the clock may be set back
	return m.prefs.Private && !shows
}

// nameOf is the name as the screen may show it.
func (m *Model) nameOf(r credential.Reading) string { return m.shownName(r.Name) }

// shownName is a name, or its initials.
func (m *Model) shownName(name string) string {
	if !m.masked() {
		return name
	}
	var initials []string
	for _, word := range strings.Fields(norm.NFC.String(name)) {
		initials = append(initials, strings.ToUpper(string([]rune(word)[0]))+".")
	}
	return strings.Join(initials, " ")
}
