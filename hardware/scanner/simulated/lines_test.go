package simulated

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"quachot/hardware/scanner"
)

func TestLines(t *testing.T) {
	input := "first\r\n\nsecond \tline\n" + strings.Repeat("z", 1<<20) + "\n\xff\x00\xfe\nlast"
	var got []string
	l := &Lines{From: iotest.HalfReader(strings.NewReader(input))}
	err := l.Scan(t.Context(), func(c scanner.Code) {
		if c.Truncated {
			c.Text = "cut"
		}
		if c.Device != "stdin" || c.At.IsZero() {
			t.Errorf("code %+v without device or time", c)
		}
		got = append(got, c.Text)
	})
	if err != nil {
		t.Errorf("end of input: %v, want nil", err)
	}
	if diff := cmp.Diff([]string{"first", "second \tline", "cut", "\xff\x00\xfe", "last"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLinesLost(t *testing.T) {
	broken := errors.New("pipe broke")
	l := &Lines{From: io.MultiReader(strings.NewReader("one\ntw"), iotest.ErrReader(broken))}
	n := 0
	if err := l.Scan(t.Context(), func(scanner.Code) { n++ }); !errors.Is(err, scanner.ErrLost) || !errors.Is(err, broken) {
		t.Errorf("got %v, want ErrLost and the cause", err)
	}
}

func TestLinesEndWithContext(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- (&Lines{From: r}).Scan(ctx, func(scanner.Code) { cancel() }) }()
	if _, err := w.Write([]byte("one\n")); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("ended by ctx: %v, want nil", err)
	}
}
