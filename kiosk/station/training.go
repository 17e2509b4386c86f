package station

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
	"quachot/kiosk/lists"
	"quachot/kiosk/training"
	"quachot/kiosk/uplink"
)

const (
	// trainingDir lies in the data directory and may be removed at any time.
	trainingDir  = "training"
	trainingFile = "training.cbor" // not identityFile: the directory is never opened as a station
	// Of a computer that is no station: the lane's name, and the post's in place of
	// its code.
	trainingName = "0"
	trainingPost = "Chốt tập huấn"
)

// OpenTraining opens training on the computer of dir, enrolled or not. What is
// scanned there is written by the same code into another journal, in
// dir/training, and can never be taken for real: it is signed by a key that no
// office knows, as station 000000, sealed to keys that were thrown away when
// they were made, and its uplink has nothing to send. The lists are the station's
// own as they are now, when there are some, and the citizens of package training.
func OpenTraining(dir string, o Options) (*Station, error) {
	o = o.defaults()
	at := filepath.Join(dir, trainingDir)
	if err := os.MkdirAll(at, 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of training: %w", err)
	}
	id, err := trainee(at)
	if err != nil {
		return nil, err
	}
	s := &Station{Identity: id, Clock: o.Clock, Training: true, dir: at, log: o.Log}
	own, enrolled := enrolledAs(dir)
	if enrolled {
		s.Identity.Name, s.Identity.Post = own.Name, own.Post
	} else {
		own.Office = id.Office
	}
	s.Journal, err = journal.Open(filepath.Join(at, "journal"), journal.Options{
		Station: training.Station, Sign: id.Key, Recipients: []seal.Recipient{id.Office.Seal, id.Office.Recovery},
		Office: id.Office.Sign, StoreKey: id.StoreKey, Program: o.Program, Clock: o.Clock, Log: o.Log, Probe: o.Probe,
	})
	if err != nil {
		return nil, fmt.Errorf("open the journal of training: %w", err)
	}
	s.Deriver = identity.NewDeriver(own.Office.Salt, own.Office.SaltEpoch)
	if err := s.lessons(dir, own.Office); err != nil {
		return nil, errors.Join(err, s.Journal.Close())
	}
	s.Guard = s.guard()
	s.Uplink = uplink.New(uplink.Config{
		Key: id.Key, Station: training.Station, Office: id.Office,
		Outbox: nothing{}, Lists: s.Lists, Clock: o.Clock, Program: o.Program, Log: o.Log,
	})
	return s, nil
}

// lessons opens the lists of training: a copy of the station's own, and the
// citizens beside them.
func (s *Station) lessons(dir string, office wire.OfficeKeys) error {
	path := filepath.Join(s.dir, "lists.db")
	if err := borrow(filepath.Join(dir, "lists.db"), path); err != nil {
		s.log.Warn("training goes on without the station's lists", "err", err)
	}
	var err error
	if s.Lists, err = lists.Open(path, office); err != nil {
		return fmt.Errorf("open the lists of training: %w", err)
	}
	extra, err := training.Lists(s.Deriver.Derive, s.Clock.Now())
	if err != nil {
		return errors.Join(err, s.Lists.Close())
	}
	s.Lists.Extend(extra)
	return nil
}

// borrow copies the station's lists, so that training and the real lane can be
// open at once. A copy that is torn because the lane was just writing proves
// damaged by its hashes and is left out.
func borrow(from, to string) error {
	if err := os.Remove(to); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the lists of the last training: %w", err)
	}
	in, err := os.Open(from)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("borrow the station's lists: %w", err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("borrow the station's lists: %w", err)
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// enrolledAs is the station that the computer is in earnest; false when it is none.
func enrolledAs(dir string) (stored, bool) {
	f, err := readStored(dir)
	return f, err == nil
}

// trainee reads who this computer is in training, and makes it up the first time.
func trainee(at string) (Identity, error) {
	path := filepath.Join(at, trainingFile)
	var f stored
	b, err := os.ReadFile(path)
	if err != nil || cbor.Unmarshal(b, &f) != nil || len(f.Seed) != ed25519.SeedSize || len(f.StoreKey) != 32 {
		if f, err = madeUp(); err != nil {
			return Identity{}, err
		}
		if b, err = cbor.Marshal(f); err != nil {
			return Identity{}, fmt.Errorf("encode who trains: %w", err)
		}
		if err := os.RemoveAll(filepath.Join(at, "journal")); err != nil { // of another key, if any
			return Identity{}, fmt.Errorf("begin the journal of training anew: %w", err)
		}
		if err := writeDurably(path, b); err != nil {
			return Identity{}, err
		}
	}
	return Identity{
		Station: training.Station, Name: trainingName, Post: trainingPost, Key: ed25519.NewKeyFromSeed(f.Seed), Office: f.Office,
		Enrolled: time.Unix(f.Enrolled, 0), StoreKey: [32]byte(f.StoreKey), StorePlace: PlaceFile,
	}, nil
}

// madeUp draws the keys of training. The private halves of its office's keys are
// forgotten at once: nobody can ever open what is sealed to them.
func madeUp() (stored, error) {
	f := stored{
		Version: fileVersion, Station: training.Station, Name: trainingName, Enrolled: time.Now().Unix(),
		Seed: make([]byte, ed25519.SeedSize), StoreKey: make([]byte, 32), StorePlace: PlaceFile,
	}
	for _, b := range [][]byte{f.Seed, f.StoreKey, f.Office.Deployment[:], f.Office.Salt[:]} {
		_, _ = rand.Read(b) // never fails, by its contract
	}
	for _, k := range []*[]byte{&f.Office.TLS, &f.Office.Sign} {
		public, _, err := ed25519.GenerateKey(nil)
		if err != nil {
			return f, fmt.Errorf("draw the keys of training: %w", err)
		}
		*k = public
	}
	for _, r := range []*seal.Recipient{&f.Office.Seal, &f.Office.Recovery} {
		p, err := seal.NewPrivate()
		if err != nil {
			return f, fmt.Errorf("draw the keys of training: %w", err)
		}
		*r = p.Recipient()
	}
	return f, nil
}

// nothing is the outbox of training: whatever asks the link to send, there is
// nothing to send.
type nothing struct{}

func (nothing) Segments() []journal.Segment { return nil }
func (nothing) Read(record.SegmentID, uint64, int, int) (journal.Run, error) {
	return journal.Run{}, nil
}
func (nothing) Receive(...record.Receipt) error      { return nil }
func (nothing) Lower(record.SegmentID, uint64) error { return nil }
func (nothing) Urgent() []record.ID                  { return nil }
func (nothing) Changed() <-chan struct{}             { return nil }
func (nothing) Counts() journal.Counts               { return journal.Counts{} }
