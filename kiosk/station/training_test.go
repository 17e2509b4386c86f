package station_test

import (
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"quachot/internal/record"
	"quachot/kiosk/duty"
	"quachot/kiosk/station"
	"quachot/kiosk/station/stationtest"
	"quachot/kiosk/training"
)

func openTraining(t *testing.T, dir string) *station.Station {
	t.Helper()
	s, err := station.OpenTraining(dir, station.Options{Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// A computer that is no station trains all the same, with the whole lane.
func TestTrainingNeedsNoEnrolment(t *testing.T) {
	dir := t.TempDir()
	s := openTraining(t, dir)
	l := s.NewLane(record.In)
	all, err := training.Samples()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		got, err := l.Scan(t.Context(), c.Code)
		if err != nil || !got.Durable {
			t.Errorf("%s: %v, durable %v", c.Name, err, got.Durable)
		}
	}
	if n := s.Journal.Counts().Head; n < uint64(len(all)) {
		t.Errorf("%d records of %d scans", n, len(all))
	}
	if _, err := s.Login(t.Context(), duty.Credentials{ID: training.Supervisor, PIN: training.PIN, Role: duty.Supervisor}); err != nil {
		t.Errorf("the supervisor of training: %v", err)
	}
	if _, err := station.Load(dir); !errors.Is(err, station.ErrNotEnrolled) {
		t.Errorf("training enrolled the computer: %v", err)
	}
	if _, err := station.Load(s.Dir()); !errors.Is(err, station.ErrNotEnrolled) {
		t.Errorf("the directory of training opens as a station: %v", err)
	}
}

// The station in earnest neither sees nor sends what was scanned in training, and
// the two do not share a key.
func TestTrainingLeavesTheStationAlone(t *testing.T) {
	dir, _ := stationtest.Enrol(t)
	real, err := station.Open(dir, station.Options{Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	defer real.Close()
	before := real.Journal.Counts()
	s := openTraining(t, dir) // at the same time
	if s.Identity.Key.Equal(real.Identity.Key) || s.Identity.Station == real.Identity.Station || s.Identity.StoreKey == real.Identity.StoreKey {
		t.Error("training has a key or the number of the station")
	}
	if _, err := s.NewLane(record.In).Scan(t.Context(), "046187000000||A|18011987|Nữ|B|25042021"); err != nil {
		t.Fatal(err)
	}
	if after := real.Journal.Counts(); after.Head != before.Head {
		t.Errorf("the station's journal went from %d to %d", before.Head, after.Head)
	}
	if s.Identity.Name != real.Identity.Name {
		t.Errorf("the lane is called %q, want %q", s.Identity.Name, real.Identity.Name)
	}
	if err := s.Uplink.DrainNow(t.Context()); err == nil {
		t.Error("training could be sent")
	}
}

// The second training goes on with the keys of the first; damaged keys begin anew.
func TestTrainingOpensAgain(t *testing.T) {
	dir := t.TempDir()
	key := func() ed25519.PrivateKey {
		s, err := station.OpenTraining(dir, station.Options{Probe: []string{}})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		return s.Identity.Key
	}
	first := key()
	if !first.Equal(key()) {
		t.Error("the second training has another key")
	}
	if err := os.WriteFile(filepath.Join(dir, "training", "training.cbor"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if first.Equal(key()) {
		t.Error("damaged keys were used")
	}
}
