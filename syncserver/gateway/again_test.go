package gateway_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"net"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/wire"
	"quachot/syncserver/gateway"
	"quachot/syncserver/store"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/store/storetest"
)

// later is the same office some time on.
func (f *office) later(d time.Duration) *office {
	f.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	certificate, err := gateway.BrowserCertificate(f.t.TempDir(), nil, time.Now())
	if err != nil {
		f.t.Fatal(err)
	}
	then := *f
	then.address = l.Addr().String()
	then.gateway = gateway.New(gateway.Config{Store: f.Store, Vault: f.Vault, Lists: f.lists, Now: func() time.Time { return time.Now().Add(d) }})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- then.gateway.Serve(ctx, l, certificate) }()
	f.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			f.t.Error(err)
		}
	})
	return &then
}

// An answer that was lost is given again hours later, the same: the certificate
// is the one that stands in every reader's list, not one that ends later.
func TestEnrolmentIsAnsweredAgain(t *testing.T) {
	f := start(t, sqlite.Options{})
	now := time.Now()
	token := [10]byte{1, 2, 3}
	if _, err := f.AddStation(t.Context(), store.NewStation{Prefix: "46", Name: "Làn 1", Post: "P1", Issuer: true, Token: token, Created: now, Expires: now.Add(24 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	s, signing := storetest.NewStation(t, f.Vault.Keys()), storetest.NewStation(t, f.Vault.Keys())
	ask := func(f *office) wire.Enrolled {
		key := s.Key.Public().(ed25519.PublicKey)
		c := f.dial(s.Key)
		c.send(wire.TypeHello, wire.Hello{Version: 1, Clock: clockNow(), Enrol: &wire.EnrolRequest{
			Key: key, Name: "laptop", MAC: wire.EnrolMAC(token, key, f.Vault.Keys().Hash()), Signing: signing.Key.Public().(ed25519.PublicKey),
		}})
		var w wire.Welcome
		c.next(&w, wire.TypeWelcome)
		if w.Enrolled == nil {
			t.Fatal("an answer without a station")
		}
		return *w.Enrolled
	}
	lost, again := ask(f), ask(f.later(20*time.Hour))
	if again.Station != lost.Station || !bytes.Equal(again.Issuer, lost.Issuer) {
		t.Errorf("answered again as station %s with certificate %x, first %s with %x", again.Station, again.Issuer, lost.Station, lost.Issuer)
	}
	keys, err := f.CardKeys(t.Context())
	if err != nil || len(keys) != 1 {
		t.Fatalf("issuing keys %+v, %v", keys, err)
	}
	if listed, err := cbor.Marshal(keys[0].CardKey); err != nil || !bytes.Equal(listed, again.Issuer) {
		t.Errorf("the certificate %x is not the listed one %x (%v)", again.Issuer, listed, err)
	}
}
