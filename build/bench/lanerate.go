package main

import (
	"context"
	"errors"
	"path/filepath"
	"runtime/debug"
	"time"

	"quachot/build/sample"
	"quachot/kiosk/lane"
)

// benchLaneRate is one scanner that waits for each answer, one whose codes queue
// as they do on the standard input of `kiosk lane`, eight feeding one station,
// and bbolt alone, in turn.
func benchLaneRate(ctx context.Context, dir string, p *post, out func(Value)) error {
	peer, err := newPeer(filepath.Join(dir, "peer.db"), heldBefore)
	if err != nil {
		return err
	}
	defer peer.db.Close()
	var one, window, eight, update, gain, queue, ahead []float64
	for range 5 {
		a, err := laneRate(ctx, p, 1, 3*time.Second)
		if err != nil {
			return err
		}
		before := debug.SetGCPercent(100)
		w, err := laneRate(ctx, p, 1, 3*time.Second)
		debug.SetGCPercent(before)
		if err != nil {
			return err
		}
		q, err := queueRate(ctx, p, 3*time.Second)
		if err != nil {
			return err
		}
		b, err := laneRate(ctx, p, 8, 3*time.Second)
		if err != nil {
			return err
		}
		u, err := rate(ctx, 1, time.Second, func(uint64) error { return peer.put(1) })
		if err != nil {
			return err
		}
		one, eight, update, gain = append(one, a), append(eight, b), append(update, u), append(gain, b/a)
		window, queue, ahead = append(window, w), append(queue, q), append(ahead, q/a)
	}
	out(Value{Name: "lane.scans.1", Value: median(one), Unit: "scan/s"}.against(100, "one scanner; aim >= 1"))
	out(Value{Name: "lane.scans.1.window", Value: median(window), Unit: "scan/s"}.against(median(one), "the same with GOGC=100, as the window works"))
	out(Value{Name: "lane.scans.queue", Value: median(queue), Unit: "scan/s"}.against(100, "one scanner whose codes queue, keys derived ahead; aim >= 1"))
	out(Value{Name: "lane.scans.queue.gain", Value: median(ahead), Unit: "x", Note: "beside one that waits for each answer, in the same rounds"})
	out(Value{Name: "lane.scans.8", Value: median(eight), Unit: "scan/s", Limit: median(one), Ratio: median(gain), Note: "eight scanners beside one; aim >= 1"})
	out(Value{Name: "disk.bbolt.update", Value: median(update), Unit: "rec/s", Note: "bbolt alone, one writer, in the same rounds"})
	return nil
}

// laneRate is how many new people a second scanners get through together.
func laneRate(ctx context.Context, p *post, scanners int, span time.Duration) (float64, error) {
	all, err := texts(p.source, 400*int(span/time.Second+1))
	if err != nil {
		return 0, err
	}
	l := newLane(p.journal, p.lists)
	return rate(ctx, scanners, span, func(n uint64) error {
		if n > uint64(len(all)) {
			return errors.New("the lane is faster than there are sample codes: make more")
		}
		return scanOnce(ctx, l, all[n-1])
	})
}

// queueRate is how many new people a second one scanner gets through whose codes
// come faster than they are judged.
func queueRate(ctx context.Context, p *post, span time.Duration) (float64, error) {
	all, err := texts(p.source, 400*int(span/time.Second+1))
	if err != nil {
		return 0, err
	}
	l := newLane(p.journal, p.lists)
	queue := lane.NewQueue[sample.Passing](l)
	start := time.Now()
	go func() {
		defer queue.Close()
		for _, s := range all {
			if time.Since(start) > span {
				return
			}
			queue.Put(s.Text, s)
		}
		err = errors.New("the lane is faster than there are sample codes: make more")
	}()
	n := 0
	var failed error
	queue.Run(func(s sample.Passing) {
		failed = errors.Join(failed, scanOnce(ctx, l, s))
		n++
	})
	return float64(n) / time.Since(start).Seconds(), errors.Join(failed, err)
}
