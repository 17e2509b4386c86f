package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"sync"
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
	return journal.Open(dir, journal.Options{Station: "469001", Sign: key, Office: office, Recipients: to, Program: "bench", Clock: clock.System()})
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
		if _, err := j.Append(ctx, items...); err != nil {
			return fmt.Errorf("fill the journal: %w", err)
		}
	}
	return nil
}

func benchJournal(ctx context.Context, dir string, out func(Value)) error {
	const span = 5 * time.Second
	j, err := openJournal(filepath.Join(dir, "journal"))
	if err != nil {
		return err
	}
	defer j.Close()
	db, err := bbolt.Open(filepath.Join(dir, "peer.db"), 0o600, nil)
	if err != nil {
		return err
	}
	defer db.Close()

	for _, writers := range []int{1, 8} {
		// In turn, twice, so that a slow minute of the disk hits both.
		var ours, theirs float64
		for range 2 {
			o, err := rate(ctx, writers, span, func(n uint64) error {
				_, err := j.Append(ctx, scanOf(n))
				return err
			})
			if err != nil {
				return err
			}
			p, err := rate(ctx, writers, span, func(n uint64) error { return put(db, n) })
			if err != nil {
				return err
			}
			ours, theirs = ours+o/2, theirs+p/2
		}
		out(Value{Name: fmt.Sprintf("journal.append.%d", writers), Value: ours, Unit: "rec/s"}.
			against(theirs, "bbolt Update of the same number of writers; aim >= 0.7"))
	}
	return nil
}

// put is what the peer does for one record: a value of a sealed record's size.
func put(db *bbolt.DB, n uint64) error {
	return db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte("r"))
		if err != nil {
			return err
		}
		var value [60]byte
		return b.Put([]byte(fmt.Sprintf("%016x", n)), value[:])
	})
}

// rate is how often a second writers together get do done.
func rate(ctx context.Context, writers int, span time.Duration, do func(n uint64) error) (float64, error) {
	var (
		mu    sync.Mutex
		count uint64
		first error
		wg    sync.WaitGroup
	)
	start := time.Now()
	for range writers {
		wg.Go(func() {
			for time.Since(start) < span && ctx.Err() == nil {
				mu.Lock()
				count++
				n := count
				mu.Unlock()
				if err := do(n); err != nil {
					mu.Lock()
					first = err
					mu.Unlock()
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(count) / time.Since(start).Seconds(), first
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
