package serial

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"quachot/hardware/scanner"
)

// openPTY gives the scanner's end of a pseudo terminal and the name of the
// port, which is a real tty with real termios.
func openPTY(t *testing.T) (master *os.File, port string) {
	t.Helper()
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	fd := int(f.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, fmt.Sprintf("/dev/pts/%d", n)
}

// running is a Scan under way.
type running struct {
	t      *testing.T
	codes  chan scanner.Code
	done   chan error
	cancel context.CancelFunc
}

func start(t *testing.T, port string) *running {
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{t: t, codes: make(chan scanner.Code, 1000), done: make(chan error, 1), cancel: cancel}
	s := &Scanner{Device: port, opened: make(chan struct{})}
	go func() { r.done <- s.Scan(ctx, func(c scanner.Code) { r.codes <- c }) }()
	select {
	case <-s.opened:
	case err := <-r.done:
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(cancel)
	return r
}

func (r *running) next() scanner.Code {
	r.t.Helper()
	select {
	case c := <-r.codes:
		return c
	case err := <-r.done:
		r.t.Fatalf("scan ended: %v", err)
	case <-time.After(10 * time.Second):
		r.t.Fatal("no code came")
	}
	return scanner.Code{}
}

func write(t *testing.T, f *os.File, s string) {
	t.Helper()
	if _, err := f.WriteString(s); err != nil {
		t.Fatal(err)
	}
}

func TestCodesOverATerminal(t *testing.T) {
	f, port := openPTY(t)
	r := start(t, port)
	cccd := "046187001234|191234567|Nguyễn Thị Minh Khai|18011987|Nữ|12/3 Kiệt 45 Nguyễn Huệ|25042021"
	for _, tt := range []struct {
		name   string
		writes []string
		want   []string
	}{
		{"CR", []string{cccd + "\r"}, []string{cccd}},
		{"CR LF", []string{"one\r\ntwo\r\n"}, []string{"one", "two"}},
		{"LF", []string{"one\n"}, []string{"one"}},
		{"STX ETX", []string{"\x02one\x03\x02two\x03"}, []string{"one", "two"}},
		{"AIM", []string{"]Q1" + cccd + "\r"}, []string{cccd}},
		{"control characters a terminal would eat", []string{"a\x11b\x13c\x04d\x1ae\r"}, []string{"a\x11b\x13c\x04d\x1ae"}},
		{"UTF-8 split across reads", []string{"Nguy\xe1", "\xbb", "\x85n\r"}, []string{"Nguyễn"}},
		{"64-byte packets", packets(strings.Repeat("0123456789", 27)+"\r", 64), []string{strings.Repeat("0123456789", 27)}},
		{"no end, then silence", []string{"no end"}, []string{"no end"}},
	} {
		for _, w := range tt.writes {
			write(t, f, w)
		}
		for _, want := range tt.want {
			if got := r.next(); got.Text != want || got.Device != port || got.At.IsZero() || got.Truncated {
				t.Errorf("%s: got %+v, want %q", tt.name, got, want)
			}
		}
	}
	r.cancel()
	if err := <-r.done; err != nil {
		t.Errorf("ended by ctx: %v, want nil", err)
	}
	if len(r.codes) > 0 {
		t.Errorf("%d codes too many, first %q", len(r.codes), (<-r.codes).Text)
	}
}

func TestTwoHundredCodesBackToBack(t *testing.T) {
	f, port := openPTY(t)
	r := start(t, port)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 200 {
			_, _ = fmt.Fprintf(f, "%03d%s\r\n", i, strings.Repeat("x", 267))
		}
	})
	var got, want []string
	for i := range 200 {
		got, want = append(got, r.next().Text[:3]), append(want, fmt.Sprintf("%03d", i))
	}
	wg.Wait()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnplugInTheMiddle(t *testing.T) {
	f, port := openPTY(t)
	r := start(t, port)
	write(t, f, "whole\r")
	if got := r.next(); got.Text != "whole" {
		t.Fatalf("got %q", got.Text)
	}
	write(t, f, "046187001234") // the first field of a card, which alone is a number too
	f.Close()
	if err := <-r.done; !errors.Is(err, scanner.ErrLost) {
		t.Errorf("got %v, want ErrLost", err)
	}
	if len(r.codes) > 0 {
		t.Errorf("half a code came out: %q", (<-r.codes).Text)
	}
}

func TestAMegabyteWithoutEnd(t *testing.T) {
	f, port := openPTY(t)
	r := start(t, port)
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 1 << 8 {
			_, _ = f.WriteString(strings.Repeat("y", 4096))
		}
		_, _ = f.WriteString("\rafter\r")
	})
	if got := r.next(); !got.Truncated || len(got.Text) != scanner.MaxCode+1 {
		t.Errorf("got %d bytes, truncated %v", len(got.Text), got.Truncated)
	}
	if got := r.next(); got.Text != "after" || got.Truncated {
		t.Errorf("after it: %.20q", got.Text)
	}
	wg.Wait()
}

func TestNoSuchPort(t *testing.T) {
	err := (&Scanner{Device: "/dev/does-not-exist"}).Scan(t.Context(), func(scanner.Code) {})
	if !errors.Is(err, scanner.ErrLost) {
		t.Errorf("got %v, want ErrLost", err)
	}
}

func packets(s string, n int) (p []string) {
	for len(s) > n {
		p, s = append(p, s[:n]), s[n:]
	}
	return append(p, s)
}
