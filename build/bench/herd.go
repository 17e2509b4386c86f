package main

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"path/filepath"
	"sync"
	"time"

	"quachot/build/inproc"
	"quachot/build/programs"
	"quachot/build/sample"
	"quachot/internal/clock"
	"quachot/internal/wire"
	"quachot/kiosk/uplink"
)

const (
	herdStations = 1000
	herdRecords  = 20 // each, waiting when the office comes back
)

// benchHerd lets a thousand stations come back within one second after the
// office was restarted, each with records that waited.
func benchHerd(ctx context.Context, dir string, out func(Value)) error {
	h, err := newHerd(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { _ = h.office.Kill() }()
	if _, err := h.drain(ctx, "first"); err != nil {
		return err
	}
	if err := h.office.Stop(); err != nil {
		return err
	}
	if err := h.append(herdRecords); err != nil {
		return err
	}
	if err := h.office.Start(ctx); err != nil {
		return err
	}
	peak := h.watchMemory(ctx)
	took, err := h.drain(ctx, "restart")
	if err != nil {
		return err
	}
	all := time.Duration(0)
	for _, d := range took {
		all = max(all, d)
	}
	out(Value{Name: "herd.drained", Value: all.Seconds(), Unit: "s", Note: fmt.Sprintf("%d stations with %d records each, started within one second", herdStations, herdRecords)})
	out(Value{Name: "herd.median", Value: percentile(took, 0.5) / 1000, Unit: "s"})
	out(Value{Name: "herd.p99", Value: percentile(took, 0.99) / 1000, Unit: "s"}.against(all.Seconds(), "the last beside all: near 1 = nobody starves alone"))
	out(Value{Name: "herd.office.rss", Value: peak(), Unit: "MB"}.against(500, "highest seen; aim <= 1"))
	return nil
}

// herd is a real office and a thousand real uplinks over outboxes in memory.
type herd struct {
	office   *programs.Office
	source   *sample.Source
	stations []herdStation
	keys     wire.OfficeKeys
}

type herdStation struct {
	id     string
	key    ed25519.PrivateKey
	outbox *inproc.Outbox
}

func newHerd(ctx context.Context, dir string) (*herd, error) {
	built, err := programs.Build(dir, false)
	if err != nil {
		return nil, err
	}
	h := &herd{source: sample.New(4, time.Now())}
	if h.office, err = programs.NewOffice(built.Office, filepath.Join(dir, "office")); err != nil {
		return nil, err
	}
	maker := inproc.Office{Dir: h.office.Data, Offer: make(chan net.Conn)}
	if err := maker.Start(); err != nil {
		return nil, err
	}
	h.keys = maker.Vault.Keys()
	for n := range herdStations {
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			return nil, err
		}
		id, err := maker.Enrol(n, key.Public().(ed25519.PublicKey))
		if err != nil {
			return nil, err
		}
		outbox, err := inproc.NewOutbox(id, key, h.keys)
		if err != nil {
			return nil, err
		}
		h.stations = append(h.stations, herdStation{id, key, outbox})
	}
	if err := maker.End(); err != nil {
		return nil, err
	}
	if err := h.append(1); err != nil {
		return nil, err
	}
	return h, h.office.Start(ctx)
}

func (h *herd) append(n int) error {
	for _, s := range h.stations {
		for range n {
			_, item, err := itemOf(h.source)
			if err == nil {
				err = s.outbox.Append(item.Kind, item.Body)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// drain starts every uplink within a second and says how long each took until
// the office held all of it.
func (h *herd) drain(ctx context.Context, what string) ([]time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	took := make([]time.Duration, len(h.stations))
	var failed error
	var mu sync.Mutex
	var all sync.WaitGroup
	start := time.Now()
	for i, s := range h.stations {
		all.Go(func() {
			time.Sleep(rand.N(time.Second))
			client := uplink.New(uplink.Config{
				Address: h.office.Listen, Key: s.key, Station: s.id, Office: h.keys, Outbox: s.outbox, Lists: noLists{},
				Clock: clock.System(), Program: "bench", Log: slog.New(slog.DiscardHandler),
			})
			err := client.Drain(ctx)
			mu.Lock()
			defer mu.Unlock()
			took[i] = time.Since(start)
			if err != nil && failed == nil {
				failed = fmt.Errorf("%s: station %s: %w", what, s.id, err)
			}
		})
	}
	all.Wait()
	return took, failed
}

// watchMemory looks at the office's memory until its answer is asked for.
func (h *herd) watchMemory(ctx context.Context) (peak func() float64) {
	ctx, stop := context.WithCancel(ctx)
	var most float64
	var looking sync.WaitGroup
	looking.Go(func() {
		clock := time.NewTicker(100 * time.Millisecond)
		defer clock.Stop()
		for {
			if mb, err := rss(h.office.PID()); err == nil {
				most = max(most, mb)
			}
			select {
			case <-ctx.Done():
				return
			case <-clock.C:
			}
		}
	})
	return func() float64 { stop(); looking.Wait(); return most }
}

// noLists takes every manifest for current.
type noLists struct{}

func (noLists) Offer(wire.SignedManifest) ([]wire.Want, error) { return nil, nil }
func (noLists) Put(wire.Chunk) ([]wire.Want, error)            { return nil, nil }
func (noLists) Serial() uint64                                 { return 1 << 40 }
