package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"quachot/build/simnet"
	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
	"quachot/kiosk/lists"
	"quachot/kiosk/uplink"
)

// station is one laptop: the real journal, lists and uplink, and the ledger of
// what its journal said is saved.
type station struct {
	id      string
	dir     string
	key     ed25519.PrivateKey
	office  wire.OfficeKeys
	network *simnet.Network
	clock   *stationClock

	journal *journal.Journal
	lists   *lists.Store
	client  *uplink.Client
	stop    func()
	twin    func() // ends a second client of the same station; nil = none

	said    map[record.ID]string // what was promised: the text of each record
	written int
	bundles [][]byte // exported, not imported yet
	answers [][]byte
}

// stationClock is the bubble's time with a wall clock that jumps.
type stationClock struct {
	start time.Time
	boot  byte

	mu  sync.Mutex
	off time.Duration
}

func (c *stationClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.off)
}
func (c *stationClock) SinceBoot() time.Duration { return time.Since(c.start) + time.Hour }
func (c *stationClock) BootID() [16]byte         { return [16]byte{c.boot} }

func (c *stationClock) jump(d time.Duration) {
	c.mu.Lock()
	c.off += d
	c.mu.Unlock()
}

func stationKey(n int) ed25519.PrivateKey {
	seed := sha256.Sum256(fmt.Appendf(nil, "chaos station %d", n))
	return ed25519.NewKeyFromSeed(seed[:])
}

// start opens what is on disk and begins to sync, as the program does.
func (s *station) start() error {
	var err error
	s.journal, err = journal.Open(filepath.Join(s.dir, "journal"), journal.Options{
		Station: s.id, Sign: s.key, Recipients: []seal.Recipient{s.office.Seal, s.office.Recovery}, Office: s.office.Sign,
		StoreKey: [32]byte{1}, Program: "chaos", Clock: s.clock, Probe: []string{},
	})
	if err != nil {
		return fmt.Errorf("open journal of %s: %w", s.id, err)
	}
	if s.lists, err = lists.Open(filepath.Join(s.dir, "lists.db"), s.office); err != nil {
		return err
	}
	s.client = s.newClient()
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { _ = s.client.Run(ctx) })
	s.stop = func() { cancel(); run.Wait() }
	return nil
}

func (s *station) newClient() *uplink.Client {
	return uplink.New(uplink.Config{
		Address: "office:1", Key: s.key, Station: s.id, Office: s.office, Outbox: s.journal, Lists: s.lists,
		Clock: s.clock, Program: "chaos", Log: slog.New(slog.DiscardHandler), Dial: s.network.Dial,
	})
}

// end is the end of the program. What the journal never promised may be gone.
func (s *station) end() error {
	s.endTwin()
	s.stop()
	if err := s.lists.Close(); err != nil {
		return err
	}
	return s.journal.Close()
}

func (s *station) endTwin() {
	if s.twin != nil {
		s.twin()
		s.twin = nil
	}
}

// startTwin runs a second client on the same journal: two live connections of
// one station, as after a half-open link.
func (s *station) startTwin() {
	if s.twin != nil {
		return
	}
	c := s.newClient()
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { _ = c.Run(ctx) })
	s.twin = func() { cancel(); run.Wait() }
}

// scan writes n records and notes which were promised.
func (s *station) scan(n int) error {
	for range n {
		s.written++
		text := fmt.Sprintf("%s record %d", s.id, s.written)
		saved, err := s.journal.Append(context.Background(), journal.Item{Kind: record.KindNote, Body: record.Note{Text: text}, Urgent: s.written%7 == 0})
		if err != nil {
			return fmt.Errorf("write a record of %s: %w", s.id, err)
		}
		if saved[0].Durable {
			s.said[saved[0].ID] = text
		}
	}
	return nil
}

// waiting says that something is not at the office.
func (s *station) waiting() bool {
	for _, seg := range s.journal.Segments() {
		if seg.Held < seg.Last {
			return true
		}
	}
	return false
}

func (s *station) export() error {
	var b bytes.Buffer
	if _, err := s.client.Export(context.Background(), &b, s.written%2 == 0, nil); err != nil {
		return fmt.Errorf("export of %s: %w", s.id, err)
	}
	s.bundles = append(s.bundles, b.Bytes())
	return nil
}

// receive takes the oldest answer that is on its way; a damaged one is refused,
// which is no failure.
func (s *station) receive() {
	if len(s.answers) == 0 {
		return
	}
	_, _ = s.client.Take(context.Background(), bytes.NewReader(s.answers[0]))
	s.answers = s.answers[1:]
}
