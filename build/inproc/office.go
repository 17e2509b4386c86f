// Package inproc runs the office's real parts, vault, SQLite store, publisher and
// gateway, inside a test program, for build/chaos and build/bench.
package inproc

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"quachot/build/simnet"
	"quachot/syncserver/gateway"
	"quachot/syncserver/publish"
	"quachot/syncserver/store"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/vault"
)

// Office is one central office. Dir and Offer are set by the caller, the rest by
// Start.
type Office struct {
	Dir   string
	Offer chan net.Conn // where its stations' networks bring connections
	// Wrap puts something between gateway and store; nil = nothing.
	Wrap func(store.Store) store.Store

	Vault   *vault.Vault
	Store   *sqlite.Store
	Gateway *gateway.Gateway
	browse  tls.Certificate
	stop    func()
}

// Start opens what is in Dir, makes it the first time, and serves.
func (o *Office) Start() error {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := o.start(ctx, cancel); err != nil {
		cancel()
		return fmt.Errorf("start the office: %w", err)
	}
	return nil
}

func (o *Office) start(ctx context.Context, cancel func()) (err error) {
	if o.browse, err = gateway.BrowserCertificate(o.Dir, nil, time.Now()); err != nil {
		return err
	}
	if o.Vault, _, err = vault.Open(o.Dir, time.Now().Unix()); err != nil {
		return err
	}
	if o.Store, err = sqlite.Open(ctx, o.Dir, sqlite.Options{Opener: o.Vault.NewOpener()}); err != nil {
		return err
	}
	lists, err := publish.Open(ctx, publish.Config{Store: o.Store, Vault: o.Vault, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	var seen store.Store = o.Store
	if o.Wrap != nil {
		seen = o.Wrap(o.Store)
	}
	o.Gateway = gateway.New(gateway.Config{Store: seen, Vault: o.Vault, Lists: lists})
	var run sync.WaitGroup
	l := simnet.Listen(o.Offer)
	run.Go(func() { _ = o.Gateway.Serve(ctx, l, o.browse) })
	run.Go(func() { _ = lists.Run(ctx) })
	o.stop = func() { cancel(); l.Close(); run.Wait() }
	return nil
}

// End ends it; what it confirmed is on disk.
func (o *Office) End() error {
	o.stop()
	return o.Store.Close()
}

// Enrol makes a station with that key at a post of its own and gives its number.
func (o *Office) Enrol(n int, key ed25519.PublicKey) (string, error) {
	ctx := context.Background()
	post := fmt.Sprint("C", n)
	if err := o.Store.AddPost(ctx, store.Post{Code: post, Name: "Chốt " + post, Kind: "road"}); err != nil {
		return "", err
	}
	token := [10]byte{byte(n), byte(n >> 8), 1}
	now := time.Now()
	t, err := o.Store.AddStation(ctx, store.NewStation{
		Prefix: "46", Name: fmt.Sprint("Làn ", n), Post: post, Token: token, Created: now, Expires: now.Add(time.Hour),
	})
	if err != nil {
		return "", err
	}
	_, err = o.Store.Enrol(ctx, store.Enrolment{Token: token, Key: key, At: now})
	return t.ID, err
}
