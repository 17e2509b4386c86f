package station

import (
	"context"
	"errors"

	"quachot/internal/badge"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
)

// ErrNoOfficers says that nobody can log in yet. A lane works without, see
// package duty.
var ErrNoOfficers = errors.New("the list of officers has not come from the office yet: run `kiosk sync` once with a network")

// Login proves who an officer is, by badge or id and the PIN; it takes the time
// of an Argon2id. A wrong PIN, a badge that counts no more and a role that is not
// enough are records. The lane is told by the caller, unless c.Only. Errors:
// ErrNoOfficers, those of [duty.Login], and what the journal says.
func (s *Station) Login(ctx context.Context, c duty.Credentials) (wire.Officer, error) {
	officers := s.Lists.Snapshot().Officers()
	if len(officers) == 0 {
		return wire.Officer{}, ErrNoOfficers
	}
	o, err := duty.Login(officers, c, s.Clock.Now(), s.Guard)
	switch {
	case err == nil:
		return o, s.forgetTries(ctx, o.ID)
	case errors.Is(err, duty.ErrBadge), errors.Is(err, duty.ErrRole):
		s.refused(ctx, c, officers)
	}
	return wire.Officer{}, err
}

// refused writes down a login that failed for another reason than the PIN, which
// the guard writes down itself.
func (s *Station) refused(ctx context.Context, c duty.Credentials, officers []wire.Officer) {
	id := c.ID
	if b, err := badge.Parse(c.Badge); err == nil {
		id = b.Officer
	} else if c.Badge != "" {
		return // a damaged reading is nobody's try
	}
	o, err := duty.Find(officers, duty.Credentials{ID: id})
	if err == nil {
		err = s.shift(ctx, o.ID, "refused")
	}
	if err != nil {
		s.log.Error("a refused login could not be written down", "officer", id, "err", err)
	}
}
