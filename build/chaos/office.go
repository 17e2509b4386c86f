package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"sync/atomic"

	"quachot/build/inproc"
	"quachot/syncserver/store"
)

// office is the central office with the faults of its disk and its backup.
type office struct {
	inproc.Office
	faults *faultyStore
	backup string // directory of the last backup; "" = none
}

func newOffice(dir string, offer chan net.Conn) *office {
	o := &office{Office: inproc.Office{Dir: dir, Offer: offer}}
	o.Wrap = func(s store.Store) store.Store {
		o.faults = &faultyStore{Store: s}
		return o.faults
	}
	return o
}

// keep makes a backup of the office, which must have ended.
func (o *office) keep() error {
	o.backup = o.Dir + ".backup"
	if err := os.RemoveAll(o.backup); err != nil {
		return err
	}
	return os.CopyFS(o.backup, os.DirFS(o.Dir))
}

// restore puts the backup in the place of the office, which must have ended.
func (o *office) restore() error {
	if o.backup == "" {
		return nil
	}
	if err := os.RemoveAll(o.Dir); err != nil {
		return err
	}
	return os.CopyFS(o.Dir, os.DirFS(o.backup))
}

// take imports one of a station's bundles and sends the answer back.
func (o *office) take(s *station, b []byte) error {
	done, err := o.Gateway.Import(context.Background(), bytes.NewReader(b), nil)
	if err != nil {
		return nil // refused, with a reason; the station still has its records
	}
	var answer bytes.Buffer
	if err := o.Gateway.Answer(context.Background(), &answer, done); err != nil {
		return fmt.Errorf("answer to a bundle of %s: %w", s.id, err)
	}
	s.answers = append(s.answers, answer.Bytes())
	return nil
}

// faultyStore is the real store behind faults: a commit that fails before it is
// made, and one that is made and whose answer is lost.
type faultyStore struct {
	store.Store
	before, after atomic.Int32 // deliveries still to fail
}

func (f *faultyStore) Ingest(ctx context.Context, d store.Delivery) <-chan store.Answer {
	if f.before.Add(-1) >= 0 {
		failed := make(chan store.Answer, 1)
		failed <- store.Answer{Err: store.ErrDisk}
		return failed
	}
	answer := f.Store.Ingest(ctx, d)
	if f.after.Add(-1) < 0 {
		return answer
	}
	lost := make(chan store.Answer, 1)
	go func() {
		<-answer
		lost <- store.Answer{Err: store.ErrDisk}
	}()
	return lost
}

// template makes an office's directory with stations that are enrolled, once for
// all runs.
func template(dir string, stations int) (ids []string, err error) {
	o := inproc.Office{Dir: dir, Offer: make(chan net.Conn)}
	if err := o.Start(); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.End()) }()
	for n := range stations {
		id, err := o.Enrol(n, stationKey(n).Public().(ed25519.PublicKey))
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// damage flips bits of b or cuts it.
func damage(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	if len(b) == 0 {
		return b
	}
	if r.IntN(2) == 0 {
		return b[:r.IntN(len(b))]
	}
	for range 1 + r.IntN(4) {
		b[r.IntN(len(b))] ^= byte(1 << r.IntN(8))
	}
	return b
}
