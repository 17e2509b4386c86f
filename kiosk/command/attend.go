package command

import (
	"context"
	"io"
	"sync"

	"quachot/internal/control"
	"quachot/kiosk/station"
)

// Attend does what goes on beside a window or a lane: the sync, and subcommands
// that come through the control socket. It returns when ctx ended and all it
// started has. A socket that cannot be opened costs the subcommands, not the
// lane: the error is logged.
func Attend(ctx context.Context, s *station.Station, o WindowOptions) {
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() {
		if s.Training {
			return // nothing of it is ever sent
		}
		if err := s.Uplink.Run(ctx); err != nil {
			o.Log.Error("sync", "err", err)
		}
	})
	serve := func(ctx context.Context, args []string, cwd string, stdin io.Reader, stdout, stderr io.Writer) int {
		return run(&call{ctx: ctx, args: args, cwd: cwd, stdin: stdin, stdout: stdout, stderr: stderr, window: NoWindow, station: s})
	}
	if err := control.Serve(ctx, s.Dir(), serve); err != nil {
		o.Log.Error("subcommands cannot reach this program", "err", err)
	}
}
