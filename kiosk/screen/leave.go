package screen

// leave takes the keys that lead out of the kiosk: the window's close button or
// Alt+F4, and F11 for a window that does not fill the screen. They work whatever
// page is open. Where the office has named officers, a supervisor must agree.
func (m *Model) leave(k Key, hasty bool) []Effect {
	switch {
	case hasty:
		return nil
	case k == KeyScreen:
		return []Effect{{Screen: true}}
	}
	m.closing, m.field = true, nil
	return nil
}
