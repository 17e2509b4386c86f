package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"quachot/internal/bundle"
	"quachot/syncserver/gateway"
)

type importCmd struct {
	Bundle   string `arg:"" help:"Bundle that a station exported." placeholder:"BUNDLE"`
	Receipts string `help:"Write the answer for the station here: receipts and lists." placeholder:"FILE"`
}

// Run takes a bundle; exit 1 when something of it was refused or is missing.
func (i importCmd) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		f, err := os.Open(c.path(i.Bundle))
		if err != nil {
			return fmt.Errorf("open bundle: %w", err)
		}
		defer f.Close()
		g := o.gateway
		if g == nil { // not serving
			g = gateway.New(gateway.Config{Store: o.store, Vault: o.vault, Lists: o.lists, Log: c.log.With("part", "gateway")})
		}
		var told uint64
		done, err := g.Import(c.ctx, f, func(records uint64) {
			if records >= told+50_000 {
				told = records
				fmt.Fprintf(c.stderr, "%d records taken\n", records)
			}
		})
		if err != nil {
			return bundleWords(err)
		}
		if err := json.NewEncoder(c.stdout).Encode(done); err != nil {
			return fmt.Errorf("write answer: %w", err)
		}
		if i.Receipts != "" {
			if err := i.answer(c, g, done); err != nil {
				return fmt.Errorf("%w. The records are safe at the office; import the bundle again to write the answer", err)
			}
		}
		return i.findings(c, done)
	})
}

// answer writes the file beside its name first: it appears whole or not at all.
func (i importCmd) answer(c *call, g *gateway.Gateway, done gateway.Imported) error {
	path := c.path(i.Receipts)
	f, err := os.CreateTemp(filepath.Dir(path), ".bundle-*")
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	err = g.Answer(c.ctx, f, done)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write the answer %s: %w", path, err)
	}
	return nil
}

func (i importCmd) findings(c *call, done gateway.Imported) error {
	if done.Whole && done.Refused == 0 && done.Forks == 0 {
		return nil
	}
	if !done.Whole {
		fmt.Fprintf(c.stderr, "The bundle is not whole (%s). What could be proven is stored. Ask the station for another copy.\n", done.Why)
	}
	if done.Refused > 0 {
		fmt.Fprintf(c.stderr, "%d batches prove nothing: damaged, or tampered with on the way. They were not stored; the station still has its records. Ask it for a new export.\n", done.Refused)
	}
	if done.Forks > 0 {
		fmt.Fprintf(c.stderr, "%d segments have another history at the office. Both are kept. See `syncserver check`.\n", done.Forks)
	}
	return exit(exitFindings)
}

// bundleWords says in words for people why nothing was taken.
func bundleWords(err error) error {
	switch {
	case errors.Is(err, bundle.ErrNotBundle):
		return fmt.Errorf("%w: choose the file that `kiosk export` wrote", err)
	case errors.Is(err, bundle.ErrNewer):
		return fmt.Errorf("%w: install the newest version here", err)
	case errors.Is(err, bundle.ErrDeployment):
		return fmt.Errorf("%w: it is another province's, send it there", err)
	case errors.Is(err, bundle.ErrStranger):
		return fmt.Errorf("%w: it was changed on the way, or it is an office's answer. Ask the station for a new export", err)
	case errors.Is(err, bundle.ErrCut), errors.Is(err, bundle.ErrDamaged):
		return fmt.Errorf("%w, before its first record. Ask the station for another copy", err)
	}
	return err
}
