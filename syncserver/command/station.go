package command

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"

	"quachot/internal/bundle"
	"quachot/internal/qr"
	"quachot/internal/wire"
	"quachot/syncserver/gateway"
	"quachot/syncserver/store"
)

type stationCmd struct {
	Add    stationAdd    `cmd:"" help:"Make a station and print its single-use enrolment code, alone on the last line."`
	List   stationList   `cmd:"" help:"All stations, one JSON line each."`
	Revoke stationRevoke `cmd:"" help:"End a station."`
}

type stationAdd struct {
	Name   string `arg:"" help:"Name of the lane, for people."`
	Post   string `required:"" help:"Code or name of its post; made when there is none." placeholder:"P"`
	Issuer bool   `help:"The station may sign cards."`
	QR     string `name:"qr" help:"Write the code as a QR picture (PNG) too." placeholder:"FILE"`
	File   string `help:"Write an enrolment file too, for a computer without a network; the code then counts for 30 days." placeholder:"FILE"`
}

func (s stationAdd) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		post, err := o.findPost(c.ctx, s.Post)
		if err != nil {
			return err
		}
		t, code, expires, err := o.invite(c.ctx, invitation{
			name: s.Name, post: post, issuer: s.Issuer, by: "command", province: c.flags.Province, address: c.public(o), carried: s.File != "",
		})
		if err != nil {
			return err
		}
		if s.File != "" {
			if err := o.writeEnrolment(c.path(s.File), t, code); err != nil {
				return err
			}
		}
		if s.QR != "" {
			if err := writeQR(c.path(s.QR), code); err != nil {
				return err
			}
		}
		fmt.Fprintf(c.stderr, "Station %s, %s, at post %s. The code works once, until %s. The station must show the office %s.\n",
			t.ID, t.Name, t.Post, expires.Local().Format("2006-01-02 15:04"), o.fingerprint())
		fmt.Fprintln(c.stdout, code.String())
		return nil
	})
}

// writeQR writes the digits form: a scanner that types garbles letters behind a
// Vietnamese input method, digits never.
func writeQR(path string, code wire.Code) error {
	symbol, err := qr.Encode(code.Digits(), qr.M)
	if err != nil {
		return fmt.Errorf("draw the code: %w", err)
	}
	picture, err := drawPNG(symbol)
	if err != nil {
		return fmt.Errorf("draw the code: %w", err)
	}
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		return fmt.Errorf("write the code's picture: %w", err)
	}
	return nil
}

// writeEnrolment writes the file by which a computer becomes the station without
// a network.
func (o *office) writeEnrolment(path string, t store.Station, code wire.Code) error {
	keys := o.vault.Keys()
	head := bundle.Head{Version: bundle.Version, From: bundle.FromOffice, Deployment: keys.Deployment, Station: t.ID, Made: time.Now().UnixMilli()}
	err := head.Sign(o.vault.Sign)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w, err := bundle.NewWriter(&b, head)
	if err == nil {
		err = w.Put(bundle.TypeEnrolment, bundle.Enrolment{
			Code: code.String(), Enrolled: wire.Enrolled{Station: t.ID, Name: t.Name, Post: t.Post, Office: keys},
		})
	}
	if err == nil {
		err = w.End()
	}
	if err == nil {
		err = os.WriteFile(path, b.Bytes(), 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the enrolment file: %w", err)
	}
	return nil
}

type invitation struct {
	name, post string // post is a code that exists
	issuer     bool
	by         string
	province   string // empty = the office's
	address    string
	carried    bool // in a file
}

// invite makes a station and its code.
func (o *office) invite(ctx context.Context, i invitation) (store.Station, wire.Code, time.Time, error) {
	code := wire.Code{Address: i.address, Office: o.vault.Keys().Hash(), Issuer: i.issuer}
	rand.Read(code.Token[:])
	now := time.Now()
	expires := now.Add(gateway.CodeLife)
	if i.carried {
		expires = now.Add(gateway.FileLife)
	}
	name, err := cleanName(i.name)
	if err != nil {
		return store.Station{}, code, expires, err
	}
	province, err := o.province(ctx, i.province)
	if err != nil {
		return store.Station{}, code, expires, err
	}
	if len(code.Address) > 120 {
		return store.Station{}, code, expires, fmt.Errorf("the address %q is too long for a code, at most 120 characters; give a shorter one with --public", code.Address)
	}
	t, err := o.store.AddStation(ctx, store.NewStation{
		Prefix: province, Name: name, Post: i.post, Issuer: i.issuer, Token: code.Token, Created: now, Expires: expires,
	})
	if err != nil {
		return t, code, expires, err
	}
	return t, code, expires, o.audit(ctx, i.by, "station add", t.ID)
}

// cleanName refuses names that would break a screen.
func cleanName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || len(name) > 120 || strings.ContainsFunc(name, unicode.IsControl) {
		return "", fmt.Errorf("the name %q cannot be used: 1 to 120 bytes, no control characters", name)
	}
	return name, nil
}

