package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"quachot/build/programs"
	"quachot/build/sample"
	"quachot/internal/card"
	"quachot/internal/clock"
	"quachot/internal/credential"
	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/kiosk/journal"
	"quachot/kiosk/station"
)

const syncedRecords = 100_000

// benchWire sends the mix from one real station to one real office over the
// loopback, through a proxy that counts every byte, TLS included.
func benchWire(ctx context.Context, dir string, out func(Value)) error {
	source := sample.New(2, time.Now())
	sizes, err := sealedSizes(source)
	if err != nil {
		return err
	}
	for _, kind := range []string{"card", "cccd", "qrqg", "declaration"} {
		v := Value{Name: "sealed." + kind, Value: sizes[kind], Unit: "B/rec"}
		if kind == "card" {
			v = v.against(64, "aim <= 1")
		}
		out(v)
	}
	for _, waiting := range []int{1_000, syncedRecords} {
		if err := syncRun(ctx, filepath.Join(dir, fmt.Sprint(waiting)), source, waiting, out); err != nil {
			return err
		}
	}
	return nil
}

func syncRun(ctx context.Context, dir string, source *sample.Source, n int, out func(Value)) error {
	built, err := programs.Build(dir, false)
	if err != nil {
		return err
	}
	office, err := programs.NewOffice(built.Office, filepath.Join(dir, "office"))
	if err != nil {
		return err
	}
	proxy, err := newCounter(office.Listen)
	if err != nil {
		return err
	}
	defer proxy.close()
	office.Public = proxy.address()
	if err := office.Start(ctx); err != nil {
		return err
	}
	defer office.Kill()
	data := filepath.Join(dir, "station")
	if err := office.Enrol(ctx, built.Kiosk, data, "BENCH"); err != nil {
		return err
	}
	if err := fillStation(ctx, data, source, n); err != nil {
		return err
	}
	before, start := proxy.bytes.Load(), time.Now()
	got, err := programs.Run(ctx, "", built.Kiosk, "--data", data, "sync", "--until-empty", "--timeout", "10m")
	if err == nil && got.Code != 0 {
		err = fmt.Errorf("kiosk sync: exit %d: %s", got.Code, got.Stderr)
	}
	if err != nil {
		return err
	}
	took, used := time.Since(start), proxy.bytes.Load()-before
	if err := holds(ctx, office, n); err != nil {
		return err
	}
	out(Value{Name: fmt.Sprintf("sync.rate.%d", n), Value: float64(n) / took.Seconds(), Unit: "rec/s", Note: "start of the program to the last receipt"})
	out(Value{Name: fmt.Sprintf("sync.bytes.%d", n), Value: float64(used) / float64(n), Unit: "B/rec"}.against(100, "both ways, TLS and handshakes included; aim <= 1"))
	return nil
}

// holds is an error unless the office proves that it has n records, all opened.
func holds(ctx context.Context, office *programs.Office, n int) error {
	records, err := office.Records(ctx, "")
	if err != nil {
		return err
	}
	for _, r := range records {
		if r.Kind == "" || len(r.Body) == 0 {
			return fmt.Errorf("the office could not open record %d", r.N)
		}
	}
	if len(records) != n {
		return fmt.Errorf("the office holds %d records of %d", len(records), n)
	}
	return nil
}

// fillStation writes n records of the mix into an enrolled station's journal.
func fillStation(ctx context.Context, dir string, source *sample.Source, n int) error {
	queue := &queueClock{Clock: clock.System(), behind: time.Duration(n) * everyScan}
	s, err := station.Open(dir, station.Options{Program: "bench", Clock: queue, Probe: []string{}})
	if err != nil {
		return fmt.Errorf("open the station: %w", err)
	}
	defer s.Close()
	const step = 100 // to a commit; records of one commit have one time
	for done := 0; done < n; done += step {
		items := make([]journal.Item, 0, step)
		for range min(step, n-done) {
			_, item, err := itemOf(source)
			if err != nil {
				return err
			}
			items = append(items, item)
		}
		saved, err := s.Journal.Append(ctx, items...)
		if err != nil {
			return fmt.Errorf("fill the station: %w", err)
		}
		if last := saved[len(saved)-1]; !last.Durable {
			return fmt.Errorf("fill the station: not saved: %w", last.Err)
		}
		queue.pass(time.Duration(len(items)) * everyScan)
	}
	return nil
}

