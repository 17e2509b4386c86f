package main

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"time"

	"quachot/build/inproc"
	"quachot/build/sample"
	"quachot/build/simnet"
	"quachot/internal/clock"
	"quachot/internal/seal"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
	"quachot/kiosk/lists"
	"quachot/kiosk/uplink"
)

// A slowLink is one link to measure: a rate, a round trip, and how often it is
// cut.
type slowLink struct {
	name    string
	rate    int // bytes a second
	trip    time.Duration
	cut     time.Duration
	records int
	aim     float64
}

// The second has fewer records than the first: it would take ten minutes.
var slowLinks = []slowLink{
	{"64kbit", 8000, 600 * time.Millisecond, 20 * time.Second, 10_000, 0.85},
	{"9.6kbit", 1200, 600 * time.Millisecond, 20 * time.Second, 1_500, 0.60},
}

// benchLink sends waiting records over links that are cut again and again. The
// limit is the sealed records' own bytes divided by the rate: handshakes, frames,
// receipts and what a cut destroyed all count against us.
func benchLink(ctx context.Context, dir string, out func(Value)) error {
	for _, l := range slowLinks {
		if err := l.run(ctx, filepath.Join(dir, l.name), out); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	return nil
}

func (l slowLink) run(ctx context.Context, dir string, out func(Value)) error {
	office := inproc.Office{Dir: filepath.Join(dir, "office"), Offer: make(chan net.Conn)}
	if err := office.Start(); err != nil {
		return err
	}
	defer office.End()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	id, err := office.Enrol(1, key.Public().(ed25519.PublicKey))
	if err != nil {
		return err
	}
	keys := office.Vault.Keys()
	j, payload, err := l.waiting(ctx, filepath.Join(dir, "journal"), id, key, keys)
	if err != nil {
		return err
	}
	defer j.Close()
	store, err := lists.Open(filepath.Join(dir, "lists.db"), keys)
	if err != nil {
		return err
	}
	defer store.Close()
	network := simnet.New(office.Offer)
	network.Change(func(n *simnet.Line) { n.Rate, n.Latency = l.rate, l.trip/2 })
	client := uplink.New(uplink.Config{
		Address: "office:1", Key: key, Station: id, Office: keys, Outbox: j, Lists: store, Clock: clock.System(),
		Program: "bench", Log: slog.New(slog.DiscardHandler), Dial: network.Dial,
	})
	took, connected, err := l.drain(ctx, client, network)
	if err != nil {
		return err
	}
	limit := float64(payload) / float64(l.rate)
	out(Value{Name: "link." + l.name + ".time", Value: took.Seconds(), Unit: "s", Limit: limit, Ratio: took.Seconds() / limit, Note: fmt.Sprintf("%d records, %d bytes sealed; pauses between cuts included", l.records, payload)})
	out(Value{Name: "link." + l.name + ".share", Value: limit / connected.Seconds(), Unit: "of link"}.against(l.aim, "sealed bytes beside what the link could carry while connected, from welcome to cut; aim >= 1"))
	out(Value{Name: "link." + l.name + ".share.dialled", Value: limit / network.Up().Seconds(), Unit: "of link", Note: "the same, handshakes of four round trips included"})
	return nil
}

// waiting is a journal with the mix in it, and the bytes of its sealed records.
func (l slowLink) waiting(ctx context.Context, dir, id string, key ed25519.PrivateKey, keys wire.OfficeKeys) (*journal.Journal, int, error) {
	j, err := journal.Open(dir, journal.Options{
		Station: id, Sign: key, Office: keys.Sign, Recipients: []seal.Recipient{keys.Seal, keys.Recovery}, Program: "bench", Clock: clock.System(), Probe: []string{},
	})
	if err != nil {
		return nil, 0, err
	}
	source := sample.New(3, time.Now())
	for range l.records {
		_, item, err := itemOf(source)
		if err == nil {
			_, err = j.Append(ctx, item)
		}
		if err != nil {
			return j, 0, err
		}
	}
	payload := 0
	for _, seg := range j.Segments() {
		for from := uint64(1); from <= seg.Last; {
			run, err := j.Read(seg.ID, from, wire.MaxRecords, 1<<20)
			if err != nil {
				return j, 0, err
			}
			for _, r := range run.Records {
				payload += len(r)
			}
			from += uint64(len(run.Records))
		}
	}
	return j, payload, nil
}

// drain sends everything while the link is cut again and again. Connected is how
// long the client said that it was.
func (l slowLink) drain(ctx context.Context, client *uplink.Client, network *simnet.Network) (took, connected time.Duration, err error) {
	ctx, stop := context.WithCancel(ctx)
	var cutting sync.WaitGroup
	defer cutting.Wait()
	defer stop()
	cutting.Go(func() {
		clock := time.NewTicker(l.cut)
		defer clock.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-clock.C:
				network.Cut()
			}
		}
	})
	cutting.Go(func() {
		const look = 5 * time.Millisecond
		clock := time.NewTicker(look)
		defer clock.Stop()
		last := time.Now()
		for {
			select {
			case <-ctx.Done():
				return
			case now := <-clock.C:
				if client.State().Connected {
					connected += now.Sub(last)
				}
				last = now
			}
		}
	})
	start := time.Now()
	err = client.Drain(ctx)
	took = time.Since(start)
	stop()
	cutting.Wait()
	return took, connected, err
}
