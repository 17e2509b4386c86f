package command

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"crypto/ed25519"

	"quachot/internal/wire"
	"quachot/syncserver/store"
	"quachot/syncserver/vault"
)

type keyCmd struct {
	List keyList `cmd:"" help:"The office's public keys and all issuing keys, one JSON line each."`
}

type keyList struct{}

type keyLine struct {
	Use     string `json:"use"` // tls, sign, seal, recovery, card
	Key     string `json:"key"` // hex
	ID      string `json:"id,omitempty"`
	Station string `json:"station,omitempty"`
	First   uint64 `json:"first,omitempty"` // card numbers without the check digit
	Last    uint64 `json:"last,omitempty"`
	From    int64  `json:"from,omitempty"` // unix seconds
	Until   int64  `json:"until,omitempty"`
	Quota   uint64 `json:"quota,omitempty"`
}

func (keyList) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		k := o.vault.Keys()
		lines := []keyLine{
			{Use: "tls", Key: hex.EncodeToString(k.TLS)}, {Use: "sign", Key: hex.EncodeToString(k.Sign)},
			{Use: "seal", Key: hex.EncodeToString(k.Seal.Public), ID: hex.EncodeToString(k.Seal.ID[:])},
			{Use: "recovery", Key: hex.EncodeToString(k.Recovery.Public), ID: hex.EncodeToString(k.Recovery.ID[:])},
		}
		cards, err := o.store.CardKeys(c.ctx)
		if err != nil {
			return err
		}
		for _, x := range cards {
			lines = append(lines, keyLine{
				Use: "card", Key: hex.EncodeToString(x.Public), ID: hex.EncodeToString(x.KID), Station: x.Station,
				First: x.First, Last: x.Last, From: x.From, Until: x.Until, Quota: x.Quota,
			})
		}
		out := json.NewEncoder(c.stdout)
		for _, line := range lines {
			if err := out.Encode(line); err != nil {
				return err
			}
		}
		return nil
	})
}

// Of the office's own issuing key. It is certified again when less than
// ownRenew of its 30 days are left, with the same key, so that every card it
// signed stays inside its certificate.
const (
	ownStation = "0000" // after the province; stations start at 0001
	ownLife    = 30 * 24 * time.Hour
	ownRenew   = 10 * 24 * time.Hour
)

// ownNumber is the station number under which the office itself issues.
func ownNumber(province string) string { return province + ownStation }

// certifyOwn keeps the office's own issuing key certified.
func (o *office) certifyOwn(ctx context.Context) error {
	return o.certify(ctx, time.Now())
}

func (o *office) certify(ctx context.Context, now time.Time) error {
	public := o.vault.Cards.Public().(ed25519.PublicKey)
	kid := string(vault.KID(public))
	all, err := o.store.CardKeys(ctx)
	if err != nil {
		return err
	}
	province, err := o.province(ctx)
	if err != nil {
		return err
	}
	number := ownNumber(province)
	first, _ := strconv.ParseUint(number, 10, 64)
	from := now.Add(-24 * time.Hour).Unix()
	for _, k := range all {
		if string(k.KID) == kid {
			if time.Unix(k.Until, 0).Sub(now) > ownRenew {
				return nil
			}
			from = k.From // the cards it signed so far stay valid
		}
	}
	return o.store.AddCardKey(ctx, store.CardKey{Station: number, CardKey: wire.CardKey{
		KID: []byte(kid), Public: public, First: first * 1_000_000, Last: first*1_000_000 + 999_999,
		From: from, Until: now.Add(ownLife).Unix(), Name: number,
	}})
}

// province is the two digits the office's own cards begin with: those of the
// first start.
func (o *office) province(ctx context.Context) (string, error) {
	p, err := o.store.Setting(ctx, settingPrefix)
	if err != nil || p != "" {
		return p, err
	}
	return defaultPrefix, nil
}

const (
	settingPrefix = "prefix"
	defaultPrefix = "46"
)
