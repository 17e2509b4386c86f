package screen

import (
	"strings"
	"time"
)

// Scanner is one scanner beside those that type, and how it is.
type Scanner struct {
	Name string // for people, such as serial:/dev/ttyACM0
	Lost bool   // not there; it is tried again every second
}

// lostScanner names the scanners that are not there; "" when all are.
func (m *Model) lostScanner() string {
	var lost []string
	for _, s := range m.status.Scanners {
		if s.Lost {
			_, device, ok := strings.Cut(s.Name, ":")
			if !ok {
				device = s.Name
			}
			lost = append(lost, device)
		}
	}
	if lost == nil {
		return ""
	}
	return m.words.T("lane.scanner-lost", "name", strings.Join(lost, ", "))
}

// The clock of a laptop cannot be before this program was written: its battery is
// dead. clockSlack is what a clock may be behind the office's before it is said.
var writtenIn = time.Date(2021, 7, 1, 0, 0, 0, 0, time.UTC)

const clockSlack = 2 * time.Minute

// clockBehind says that this computer's clock is certainly behind, although no
// network tells by how much: the office has signed lists later than that.
func (m *Model) clockBehind() string {
	latest := m.status.Link.LatestOffice
	if m.status.ListsAsOf.After(latest) {
		latest = m.status.ListsAsOf
	}
	switch {
	case m.now.Before(writtenIn):
		return m.words.T("lane.clock-dead", "date", m.now.Format("02/01/2006"))
	case latest.Sub(m.now) > clockSlack:
		return m.words.T("lane.clock-behind", "age", m.span(latest.Sub(m.now)))
	}
	return ""
}
