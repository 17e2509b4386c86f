package station_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"quachot/internal/pin"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
	"quachot/kiosk/journal"
	"quachot/kiosk/station"
	"quachot/kiosk/station/stationtest"
	"quachot/kiosk/uplink"
)

// noKeyring makes the platform's keyring fail, as in a service.
func noKeyring() { keyring.MockInitWithError(errors.New("no keyring here")) }

func open(t *testing.T, dir string) *station.Station {
	t.Helper()
	s, err := station.Open(dir, station.Options{Program: "test", Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStationKeepsWhatItWrote(t *testing.T) {
	noKeyring()
	dir, _ := stationtest.Enrol(t)
	s := open(t, dir)
	r, err := s.NewLane(record.In).Scan(t.Context(), "046187001234")
	if err != nil || !r.Durable {
		t.Fatalf("scan: %+v, %v", r, err)
	}
	before := s.Status()
	if before.Station != "460001" || before.Post != "PB1" || before.Head < 1 || before.Unsent != before.Head || before.OldestS == nil || before.Connected {
		t.Errorf("status %+v", before)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	defer s.Close()
	if after := s.Status(); after.Head != before.Head || after.Key != before.Key || after.StoreKey != station.PlaceFile {
		t.Errorf("after a restart %+v, before %+v", after, before)
	}
}

func TestOneProgramAtATime(t *testing.T) {
	noKeyring()
	dir, _ := stationtest.Enrol(t)
	s := open(t, dir)
	defer s.Close()
	if _, err := station.Open(dir, station.Options{Probe: []string{}}); !errors.Is(err, journal.ErrRunning) {
		t.Errorf("second Open: %v, want ErrRunning", err)
	}
}

func TestStoreKeyPlaces(t *testing.T) {
	keyring.MockInit()
	dir, _ := stationtest.Enrol(t)
	id, err := station.Load(dir)
	if err != nil || id.StorePlace != station.PlaceKeyring || id.StoreKey == [32]byte{} {
		t.Fatalf("with a keyring: %s, %v", id.StorePlace, err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "station.cbor"))
	if err != nil || strings.Contains(string(b), string(id.StoreKey[:])) {
		t.Errorf("the store key is in the file too (%v)", err)
	}
	noKeyring() // another user, or a session without a desktop
	if _, err := station.Load(dir); err == nil || !strings.Contains(err.Error(), "keyring") {
		t.Errorf("keyring gone: %v", err)
	}
	dir, _ = stationtest.Enrol(t)
	id, err = station.Load(dir)
	if err != nil || id.StorePlace != station.PlaceFile || id.StoreKey == [32]byte{} {
		t.Errorf("without a keyring: %s, %v", id.StorePlace, err)
	}
	info, err := os.Stat(filepath.Join(dir, "station.cbor"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("station.cbor has mode %v, %v", info.Mode(), err)
	}
}

func TestEnrolRefuses(t *testing.T) {
	noKeyring()
	o := stationtest.New(t)
	dir := filepath.Join(t.TempDir(), "new")
	if _, err := station.Enrol(t.Context(), dir, "XIN CHAO"); !errors.Is(err, wire.ErrCode) {
		t.Errorf("garbage: %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a garbled code made the directory: %v", err)
	}
	o.Refuse = wire.RefuseCode
	var p *uplink.Problem
	if _, err := station.Enrol(t.Context(), dir, o.Code().String()); !errors.As(err, &p) || p.Code != uplink.CodeCode {
		t.Errorf("used code: %v", err)
	}
	if _, err := station.Open(dir, station.Options{Probe: []string{}}); !errors.Is(err, station.ErrNotEnrolled) {
		t.Errorf("Open after a refusal: %v", err)
	}
	o.Refuse = ""
	if _, err := station.Enrol(t.Context(), dir, o.Code().Digits()); err != nil {
		t.Fatal(err)
	}
	if _, err := station.Enrol(t.Context(), dir, o.Code().String()); !errors.Is(err, station.ErrEnrolled) {
		t.Errorf("twice: %v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("files left: %v, %v", left, err)
	}
}

// A code is no good without the office; the same try works later.
func TestEnrolWithoutNetwork(t *testing.T) {
	noKeyring()
	o := stationtest.New(t)
	code := o.Code()
	code.Address = "127.0.0.1:1"
	var p *uplink.Problem
	if _, err := station.Enrol(t.Context(), t.TempDir(), code.String()); !errors.As(err, &p) || p.Code != uplink.CodeOffline || !strings.Contains(p.Error(), "127.0.0.1:1") {
		t.Errorf("no network: %v", err)
	}
}

// The office took the code, but its answer never came: the same code again, with
// the same keys, which is what lets the office answer once more.
func TestEnrolAnswerLost(t *testing.T) {
	noKeyring()
	o, dir := stationtest.New(t), t.TempDir()
	code := o.Code()
	code.Issuer = true
	o.Lose = 2
	for range 2 {
		var p *uplink.Problem
		if _, err := station.Enrol(t.Context(), dir, code.String()); !errors.As(err, &p) || p.Code != uplink.CodeCut || !strings.Contains(p.Error(), "same code") {
			t.Errorf("the link broke: %v", err)
		}
		if _, err := station.Load(dir); !errors.Is(err, station.ErrNotEnrolled) {
			t.Errorf("half enrolled: %v", err)
		}
	}
	id, err := station.Enrol(t.Context(), dir, code.Digits())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range o.Asked {
		if !id.Key.Public().(ed25519.PublicKey).Equal(ed25519.PublicKey(q.Key)) || !bytes.Equal(q.Signing, o.Asked[0].Signing) || len(q.Signing) == 0 {
			t.Errorf("another try with other keys: %x, %x", q.Key, q.Signing)
		}
	}
	if len(o.Asked) != 3 {
		t.Errorf("%d tries reached the office", len(o.Asked))
	}
}

func TestDamagedIdentity(t *testing.T) {
	noKeyring()
	dir, _ := stationtest.Enrol(t)
	path := filepath.Join(dir, "station.cbor")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) {
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := station.Load(dir); err == nil || errors.Is(err, station.ErrNotEnrolled) {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
	}
}

// Wrong PINs are remembered over a restart, so that switching the laptop off and
// on gives no fresh tries.
func TestWrongPINsSurviveARestart(t *testing.T) {
	noKeyring()
	dir, office := stationtest.Enrol(t)
	verifier, err := pin.MakePIN("271828")
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	if _, err := s.Login(t.Context(), duty.Credentials{ID: "h1", PIN: "271828"}); err == nil {
		t.Error("login without a list of officers")
	}
	office.Give(s.Lists, 1, map[string]any{wire.ListOfficers: wire.OfficerList{Officers: []wire.Officer{{ID: "h1", Name: "Hải", Role: "steward", PIN: verifier}}}})
	for range duty.FreeTries {
		if _, err := s.Login(t.Context(), duty.Credentials{ID: "h1", PIN: "0000"}); err == nil {
			t.Fatal("a wrong PIN was taken")
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	defer s.Close()
	var wait *duty.WaitError
	if _, err := s.Login(t.Context(), duty.Credentials{ID: "h1", PIN: "271828"}); !errors.As(err, &wait) {
		t.Errorf("right PIN at once after %d wrong ones and a restart: %v, want a wait", duty.FreeTries, err)
	}
}
