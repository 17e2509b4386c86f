package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"quachot/build/programs"
	"quachot/build/sample"
)

// rss is the resident memory of a process in MB, from /proc.
func rss(pid int) (float64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("read a process's memory: %w", err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kb / 1024, err
		}
	}
	return 0, fmt.Errorf("no VmRSS of process %d", pid)
}

// benchIngest sends a million records in ten stations' loads and looks at the
// office's memory after each.
func benchIngest(ctx context.Context, dir string, out func(Value)) error {
	const loads, each = 10, 100_000
	built, err := programs.Build(dir, false)
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
	source := sample.New(3, time.Now())
	var spent time.Duration
	for i := range loads {
		data := filepath.Join(dir, fmt.Sprintf("station%d", i))
		if err := office.Enrol(ctx, built.Kiosk, data, "BENCH"); err != nil {
			return err
		}
		if err := fillStation(ctx, data, source, each); err != nil {
			return err
		}
		start := time.Now()
		got, err := programs.Run(ctx, "", built.Kiosk, "--data", data, "sync", "--until-empty", "--timeout", "10m")
		if err == nil && got.Code != 0 {
			err = fmt.Errorf("kiosk sync: exit %d: %s", got.Code, got.Stderr)
		}
		if err != nil {
			return err
		}
		spent += time.Since(start)
		if err := os.RemoveAll(data); err != nil {
			return err
		}
		memory, err := rss(office.PID())
		if err != nil {
			return err
		}
		out(Value{Name: fmt.Sprintf("office.rss.%dk", (i+1)*each/1000), Value: memory, Unit: "MB"}.against(500, "aim <= 1"))
	}
	out(Value{Name: "office.ingest", Value: loads * each / spent.Seconds(), Unit: "rec/s", Note: "one station at a time, program start included"})
	return nil
}
