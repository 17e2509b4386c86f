package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	web "quachot/syncserver/office"
	"quachot/syncserver/store"
)

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
