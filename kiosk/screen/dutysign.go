package screen

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"quachot/internal/badge"
	"quachot/kiosk/duty"
	"quachot/kiosk/station"
)

// Bounds of what is typed, as the office makes ids and PINs.
const (
	maxOfficerID = 16
	minPIN       = 4
	maxPIN       = 12
)

// signIn is the number or badge and the PIN of one officer, typed or tapped. The
// PIN is checked as Work and is forgotten as soon as it is sent off; on screen it
// is dots.
type signIn struct {
	name  string // of the two fields, so that a tap finds them
	id    string // as typed, or of the badge
	card  string // the badge as scanned: it holds a secret, nobody sees it
	fixed bool   // whose PIN is asked is settled
	pin   string
	onPIN bool // the PIN has the focus
	busy  bool // a PIN is being checked
	wrong func(m *Model) string
	// until is when waiting may try again.
	until   time.Time
	waiting string
}

// key takes a key and says whether the PIN is to be checked now. Hasty keys, of a
// scanner that was not understood, fill a field and press nothing.
func (s *signIn) key(m *Model, k Key, hasty bool) (check bool) {
	if s.busy {
		return false
	}
	switch k {
	case KeyEnter:
		return !hasty && s.enter(m)
	case KeyBackspace:
		s.rub()
	case KeyTab, KeyDown:
		s.onPIN = true
	case KeyBack, KeyUp:
		s.onPIN = s.fixed
	case Key(tapField + s.name + ".id"):
		s.onPIN = s.fixed
	case Key(tapField + s.name + ".pin"):
		s.onPIN = true
	case KeyDelete:
		s.clear()
	default:
		s.typed(k)
	}
	return false
}

func (s *signIn) typed(k Key) {
	r, ok := k.Rune()
	digit := r >= '0' && r <= '9'
	switch {
	case !ok || r > 'z':
	case s.onPIN && digit && len(s.pin) < maxPIN:
		s.pin, s.wrong = s.pin+string(k), nil
	case !s.onPIN && (digit || strings.ContainsRune("-._", r) || r >= 'a' || r >= 'A' && r <= 'Z') && len(s.id) < maxOfficerID:
		if s.card != "" {
			s.id, s.card = "", ""
		}
		s.id, s.wrong = s.id+string(k.Upper()), nil
	}
}

func (s *signIn) rub() {
	switch {
	case s.onPIN && s.pin != "":
		s.pin = s.pin[:len(s.pin)-1]
	case s.onPIN:
		s.onPIN = s.fixed
	case s.card != "":
		s.id, s.card = "", ""
	case s.id != "":
		s.id = s.id[:len(s.id)-1]
	}
}

func (s *signIn) clear() {
	if s.pin = ""; !s.fixed {
		s.id, s.card, s.onPIN = "", "", false
	}
	s.wrong = nil
}

// enter moves on to the PIN, or finds both there.
func (s *signIn) enter(m *Model) bool {
	switch {
	case s.id == "" && s.card == "":
		s.onPIN = false
		s.wrong = say("duty.need.id")
	case !s.onPIN:
		s.onPIN = true
	case s.left(m) > 0:
	case len(s.pin) < minPIN:
		s.wrong = say("duty.need.pin")
	default:
		return true
	}
	return false
}

// show takes the text of a badge and goes on to the PIN.
func (s *signIn) show(text string) {
	b, err := badge.Parse(text)
	switch {
	case s.busy:
	case err != nil:
		s.wrong = say("duty.wrong.badge")
	default:
		s.id, s.card, s.pin, s.onPIN, s.wrong = b.Officer, text, "", true, nil
	}
}

// badge takes a badge for the page around.
func (s *signIn) badge(_ *Model, text string) []Effect {
	s.show(text)
	return nil
}

// prove checks the PIN on the lane's goroutine; then is told who it is.
func (s *signIn) prove(c Credentials, then func(m *Model, o Officer) []Effect) []Effect {
	c.Badge, c.ID, c.PIN = s.card, s.id, s.pin
	s.busy, s.pin, s.wrong = true, "", nil
	return work(func(ctx context.Context, do Doing) func(*Model) []Effect {
		o, err := do.Login(ctx, c)
		return func(m *Model) []Effect {
			s.busy = false
			m.active()
			if err != nil {
				s.failed(m, err)
				return nil
			}
			return then(m, officerOf(o))
		}
	})
}

// failed says why a login was refused, and keeps the delay to count down.
func (s *signIn) failed(m *Model, err error) {
	var wait *duty.WaitError
	var pin *duty.PINError
	switch {
	case errors.As(err, &wait):
		s.waiting, s.until = s.id, m.now.Add(wait.For)
	case errors.As(err, &pin) && pin.For > 0:
		s.waiting, s.until = s.id, m.now.Add(pin.For)
	case errors.As(err, &pin):
		s.wrong = say("duty.wrong.pin", "n", strconv.Itoa(pin.Left))
	case errors.Is(err, duty.ErrUnknown):
		s.wrong, s.onPIN = say("duty.wrong.unknown", "id", s.id), s.fixed
	case errors.Is(err, duty.ErrBadge):
		s.wrong = say("duty.wrong.badge")
		s.clearBadge()
	case errors.Is(err, duty.ErrRole):
		s.wrong = say("duty.wrong.role")
	case errors.Is(err, station.ErrNoOfficers):
		s.wrong = say("duty.wrong.none")
	default:
		s.wrong = say("duty.wrong.other", "why", err.Error())
	}
}

func (s *signIn) clearBadge() {
	if s.card != "" && !s.fixed {
		s.id, s.onPIN = "", false
	}
	s.card = ""
}

// left is how long the officer who is typed has to wait for the next try.
func (s *signIn) left(m *Model) time.Duration {
	if s.id != s.waiting || !m.now.Before(s.until) {
		return 0
	}
	return min(s.until.Sub(m.now), duty.MaxDelay) // the clock may have been set back
}

// error is what was wrong, and the delay as it runs down.
func (s *signIn) error(m *Model) string {
	switch left := s.left(m); {
	case left > 0:
		return m.words.T("duty.wrong.wait", "n", seconds(left))
	case s.wrong != nil:
		return s.wrong(m)
	}
	return ""
}

// fields draws the two fields; has says whether the focus is here at all.
func (s *signIn) fields(m *Model, has bool) []FormField {
	t := m.words.T
	who := FormField{
		Label: t("duty.field.id"), Text: s.id, Focus: has && !s.onPIN && !s.busy, Given: s.fixed || s.card != "",
		Key: Key(tapField + s.name + ".id"),
	}
	if who.Focus {
		who.Help = t("duty.field.id.help")
	}
	pin := FormField{
		Label: t("duty.field.pin"), Text: strings.Repeat("●", len(s.pin)), Secret: true, Focus: has && s.onPIN && !s.busy,
		Key: Key(tapField + s.name + ".pin"),
	}
	if s.busy {
		pin.Help = t("duty.checking")
	}
	return []FormField{who, pin}
}

// say is a text that is put into words when it is drawn.
func say(key string, args ...string) func(m *Model) string {
	return func(m *Model) string { return m.words.T(key, args...) }
}

// seconds rounds up, so that a countdown never says 0.
func seconds(d time.Duration) string {
	return strconv.Itoa(int((max(d, 0) + time.Second - 1) / time.Second))
}
