package screen

import (
	"strconv"
	"time"

	"quachot/internal/record"
)

// laneHints are the keys of the lane itself.
func (m *Model) laneHints() []Hint {
	t := m.words.T
	var hints []Hint
	switch s := m.current; {
	case s != nil && s.open() && !m.selfService():
		return append(m.decisionHints(), m.maskHint()...)
	case m.mayStay(s):
		hints = append(hints, Hint{"Enter", t("stay.title"), true})
	}
	hints = append(m.undoHint(hints), m.maskHint()...)
	hints = append(hints, Hint{"F2", t("lane.key.number"), false}, Hint{"F3", t("lane.key.declare"), false})
	if m.status.Kind == "patrol" {
		hints = append(hints, Hint{string(keyMove), t("lane.key.move"), false})
	}
	if !m.selfService() {
		hints = append(hints, Hint{"F4", t("lane.key.vehicle"), false})
	}
	return append(hints, Hint{"F5", t("lane.key.direction"), false}, Hint{"F1", t("lane.key.help"), false})
}

// decisionHints are the keys that decide.
func (m *Model) decisionHints() []Hint {
	t := m.words.T
	return []Hint{
		{"1", sentence(t("decision.let-through")), true}, {string(keyTell), t("lane.key.declare"), true},
		{"3", sentence(t("decision.turned-back")), true}, {"4", t("lane.key.test"), true}, {"5", t("lane.key.quarantine"), true},
		{"F4", t("lane.key.vehicle"), false}, {"Esc", t("lane.key.later"), false},
	}
}

// vehicleHints are the keys while a vehicle is open.
func (m *Model) vehicleHints() []Hint {
	t := m.words.T
	next := t("vehicle.key.end")
	if m.vehicle.verdict() == record.Pass {
		next = t("vehicle.key.pass")
	}
	hints := []Hint{{"Enter", next, true}, {"+", t("vehicle.key.uncoded"), false}, {"Delete", t("vehicle.key.out"), false}, {"F4", t("vehicle.key.edit"), false}}
	if m.current != nil && m.current.aboard != nil {
		hints = append(hints, Hint{string(keyTell), t("lane.key.declare"), false})
	}
	return append(m.undoHint(hints), m.maskHint()...)
}

// undoHint adds the key that takes the last decision back, while it can.
func (m *Model) undoHint(hints []Hint) []Hint {
	for _, a := range m.acts {
		if m.undoable(a) {
			left := int((undoFor - m.now.Sub(a.at) + time.Second - 1) / time.Second)
			return append(hints, Hint{"Z", m.words.T("lane.key.undo", "n", strconv.Itoa(left)), false})
		}
	}
	return hints
}

// maskHint is the key that shows hidden names.
func (m *Model) maskHint() []Hint {
	if !m.masked() {
		return nil
	}
	return []Hint{{string(keyReveal), m.words.T("lane.key.reveal"), false}}
}
