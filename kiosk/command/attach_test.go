package command

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"quachot/hardware/scanner"
)

// plug is a scanner that is there now and then.
type plug struct {
	there []time.Duration // how long it stays at each try; 0 = not there
	tries int
}

func (p *plug) Scan(ctx context.Context, found func(scanner.Code)) error {
	if p.tries >= len(p.there) {
		<-ctx.Done()
		return nil
	}
	stays := p.there[p.tries]
	p.tries++
	if stays > 0 {
		found(scanner.Code{Text: fmt.Sprint("code ", p.tries)})
		time.Sleep(stays)
	}
	return fmt.Errorf("gone: %w", scanner.ErrLost)
}

// A scanner that is lost is said to be, once, is tried again, and said to be back.
func TestScannerLostAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var said, codes []string
		p := &plug{there: []time.Duration{0, 0, 0, time.Minute, 0, time.Minute}}
		time.AfterFunc(time.Hour, cancel)
		ReadScanner(ctx, p, func(c scanner.Code) { codes = append(codes, c.Text) }, func(lost error) {
			if lost != nil {
				said = append(said, "lost")
				return
			}
			said = append(said, "there")
		})
		if want := []string{"lost", "there", "lost", "there", "lost", "there"}; !slices.Equal(said, want) {
			t.Errorf("told %v, want %v", said, want)
		}
		if want := []string{"code 4", "code 6"}; !slices.Equal(codes, want) {
			t.Errorf("read %v, want %v", codes, want)
		}
	})
}

// The window refuses what it cannot read from, before it opens anything.
func TestWindowScanners(t *testing.T) {
	for _, args := range [][]string{
		{"--scanner", "stdin"}, {"--scanner", "nothing:x"}, {"--scanner", "serial:a", "--scanner", "serial:a"},
	} {
		var opened bool
		_, code := windowWith(t, args, func(WindowOptions) { opened = true })
		if code != exitUsage || opened {
			t.Errorf("%v: exit %d, opened %v", args, code, opened)
		}
	}
	var got []string
	if _, code := windowWith(t, []string{"--scanner", "serial:a", "--scanner=serial:b@9600", "--fullscreen"}, func(o WindowOptions) {
		for _, s := range o.Scanners {
			got = append(got, s.Name)
		}
	}); code != exitDone || !slices.Equal(got, []string{"serial:a", "serial:b@9600"}) {
		t.Errorf("exit %d with %v", code, got)
	}
}

func windowWith(t *testing.T, args []string, opened func(WindowOptions)) (said string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(append([]string{"--data", t.TempDir()}, args...), nil, &out, &errs, func(_ context.Context, o WindowOptions) int {
		opened(o)
		return exitDone
	})
	return errs.String(), code
}
