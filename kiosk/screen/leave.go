package screen

import "quachot/kiosk/duty"

// leave takes the keys that lead out of the kiosk: the window's close button or
// Alt+F4, and F11 for a window that does not fill the screen. They work whatever
// page is open. Where the office has named officers, a supervisor must agree,
// but in training.
func (m *Model) leave(k Key, hasty bool) []Effect {
	if hasty {
		return nil
	}
	want, reason := Effect{Screen: true}, "leave.screen"
	if k == KeyClose {
		want, reason = Effect{Quit: true}, "leave.quit"
	}
	switch {
	case !m.training && !m.can(duty.Leave):
		if _, asked := m.top().(*override); asked {
			return nil
		}
		m.field = nil
		return m.begin(newOverride(m.words.T(reason), func(string) []Effect { return []Effect{want} }))
	case k == KeyScreen:
		return []Effect{want}
	}
	m.closing, m.field = true, nil
	return nil
}
