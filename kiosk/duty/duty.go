// Package duty decides who is on duty at a lane: officers, their PINs and the
// delays that make guessing slow. It works offline, against the list of
// officers that came down from the office.
package duty

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"quachot/internal/pin"
	"quachot/internal/wire"
)

// Errors of Login. A [WaitError] is returned instead while the guard is closed.
var (
	ErrUnknown = errors.New("no such officer on this station's list")
	ErrPIN     = errors.New("wrong PIN")
)

// Login finds the officer by id (letter case does not matter) and checks the
// PIN. After [FreeTries] wrong ones each further try has to wait, longer and
// longer, also for the right PIN; g counts them and must not be nil.
func Login(o []wire.Officer, id, code string, now time.Time, g *Guard) (wire.Officer, error) {
	officer, ok := find(o, strings.TrimSpace(id))
	if !ok {
		return wire.Officer{}, fmt.Errorf("log in %q: %w", id, ErrUnknown)
	}
	if err := g.enter(officer.ID, now); err != nil {
		return wire.Officer{}, err
	}
	right, err := pin.VerifyPIN(officer.PIN, strings.TrimSpace(code))
	if err != nil {
		g.leave(officer.ID)
		return wire.Officer{}, fmt.Errorf("log in %s: the list's entry cannot be used, ask the office to set the PIN again: %w", officer.ID, err)
	}
	if !right {
		g.wrong(officer.ID)
		return wire.Officer{}, fmt.Errorf("log in %s: %w", officer.ID, ErrPIN)
	}
	g.Forget(officer.ID)
	return officer, nil
}

func find(o []wire.Officer, id string) (wire.Officer, bool) {
	for _, officer := range o {
		if strings.EqualFold(officer.ID, id) {
			return officer, true
		}
	}
	return wire.Officer{}, false
}
