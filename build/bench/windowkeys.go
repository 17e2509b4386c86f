package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"quachot/build/programs"
)

// benchWindow measures the real window on a virtual display, with keys pressed
// through XTEST: how long from a scan's last key to changed pixels, what is lost
// at a scanner's speeds, and what it costs to show nothing.
func benchWindow(ctx context.Context, dir string, out func(Value)) error {
	w, err := openWindow(ctx, dir)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.idle(ctx, out); err != nil {
		return err
	}
	if err := w.latency(ctx, out); err != nil {
		return err
	}
	var typed []visitor
	for _, pace := range []time.Duration{time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond} {
		if typed, err = w.whole(ctx, pace, typed, out); err != nil {
			return err
		}
	}
	return nil
}

// idle is the processor time of the waiting screen.
func (w *windowBench) idle(ctx context.Context, out func(Value)) error {
	const over = 20 * time.Second
	before, err := processorTime(w.window.Process.Pid)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(over):
	}
	after, err := processorTime(w.window.Process.Pid)
	if err != nil {
		return err
	}
	percent := 100 * (after - before).Seconds() / over.Seconds()
	out(Value{Name: "window.idle.cpu", Value: percent, Unit: "% core"}.against(5, "of one core, waiting screen; aim <= 1"))
	return nil
}

// processorTime is what a process has used of processors, from /proc in ticks of
// 10 ms.
func processorTime(pid int) (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("read a process's time: %w", err)
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err1 != nil || err2 != nil {
		return 0, fmt.Errorf("read a process's time: %q", b)
	}
	return time.Duration(user+system) * 10 * time.Millisecond, nil
}

// The patch that is watched: 4 x 4 pixels of the verdict's ground at 1366x768,
// where nothing is drawn on the waiting screen.
const patchX, patchY, patchSize = 1200, 330, 4

// latency is from the press of a scan's Enter to the first changed pixel. The
// patch is read again and again; how long one reading takes is the method's own
// error, and stands beside.
func (w *windowBench) latency(ctx context.Context, out func(Value)) error {
	var took, reading []time.Duration
	blank, err := w.x.pixels(patchX, patchY, patchSize, patchSize)
	if err != nil {
		return err
	}
	for n := range share(500) {
		next := w.turns.Load() + 1
		if err := w.x.typed(newVisitor(500_000+n).text(), time.Millisecond); err != nil {
			return err
		}
		one, reads, err := w.changes(ctx, blank, false)
		if err != nil {
			return fmt.Errorf("scan %d: %w", n, err)
		}
		took, reading = append(took, one), append(reading, one/time.Duration(reads))
		if err := w.shown(ctx, next); err != nil {
			return err
		}
		if err := w.x.press(keyEscape); err != nil {
			return err
		}
		if _, _, err := w.changes(ctx, blank, true); err != nil {
			return fmt.Errorf("the waiting screen after scan %d: %w", n, err)
		}
	}
	plain, err := w.plainKey(ctx, blank)
	if err != nil {
		return err
	}
	key := msBelow(plain, 0.5)
	out(Value{Name: "window.key.p50", Value: key, Unit: "ms"}.against(frame*2, "F2 to changed pixels: the toolkit alone, beside two frames of 60 Hz"))
	out(Value{Name: "window.pixel.p50", Value: msBelow(took, 0.5), Unit: "ms"}.against(key, "last key of a scan to changed pixels, beside F2 in the same run"))
	out(Value{Name: "window.pixel.p99", Value: msBelow(took, 0.99), Unit: "ms"}.against(msBelow(plain, 0.99), "beside F2's p99"))
	out(Value{Name: "window.pixel.error", Value: msBelow(reading, 0.5), Unit: "ms", Note: "one reading of the patch, p50: the method's own error"})
	return nil
}

// plainKey is the same for a key that only opens the number field: no judgement,
// no disk. It tells a busy machine from a slow lane.
func (w *windowBench) plainKey(ctx context.Context, blank []byte) ([]time.Duration, error) {
	var took []time.Duration
	for range share(200) {
		if err := w.x.press(keyF2); err != nil {
			return nil, err
		}
		one, _, err := w.changes(ctx, blank, false)
		if err != nil {
			return nil, fmt.Errorf("F2: %w", err)
		}
		took = append(took, one)
		if err := w.x.press(keyEscape); err != nil {
			return nil, err
		}
		if _, _, err := w.changes(ctx, blank, true); err != nil {
			return nil, fmt.Errorf("F2 and back: %w", err)
		}
	}
	return took, nil
}

// msBelow sorts all and gives the value below which part of them lie, in ms.
func msBelow(all []time.Duration, part float64) float64 {
	slices.Sort(all)
	return float64(all[min(len(all)-1, int(part*float64(len(all))))].Microseconds()) / 1000
}

// frame is a frame of 60 Hz in ms.
const frame = 1000.0 / 60

