package screen

import "time"

// message is something the officer has to know that belongs to no verdict: a slip
// that did not print, a vehicle that was closed.
type message struct {
	text  string
	alarm bool
	until time.Time
}

// How long a message stays; a later one takes its place.
const (
	sayFor   = 6 * time.Second
	alarmFor = 20 * time.Second
)

// say shows the text of key for a while.
func (m *Model) say(key string, alarm bool, args ...string) {
	stays := sayFor
	if alarm {
		stays = alarmFor
	}
	m.message = message{m.words.T(key, args...), alarm, m.now.Add(stays)}
}

// said is the message while it has its time.
func (m *Model) said() (string, bool) {
	if m.message.text == "" || !m.now.Before(m.message.until) || m.message.until.Sub(m.now) > alarmFor {
		return "", false
	}
	return m.message.text, m.message.alarm
}
