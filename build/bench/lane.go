package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
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
	"quachot/internal/wire"
	"quachot/kiosk/journal"
	"quachot/kiosk/lane"
	"quachot/kiosk/lists"
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
	took, kinds, err := scanAll(ctx, newLane(p.journal, p.lists), all, disk)
	if err != nil {
		return err
	}
	syncP50, syncP99 := percentile(disk.times, 0.5), percentile(disk.times, 0.99)
	out(Value{Name: "disk.fdatasync.p50", Value: syncP50, Unit: "ms"})
	out(Value{Name: "disk.fdatasync.p99", Value: syncP99, Unit: "ms"})
	out(Value{Name: "lane.verdict.p50", Value: percentile(took, 0.5), Unit: "ms"}.against(3*syncP50+25, "3 fdatasync p50 + 25 ms"))
	out(Value{Name: "lane.verdict.p99", Value: percentile(took, 0.99), Unit: "ms"}.against(3*syncP99+25, "3 fdatasync p99 + 25 ms; aim <= 1"))
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

// A post is a station's journal with heldBefore records in it, its lists, and
// the people who come.
type post struct {
	source  *sample.Source
	lists   *lists.Store
	journal *journal.Journal
}

func newPost(ctx context.Context, dir string, seed uint64) (*post, error) {
	p := &post{source: sample.New(seed, time.Now())}
	var err error
	if p.lists, err = listsWith(filepath.Join(dir, "lists.db"), p.source); err != nil {
		return nil, err
	}
	if p.journal, err = openJournal(filepath.Join(dir, "journal")); err != nil {
		return nil, errors.Join(err, p.lists.Close())
	}
	if err := fill(ctx, p.journal, heldBefore); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *post) close() {
	p.journal.Close()
	p.lists.Close()
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

func newLane(j *journal.Journal, store *lists.Store) *lane.Lane {
	return lane.New(laneDeps(j, store), record.In)
}

func laneDeps(j *journal.Journal, store *lists.Store) lane.Deps {
	return lane.Deps{
		Journal: j, Lists: store.Snapshot, Deriver: identity.NewDeriver([16]byte{1}, 0), Clock: clock.System(),
		Post: "BENCH", Name: "1", Log: slog.New(slog.DiscardHandler),
	}
}

// listsWith is a list store that trusts the source's cards.
func listsWith(path string, source *sample.Source) (*lists.Store, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	office := wire.OfficeKeys{Sign: public}
	store, err := lists.Open(path, office)
	if err != nil {
		return nil, err
	}
	cert := source.Certificate()
	entry, content, err := wire.NewList(wire.ListKeys, 1, wire.KeyList{Cards: []wire.CardKey{{KID: cert.KID, Public: cert.Public, Name: cert.Name}}})
	if err != nil {
		return nil, err
	}
	signed, err := wire.SignManifest(wire.Manifest{Serial: 1, AsOf: time.Now().UnixMilli(), Lists: []wire.ListEntry{entry}}, private)
	if err != nil {
		return nil, err
	}
	wants, err := store.Offer(signed)
	for err == nil && len(wants) > 0 {
		w := wants[0]
		end := min(uint64(len(content)), w.Offset+wire.ChunkSize)
		wants, err = store.Put(wire.Chunk{List: w.List, Version: w.Version, Offset: w.Offset, Data: content[w.Offset:end]})
	}
	if err != nil {
		return nil, fmt.Errorf("give the station its lists: %w", err)
	}
	return store, nil
}
