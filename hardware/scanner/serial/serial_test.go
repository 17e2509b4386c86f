package serial

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quachot/hardware/scanner"
)

// script is a port whose reads are known beforehand; "" is a read in which
// nothing came. After the last one the port is gone.
type script struct {
	reads  []string
	waits  []time.Duration // asked for, one a read
	wait   time.Duration
	closed bool
}

var errUnplugged = errors.New("port has been closed")

func (s *script) SetReadTimeout(t time.Duration) error { s.wait = t; return nil }
func (s *script) Close() error                         { s.closed = true; return nil }
func (s *script) Read(p []byte) (int, error) {
	s.waits = append(s.waits, s.wait)
	if len(s.reads) == 0 {
		return 0, errUnplugged
	}
	n := copy(p, s.reads[0])
	s.reads = s.reads[1:]
	return n, nil
}

func TestReads(t *testing.T) {
	for _, tt := range []struct {
		name  string
		reads []string
		want  []string
		err   string
	}{
		{"UTF-8 split across reads", []string{"Nguy\xe1", "\xbb", "\x85n\r"}, []string{"Nguyễn"}, ""},
		{"CR LF split across reads", []string{"a\r", "", "\nb\r", "\n"}, []string{"a", "b"}, ""},
		{"silence ends a code", []string{"abc", "def", "", "ghi", ""}, []string{"abcdef", "ghi"}, ""},
		{"unplugged between codes", []string{"abc\r"}, []string{"abc"}, ""},
		{"unplugged in the middle", []string{"abc\r046187001234"}, []string{"abc"}, "12 bytes dropped"},
	} {
		var got []string
		err := (&Scanner{Device: "x"}).read(t.Context(), &script{reads: tt.reads}, func(c scanner.Code) { got = append(got, c.Text) })
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if !errors.Is(err, scanner.ErrLost) || !errors.Is(err, errUnplugged) || !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %v, want ErrLost %q", tt.name, err, tt.err)
		}
	}
}

// A code under way is waited for as long as the framer says, so that a slow
// cable does not cut it; else ctx has to be looked at.
func TestHowLongAReadWaits(t *testing.T) {
	s := &script{reads: []string{"a", "b\r", "c"}}
	_ = (&Scanner{Device: "x"}).read(t.Context(), s, func(scanner.Code) {})
	want := []time.Duration{idle, scanner.Gap, idle, scanner.LearnedGap}
	if diff := cmp.Diff(want, s.waits); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	reads := []string{"a\r", "b\r", "c\r"}
	n := 0
	err := (&Scanner{Device: "x"}).read(ctx, &script{reads: reads}, func(scanner.Code) { n++; cancel() })
	if err != nil || n != 1 {
		t.Errorf("%v after %d codes, want nil after 1", err, n)
	}
}
