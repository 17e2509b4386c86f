package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"quachot/build/sample"
	"quachot/internal/clock"
	"quachot/internal/credential"
	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/kiosk/journal"
)

// openJournal makes a journal as a station has one, without the child process
// that checks an existing file.
func openJournal(dir string) (*journal.Journal, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	office, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	var to []seal.Recipient
	for range 2 {
		p, err := seal.NewPrivate()
		if err != nil {
			return nil, err
		}
		to = append(to, p.Recipient())
	}
	return journal.Open(dir, journal.Options{Station: "469001", Sign: key, Office: office, Recipients: to, Program: "bench", Clock: clock.System(), Probe: []string{}})
}

// scanOf is a record as the lane writes it for an own card.
func scanOf(n uint64) journal.Item {
	return journal.Item{Kind: record.KindScan, Body: record.Scan{
		Direction: record.In, Reading: credential.Card, Trust: credential.Signed, Verdict: record.Pass, Card: 4690010000000 + n,
	}}
}

// fill puts n records into j, many to a commit.
func fill(ctx context.Context, j *journal.Journal, n int) error {
	const step = 1000
	for done := 0; done < n; done += step {
		items := make([]journal.Item, 0, step)
		for i := done; i < min(n, done+step); i++ {
			items = append(items, scanOf(uint64(i)))
		}
		saved, err := j.Append(ctx, items...)
		if err != nil {
			return fmt.Errorf("fill the journal: %w", err)
		}
		if last := saved[len(saved)-1]; !last.Durable || last.Err != nil {
			return fmt.Errorf("fill the journal: not saved as it should be: %+v", last)
		}
	}
	return nil
}

// Rounds of a comparison. Ours and the peer's turns are short and alternate, so
// that a slow moment of the disk hits both; what counts is the middle of the
// rounds' ratios.
const (
	rounds = 9
	turn   = time.Second
)

func benchJournal(ctx context.Context, dir string, out func(Value)) error {
	const held = 100_000
	j, err := openJournal(filepath.Join(dir, "journal"))
	if err != nil {
		return err
	}
	defer j.Close()
	if err := fill(ctx, j, held); err != nil {
		return err
	}
	p, err := newPeer(filepath.Join(dir, "peer.db"), held)
	if err != nil {
		return err
	}
	defer p.db.Close()
	disk, err := newSyncer(dir)
	if err != nil {
		return err
	}
	defer disk.close()

	for _, writers := range []int{1, 8} {
		var ours, theirs, ratios []float64
		for range rounds {
			o, err := rate(ctx, writers, turn, func(n uint64) error { return appendOne(ctx, j, n) })
			if err != nil {
				return err
			}
			t, err := rate(ctx, writers, turn, func(uint64) error { return p.put(1) })
			if err != nil {
				return err
			}
			ours, theirs, ratios = append(ours, o), append(theirs, t), append(ratios, o/t)
			for range 20 {
				if err := disk.once(); err != nil {
					return err
				}
			}
		}
		out(Value{
			Name: fmt.Sprintf("journal.append.%d", writers), Value: median(ours), Unit: "rec/s", Limit: median(theirs), Ratio: median(ratios),
			Note: fmt.Sprintf("beside bbolt's Update by as many writers, %d rounds in turn; aim >= 0.7; ratios from %.2f to %.2f", rounds, slices.Min(ratios), slices.Max(ratios)),
		})
	}
	out(Value{Name: "disk.fdatasync.p50", Value: percentile(disk.times, 0.5), Unit: "ms"})
	out(Value{Name: "disk.fdatasync.p99", Value: percentile(disk.times, 0.99), Unit: "ms"})
	counts := j.Counts()
	if counts.Health != journal.HealthOK || counts.Waiting > 0 {
		return fmt.Errorf("the journal is %s and has %d records in memory only: these numbers are not those of a sound one", counts.Health, counts.Waiting)
	}
	return nil
}

// appendOne is one record on disk, or an error.
func appendOne(ctx context.Context, j *journal.Journal, n uint64) error {
	saved, err := j.Append(ctx, scanOf(n))
	if err != nil {
		return err
	}
	if !saved[0].Durable || saved[0].Err != nil {
		return fmt.Errorf("a record was not saved as it should be: %+v", saved[0])
	}
	return nil
}

// A peer is bbolt alone doing the least that a journal must: one value of a
// sealed record's size under the next key, in one Update. Its file holds as many
// as the journal's before.
type peer struct {
	db    *bbolt.DB
	value []byte
	mu    sync.Mutex // guards next
	next  uint64
}

var peerBucket = []byte("r")

func newPeer(path string, held int) (*peer, error) {
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return nil, fmt.Errorf("open the peer's file: %w", err)
	}
	p := &peer{db: db}
	if p.value, err = sealedScan(); err != nil {
		return nil, err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(peerBucket)
		return err
	})
	const step = 1000
	for done := 0; done < held && err == nil; done += step {
		err = p.put(step)
	}
	if err != nil {
		return nil, fmt.Errorf("fill the peer's file: %w", err)
	}
	return p, nil
}

// sealedScan is one sealed record of scanOf.
func sealedScan() ([]byte, error) {
	codec, err := seal.NewCodec(seal.NewKey(), [16]byte{1}, seal.CurrentDict)
	if err != nil {
		return nil, err
	}
	item := scanOf(1)
	plain, err := record.Encode(item.Kind, time.Hour/2, item.Body)
	if err != nil {
		return nil, err
	}
	return codec.Seal(1, plain), nil
}

// put stores n values in one Update.
func (p *peer) put(n uint64) error {
	p.mu.Lock()
	first := p.next
	p.next += n
	p.mu.Unlock()
	return p.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(peerBucket)
		for i := range n {
			if err := b.Put(binary.BigEndian.AppendUint64(nil, first+i), p.value); err != nil {
				return err
			}
		}
		return nil
	})
}

// rate is how often a second writers together get do done.
func rate(ctx context.Context, writers int, span time.Duration, do func(n uint64) error) (float64, error) {
	var (
		started, done atomic.Uint64
		first         error
		once          sync.Once
		wg            sync.WaitGroup
	)
	start := time.Now()
	for range writers {
		wg.Go(func() {
			for time.Since(start) < span && ctx.Err() == nil {
				if err := do(started.Add(1)); err != nil {
					once.Do(func() { first = err })
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if first == nil {
		first = ctx.Err()
	}
	return float64(done.Load()) / time.Since(start).Seconds(), first
}

// texts makes n codes of the mix, declarations left out.
func texts(s *sample.Source, n int) ([]sample.Passing, error) {
	var all []sample.Passing
	for len(all) < n {
		p, err := s.Next()
		if err != nil {
			return nil, err
		}
		if p.Text != "" {
			all = append(all, p)
		}
	}
	return all, nil
}