// everyScan is how fast a queue moves: what a record says of its time, and how
// many segments there are, is as in hours of work.
const everyScan = 4 * time.Second

// queueClock begins in the past and moves as the queue does.
type queueClock struct {
	clock.Clock
	mu     sync.Mutex // guards behind
	behind time.Duration
}

func (c *queueClock) late() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.behind
}

func (c *queueClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.behind -= d
}

func (c *queueClock) Now() time.Time { return c.Clock.Now().Add(-c.late()) }

// SinceBoot is kept above zero, which would mean that it is not known.
func (c *queueClock) SinceBoot() time.Duration {
	return c.Clock.SinceBoot() + 1000*time.Hour - c.late()
}

// itemOf is the record that the lane writes for one more passing of the mix.
// The identity keys, which cost the lane its time, are not in records.
func itemOf(source *sample.Source) (string, journal.Item, error) {
	p, err := source.Next()
	if err != nil {
		return "", journal.Item{}, err
	}
	if p.Declaration != nil {
		return p.Kind, journal.Item{Kind: record.KindDeclaration, Body: *p.Declaration}, nil
	}
	r := credential.Read(p.Text, &credential.Trusted{Cards: card.Keyring{source.Certificate()}}, time.Now())
	scan := record.Scan{Direction: record.In, Reading: r.Kind, Trust: r.Trust, Verdict: record.Pass}
	if r.Kind == credential.Card {
		number, err := card.ParseNumber(r.CardNumber)
		if err != nil {
			return "", journal.Item{}, fmt.Errorf("sample card: %w", err)
		}
		scan.Card = number.Uint()
	} else {
		scan.Verdict, scan.Reasons = record.Check, []record.Reason{{Code: "unverified"}}
		scan.Documents, scan.Name, scan.Birth, scan.Sex, scan.Address, scan.Phone = r.Documents, r.Name, r.Birth, r.Sex, r.Address, r.Phone
	}
	return p.Kind, journal.Item{Kind: record.KindScan, Body: scan}, nil
}

// sealedSizes is the mean size of a sealed record by kind, before framing.
func sealedSizes(source *sample.Source) (map[string]float64, error) {
	codec, err := seal.NewCodec(seal.NewKey(), [16]byte{1}, seal.CurrentDict)
	if err != nil {
		return nil, err
	}
	sum, count := map[string]float64{}, map[string]float64{}
	for i := range 5000 {
		kind, item, err := itemOf(source)
		if err != nil {
			return nil, err
		}
		plain, err := record.Encode(item.Kind, time.Duration(i)*4*time.Second, item.Body)
		if err != nil {
			return nil, err
		}
		sum[kind] += float64(len(codec.Seal(uint64(i+1), plain)))
		count[kind]++
	}
	for kind := range sum {
		sum[kind] /= count[kind]
	}
	return sum, nil
}

// A counter is a TCP proxy that counts what passes, both ways.
type counter struct {
	listener net.Listener
	target   string
	bytes    atomic.Int64
}

func newCounter(target string) (*counter, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the counting proxy: %w", err)
	}
	c := &counter{listener: l, target: target}
	go c.accept()
	return c, nil
}

func (c *counter) address() string { return c.listener.Addr().String() }
func (c *counter) close()          { c.listener.Close() }

func (c *counter) accept() {
	for {
		in, err := c.listener.Accept()
		if err != nil {
			return
		}
		go c.pass(in)
	}
}

func (c *counter) pass(in net.Conn) {
	defer in.Close()
	target, err := net.Dial("tcp", c.target)
	if err != nil {
		return
	}
	defer target.Close()
	done := make(chan struct{}, 2)
	copyCounted := func(to, from net.Conn) {
		_, _ = io.Copy(io.MultiWriter(to, (*byteCount)(&c.bytes)), from)
		done <- struct{}{}
	}
	go copyCounted(target, in)
	go copyCounted(in, target)
	<-done
}

type byteCount atomic.Int64

func (b *byteCount) Write(p []byte) (int, error) {
	(*atomic.Int64)(b).Add(int64(len(p)))
	return len(p), nil
}
