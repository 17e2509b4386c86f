package certify_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"testing"
	"time"

	"quachot/syncserver/certify"
	"quachot/syncserver/store"
)

const day = 24 * time.Hour

// memory is a store of keys.
type memory struct {
	keys     []store.CardKey
	stations []store.Station
}

func (m *memory) AddCardKey(_ context.Context, k store.CardKey) error {
	m.keys = append(m.keys, k)
	return nil
}
func (m *memory) CardKeys(context.Context) ([]store.CardKey, error) { return m.keys, nil }
func (m *memory) Stations(context.Context) ([]store.Station, error) { return m.stations, nil }

func key(t *testing.T) ed25519.PublicKey {
	t.Helper()
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return public
}

// TestOwnThroughAYear signs a card a day for a year: each lies inside a
// certificate of at most 30 days that was public ten days before it was used.
func TestOwnThroughAYear(t *testing.T) {
	ctx, m, public := context.Background(), &memory{}, key(t)
	start := time.Unix(1_795_000_000, 0)
	made := map[string]time.Time{}
	kids := map[string]bool{}
	for d := range 365 {
		now := start.Add(time.Duration(d) * day)
		before := len(m.keys)
		k, added, err := certify.Own(ctx, m, "460000", public, now)
		if err != nil {
			t.Fatal(err)
		}
		if added != (len(m.keys) > before) {
			t.Errorf("day %d: added = %v", d, added)
		}
		if added {
			made[string(m.keys[before].KID)] = now
		}
		if now.Unix() < k.From || now.Unix() > k.Until {
			t.Fatalf("day %d: signed outside %d-%d", d, k.From, k.Until)
		}
		if age := now.Sub(made[string(k.KID)]); d > 0 && age == 0 {
			t.Errorf("day %d: used on the day it was made", d)
		}
		kids[string(k.KID)] = true
	}
	if len(m.keys) < 12 || len(m.keys) > 25 || len(kids) < 12 {
		t.Errorf("%d certificates, %d used", len(m.keys), len(kids))
	}
	for _, k := range m.keys {
		if k.Until-k.From > int64(certify.Life.Seconds()) {
			t.Errorf("certificate %x lasts %d s", k.KID, k.Until-k.From)
		}
		if k.First != 460_000_000_000 || k.Last != 460_000_999_999 {
			t.Errorf("range %d-%d", k.First, k.Last)
		}
	}
}

func TestOwnOfAnotherProvinceOrKey(t *testing.T) {
	ctx, m, now := context.Background(), &memory{}, time.Unix(1_795_000_000, 0)
	public := key(t)
	a, _, _ := certify.Own(ctx, m, "460000", public, now)
	b, _, _ := certify.Own(ctx, m, "310000", public, now.Add(time.Minute))
	c, _, _ := certify.Own(ctx, m, "460000", key(t), now)
	if bytes.Equal(a.KID, b.KID) || bytes.Equal(a.KID, c.KID) || b.First != 310_000_000_000 {
		t.Errorf("not told apart: %+v %+v %+v", a, b, c)
	}
	// The next office's key at the same second has a kid of its own.
	d, _, _ := certify.Own(ctx, m, "010000", public, now)
	if bytes.Equal(a.KID, d.KID) {
		t.Error("two provinces share a kid")
	}
}

func TestRenewStations(t *testing.T) {
	ctx, now := context.Background(), time.Unix(1_795_000_000, 0)
	m := &memory{stations: []store.Station{
		{ID: "460001", State: store.Active, Issuer: true}, // heard
		{ID: "460002", State: store.Active, Issuer: true}, // silent
		{ID: "460003", State: store.Lost, Issuer: true},
		{ID: "460004", State: store.Active}, // no issuer
	}}
	for i := range m.stations {
		m.keys = append(m.keys, certify.New(m.stations[i].ID, key(t), certify.StationQuota, now))
	}
	renewed := func(at time.Time) int {
		t.Helper()
		for i := range m.stations {
			if m.stations[i].ID != "460002" {
				m.stations[i].Seen.At = at.Add(-time.Hour)
			}
		}
		n, err := certify.Renew(ctx, m, nil, at)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := renewed(now.Add(18 * day)); n != 0 {
		t.Errorf("%d renewed on day 18", n)
	}
	if n := renewed(now.Add(20 * day)); n != 1 {
		t.Errorf("%d renewed on day 20, want 1", n)
	}
	last := m.keys[len(m.keys)-1]
	if last.Station != "460001" || !bytes.Equal(last.Public, m.keys[0].Public) || bytes.Equal(last.KID, m.keys[0].KID) || last.From > m.keys[0].Until {
		t.Errorf("renewed %+v after %+v", last, m.keys[0])
	}
	if n := renewed(now.Add(20 * day)); n != 0 {
		t.Errorf("%d renewed again at once", n)
	}
	back := map[string]bool{"460002": true}
	if n, _ := certify.Renew(ctx, m, back, now.Add(40*day)); n != 1 {
		t.Errorf("%d renewed after the silent one came back, want 1", n)
	}
}
