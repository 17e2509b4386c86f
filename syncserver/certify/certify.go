// Package certify lets keys sign cards: each certificate names a key, a range of
// card numbers and at most [Life] of time (design, section 5). A certificate
// never grows. A key that goes on gets a new certificate with a kid of its own
// before the old one ends, so that every station has heard of it by then
// (docs/decisions/006).
package certify

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"time"

	"quachot/internal/wire"
	"quachot/syncserver/store"
)

const (
	// Life is how long a certificate lasts, and no longer.
	Life = 30 * 24 * time.Hour
	// Ahead is how long before its end the next one is made and sent down.
	Ahead = 10 * 24 * time.Hour
	// slack lets clocks be a day behind the office's.
	slack = 24 * time.Hour
	// StationQuota is how many cards a station may sign under one certificate.
	StationQuota = 10_000
)

// New certifies a key for all card numbers of one station number. A quota of 0
// is none.
func New(station string, public ed25519.PublicKey, quota uint64, now time.Time) store.CardKey {
	n, _ := strconv.ParseUint(station, 10, 64) // station numbers are digits
	from := now.Add(-slack)
	return store.CardKey{Station: station, CardKey: wire.CardKey{
		KID: kid(public, n, from.Unix()), Public: public, First: n * 1_000_000, Last: n*1_000_000 + 999_999,
		From: from.Unix(), Until: from.Add(Life).Unix(), Quota: quota, Name: station,
	}}
}

// kid names a certificate, not a key: 8 bytes of SHA-256 over the public key,
// the station number and the certificate's first second.
func kid(public ed25519.PublicKey, station uint64, from int64) []byte {
	b := binary.BigEndian.AppendUint64(slices.Clone(public), station)
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(b, uint64(from)))
	return sum[:8]
}

// Keys is what the package needs of a store.
type Keys interface {
	AddCardKey(ctx context.Context, k store.CardKey) error
	CardKeys(ctx context.Context) ([]store.CardKey, error)
	Stations(ctx context.Context) ([]store.Station, error)
}

// Own gives the certificate under which the office itself signs now, and makes
// the next one in time. added says that the list of keys changed. Of several
// that are good the oldest is given: stations that were away know it.
func Own(ctx context.Context, s Keys, station string, public ed25519.PublicKey, now time.Time) (k store.CardKey, added bool, err error) {
	all, err := s.CardKeys(ctx)
	if err != nil {
		return k, false, err
	}
	var good []store.CardKey
	for _, x := range all {
		fits := time.Unix(x.Until, 0).Sub(time.Unix(x.From, 0)) <= Life
		if fits && x.Station == station && public.Equal(ed25519.PublicKey(x.Public)) && time.Unix(x.Until, 0).After(now.Add(slack)) {
			good = append(good, x)
		}
	}
	slices.SortFunc(good, func(a, b store.CardKey) int { return int(a.From - b.From) })
	if len(good) == 0 || due(good[len(good)-1], now) {
		next := New(station, public, 0, now)
		if err := s.AddCardKey(ctx, next); err != nil {
			return k, false, fmt.Errorf("certify the office's key: %w", err)
		}
		good, added = append(good, next), true
	}
	return good[0], added, nil
}

func due(k store.CardKey, now time.Time) bool { return time.Unix(k.Until, 0).Sub(now) <= Ahead }

// Renew certifies the keys of issuing stations again whose certificates soon
// end, and says how many. A station that nobody has heard of for [Ahead] waits
// until it is heard again: a laptop in a thief's cupboard gets nothing new.
// connected are those heard at this moment.
func Renew(ctx context.Context, s Keys, connected map[string]bool, now time.Time) (int, error) {
	stations, err := s.Stations(ctx)
	if err != nil {
		return 0, err
	}
	all, err := s.CardKeys(ctx)
	if err != nil {
		return 0, err
	}
	renewed := 0
	for _, t := range stations {
		heard := connected[t.ID] || now.Sub(t.Seen.At) <= Ahead
		if t.State != store.Active || !t.Issuer || !heard {
			continue
		}
		last, ok := newest(all, t.ID)
		if !ok || !due(last, now) {
			continue
		}
		if err := s.AddCardKey(ctx, New(t.ID, last.Public, StationQuota, now)); err != nil {
			return renewed, fmt.Errorf("certify the key of station %s again: %w", t.ID, err)
		}
		renewed++
	}
	return renewed, nil
}

func newest(all []store.CardKey, station string) (last store.CardKey, ok bool) {
	for _, k := range all {
		if k.Station == station && (!ok || k.Until > last.Until) {
			last, ok = k, true
		}
	}
	return last, ok
}
