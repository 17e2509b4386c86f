package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"quachot/syncserver/gateway"
	"quachot/syncserver/publish"
	"quachot/syncserver/store"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/vault"
)

// office is the central office: the real vault, SQLite store, publisher and
// gateway on an in-process listener.
type office struct {
	dir    string
	offer  chan net.Conn
	browse tls.Certificate

	vault   *vault.Vault
	store   *sqlite.Store
	faults  *faultyStore
	gateway *gateway.Gateway
	stop    func()
	backup  string // directory of the last backup; "" = none
}

func (o *office) start() error {
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	if o.vault, _, err = vault.Open(o.dir, time.Now().Unix()); err != nil {
		cancel()
		return err
	}
	if o.store, err = sqlite.Open(ctx, o.dir, sqlite.Options{Opener: o.vault.NewOpener()}); err != nil {
		cancel()
		return err
	}
	o.faults = &faultyStore{Store: o.store}
	lists, err := publish.Open(ctx, publish.Config{Store: o.store, Vault: o.vault, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		cancel()
		return err
	}
	o.gateway = gateway.New(gateway.Config{Store: o.faults, Vault: o.vault, Lists: lists})
	var run sync.WaitGroup
	l := newListener(o.offer)
	run.Go(func() { _ = o.gateway.Serve(ctx, l, o.browse) })
	run.Go(func() { _ = lists.Run(ctx) })
	o.stop = func() { cancel(); l.Close(); run.Wait() }
	return nil
}

func (o *office) end() error {
	o.stop()
	return o.store.Close()
}

// keep makes a backup of the office, which must have ended.
func (o *office) keep() error {
	o.backup = o.dir + ".backup"
	if err := os.RemoveAll(o.backup); err != nil {
		return err
	}
	return os.CopyFS(o.backup, os.DirFS(o.dir))
}

// restore puts the backup in the place of the office, which must have ended.
func (o *office) restore() error {
	if o.backup == "" {
		return nil
	}
	if err := os.RemoveAll(o.dir); err != nil {
		return err
	}
	return os.CopyFS(o.dir, os.DirFS(o.backup))
}

// take imports one of a station's bundles and sends the answer back.
func (o *office) take(s *station, b []byte) error {
	done, err := o.gateway.Import(context.Background(), bytes.NewReader(b), nil)
	if err != nil {
		return nil // refused, with a reason; the station still has its records
	}
	var answer bytes.Buffer
	if err := o.gateway.Answer(context.Background(), &answer, done); err != nil {
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
func template(dir string, stations int) ([]string, error) {
	ctx := context.Background()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	v, _, err := vault.Open(dir, time.Now().Unix())
	if err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, dir, sqlite.Options{Opener: v.NewOpener()})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := s.AddPost(ctx, store.Post{Code: "C1", Name: "Chốt", Kind: "road"}); err != nil {
		return nil, err
	}
	var ids []string
	for n := range stations {
		token := [10]byte{byte(n), 1}
		t, err := s.AddStation(ctx, store.NewStation{Prefix: "46", Name: fmt.Sprint("Làn ", n), Post: "C1", Token: token, Created: time.Now(), Expires: time.Now().Add(time.Hour)})
		if err != nil {
			return nil, err
		}
		if _, err := s.Enrol(ctx, store.Enrolment{Token: token, Key: stationKey(n).Public().(ed25519.PublicKey), At: time.Now()}); err != nil {
			return nil, err
		}
		ids = append(ids, t.ID)
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
