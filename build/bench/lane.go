package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"quachot/build/sample"
	"quachot/internal/clock"
	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/kiosk/journal"
	"quachot/kiosk/lane"
)

const (
	heldBefore = 200_000
	mixedScans = 10_000
)

// benchLane measures one lane as `kiosk lane` works it: text in, saved verdict
// out, with its setting of the garbage collector. Lines that end in ".window"
// have the window's, which has less memory to give.
func benchLane(ctx context.Context, dir string, out func(Value)) error {
	defer debug.SetGCPercent(debug.SetGCPercent(lane.GCPercent))
	p, err := newPost(ctx, dir, 1)
	if err != nil {
		return err
	}
	defer p.close()
	disk, err := newSyncer(dir)
	if err != nil {
		return err
	}
	defer disk.close()
	all, err := texts(p.source, mixedScans)
	if err != nil {
		return err
	}
	took, calm, kinds, err := scanBoth(ctx, p, all, disk)
	if err != nil {
		return err
	}
	syncP50, syncP99 := percentile(disk.times, 0.5), percentile(disk.times, 0.99)
	out(Value{Name: "disk.fdatasync.p50", Value: syncP50, Unit: "ms"})
	out(Value{Name: "disk.fdatasync.p99", Value: syncP99, Unit: "ms"})
	out(Value{Name: "lane.verdict.p50", Value: percentile(took, 0.5), Unit: "ms"}.against(3*syncP50+25, "3 fdatasync p50 + 25 ms"))
	out(Value{Name: "lane.verdict.p99", Value: percentile(took, 0.99), Unit: "ms"}.against(3*syncP99+25, "3 fdatasync p99 + 25 ms; aim <= 1"))
	out(Value{Name: "lane.verdict.p50.nophones", Value: percentile(calm, 0.5), Unit: "ms"}.against(3*syncP50+25, "the watch-list holds no phones"))
	out(Value{Name: "lane.verdict.p99.nophones", Value: percentile(calm, 0.99), Unit: "ms"}.against(3*syncP99+25, "aim <= 1"))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		out(Value{Name: "lane.verdict.p50." + kind, Value: percentile(kinds[kind], 0.5), Unit: "ms"})
		out(Value{Name: "lane.verdict.p99." + kind, Value: percentile(kinds[kind], 0.99), Unit: "ms"})
	}
	if err := benchShares(ctx, p, out); err != nil {
		return err
	}
	if err := benchLaneRate(ctx, dir, p, out); err != nil {
		return err
	}
	return benchThird(ctx, filepath.Join(dir, "third"), out)
}

// scanOnce is one scan, saved as it should be.
func scanOnce(ctx context.Context, l *lane.Lane, p sample.Passing) error {
	r, err := l.Scan(ctx, p.Text)
	switch {
	case err != nil:
		return fmt.Errorf("scan a %s: %w", p.Kind, err)
	case !r.Durable || r.Health != journal.HealthOK && r.Health != journal.HealthSlow:
		return fmt.Errorf("a scan was not saved as it should be: durable %v, the journal is %s", r.Durable, r.Health)
	case r.Repeat:
		return errors.New("a scan was taken for a repeat and not saved")
	case p.Kind == "card" && (r.Verdict != record.Pass && r.Verdict != record.Check || r.Reading.Trust != credential.Signed):
		return fmt.Errorf("a good card came out as %v, %v", r.Verdict, r.Reading.Trust)
	}
	return nil
}

// scanBoth scans in turn with a watch-list that holds a phone and with one that
// holds none; kinds are of the first.
func scanBoth(ctx context.Context, p *post, all []sample.Passing, disk *syncer) (took, calm []time.Duration, kinds map[string][]time.Duration, err error) {
	const step = 250
	busy, quiet := newLane(p.journal, p.lists), newLane(p.journal, p.calm)
	kinds = map[string][]time.Duration{}
	for len(all) >= 2*step {
		a, k, err := scanAll(ctx, busy, all[:step], disk)
		if err != nil {
			return nil, nil, nil, err
		}
		b, _, err := scanAll(ctx, quiet, all[step:2*step], disk)
		if err != nil {
			return nil, nil, nil, err
		}
		took, calm, all = append(took, a...), append(calm, b...), all[2*step:]
		for kind, times := range k {
			kinds[kind] = append(kinds[kind], times...)
		}
	}
	return took, calm, kinds, nil
}

// scanAll scans one after the other and measures the disk between scans.
func scanAll(ctx context.Context, l *lane.Lane, all []sample.Passing, disk *syncer) ([]time.Duration, map[string][]time.Duration, error) {
	var took []time.Duration
	kinds := map[string][]time.Duration{}
	for i, p := range all {
		start := time.Now()
		if err := scanOnce(ctx, l, p); err != nil {
			return nil, nil, err
		}
		d := time.Since(start)
		took = append(took, d)
		kinds[p.Kind] = append(kinds[p.Kind], d)
		if i%10 == 0 {
			if err := disk.once(); err != nil {
				return nil, nil, err
			}
		}
	}
	return took, kinds, nil
}

// benchShares is the part of a verdict that is slow on purpose. Every code is
// scanned twice, the second time with its keys in memory: what that saves is
// Argon2id.
func benchShares(ctx context.Context, p *post, out func(Value)) error {
	const perKind = 200
	d := identity.NewDeriver([16]byte{1}, 0)
	var one []time.Duration
	for range perKind {
		doc := identity.NewDocument(identity.CCCD, p.source.Person().CCCD)
		start := time.Now()
		d.Derive(doc)
		one = append(one, time.Since(start))
	}
	out(Value{Name: "identity.derive.p50", Value: percentile(one, 0.5), Unit: "ms", Note: "Argon2id of one document"})

	deps := laneDeps(p.journal, p.lists)
	deps.Clock = striding{clock.System()}
	l := lane.New(deps, record.In)
	fresh, known := map[string][]time.Duration{}, map[string][]time.Duration{}
	for {
		s, err := texts(p.source, 1)
		if err != nil {
			return err
		}
		kind := s[0].Kind
		if len(fresh[kind]) == perKind {
			if len(fresh["card"]) == perKind && len(fresh["cccd"]) == perKind && len(fresh["qrqg"]) == perKind {
				break
			}
			continue
		}
		for _, times := range []map[string][]time.Duration{fresh, known} {
			start := time.Now()
			if err := scanOnce(ctx, l, s[0]); err != nil {
				return err
			}
			times[kind] = append(times[kind], time.Since(start))
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(fresh)) {
		all, rest := percentile(fresh[kind], 0.5), percentile(known[kind], 0.5)
		out(Value{Name: "lane.argon2id.share." + kind, Value: 100 * (1 - rest/all), Unit: "%", Note: fmt.Sprintf("%.2f ms of %.2f", all-rest, all)})
	}
	return nil
}

// striding is a clock on which no code comes back soon enough to be a repeat.
type striding struct{ clock.Clock }

var stride atomic.Int64

func (striding) SinceBoot() time.Duration {
	return time.Duration(stride.Add(int64(2 * lane.RepeatWithin)))
}
