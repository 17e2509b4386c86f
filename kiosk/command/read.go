package command

import (
	"errors"
	"fmt"
	"time"

	"quachot/hardware"
	"quachot/hardware/scanner"
	"quachot/internal/credential"
	"quachot/kiosk/station"
)

type readCmd struct {
	Trust string   `help:"Directory with certificates and keys to trust beside the enrolled lists." placeholder:"DIR"`
	Text  []string `arg:"" optional:"" help:"The codes; - or none = one a line from standard input."`
}

// Run answers one line per code and writes nothing down. Exit 1 when one is
// forged.
func (r readCmd) Run(c *call) error {
	stdin := c.stdin
	if len(r.Text) > 0 && r.Text[0] != "-" {
		stdin = nil
	}
	err := c.withStation(stdin, func(s *station.Station) error { return r.read(c, s.Lists.Snapshot().Trusted()) })
	if errors.Is(err, station.ErrNotEnrolled) { // no lists: only --trust counts
		return r.read(c, nil)
	}
	return err
}

func (r readCmd) read(c *call, trust *credential.Trusted) error {
	if r.Trust != "" {
		more, err := credential.LoadTrusted(c.path(r.Trust))
		if err != nil {
			return fmt.Errorf("%w. Nothing was changed", err)
		}
		trust = together(trust, more)
	}
	forged := false
	var broken error
	answer := func(text string) {
		reading := credential.Read(text, trust, time.Now())
		forged = forged || reading.Trust == credential.Forged
		broken = errors.Join(broken, line(c.stdout, credential.Line(reading)))
	}
	if len(r.Text) == 0 || len(r.Text) == 1 && r.Text[0] == "-" {
		lines, err := hardware.OpenScanner("stdin", c.stdin)
		if err == nil {
			err = lines.Scan(c.ctx, func(code scanner.Code) { answer(code.Text) })
		}
		broken = errors.Join(broken, err)
	} else {
		for _, text := range r.Text {
			answer(text)
		}
	}
	if broken == nil && forged {
		return exit(exitFindings)
	}
	return broken
}

func together(a, b *credential.Trusted) *credential.Trusted {
	if a == nil {
		return b
	}
	return &credential.Trusted{
		Cards: append(a.Cards[:len(a.Cards):len(a.Cards)], b.Cards...),
		Certs: append(a.Certs[:len(a.Certs):len(a.Certs)], b.Certs...),
		JWKs:  append(a.JWKs[:len(a.JWKs):len(a.JWKs)], b.JWKs...),
	}
}
