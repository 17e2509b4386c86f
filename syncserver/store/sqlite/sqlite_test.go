package sqlite_test

import (
	"context"
	"testing"

	"quachot/syncserver/store"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/store/storetest"
)

func open(t testing.TB) *storetest.Office { return openWith(t, sqlite.Options{}) }

func openWith(t testing.TB, o sqlite.Options) *storetest.Office {
	t.Helper()
	dir := t.TempDir() + "/a folder with 100% ? # in its name"
	v := storetest.NewVault(t)
	o.Opener = v.NewOpener()
	start := func() *sqlite.Store {
		s, err := sqlite.Open(context.Background(), dir, o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	current := start()
	t.Cleanup(func() { current.Close() })
	return &storetest.Office{Store: current, T: t, Vault: v, Reopen: func() store.Store {
		if err := current.Close(); err != nil {
			t.Error(err)
		}
		current = start()
		return current
	}}
}

func TestStore(t *testing.T) { storetest.Run(t, open) }
