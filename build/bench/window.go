package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"quachot/build/programs"
)

// windowBench is a real window on a virtual screen, with an office that holds what was
// scanned in the end.
type windowBench struct {
	office *programs.Office
	kiosk  string
	data   string
	screen *exec.Cmd
	name   string // of the display
	window *exec.Cmd
	x      *xclient
	turns  atomic.Uint64 // verdicts that had their turn on the screen
}

// openWindow starts all of it; close ends it.
func openWindow(ctx context.Context, dir string) (w *windowBench, err error) {
	w = &windowBench{data: filepath.Join(dir, "station")}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	built, err := programs.Build(dir, true)
	if err != nil {
		return w, err
	}
	w.kiosk = built.Kiosk
	if w.office, err = programs.NewOffice(built.Office, filepath.Join(dir, "office")); err != nil {
		return w, err
	}
	if err = w.office.Start(ctx); err != nil {
		return w, err
	}
	if err = w.office.Enrol(ctx, w.kiosk, w.data, "BENCH"); err != nil {
		return w, err
	}
	if err = w.startScreen(ctx); err != nil {
		return w, err
	}
	if err = w.show(ctx); err != nil {
		return w, err
	}
	w.x, err = dialX(w.name)
	return w, err
}

func (w *windowBench) close() {
	for _, cmd := range []*exec.Cmd{w.window, w.screen} {
		if cmd != nil && cmd.Process != nil {
			_ = cmd.Process.Kill()
		}
	}
	if w.office != nil {
		_ = w.office.Kill()
	}
}

// show opens the window and waits until it takes keys.
func (w *windowBench) show(ctx context.Context) error {
	w.window = exec.CommandContext(ctx, w.kiosk, "--data", w.data, "--fullscreen", "-v")
	w.window.Env = append(os.Environ(), "DISPLAY="+w.name)
	said, err := w.window.StderrPipe()
	if err != nil {
		return err
	}
	if err := w.window.Start(); err != nil {
		return fmt.Errorf("open the window: %w", err)
	}
	ready := make(chan struct{})
	go w.listen(said, ready)
	select {
	case <-ready:
	case <-time.After(60 * time.Second):
		return errors.New("the window with its key hook never came")
	}
	find := exec.CommandContext(ctx, "xdotool", "search", "--sync", "--onlyvisible", "--name", "^Qua Ch", "windowfocus", "--sync")
	find.Env = append(os.Environ(), "DISPLAY="+w.name)
	if err := find.Run(); err != nil {
		return fmt.Errorf("find the window: %w", err)
	}
	time.Sleep(3 * time.Second) // it fills the screen within two
	return nil
}

// listen follows the window's state lines; see kiosk/show.go.
func (w *windowBench) listen(said io.Reader, ready chan struct{}) {
	open := false
	for lines := bufio.NewScanner(said); lines.Scan(); {
		line := lines.Text()
		if !open && strings.Contains(line, "key hook installed") {
			open = true
			close(ready)
		}
		if _, rest, ok := strings.Cut(line, " turn="); ok {
			number, _, _ := strings.Cut(rest, " ")
			if n, err := strconv.ParseUint(number, 10, 64); err == nil {
				w.turns.Store(n)
			}
		}
	}
}

// shown waits until n verdicts had their turn.
func (w *windowBench) shown(ctx context.Context, n uint64) error {
	for end := time.Now().Add(30 * time.Second); w.turns.Load() < n; time.Sleep(time.Millisecond) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Now().After(end) {
			return fmt.Errorf("verdict %d never came", n)
		}
	}
	return nil
}

// scan types a code, waits for its verdict and puts it away.
func (w *windowBench) scan(ctx context.Context, text string, pace time.Duration) error {
	next := w.turns.Load() + 1
	if err := w.x.typed(text, pace); err != nil {
		return err
	}
	if err := w.shown(ctx, next); err != nil {
		return err
	}
	return w.x.press(keyEscape)
}

// startScreen starts a virtual display on a free number.
func (w *windowBench) startScreen(ctx context.Context) error {
	r, told, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	w.screen = exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", "1366x768x24", "-nolisten", "tcp")
	w.screen.ExtraFiles = []*os.File{told}
	err = w.screen.Start()
	told.Close()
	if err != nil {
		return fmt.Errorf("start a virtual display: %w", err)
	}
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return fmt.Errorf("the virtual display did not come up: %w", err)
	}
	w.name = ":" + strings.TrimSpace(number)
	return nil
}

// share is QUACHOT_BENCH_SHARE, a part of the scans for a quick look: 1 = all.
func share(scans int) int {
	part, err := strconv.ParseFloat(os.Getenv("QUACHOT_BENCH_SHARE"), 64)
	if err != nil || part <= 0 || part > 1 {
		return scans
	}
	return max(10, int(float64(scans)*part))
}
