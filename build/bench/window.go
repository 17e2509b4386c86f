package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"quachot/build/programs"
	"quachot/build/sample"
)

// benchWindow types scans into the real window on a virtual display and looks
// at its memory. Card numbers are typed: thirteen keys and Enter each.
func benchWindow(ctx context.Context, dir string, out func(Value)) error {
	const scans, step = 10_000, 1000
	built, err := programs.Build(dir, true)
	if err != nil {
		return err
	}
	office, err := programs.NewOffice(built.Office, filepath.Join(dir, "office"))
	if err != nil {
		return err
	}
	if err := office.Start(ctx); err != nil {
		return err
	}
	defer office.Kill()
	data := filepath.Join(dir, "station")
	if err := office.Enrol(ctx, built.Kiosk, data, "BENCH"); err != nil {
		return err
	}
	screen, err := startScreen(ctx, ":97")
	if err != nil {
		return err
	}
	defer screen.Process.Kill()
	window := exec.CommandContext(ctx, built.Kiosk, "--data", data)
	window.Env = append(os.Environ(), "DISPLAY=:97")
	if err := window.Start(); err != nil {
		return fmt.Errorf("open the window: %w", err)
	}
	defer window.Process.Kill()
	typist := func(args ...string) error {
		cmd := exec.CommandContext(ctx, "xdotool", args...)
		cmd.Env = append(os.Environ(), "DISPLAY=:97")
		return cmd.Run()
	}
	if err := typist("search", "--sync", "--onlyvisible", "--pid", fmt.Sprint(window.Process.Pid)); err != nil {
		return fmt.Errorf("find the window: %w", err)
	}
	source := sample.New(4, time.Now())
	var first float64
	for done := 0; done < scans; done += step {
		for range step {
			if err := typist("type", "--delay", "1", source.Person().CCCD+"\n"); err != nil {
				return fmt.Errorf("type a scan: %w", err)
			}
		}
		memory, err := rss(window.Process.Pid)
		if err != nil {
			return err
		}
		if first == 0 {
			first = memory
		}
		out(Value{Name: fmt.Sprintf("window.rss.%d", done+step), Value: memory, Unit: "MB"}.against(250, "aim <= 1"))
		out(Value{Name: fmt.Sprintf("window.growth.%d", done+step), Value: memory, Unit: "MB"}.against(first, "beside the first thousand; aim about 1"))
	}
	return nil
}

func startScreen(ctx context.Context, display string) (*exec.Cmd, error) {
	cmd := exec.CommandContext(ctx, "Xvfb", display, "-screen", "0", "1366x768x24", "-nolisten", "tcp")
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a virtual display: %w", err)
	}
	deadline := time.Now().Add(10 * time.Second)
	socket := "/tmp/.X11-unix/X" + display[1:]
	for time.Now().Before(deadline) {
		if _, err := os.Stat(socket); err == nil {
			return cmd, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil, fmt.Errorf("the virtual display %s did not come up", display)
}
