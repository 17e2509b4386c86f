package lists

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	bolt "go.etcd.io/bbolt"

	"quachot/internal/wire"
)

func TestSecondProcessIsTold(t *testing.T) {
	o := newOffice(t)
	_, path := open(t, o)
	if _, err := Open(path, o.keys); !errors.Is(err, ErrBusy) {
		t.Errorf("second open: %v, want ErrBusy", err)
	}
}

func TestDamagedListComesDownAgain(t *testing.T) {
	o := newOffice(t)
	s, path := open(t, o)
	o.set(wire.ListOfficers, officers("a")).set(wire.ListSettings, wire.Settings{Province: "Huế"})
	o.sync(s)
	hash := o.entries[wire.ListOfficers].Chunks[0]
	err := s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(chunksBucket).Put(hash[:], []byte("rust")) })
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = reopen(t, o, path)
	got := s.Snapshot()
	if s.Serial() != 0 || len(got.Officers()) != 0 || got.Settings().Province != "Huế" || len(got.Problems()) != 1 {
		t.Errorf("serial %d, officers %v, settings %v, problems %q", s.Serial(), got.Officers(), got.Settings(), got.Problems())
	}
	if n := o.sync(s); n != 1 || s.Serial() != o.serial || len(s.Snapshot().Officers()) != 1 {
		t.Errorf("healing: %d chunks, serial %d", n, s.Serial())
	}
}

// Another office's lists in the file, as after enrolling anew: they count for
// nothing.
func TestListsOfAnotherOfficeDoNotCount(t *testing.T) {
	o := newOffice(t)
	s, path := open(t, o)
	o.set(wire.ListOfficers, officers("a"))
	o.sync(s)
	s.Close()
	o.keys.Deployment[0]++
	s = reopen(t, o, path)
	if len(s.Snapshot().Officers()) != 0 || s.Serial() != 0 {
		t.Error("officers of another deployment")
	}
}

// Whatever happened to the file, Open comes back with a store that works, and
// never takes the process down.
func TestDamagedFile(t *testing.T) {
	o := newOffice(t)
	s, path := open(t, o)
	o.set(wire.ListWatch, bigWatch(2500)).set(wire.ListOfficers, officers("a"))
	o.sync(s)
	s.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := map[string][]byte{"empty": {}, "text": []byte("<html>not a database</html>"), "zeros": make([]byte, len(whole))}
	for _, cut := range []int{1, 4096, 8192, 12288, len(whole) / 2, len(whole) - 4096, len(whole) - 1} {
		damaged["cut at "+strconv.Itoa(cut)] = whole[:cut]
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 15 {
		b := bytes.Clone(whole)
		for range 20 {
			b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
		}
		damaged["flipped "+strconv.Itoa(i)] = b
		page := bytes.Clone(whole)
		copy(page[r.IntN(len(page)/4096)*4096:], make([]byte, 4096))
		damaged["page lost "+strconv.Itoa(i)] = page
	}
	for name, b := range damaged {
		path := filepath.Join(t.TempDir(), "lists.db")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, o.keys)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// Damage that Open did not meet shows later, and costs a try or two.
		for try := 0; s.Serial() != o.serial || s.Snapshot().WatchCount() != 2500; try++ {
			if try == 3 {
				t.Errorf("%s: no lists after three tries", name)
				break
			}
			if err := o.try(s); err != nil {
				t.Logf("%s: try %d: %.80v", name, try, err)
			}
		}
		s.Close()
	}
}
