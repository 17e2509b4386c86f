package uplink

import (
	"context"
	"fmt"

	"quachot/internal/wire"
)

// introduce tells the office of a station that was enrolled by a file, in a
// connection of its own, before the first sync. It does nothing for any other.
func (c *Client) introduce(ctx context.Context) error {
	proof := c.proof()
	if proof == nil {
		return nil
	}
	l, err := dial(ctx, c.c.Dial, c.c.Address, wire.StationTLS(c.c.Key, c.officeKeys))
	if err != nil {
		return err
	}
	defer l.ws.Close()
	stop := context.AfterFunc(ctx, func() { l.ws.Close() })
	defer stop()
	w, err := greet(l, wire.Hello{Version: wire.Version, Program: c.c.Program, Clock: clockNow(c.c.Clock), Enrol: proof})
	if err != nil {
		return err
	}
	if w.Enrolled == nil {
		return fmt.Errorf("%w: an enrolment without an answer", wire.ErrFrame)
	}
	return c.known(*w.Enrolled)
}

// proof is what the office has to see before it knows this station; nil = it does.
func (c *Client) proof() *wire.EnrolRequest {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.enrol
}

// known notes that the office has enrolled this station.
func (c *Client) known(e wire.Enrolled) error {
	if c.proof() == nil {
		return nil
	}
	if e.Station != c.c.Station || e.Office.Hash() != c.c.Office.Hash() {
		return fmt.Errorf("%w: it enrolled station %s", wire.ErrPeer, e.Station)
	}
	if err := c.c.Enrolled(e); err != nil {
		return fmt.Errorf("note that the office knows this station: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.enrol = nil
	return nil
}
