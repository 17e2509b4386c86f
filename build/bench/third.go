package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"time"

	"quachot/kiosk/lane"
)

// thirdChild is the word by which this program starts itself to be held back.
const thirdChild = "lane-in-a-third-of-a-core"

// held is what the child measured of itself.
type held struct {
	Rate    float64       `json:"rate"`
	P50     float64       `json:"p50_ms"`
	P99     float64       `json:"p99_ms"`
	Elapsed time.Duration `json:"elapsed_ns"`
	Used    time.Duration `json:"cpu_ns"`
}

// benchThird lets one scanner work on a third of a core: a child of this
// program, held back once it has filled its journal.
func benchThird(ctx context.Context, dir string, out func(Value)) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.CommandContext(ctx, self, thirdChild, dir)
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		return err
	}
	answers, err := child.StdoutPipe()
	if err != nil {
		return err
	}
	if err := child.Start(); err != nil {
		return fmt.Errorf("start the program once more: %w", err)
	}
	h, how, err := holdAndRun(child.Process.Pid, in, bufio.NewReader(answers))
	if err != nil {
		child.Process.Kill()
	}
	if err = errors.Join(err, child.Wait()); err != nil {
		return fmt.Errorf("lane in a third of a core: %w", err)
	}
	share := float64(h.Used) / float64(h.Elapsed)
	if share > 0.4 {
		return fmt.Errorf("lane in a third of a core: %s let it use %.2f of a core", how, share)
	}
	out(Value{Name: "lane.third.scans.1", Value: h.Rate, Unit: "scan/s", Note: how})
	out(Value{Name: "lane.third.verdict.p50", Value: h.P50, Unit: "ms"})
	out(Value{Name: "lane.third.verdict.p99", Value: h.P99, Unit: "ms"})
	out(Value{Name: "lane.third.cpu", Value: share, Unit: "cores"}.against(1.0/3, "what it really used"))
	return nil
}

func holdAndRun(pid int, in io.WriteCloser, answers *bufio.Reader) (h held, how string, err error) {
	defer in.Close()
	if _, err := answers.ReadString('\n'); err != nil {
		return h, "", fmt.Errorf("the child did not get ready: %w", err)
	}
	how, release, err := hold(pid)
	if err != nil {
		return h, "", err
	}
	defer release()
	if _, err := io.WriteString(in, "go\n"); err != nil {
		return h, how, err
	}
	return h, how, json.NewDecoder(answers).Decode(&h)
}

// runThird is the child: it fills its journal, says so, waits for a line and
// scans for ten seconds.
func runThird(ctx context.Context, dir string) error {
	debug.SetGCPercent(lane.GCPercent)
	p, err := newPost(ctx, dir, 5)
	if err != nil {
		return err
	}
	defer p.close()
	all, err := texts(p.source, 5000)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return err
	}
	l := newLane(p.journal, p.lists)
	var took []time.Duration
	start, used := time.Now(), cpuTime()
	for _, text := range all {
		if time.Since(start) > 10*time.Second {
			break
		}
		begin := time.Now()
		if err := scanOnce(ctx, l, text); err != nil {
			return err
		}
		took = append(took, time.Since(begin))
	}
	h := held{Elapsed: time.Since(start), Used: cpuTime() - used}
	h.Rate = float64(len(took)) / h.Elapsed.Seconds()
	h.P50, h.P99 = percentile(took, 0.5), percentile(took, 0.99)
	return json.NewEncoder(os.Stdout).Encode(h)
}
