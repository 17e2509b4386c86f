//go:build !windows

package speaker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// players are tried in this order. pw-play reads no pipe, so each gets a file.
var players = [][]string{{"pw-play"}, {"paplay"}, {"aplay", "-q"}}

var errNoPlayer = errors.New("none of pw-play, paplay and aplay is installed")

// systemPlayer finds a player at every sound anew: one may be installed, or the
// sound server come up, while the program runs.
func systemPlayer() player {
	return func(ctx context.Context, wav []byte) error {
		last := errNoPlayer
		for _, p := range players {
			path, err := exec.LookPath(p[0])
			if err != nil {
				continue
			}
			if last = run(ctx, path, p[1:], wav); last == nil || ctx.Err() != nil {
				return nil
			}
		}
		return last
	}
}

// run plays wav through a player that reads a file.
func run(ctx context.Context, path string, args []string, wav []byte) error {
	f, err := os.CreateTemp("", "quachot-*.wav")
	if err != nil {
		return fmt.Errorf("make a sound file: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(wav)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write a sound file: %w", err)
	}
	var said bytes.Buffer
	c := exec.CommandContext(ctx, path, append(args, f.Name())...)
	c.Stderr = &said
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w: %.200s", path, err, said.String())
	}
	return nil
}
