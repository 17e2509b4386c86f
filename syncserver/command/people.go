package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"quachot/internal/pin"
	web "quachot/syncserver/office"
	"quachot/syncserver/store"
)

type officerCmd struct {
	Add  officerAdd  `cmd:"" help:"Let an officer log in at the stations; prints his number."`
	List officerList `cmd:"" help:"All officers, one JSON line each."`
}

type officerAdd struct {
	Name    string `arg:"" help:"Name, for people."`
	Role    string `required:"" enum:"steward,issuer,supervisor" help:"steward, issuer or supervisor."`
	PINFile string `name:"pin-file" required:"" help:"File with the PIN, 4 to 12 digits; - for standard input." placeholder:"FILE"`
	ID      string `name:"id" help:"Number to log in with; empty = the next one."`
}

func (a officerAdd) Run(c *call) error {
	name, err := cleanName(a.Name)
	if err != nil {
		return err
	}
	return c.withOffice(func(o *office) error {
		code, err := c.secret(a.PINFile)
		if err != nil {
			return fmt.Errorf("read the PIN: %w", err)
		}
		verifier, err := pin.MakePIN(code)
		if err != nil {
			return err
		}
		made, err := o.store.AddOfficer(c.ctx, store.Officer{ID: a.ID, Name: name, Role: a.Role, PIN: verifier})
		if errors.Is(err, store.ErrExists) {
			return fmt.Errorf("there is an officer %s already", made.ID)
		}
		if err != nil {
			return err
		}
		if err := errors.Join(o.lists.Refresh(c.ctx), o.audit(c.ctx, "command", "officer add "+a.Role, made.ID)); err != nil {
			return err
		}
		return json.NewEncoder(c.stdout).Encode(officerLine{made.ID, made.Name, made.Role})
	})
}

// secret is the first line of a file.
func (c *call) secret(path string) (string, error) {
	var b []byte
	var err error
	if path == "-" {
		b, err = readSome(c.stdin)
	} else {
		b, err = os.ReadFile(c.path(path))
	}
	line, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), "\r"), err
}

type officerLine struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
}

type officerList struct{}

func (officerList) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		all, err := o.store.Officers(c.ctx)
		if err != nil {
			return err
		}
		out := json.NewEncoder(c.stdout)
		for _, x := range all {
			if err := out.Encode(officerLine{x.ID, x.Name, x.Role}); err != nil {
				return err
			}
		}
		return nil
	})
}

type accountCmd struct {
	Add  accountAdd  `cmd:"" help:"Let somebody log in at the office's pages."`
	List accountList `cmd:"" help:"All accounts, one JSON line each."`
}

type accountAdd struct {
	Name         string `arg:"" help:"Name to log in with."`
	Role         string `required:"" enum:"viewer,tracer,admin" help:"viewer, tracer or admin."`
	PasswordFile string `required:"" help:"File with the password; - for standard input." placeholder:"FILE"`
}

func (a accountAdd) Run(c *call) error {
	name, err := web.CleanName(a.Name)
	if err != nil {
		return err
	}
	return c.withOffice(func(o *office) error {
		password, err := c.secret(a.PasswordFile)
		if err != nil {
			return fmt.Errorf("read the password: %w", err)
		}
		verifier, err := web.HashPassword(password)
		if err != nil {
			return err
		}
		err = o.store.AddAccount(c.ctx, store.Account{Name: name, Role: a.Role, Password: verifier, Created: time.Now()})
		if errors.Is(err, store.ErrExists) {
			return fmt.Errorf("there is an account %s already", name)
		}
		return first(err, o.audit(c.ctx, "command", "account add "+a.Role, name))
	})
}

type accountList struct{}

func (accountList) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		all, err := o.store.Accounts(c.ctx)
		if err != nil {
			return err
		}
		out := json.NewEncoder(c.stdout)
		for _, a := range all {
			line := struct {
				Name    string `json:"name"`
				Role    string `json:"role"`
				Created int64  `json:"created"`
			}{a.Name, a.Role, a.Created.UnixMilli()}
			if err := out.Encode(line); err != nil {
				return err
			}
		}
		return nil
	})
}
