// Package simulated holds scanners without a device: a reader of lines, such
// as standard input, for trying things out, for tests and for other programs
// that feed a lane.
package simulated

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"quachot/hardware/scanner"
)

// Lines gives each line of From as one code. A line is as long as it likes;
// what is past [scanner.MaxCode] is cut. An empty line is no code.
type Lines struct {
	From   io.Reader
	Device string // name for people; "stdin" when empty
}

// Name is the device's name.
func (l *Lines) Name() string {
	if l.Device == "" {
		return "stdin"
	}
	return l.Device
}

// Scan reads until the end of From (nil), until ctx ends (nil) or until From
// fails. A last line without LF counts at the end of From; where From fails it is
// half a code and is not given out. A read that is under way when ctx ends
// cannot be broken off; Scan returns, and its goroutine ends with that read,
// whose bytes are lost. So one Lines is for one Scan.
func (l *Lines) Scan(ctx context.Context, found func(scanner.Code)) error {
	type piece struct {
		bytes []byte
		err   error
	}
	pieces := make(chan piece)
	go func() {
		for {
			b := make([]byte, 32<<10)
			n, err := l.From.Read(b)
			select {
			case pieces <- piece{b[:n], err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	framer := scanner.Framer{LinesOnly: true}
	give := func(text string, truncated bool) {
		found(scanner.Code{Text: text, At: time.Now(), Device: l.Name(), Truncated: truncated})
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case p := <-pieces:
			framer.Feed(p.bytes, give)
			if p.err == nil {
				continue
			}
			if errors.Is(p.err, io.EOF) || errors.Is(p.err, os.ErrClosed) {
				framer.Flush(give)
				return nil
			}
			return fmt.Errorf("read %s: %w: %w", l.Name(), scanner.ErrLost, p.err)
		}
	}
}
