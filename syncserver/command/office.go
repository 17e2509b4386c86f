package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"quachot/syncserver/gateway"
	"quachot/syncserver/publish"
	"quachot/syncserver/store"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/vault"
)

// errRunning says that another program has the data open.
var errRunning = errors.New("another program has the data open")

// lockWait is how long a subcommand waits for another one that is at work.
const lockWait = 10 * time.Second

// office is the open data directory with all that works on it.
type office struct {
	dir   string
	lock  *lock
	store store.Store
	vault *vault.Vault
	lists *publish.Publisher
	log   *slog.Logger
	made  bool // the keys were made just now

	gateway *gateway.Gateway // nil unless serving
	address string           // where it listens, when serving
}

// openOffice opens the data, makes it on the first start.
func openOffice(ctx context.Context, dir string, log *slog.Logger) (*office, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	o := &office{dir: dir, log: log}
	if err := o.open(ctx); err != nil {
		return nil, errors.Join(err, o.close())
	}
	return o, nil
}

func (o *office) open(ctx context.Context) (err error) {
	if o.lock, err = takeLock(ctx, filepath.Join(o.dir, "office.lock"), lockWait); err != nil {
		return err
	}
	if o.vault, o.made, err = vault.Open(o.dir, time.Now().Unix()); err != nil {
		return err
	}
	s, err := sqlite.Open(ctx, o.dir, sqlite.Options{Opener: o.vault.NewOpener(), Log: o.log.With("part", "store")})
	if err != nil {
		return err
	}
	o.store = s
	if _, err := o.renew(ctx, time.Now()); err != nil {
		return err
	}
	o.lists, err = publish.Open(ctx, publish.Config{Store: s, Vault: o.vault, Log: o.log.With("part", "lists"), Trust: filepath.Join(o.dir, "trust")})
	return err
}

func (o *office) close() error {
	var err error
	if o.store != nil {
		err = o.store.Close()
	}
	return errors.Join(err, o.lock.release())
}

// words puts an error into words for people: what happened, what is safe, what
// to do.
func words(dir string, err error) string {
	switch {
	case errors.Is(err, errRunning):
		return fmt.Sprintf("Another program works with the office's data in %s. Nothing was changed. Use that one, or end it first.", dir)
	case errors.Is(err, store.ErrNewer), errors.Is(err, vault.ErrNewer):
		return fmt.Sprintf("The data in %s was written by a newer version of this program. Nothing was changed and everything is safe. Start the newer version. (%v)", dir, err)
	case errors.Is(err, store.ErrDisk):
		return fmt.Sprintf("The disk with %s cannot be written. What was confirmed to the stations is safe, they keep the rest. Make room on it or replace it, then start again. (%v)", dir, err)
	}
	return err.Error() + ". Nothing else was changed."
}
