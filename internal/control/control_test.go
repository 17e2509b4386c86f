package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// serve runs a server of dir until the test ends.
func serve(t *testing.T, dir string, run Run) {
	t.Helper()
	l, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var served sync.WaitGroup
	served.Go(func() {
		if err := l.Serve(ctx, run); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { stop(); served.Wait() })
}

// echo copies stdin to stdout in upper case and says its arguments on stderr.
func echo(_ context.Context, args []string, cwd string, stdin io.Reader, stdout, stderr io.Writer) int {
	b, err := io.ReadAll(stdin)
	fmt.Fprintf(stderr, "%q %v %v", args, cwd != "", err)
	_, _ = stdout.Write(bytes.ToUpper(b))
	return 7
}

func TestCall(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, echo)
	long := strings.Repeat("mã thẻ\n", 100_000)
	for _, in := range []string{"", "abc", long} {
		var out, errs bytes.Buffer
		code, running, err := Call(t.Context(), dir, []string{"sync", "--x=a b"}, strings.NewReader(in), &out, &errs)
		if code != 7 || !running || err != nil {
			t.Fatalf("Call = %d, %v, %v", code, running, err)
		}
		if out.String() != strings.ToUpper(in) || errs.String() != `["sync" "--x=a b"] true <nil>` {
			t.Errorf("%d bytes in: %d bytes out, %q", len(in), out.Len(), errs.String())
		}
	}
}

func TestCallsSideBySide(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, echo)
	var calls sync.WaitGroup
	for i := range 8 {
		calls.Go(func() {
			var out, errs bytes.Buffer
			in := fmt.Sprint("n", i)
			if code, _, err := Call(t.Context(), dir, nil, strings.NewReader(in), &out, &errs); code != 7 || err != nil || out.String() != strings.ToUpper(in) {
				t.Errorf("call %d: %d, %v, %q", i, code, err, out.String())
			}
		})
	}
	calls.Wait()
}

func TestNobodyRuns(t *testing.T) {
	dir := t.TempDir()
	if _, running, err := Call(t.Context(), dir, nil, nil, io.Discard, io.Discard); running || err != nil {
		t.Errorf("empty directory: %v, %v", running, err)
	}
	path, err := socketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close() // what kill -9 leaves
	if _, running, err := Call(t.Context(), dir, nil, nil, io.Discard, io.Discard); running || err != nil {
		t.Errorf("socket of a killed program: %v, %v", running, err)
	}
	serve(t, dir, echo)
	if _, running, err := Call(t.Context(), dir, nil, nil, io.Discard, io.Discard); !running || err != nil {
		t.Errorf("after the restart: %v, %v", running, err)
	}
}

func TestOneServer(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, echo)
	if _, err := Listen(dir); !errors.Is(err, ErrServed) {
		t.Errorf("second server: %v, want ErrServed", err)
	}
}

// The data directory may lie so deep that its path does not fit a socket.
func TestLongPath(t *testing.T) {
	deep := filepath.Join(t.TempDir(), strings.Repeat("thư-mục-rất-dài/", 12))
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	path, err := socketPath(deep)
	if err != nil || len(path) > 104 {
		t.Fatalf("path of %d bytes, %v", len(path), err)
	}
	serve(t, deep, echo)
	if code, running, err := Call(t.Context(), deep, nil, nil, io.Discard, io.Discard); code != 7 || !running || err != nil {
		t.Errorf("Call = %d, %v, %v", code, running, err)
	}
}

func TestOnlyTheUser(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, echo)
	path, err := socketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

// The subcommand ends when its caller goes away, and when the program ends.
func TestCallerGoesAway(t *testing.T) {
	dir := t.TempDir()
	started, ended := make(chan bool), make(chan bool)
	serve(t, dir, func(ctx context.Context, _ []string, _ string, _ io.Reader, _, _ io.Writer) int {
		close(started)
		<-ctx.Done()
		close(ended)
		return 0
	})
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, _, err := Call(ctx, dir, nil, nil, io.Discard, io.Discard)
		done <- err
	}()
	<-started
	leave()
	<-ended
	if err := <-done; err == nil {
		t.Error("Call says nothing of the broken connection")
	}
}

// A stranger's bytes on the socket neither start a subcommand nor end the server.
func TestGarbageOnTheSocket(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, echo)
	path, err := socketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, garbage := range []string{"", "\n", "GET / HTTP/1.1\r\n\r\n", "{}", `{"args":["x"]}` + "\n\xff\xff\xff\xff\xff", strings.Repeat("a", 2<<20)} {
		c, err := net.DialTimeout("unix", path, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Write([]byte(garbage)) // it may hang up first
		c.Close()
	}
	if code, _, err := Call(t.Context(), dir, nil, nil, io.Discard, io.Discard); code != 7 || err != nil {
		t.Errorf("after garbage: %d, %v", code, err)
	}
}
