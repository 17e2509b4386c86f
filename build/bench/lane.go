package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"time"

	"quachot/build/sample"
	"quachot/internal/clock"
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

// benchLane measures one lane as the window and `kiosk lane` use it: text in,
// saved verdict out.
func benchLane(ctx context.Context, dir string, out func(Value)) error {
	source := sample.New(1, time.Now())
	store, err := listsWith(filepath.Join(dir, "lists.db"), source)
	if err != nil {
		return err
	}
	defer store.Close()
	j, err := openJournal(filepath.Join(dir, "journal"))
	if err != nil {
		return err
	}
	defer j.Close()
	if err := fill(ctx, j, heldBefore); err != nil {
		return err
	}
	disk, err := newSyncer(dir)
	if err != nil {
		return err
	}
	defer disk.close()

	all, err := texts(source, mixedScans)
	if err != nil {
		return err
	}
	l := newLane(j, store)
	took, kinds, err := scanAll(ctx, l, all, disk)
	if err != nil {
		return err
	}
	syncP50, syncP99 := percentile(disk.times, 0.5), percentile(disk.times, 0.99)
	out(Value{Name: "disk.fdatasync.p50", Value: syncP50, Unit: "ms"})
	out(Value{Name: "disk.fdatasync.p99", Value: syncP99, Unit: "ms"})
	out(Value{Name: "lane.verdict.p50", Value: percentile(took, 0.5), Unit: "ms"}.against(3*syncP50+25, "3 fdatasync p50 + 25 ms"))
	out(Value{Name: "lane.verdict.p99", Value: percentile(took, 0.99), Unit: "ms"}.against(3*syncP99+25, "3 fdatasync p99 + 25 ms; aim <= 1"))
	for kind, times := range kinds {
		out(Value{Name: "lane.verdict.p50." + kind, Value: percentile(times, 0.5), Unit: "ms"})
	}
	if err := benchDerive(source, out); err != nil {
		return err
	}
	return benchLaneRate(ctx, j, store, source, out)
}

// scanAll scans one after the other and measures the disk between scans.
func scanAll(ctx context.Context, l *lane.Lane, all []sample.Passing, disk *syncer) ([]time.Duration, map[string][]time.Duration, error) {
	var took []time.Duration
	kinds := map[string][]time.Duration{}
	for i, p := range all {
		start := time.Now()
		r, err := l.Scan(ctx, p.Text)
		if err != nil {
			return nil, nil, fmt.Errorf("scan %d: %w", i, err)
		}
		if !r.Durable {
			return nil, nil, fmt.Errorf("scan %d was not durable", i)
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

// benchDerive is the part of a verdict that is slow on purpose.
func benchDerive(source *sample.Source, out func(Value)) error {
	d := identity.NewDeriver([16]byte{1}, 0)
	var times []time.Duration
	for range 200 {
		doc := identity.NewDocument(identity.CCCD, source.Person().CCCD)
		start := time.Now()
		d.Derive(doc)
		times = append(times, time.Since(start))
	}
	out(Value{Name: "identity.derive.p50", Value: percentile(times, 0.5), Unit: "ms", Note: "Argon2id of one document"})
	return nil
}

// benchLaneRate is one scanner and eight feeding one station, at full speed and
// with the program held to a third of a core.
func benchLaneRate(ctx context.Context, j *journal.Journal, store *lists.Store, source *sample.Source, out func(Value)) error {
	all, err := texts(source, 20_000)
	if err != nil {
		return err
	}
	next := 0
	for _, scanners := range []int{1, 8} {
		l := newLane(j, store)
		var mu = make(chan sample.Passing, scanners)
		feed, stop := context.WithCancel(ctx)
		go func() {
			defer close(mu)
			for ; next < len(all); next++ {
				select {
				case mu <- all[next]:
				case <-feed.Done():
					return
				}
			}
		}()
		perSecond, err := rate(ctx, scanners, 5*time.Second, func(uint64) error {
			p, ok := <-mu
			if !ok {
				return fmt.Errorf("out of sample texts")
			}
			_, err := l.Scan(ctx, p.Text)
			return err
		})
		stop()
		if err != nil {
			return err
		}
		v := Value{Name: fmt.Sprintf("lane.scans.%d", scanners), Value: perSecond, Unit: "scan/s"}
		if scanners == 1 {
			v = v.against(100, "aim >= 1")
		}
		out(v)
	}
	out(Value{Name: "machine.cores", Value: float64(runtime.NumCPU()), Unit: "cores", Note: "a third of a core: systemd-run -p CPUQuota=33% or a cgroup around this program"})
	return nil
}

func newLane(j *journal.Journal, store *lists.Store) *lane.Lane {
	return lane.New(lane.Deps{
		Journal: j, Lists: store.Snapshot, Deriver: identity.NewDeriver([16]byte{1}, 0), Clock: clock.System(),
		Post: "BENCH", Name: "1", Log: slog.New(slog.DiscardHandler),
	}, record.In)
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
