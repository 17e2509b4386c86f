// Package duty decides who is on duty at a lane: officers, their badges and PINs,
// what each role may do, and the delays that make guessing slow. It works offline,
// against the list of officers that came down from the office.
//
// # A lane without an officer
//
// A scan is a fact, whoever stands at the lane: with nobody on duty, and while a
// station is locked, every code is judged and saved as always, under no officer's
// name, and the screen says loudly that nobody is on duty. What an officer answers
// for (a decision, a declaration, an incident, the lane's settings) needs somebody
// on duty as soon as the office has named officers. Refusing scans instead was
// considered and left: it would lose facts, and a queue does not wait for a PIN. A
// station whose list of officers is empty works without anybody logging in.
// `kiosk lane` is run by a script and does what it is told with --officer or
// without; its records carry no name then.
//
// Changing officers touches neither the journal's queue nor what waits to be
// synced: it is one more record.
package duty

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"quachot/internal/badge"
	"quachot/internal/pin"
	"quachot/internal/wire"
)

// Errors of Login. A [WaitError] is returned instead while the guard is closed;
// a wrong PIN is a [PINError], which is ErrPIN.
var (
	ErrUnknown = errors.New("no such officer on this station's list")
	ErrPIN     = errors.New("wrong PIN")
	ErrBadge   = errors.New("this badge counts no more, or was not read whole")
	ErrRole    = errors.New("this officer's role is not enough")
)

// Credentials are what an officer shows: a badge or a typed id, and the PIN.
type Credentials struct {
	Badge string // the badge's text as scanned; "" = none was, then ID counts
	// ID is the officer's number as typed: letter case does not matter, and digits
	// alone find the one officer whose number they are ("7" is C007).
	ID, PIN string
	Role    string // that is needed, see [Has]; "" = any
	Only    bool   // prove who it is, change nobody on duty
}

// PINError is a wrong PIN: it is ErrPIN.
type PINError struct {
	ID   string
	Left int           // tries that are free before the next one has to wait
	For  time.Duration // that the next try has to wait; 0 while tries are free
}

// Error says what was wrong, in words for the log.
func (e *PINError) Error() string { return fmt.Sprintf("log in %s: %v", e.ID, ErrPIN) }

// Unwrap makes it ErrPIN.
func (e *PINError) Unwrap() error { return ErrPIN }

// Login finds the officer by badge or id and checks the PIN, which a badge needs
// too: one that was found opens nothing. After [FreeTries] wrong ones each further
// try has to wait, longer and longer, also for the right PIN; g counts them and
// must not be nil.
func Login(o []wire.Officer, c Credentials, now time.Time, g *Guard) (wire.Officer, error) {
	officer, err := Find(o, c)
	if err != nil {
		return wire.Officer{}, err
	}
	if err := g.enter(officer.ID, now); err != nil {
		return wire.Officer{}, err
	}
	right, err := pin.VerifyPIN(officer.PIN, strings.TrimSpace(c.PIN))
	if err != nil {
		g.leave(officer.ID)
		return wire.Officer{}, fmt.Errorf("log in %s: the list's entry cannot be used, ask the office to set the PIN again: %w", officer.ID, err)
	}
	if !right {
		return wire.Officer{}, g.wrong(officer.ID)
	}
	g.Forget(officer.ID)
	if !Has(officer.Role, c.Role) {
		return wire.Officer{}, fmt.Errorf("log in %s: a %s is needed, not a %s: %w", officer.ID, c.Role, officer.Role, ErrRole)
	}
	return officer, nil
}

// Find is who the credentials say it is, without a look at the PIN. Errors:
// ErrUnknown, ErrBadge.
func Find(o []wire.Officer, c Credentials) (wire.Officer, error) {
	if c.Badge != "" {
		return byBadge(o, c.Badge)
	}
	officer, ok := find(o, strings.TrimSpace(c.ID))
	if !ok {
		return wire.Officer{}, fmt.Errorf("log in %q: %w", c.ID, ErrUnknown)
	}
	return officer, nil
}

// byBadge never says what the badge holds.
func byBadge(o []wire.Officer, text string) (wire.Officer, error) {
	b, err := badge.Parse(text)
	if err != nil {
		return wire.Officer{}, fmt.Errorf("log in by badge: %w", ErrBadge)
	}
	officer, ok := exactly(o, b.Officer)
	switch {
	case !ok:
		return wire.Officer{}, fmt.Errorf("log in by badge of %s: %w", b.Officer, ErrUnknown)
	case !same(officer.Badge, b.Hash()):
		return wire.Officer{}, fmt.Errorf("log in by badge of %s: %w", b.Officer, ErrBadge)
	}
	return officer, nil
}

// find takes an id as typed. A pad has digits only: "7" is C007, as long as no
// other officer could be meant.
func find(o []wire.Officer, id string) (wire.Officer, bool) {
	if officer, ok := exactly(o, id); ok || strings.Trim(id, "0123456789") != "" {
		return officer, ok
	}
	var found wire.Officer
	n := 0
	for _, officer := range o {
		if digits := strings.TrimLeft(officer.ID, letters); digits != officer.ID && trimZeros(digits) == trimZeros(id) {
			found, n = officer, n+1
		}
	}
	return found, n == 1 && trimZeros(id) != ""
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

func trimZeros(s string) string { return strings.TrimLeft(s, "0") }

func exactly(o []wire.Officer, id string) (wire.Officer, bool) {
	for _, officer := range o {
		if strings.EqualFold(officer.ID, id) {
			return officer, true
		}
	}
	return wire.Officer{}, false
}
