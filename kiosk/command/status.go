package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"quachot/kiosk/station"
)

type statusCmd struct {
	JSON bool `help:"As JSON (always so)." name:"json"`
}

func (statusCmd) Run(c *call) error {
	return c.withStation(nil, func(s *station.Station) error { return line(c.stdout, s.Status()) })
}

type syncCmd struct {
	UntilEmpty bool          `help:"Keep trying until the office holds everything; without it, one try."`
	Timeout    time.Duration `help:"Give up after this long; 0 = never." placeholder:"D"`
}

// Run prints the status afterwards; exit 1 when something is left.
func (y syncCmd) Run(c *call) error {
	return c.withStation(nil, func(s *station.Station) error {
		if s.Training {
			return errors.New("this is training: nothing of it is ever sent")
		}
		ctx, cancel := y.limit(c.ctx)
		defer cancel()
		drain := s.Uplink.DrainNow
		if y.UntilEmpty {
			drain = s.Uplink.Drain
		}
		left := drain(ctx)
		if err := line(c.stdout, s.Status()); err != nil {
			return err
		}
		if left != nil {
			fmt.Fprintln(c.stderr, left)
			return exit(exitFindings)
		}
		return nil
	})
}

func (y syncCmd) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if y.Timeout > 0 {
		return context.WithTimeout(ctx, y.Timeout)
	}
	return context.WithCancel(ctx)
}

// line writes v as one line of JSON. Codes hold '<' and '&'; they stay as they
// are.
func line(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}
