package gateway

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/wire"
	"quachot/syncserver/certify"
	"quachot/syncserver/store"
)

// errCode is why an enrolment was refused, without telling a guesser which.
var errCode = errors.New("the enrolment code is wrong, used or expired")

// enrol makes a station of whoever proves a code.
func (c *conversation) enrol(ctx context.Context, h wire.Hello) error {
	from := host(c.remote)
	if !c.g.tries.allowed(from, c.g.c.Now()) {
		c.refuse(wire.Refusal{Code: wire.RefuseBusy, Text: "too many wrong codes came from this address; try again in a quarter of an hour"})
		return fmt.Errorf("too many wrong codes from %s", from)
	}
	station, certificate, err := c.g.useCode(ctx, c.key, *h.Enrol)
	if errors.Is(err, errCode) {
		c.g.tries.wrong(from, c.g.c.Now())
		c.refuse(wire.Refusal{Code: wire.RefuseCode, Text: errCode.Error()})
		return err
	}
	if err != nil {
		c.refuse(wire.Refusal{Code: wire.RefuseBusy, Text: "the office cannot enrol now"})
		return err
	}
	if err := c.g.c.Lists.Refresh(ctx); err != nil {
		c.g.c.Log.Error("lists were not built again after an enrolment", "error", err)
	}
	now := c.g.c.Now()
	c.g.c.Log.Info("station enrolled", "station", station.ID, "remote", c.remote)
	return c.send(wire.TypeWelcome, wire.Welcome{
		Version: wire.Version, Clock: wire.Clock{Wall: now.UnixMilli()}, Echo: h.Clock.Wall,
		Enrolled: &wire.Enrolled{Station: station.ID, Name: station.Name, Post: station.Post, Office: c.g.c.Vault.Keys(), Issuer: certificate},
	})
}

// useCode finds the code that the proof was made with and uses it. key is what
// the other end has proved to have.
func (g *Gateway) useCode(ctx context.Context, key ed25519.PublicKey, q wire.EnrolRequest) (store.Station, []byte, error) {
	if !key.Equal(ed25519.PublicKey(q.Key)) {
		return store.Station{}, nil, fmt.Errorf("%w: the proof is for another key", errCode)
	}
	now := g.c.Now()
	codes, err := g.c.Store.Codes(ctx, now)
	if err != nil {
		return store.Station{}, nil, err
	}
	hash := g.c.Vault.Keys().Hash()
	for _, code := range codes {
		if !hmac.Equal(wire.EnrolMAC(code.Token, q.Key, hash), q.MAC) {
			continue
		}
		e := store.Enrolment{Token: code.Token, Key: q.Key, Computer: clip(q.Name), At: now}
		if code.Issuer && len(q.Signing) == ed25519.PublicKeySize {
			k := certify.New(code.Station, q.Signing, certify.StationQuota, now)
			e.CardKey = &k
		}
		return g.finish(ctx, e)
	}
	return store.Station{}, nil, errCode
}

func (g *Gateway) finish(ctx context.Context, e store.Enrolment) (store.Station, []byte, error) {
	station, err := g.c.Store.Enrol(ctx, e)
	if errors.Is(err, store.ErrUsed) || errors.Is(err, store.ErrExists) {
		return station, nil, fmt.Errorf("%w: %w", errCode, err)
	}
	if err != nil || e.CardKey == nil {
		return station, nil, err
	}
	k, err := g.listed(ctx, *e.CardKey)
	if err != nil {
		return station, nil, err
	}
	certificate, err := cbor.Marshal(k.CardKey)
	if err != nil {
		return station, nil, fmt.Errorf("write issuing key's certificate: %w", err)
	}
	return station, certificate, nil
}

// listed is the certificate that readers know of made's key: made itself, or the
// one of the first try when this answers an enrolment whose answer was lost.
func (g *Gateway) listed(ctx context.Context, made store.CardKey) (store.CardKey, error) {
	all, err := g.c.Store.CardKeys(ctx)
	if err != nil {
		return made, err
	}
	for _, k := range all {
		if k.Station == made.Station && bytes.Equal(k.Public, made.Public) {
			made = k
		}
	}
	return made, nil
}

func clip(name string) string {
	if len(name) > 200 {
		return name[:200]
	}
	return name
}

// tries counts wrong codes by address. The zero value is ready.
type tries struct {
	mu sync.Mutex
	by map[string]try
}

type try struct {
	wrong int
	last  time.Time
}

// maxTried bounds the addresses remembered; with 80 random bits in a code the
// bound is about load, not about luck.
const maxTried = 10_000

func (t *tries) allowed(from string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.by[from]
	return x.wrong < wrongTries || now.Sub(x.last) > wrongTryPause
}

func (t *tries) wrong(from string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.by == nil || len(t.by) > maxTried {
		t.by = map[string]try{}
	}
	x := t.by[from]
	if now.Sub(x.last) > wrongTryPause {
		x.wrong = 0
	}
	t.by[from] = try{wrong: x.wrong + 1, last: now}
}
