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
	case !m.mayLeave():
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

// mayLeave says that whoever is at the keys may end the program. At a locked
// station nobody knows who that is.
func (m *Model) mayLeave() bool { return m.training || !m.on.locked && m.can(duty.Leave) }

// answer takes the key that answers "end the program?". The station may have
// locked itself since it was asked.
func (m *Model) answer(k Key, hasty bool) []Effect {
	if hasty {
		return nil
	}
	switch k {
	case KeyEnter:
		if !m.mayLeave() {
			m.closing = false
			return m.leave(KeyClose, false)
		}
		return []Effect{{Quit: true}}
	case KeyEscape:
		m.closing = false
	}
	return nil
}
