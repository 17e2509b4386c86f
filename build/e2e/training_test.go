package e2e

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quachot/assets/scanners"
	"quachot/build/programs"
	"quachot/internal/clock"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/station"
	"quachot/kiosk/training"
	"quachot/kiosk/uplink"
)

// noLists is a station that takes no lists.
type noLists struct{}

func (noLists) Offer(wire.SignedManifest) ([]wire.Want, error) { return nil, nil }
func (noLists) Put(wire.Chunk) ([]wire.Want, error)            { return nil, nil }
func (noLists) Serial() uint64                                 { return 0 }

// What was scanned in training never becomes a record of the office, whoever
// carries it there: not under the key of training, which no office knows, and not
// under the key of the enrolled station it was made on.
func TestTrainingIsRefusedInEarnest(t *testing.T) {
	s := newSite(t)
	trained, err := station.OpenTraining(s.data, station.Options{Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	defer trained.Close()
	lane := trained.NewLane(record.In)
	all, err := training.Samples()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if _, err := lane.Scan(t.Context(), c.Code); err != nil {
			t.Fatal(err)
		}
	}
	enrolled, err := station.Load(s.data)
	if err != nil {
		t.Fatal(err)
	}
	for _, carrier := range []struct {
		name, station string
		key           ed25519.PrivateKey
	}{
		{"under the key of training", training.Station, trained.Identity.Key},
		{"under the key of training, as the station", enrolled.Station, trained.Identity.Key},
		{"under the station's key", enrolled.Station, enrolled.Key},
	} {
		link := uplink.New(uplink.Config{
			Address: enrolled.Address, Key: carrier.key, Station: carrier.station, Office: enrolled.Office,
			Outbox: trained.Journal, Lists: noLists{}, Clock: clock.System(), Program: "test", Log: slog.New(slog.DiscardHandler),
		})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if err := link.DrainNow(ctx); err == nil {
			t.Errorf("%s: the office took it", carrier.name)
		} else {
			t.Logf("%s: %v", carrier.name, err)
		}
		cancel()
		file := filepath.Join(t.TempDir(), "stick") // and in a bundle, made by hand
		f, err := os.Create(file)
		if err == nil {
			_, err = link.Export(t.Context(), f, true, nil)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		out, err := programs.Run(t.Context(), "", s.office.Program, "--data", s.office.Data, "import", file)
		if err != nil || out.Code == 0 {
			t.Errorf("%s, in a bundle: exit %d, %v: %s", carrier.name, out.Code, err, out.Stdout)
		}
		t.Logf("%s, in a bundle: %s%s", carrier.name, out.Stdout, out.Stderr)
		if n := len(s.records("")); n != 0 {
			t.Errorf("%s: %d records at the office", carrier.name, n)
		}
	}
	if c := trained.Journal.Counts(); c.Held != 0 || c.Unsent == 0 {
		t.Errorf("the journal of training believes that %d are held", c.Held)
	}
	s.whole(t)
}

// whole lets the office prove what it has: no records, nothing pending.
func (s *site) whole(t *testing.T) {
	t.Helper()
	out := s.run("check", "--json")
	var check struct{ Pending int }
	if json.Unmarshal([]byte(strings.TrimSpace(out.Stdout)), &check) == nil && check.Pending != 0 {
		t.Errorf("%d pending records of training", check.Pending)
	}
	t.Logf("syncserver check: %s", out.Stdout)
}

// Training in the real window, on a computer that is no station: an officer of
// training logs in, and each citizen gets the verdict of the lesson by one key.
func TestTrainingWindow(t *testing.T) {
	x := newXserver(t)
	kiosk := builtWindow(t)
	p := &player{t: t, x: x, dir: picturesDir(t)}
	p.w = x.openWindow(kiosk, t.TempDir(), "--training")
	p.page("login")
	p.picture("20-tap-huan-dang-nhap")
	p.typed("101")
	p.press("Return")
	p.until("the PIN's field", func(s screenState) bool { return s.number("focus") == 1 })
	p.typed(training.PIN)
	p.press("Return")
	p.until("somebody on duty", func(s screenState) bool { return s.is("page", "") && s.is("officer", "true") })
	all, err := training.Samples()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"pass": "pass", "check": "check", "revoked": "stop", "expired": "stop", "forged": "stop", "watch": "stop", "unreadable": "unreadable",
	}
	for n, c := range all {
		p.press("F10")
		p.page("settings")
		p.press("9")
		p.page("samples")
		if n == 0 {
			p.picture("21-tap-huan-nguoi-mau")
		}
		p.press(string(rune('1' + n)))
		s := p.until("a verdict", func(s screenState) bool { return s.is("page", "") && s["verdict"] != "" })
		if !s.is("verdict", want[c.Name]) || !s.is("training", "true") {
			t.Errorf("%s: %v, want %s", c.Name, s, want[c.Name])
		}
		if c.Name == "watch" {
			p.picture("22-tap-huan-theo-doi")
		}
		p.press("Escape")
		p.until("the waiting screen", func(s screenState) bool { return s.is("verdict", "") })
	}
	p.press("F10")
	p.page("settings")
	p.press("8")
	p.page("selftest")
	turn := p.w.state().number("turn")
	x.scan(scanners.TestText)
	p.picture("23-thu-may-quet")
	p.press("Escape")
	p.page("")
	if p.w.state().number("turn") != turn {
		t.Error("the test card went to the lane")
	}
}