// changes reads the patch until it differs from blank, or is it again, and says
// how long that took and how many readings.
func (w *windowBench) changes(ctx context.Context, blank []byte, back bool) (time.Duration, int, error) {
	began := time.Now()
	for reads := 1; ; reads++ {
		now, err := w.x.pixels(patchX, patchY, patchSize, patchSize)
		if err != nil {
			return 0, reads, err
		}
		took := time.Since(began)
		if bytes.Equal(now, blank) == back {
			return took, reads, nil
		}
		if ctx.Err() != nil || took > 30*time.Second {
			return 0, reads, fmt.Errorf("the pixels did not change within %v", took)
		}
	}
}

// whole types 1,000 codes of 267 characters at pace and looks at the office for
// what was lost. typed are those from before, the answer includes the new ones.
func (w *windowBench) whole(ctx context.Context, pace time.Duration, typed []visitor, out func(Value)) ([]visitor, error) {
	from := len(typed)
	for range share(1000) {
		v := newVisitor(len(typed))
		typed = append(typed, v)
		if err := w.scan(ctx, v.text(), pace); err != nil {
			return typed, fmt.Errorf("scan %d at %v a key: %w", len(typed)-1, pace, err)
		}
	}
	synced, err := programs.Run(ctx, "", w.kiosk, "--data", w.data, "sync", "--until-empty", "--timeout", "120s")
	if err != nil || synced.Code != 0 {
		return typed, fmt.Errorf("sync: %v %s", err, synced.Stderr)
	}
	got, err := w.readings(ctx)
	if err != nil {
		return typed, err
	}
	lost, wrong := 0, 0
	for _, v := range typed[from:] {
		if have, ok := got[v.number]; !ok || have != v {
			wrong++
			lost += max(1, len(v.text())-len(have.text()))
		}
	}
	name := fmt.Sprintf("window.keys.%dms", pace.Milliseconds())
	out(Value{Name: name + ".lost", Value: float64(lost), Unit: "chars", Note: fmt.Sprintf("of %d codes of 267 characters; aim 0", len(typed)-from)})
	out(Value{Name: name + ".wrong", Value: float64(wrong), Unit: "codes", Note: "not whole at the office; aim 0"})
	return typed, nil
}

// readings are the office's scans by the number of the document.
func (w *windowBench) readings(ctx context.Context) (map[string]visitor, error) {
	all, err := w.office.Records(ctx, "scan")
	if err != nil {
		return nil, err
	}
	got := map[string]visitor{}
	for _, r := range all {
		var body struct {
			Name, Address string
			Documents     []struct{ Number string }
		}
		if err := json.Unmarshal(r.Body, &body); err != nil {
			return nil, fmt.Errorf("read a scan of the office: %w", err)
		}
		if len(body.Documents) > 0 {
			got[body.Documents[0].Number] = visitor{body.Documents[0].Number, body.Name, body.Address}
		}
	}
	return got, nil
}

// visitor is somebody's CCCD code of 267 plain characters, as long as a card's.
type visitor struct{ number, name, address string }

func newVisitor(n int) visitor {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz0123456789,.-/"
	r := rand.New(rand.NewPCG(uint64(n), 7))
	v := visitor{number: fmt.Sprintf("046187%06d", n), name: fmt.Sprintf("NGUYEN THI SO %c%c", 'A'+n/26%26, 'A'+n%26)}
	var b strings.Builder
	for b.Len() < 267-len(v.text()) {
		b.WriteByte(letters[r.IntN(len(letters))])
	}
	// A reader may fold blanks: none at either end, never two.
	v.address = strings.ReplaceAll("x"+b.String()[1:b.Len()-1]+"x", "  ", " a")
	return v
}

func (v visitor) text() string {
	return v.number + "||" + v.name + "|18011987|Nu|" + v.address + "|25042021"
}

// benchShift is an eight-hour shift compressed into minutes: 20,000 scans, the
// window's memory after each thousand. It must not grow after the first.
func benchShift(ctx context.Context, dir string, out func(Value)) error {
	w, err := openWindow(ctx, dir)
	if err != nil {
		return err
	}
	defer w.close()
	scans := share(20_000)
	step := max(1, scans/20)
	var first float64
	for done := step; done <= scans; done += step {
		for n := done - step; n < done; n++ {
			if err := w.scan(ctx, fmt.Sprintf("046187%06d", n), time.Millisecond); err != nil {
				return fmt.Errorf("scan %d: %w", n, err)
			}
		}
		memory, err := settled(ctx, w.window.Process.Pid)
		if err != nil {
			return err
		}
		if first == 0 {
			first = memory
		}
		out(Value{Name: fmt.Sprintf("window.rss.%d", done), Value: memory, Unit: "MB"}.against(250, "aim <= 1"))
		out(Value{Name: fmt.Sprintf("window.growth.%d", done), Value: memory, Unit: "MB"}.against(first, "beside the first part; aim about 1"))
	}
	return nil
}

// settled is the least memory that a process has within three seconds of rest:
// what lies between two garbage collections comes and goes.
func settled(ctx context.Context, pid int) (float64, error) {
	least := 0.0
	for range 15 {
		now, err := rss(pid)
		if err != nil {
			return 0, err
		}
		if least == 0 || now < least {
			least = now
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return least, nil
}
