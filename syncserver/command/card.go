package command

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"quachot/internal/card"
	"quachot/syncserver/store"
)

// readSome reads a secret from standard input, bounded.
func readSome(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, 4096)) }

type cardCmd struct {
	Revoke cardRevoke `cmd:"" help:"A card counts no more."`
	Show   cardShow   `cmd:"" help:"What is known of a card, as JSON."`
}

type cardRevoke struct {
	Number string `arg:"" help:"13 digits, with or without blanks."`
	Reason string `default:"revoked" help:"Why, in a word."`
}

func (r cardRevoke) Run(c *call) error {
	n, err := card.ParseNumber(r.Number)
	if err != nil {
		return err
	}
	return c.withOffice(func(o *office) error {
		if err := o.store.RevokeCard(c.ctx, store.Revocation{Card: n.Uint(), Reason: r.Reason, At: time.Now()}); err != nil {
			return err
		}
		if err := errors.Join(o.lists.Refresh(c.ctx), o.audit(c.ctx, "command", "card revoke", string(n))); err != nil {
			return err
		}
		return o.showCard(c, n)
	})
}

type cardShow struct {
	Number string `arg:"" help:"13 digits, with or without blanks."`
}

func (s cardShow) Run(c *call) error {
	n, err := card.ParseNumber(s.Number)
	if err != nil {
		return err
	}
	return c.withOffice(func(o *office) error { return o.showCard(c, n) })
}

// cardLine is the answer of `card show`. Times are unix ms.
type cardLine struct {
	Card      string   `json:"card"`
	Name      string   `json:"name,omitempty"`
	Birth     string   `json:"birth,omitempty"`
	Sex       string   `json:"sex,omitempty"`
	Ward      string   `json:"ward,omitempty"`
	Station   string   `json:"station,omitempty"`
	Step      string   `json:"step,omitempty"`
	Issued    int64    `json:"issued,omitempty"`
	Expires   int64    `json:"expires,omitempty"`
	Token     string   `json:"token,omitempty"`
	Documents []string `json:"documents"`
	Revoked   bool     `json:"revoked"`
	Reason    string   `json:"reason,omitempty"`
}

func (o *office) showCard(c *call, n card.Number) error {
	k, err := o.store.Card(c.ctx, n.Uint())
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("nothing is known of card %s here", n.Grouped())
	}
	if err != nil {
		return err
	}
	line := cardLine{Card: string(n), Name: k.Name, Birth: k.Birth, Sex: k.Sex, Ward: k.Ward, Station: k.Station, Step: k.Step, Token: hex.EncodeToString(k.Token), Documents: []string{}}
	if !k.Issued.IsZero() {
		line.Issued = k.Issued.UnixMilli()
	}
	if !k.Expires.IsZero() {
		line.Expires = k.Expires.UnixMilli()
	}
	for _, d := range k.Documents {
		line.Documents = append(line.Documents, d.String())
	}
	if k.Revoked != nil {
		line.Revoked, line.Reason = true, k.Revoked.Reason
	}
	return json.NewEncoder(c.stdout).Encode(line)
}
