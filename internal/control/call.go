package control

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// Call runs args in the program that serves dir and gives its exit code.
// running is false when there is none, and nothing was done then. stdin is read
// on a goroutine that may outlive Call by one blocked read: callers end soon
// after. When ctx ends, the subcommand's context ends too.
func Call(ctx context.Context, dir string, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int, running bool, err error) {
	path, err := socketPath(dir)
	if err != nil {
		return 2, false, err
	}
	d := net.Dialer{Timeout: 2 * time.Second}
	c, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return 2, false, nil // no socket, or left by a killed program
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	cwd, _ := os.Getwd() // empty: relative paths then fail there with their own error
	line, err := json.Marshal(request{Args: args, Cwd: cwd})
	if err != nil {
		return 2, true, fmt.Errorf("ask the running program: %w", err)
	}
	if _, err := c.Write(append(line, '\n')); err != nil {
		return 2, true, fmt.Errorf("ask the running program: %w", err)
	}
	go sendStdin(c, stdin)
	return receive(c, stdout, stderr)
}

func sendStdin(c io.Writer, stdin io.Reader) {
	out := &pieces{w: c}
	if stdin != nil {
		_, _ = io.Copy(stream{out, streamStdin}, stdin) // an error here is an end of input there
	}
	_ = out.send(streamStdin, nil)
}

func receive(c io.Reader, stdout, stderr io.Writer) (int, bool, error) {
	for {
		s, data, err := readPiece(c)
		if err != nil {
			return 2, true, fmt.Errorf("the running program went away before it answered: %w", err)
		}
		switch s {
		case streamStdout:
			_, err = stdout.Write(data)
		case streamStderr:
			_, err = stderr.Write(data)
		case streamExit:
			if len(data) == 4 {
				return int(int32(binary.BigEndian.Uint32(data))), true, nil
			}
		}
		if err != nil {
			return 2, true, fmt.Errorf("write answer: %w", err)
		}
	}
}