type stationList struct{}

// stationLine is one line of `station list`.
type stationLine struct {
	Station  string            `json:"station"`
	Name     string            `json:"name"`
	Post     string            `json:"post"`
	State    string            `json:"state"`
	Issuer   bool              `json:"issuer"`
	Online   bool              `json:"connected"`
	LastSeen int64             `json:"last_seen"` // unix ms, 0 = never
	Held     uint64            `json:"held"`
	Stored   uint64            `json:"stored"`
	Unsent   uint64            `json:"unsent"`
	Pending  uint64            `json:"pending"`
	Forked   bool              `json:"forked"`
	SkewMS   *int64            `json:"skew_ms"`
	Lists    map[string]uint64 `json:"lists,omitempty"`
	Program  string            `json:"program,omitempty"`
	Computer string            `json:"computer,omitempty"`
}

func (stationList) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		all, err := o.store.Stations(c.ctx)
		if err != nil {
			return err
		}
		live := map[string]gateway.Live{}
		if o.gateway != nil {
			live = o.gateway.Connected()
		}
		out := json.NewEncoder(c.stdout)
		for _, s := range all {
			line := stationLine{
				Station: s.ID, Name: s.Name, Post: s.Post, State: s.State, Issuer: s.Issuer, Held: s.Held, Stored: s.Stored, Unsent: s.Seen.Unsent,
				Pending: s.Pending, Forked: s.Forked, SkewMS: s.Seen.SkewMS, Lists: s.Seen.Lists, Program: s.Seen.Program, Computer: s.Computer,
			}
			if !s.Seen.At.IsZero() {
				line.LastSeen = s.Seen.At.UnixMilli()
			}
			if l, ok := live[s.ID]; ok {
				line.Online, line.LastSeen, line.Unsent = true, l.Heard.UnixMilli(), l.Unsent
			}
			if err := out.Encode(line); err != nil {
				return err
			}
		}
		return nil
	})
}

type stationRevoke struct {
	ID     string `arg:"" help:"Station number, 6 digits."`
	Reason string `required:"" enum:"retired,lost" help:"retired (may still deliver) or lost (refused)."`
}

func (s stationRevoke) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		err := o.revoke(c.ctx, s.ID, s.Reason, "command")
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no station %s; see `syncserver station list`", s.ID)
		}
		return err
	})
}

// revoke ends a station, its connection and what its key may sign from now on.
func (o *office) revoke(ctx context.Context, id, reason, by string) error {
	if reason != store.Retired && reason != store.Lost {
		return fmt.Errorf("reason %q: want retired or lost", reason)
	}
	if err := o.store.RevokeStation(ctx, id, reason, time.Now()); err != nil {
		return err
	}
	if o.gateway != nil {
		o.gateway.Drop(id, wire.RefuseRevoked, "this station was revoked: "+reason)
	}
	return errors.Join(o.lists.Refresh(ctx), o.audit(ctx, by, "station revoke "+reason, id))
}

func (o *office) audit(ctx context.Context, who, what, on string) error {
	return o.store.Audit(ctx, store.Audit{At: time.Now(), Who: who, What: what, On: on})
}
