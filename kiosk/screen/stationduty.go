package screen

import (
	"context"
	"errors"
	"time"

	"quachot/internal/wire"
	"quachot/kiosk/lane"
)

// errNoStation is told where a lane works without a station, as in tests.
var errNoStation = errors.New("this window has no station to log in at. Everything scanned is safe")

// Login proves who an officer is, and puts him on duty unless who.Only. It takes
// the time of an Argon2id, so it is Work.
func (h Hands) Login(ctx context.Context, who Credentials) (wire.Officer, error) {
	if h.Station == nil {
		return wire.Officer{}, errNoStation
	}
	o, err := h.Station.Login(ctx, who)
	if err != nil || who.Only {
		return o, err
	}
	return o, h.Lane.SetOfficer(ctx, o.ID)
}

// Handover ends the shift of the officer on duty; next = "" is nobody.
func (h Hands) Handover(ctx context.Context, next string) error { return h.Lane.Handover(ctx, next) }

// Lock writes down that the station was locked, or opened again by the officer on
// duty. A locked station begins a new segment, so that the key of the one before
// is gone from its memory.
func (h Hands) Lock(ctx context.Context, locked bool) error {
	event := "unlock"
	if locked {
		event = "lock"
	}
	if err := h.Lane.Duty(ctx, h.Lane.Officer(), event); err != nil || !locked || h.Station == nil {
		return err
	}
	return h.Station.Journal.Roll("lock")
}

// duty is what the status tells of officers.
func (h Hands) duty() Duty {
	snap := h.Station.Lists.Snapshot()
	named := map[string]Officer{}
	for _, o := range snap.Officers() {
		named[o.ID] = officerOf(o)
	}
	who := func(id string) Officer {
		if o, ok := named[id]; ok || id == "" {
			return o
		}
		return Officer{ID: id} // no longer on the list
	}
	d := Duty{Officers: len(named), On: who(h.Lane.Officer()), Idle: idleLimit(snap.Settings())}
	if last, ok := lane.ReadLastShift(h.Station.Journal); ok {
		d.Last = &LastShift{
			Officer: who(last.Officer), Next: who(last.Next), Counts: last.Counts,
			From: time.UnixMilli(last.Began), To: time.UnixMilli(last.Ended),
		}
	}
	return d
}

// idleMinutes is after how long an idle station locks unless the office says
// otherwise.
const idleMinutes = 15

func idleLimit(s wire.Settings) time.Duration {
	minutes := min(s.IdleMin, 24*60)
	if minutes == 0 {
		minutes = idleMinutes
	}
	return time.Duration(minutes) * time.Minute
}
