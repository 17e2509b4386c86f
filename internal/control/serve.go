package control

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// ErrServed says that another program already serves this data directory.
var ErrServed = errors.New("another program serves this data directory")

// Run is what a subcommand does inside the running program. ctx ends when the
// caller goes away. It may use stdin until it returns, not longer.
type Run = func(ctx context.Context, args []string, cwd string, stdin io.Reader, stdout, stderr io.Writer) int

// Serve answers callers until ctx ends (nil then). Each caller has its own
// goroutine; when Serve returns, all of them have ended. Only the user who runs
// the program can reach the socket.
func Serve(ctx context.Context, dir string, run Run) error {
	l, err := Listen(dir)
	if err != nil {
		return err
	}
	return l.Serve(ctx, run)
}

// Listener is a control socket that exists but does not answer yet, so that a
// program can be sure of it before it goes on.
type Listener struct{ l net.Listener }

// Listen makes the socket of a data directory. A socket left by a program that
// was killed is replaced. ErrServed when another program answers there.
func Listen(dir string) (*Listener, error) {
	path, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	if err := privateFolder(path); err != nil {
		return nil, err
	}
	if c, err := net.DialTimeout("unix", path, time.Second); err == nil {
		c.Close()
		return nil, fmt.Errorf("%s: %w", dir, ErrServed)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove old control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("open control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("protect control socket: %w", err)
	}
	return &Listener{l}, nil
}

// Close takes the socket away.
func (l *Listener) Close() error { return l.l.Close() }

// Serve is like the function Serve. It closes the listener.
func (l *Listener) Serve(ctx context.Context, run Run) error {
	stop := context.AfterFunc(ctx, func() { l.l.Close() })
	defer stop()
	defer l.l.Close()
	var callers sync.WaitGroup
	defer callers.Wait()
	for {
		c, err := l.l.Accept()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("wait for a subcommand: %w", err)
		}
		callers.Go(func() { answer(ctx, c, run) })
	}
}

// answer runs one caller's subcommand. An error of the connection needs no
// handling: the caller is gone and its context has ended.
func answer(ctx context.Context, c net.Conn, run Run) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { c.SetReadDeadline(time.Unix(1, 0)) })
	var reader sync.WaitGroup
	defer func() { stop(); cancel(); c.Close(); reader.Wait() }()

	in := bufio.NewReaderSize(c, maxPiece)
	line, err := readLine(in)
	if err != nil {
		return
	}
	var q request
	if json.Unmarshal(line, &q) != nil {
		return
	}
	r, w := io.Pipe()
	reader.Go(func() { feed(in, w, cancel) })
	out := &pieces{w: c}
	code := run(ctx, q.Args, q.Cwd, r, stream{out, streamStdout}, stream{out, streamStderr})
	r.Close()
	_ = out.send(streamExit, binary.BigEndian.AppendUint32(nil, uint32(code)))
}

// feed hands the caller's stdin to the subcommand and notices when the caller
// goes away.
func feed(in io.Reader, w *io.PipeWriter, gone func()) {
	defer gone()
	for {
		s, data, err := readPiece(in)
		if err != nil {
			w.CloseWithError(io.ErrUnexpectedEOF)
			return
		}
		if s != streamStdin {
			continue
		}
		if len(data) == 0 {
			w.Close()
			continue
		}
		_, _ = w.Write(data) // the subcommand may have stopped reading: go on, to notice the end
	}
}

func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if err == nil || !errors.Is(err, bufio.ErrBufferFull) || len(line) > maxRequest {
			return line, err
		}
	}
}
