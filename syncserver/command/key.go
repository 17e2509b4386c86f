package command

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"quachot/syncserver/certify"
	"quachot/syncserver/store"
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

// ownStation, after the province, is the number under which the office itself
// issues; stations start at 0001.
const ownStation = "0000"

func ownNumber(province string) string { return province + ownStation }

// certifyOwn gives the certificate under which the office signs cards of a
// province now.
func (o *office) certifyOwn(ctx context.Context, province string, now time.Time) (store.CardKey, bool, error) {
	return certify.Own(ctx, o.store, ownNumber(province), o.vault.Cards.Public().(ed25519.PublicKey), now)
}

// renew makes the certificates that come next, the office's own and those of
// its issuing stations, and says whether the lists changed by it.
func (o *office) renew(ctx context.Context, now time.Time) (bool, error) {
	province, err := o.province(ctx, "")
	if err != nil {
		return false, err
	}
	_, added, err := o.certifyOwn(ctx, province, now)
	if err != nil {
		return added, err
	}
	connected := map[string]bool{}
	if o.gateway != nil {
		for id := range o.gateway.Connected() {
			connected[id] = true
		}
	}
	n, err := certify.Renew(ctx, o.store, connected, now)
	return added || n > 0, err
}

// renewEvery is often enough for a station that comes back for an hour.
const renewEvery = 30 * time.Minute

// keepCertified renews until ctx ends.
func keepCertified(ctx context.Context, o *office) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			changed, err := o.renew(ctx, now)
			if changed {
				err = errors.Join(err, o.lists.Refresh(ctx))
			}
			if err != nil && ctx.Err() == nil {
				o.log.Error("issuing keys were not certified again; cards can be issued until the present certificates end", "error", err)
			}
		}
	}
}

// province is the two digits that new station and card numbers begin with:
// those asked for, else those remembered, else the default.
func (o *office) province(ctx context.Context, asked string) (string, error) {
	if asked != "" {
		if !twoDigits.MatchString(asked) {
			return "", fmt.Errorf("the province %q is not two digits", asked)
		}
		return asked, nil
	}
	p, err := o.store.Setting(ctx, settingPrefix)
	if err != nil || p != "" {
		return p, err
	}
	return defaultPrefix, nil
}

// rememberProvince makes the digits that the office was started with those of
// later subcommands, which run without the flag.
func (o *office) rememberProvince(ctx context.Context, asked string) error {
	now, err := o.province(ctx, "")
	if err != nil || asked == "" || asked == now {
		return err
	}
	if _, err := o.province(ctx, asked); err != nil {
		return err
	}
	return o.store.SetSetting(ctx, settingPrefix, asked)
}

var twoDigits = regexp.MustCompile(`^[0-9]{2}$`)

const (
	settingPrefix = "prefix"
	defaultPrefix = "46"
)
