// Package e2e runs the two real programs against each other: one test per
// promise of the design.
package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quachot/build/programs"
)

// site is an office and a station enrolled at it, behind a network that the
// test can cut.
type site struct {
	t       *testing.T
	built   programs.Built
	office  *programs.Office
	network *network
	data    string // of the station
	code    string // that enrolled it
}

func newSite(t *testing.T) *site {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and runs both programs")
	}
	b, err := built()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := &site{t: t, built: b, data: filepath.Join(dir, "station")}
	if s.office, err = programs.NewOffice(b.Office, filepath.Join(dir, "office")); err != nil {
		t.Fatal(err)
	}
	s.network = newNetwork(t, s.office.Listen)
	s.office.Public = s.network.address()
	s.startOffice()
	t.Cleanup(func() {
		_ = s.office.Kill()
		if t.Failed() {
			said, _ := os.ReadFile(s.office.Data + ".log")
			t.Logf("the office said:\n%s", said)
		}
	})
	s.run("post", "add", "PB1", "Chốt Phú Bài 1", "--kind", "road")
	s.code = s.addStation("Làn 1")
	if out := s.kiosk("enrol", s.code); out.Code != 0 {
		t.Fatalf("enrol: exit %d: %s", out.Code, out.Stderr)
	}
	return s
}

func (s *site) startOffice() {
	s.t.Helper()
	if err := s.office.Start(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// run is a subcommand of the office that must work.
func (s *site) run(args ...string) programs.Output {
	s.t.Helper()
	out, err := s.office.Run(s.t.Context(), args...)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *site) addStation(name string) string {
	return s.run("station", "add", name, "--post", "PB1").LastLine()
}

// kiosk is a subcommand of the station, whatever its exit code.
func (s *site) kiosk(args ...string) programs.Output { return s.kioskIn(s.data, "", args...) }

func (s *site) kioskIn(data, stdin string, args ...string) programs.Output {
	s.t.Helper()
	out, err := programs.Run(s.t.Context(), stdin, s.built.Kiosk, append([]string{"--data", data}, args...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// sync waits until the office has everything.
func (s *site) sync() {
	s.t.Helper()
	if out := s.kiosk("sync", "--until-empty", "--timeout", "60s"); out.Code != 0 {
		s.t.Fatalf("sync: exit %d: %s\n%s", out.Code, out.Stderr, out.Stdout)
	}
}

func (s *site) records(kind string) []programs.Record {
	s.t.Helper()
	r, err := s.office.Records(context.WithoutCancel(s.t.Context()), kind)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// wholeBothEnds lets both checkers prove what is there.
func (s *site) wholeBothEnds() {
	s.t.Helper()
	if out := s.kiosk("check", "--json"); out.Code != 0 {
		s.t.Errorf("kiosk check: exit %d: %s%s", out.Code, out.Stdout, out.Stderr)
	}
	if out, err := s.office.Run(s.t.Context(), "check", "--json"); err != nil {
		s.t.Errorf("%v\n%s", err, out.Stdout)
	}
}

// samples are the codes of testdata/samples.json.
func samples(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "samples.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []struct{ Text string }
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, s := range all {
		texts = append(texts, strings.TrimSuffix(s.Text, "\n"))
	}
	return texts
}

// citizen is the n-th CCCD code of people who do not exist.
func citizen(n int) string {
	return fmt.Sprintf("046187%06d||Nguyễn Thị Số %d|18011987|Nữ|%d Nguyễn Huệ, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế|25042021", n, n, n)
}

// The story of issue 2: scan, see the records at the office; cut the network,
// scan 50 more, kill the kiosk, start it, let the network back: all there, once.
func TestScansReachTheOfficeOnce(t *testing.T) {
	s := newSite(t)
	saved := ledger{}
	lane := startLane(t, s.built.Kiosk, s.data)
	for _, text := range samples(t) {
		a := lane.scan(text)
		if a.Verdict == "" || a.Verdict == "unreadable" {
			t.Errorf("%q: %+v", text, a)
		}
		saved.note(t, a)
	}
	s.sync() // through the running lane
	saved.compare(t, s.records(""))
	if n := len(s.records("scan")); n < 10 {
		t.Errorf("%d scans at the office", n)
	}

	s.network.answerHTML() // a guest network's login page
	if err := s.office.Stop(); err != nil {
		t.Fatal(err)
	}
	for n := range 50 {
		saved.note(t, lane.scan(citizen(n)))
	}
	lane.kill()

	lane = startLane(t, s.built.Kiosk, s.data)
	for n := range 3 {
		saved.note(t, lane.scan(citizen(100+n)))
	}
	if out := s.kiosk("sync", "--timeout", "1s"); out.Code != 1 {
		t.Errorf("sync without an office: exit %d, want 1: %s", out.Code, out.Stderr)
	}
	var status struct {
		Unsent uint64
		Code   string `json:"error_code"`
	}
	if out := s.kiosk("status", "--json"); json.Unmarshal([]byte(out.Stdout), &status) != nil || status.Unsent < 53 || status.Code != "not_office" {
		t.Errorf("status: %s", out.Stdout)
	}
	s.startOffice()
	s.network.forward()
	s.sync()
	saved.compare(t, s.records(""))
	if err := lane.end(); err != nil {
		t.Errorf("the lane ended with %v", err)
	}
	s.sync() // and without a running lane
	saved.compare(t, s.records(""))
	s.wholeBothEnds()
}

// The office is killed again and again while a lane works.
func TestOfficeKilledWhileTheLaneWorks(t *testing.T) {
	s := newSite(t)
	saved := ledger{}
	lane := startLane(t, s.built.Kiosk, s.data)
	for round := range 4 {
		for n := range 100 {
			saved.note(t, lane.scan(citizen(1000*round+n)))
		}
		if err := s.office.Kill(); err != nil {
			t.Fatal(err)
		}
		for n := range 20 {
			saved.note(t, lane.scan(citizen(1000*round+500+n)))
		}
		s.startOffice()
	}
	s.sync()
	if err := lane.end(); err != nil {
		t.Errorf("the lane ended with %v", err)
	}
	s.sync()
	saved.compare(t, s.records(""))
	s.wholeBothEnds()
}

// A lane that is told to end (the computer shuts down) ends by itself, with
// everything written down, though its input goes on.
func TestLaneEndsWhenTold(t *testing.T) {
	s := newSite(t)
	saved := ledger{}
	lane := startLane(t, s.built.Kiosk, s.data)
	saved.note(t, lane.scan(citizen(1)))
	if err := lane.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-lane.ended; err != nil {
		t.Errorf("the lane ended with %v", err)
	}
	saved.compare(t, s.records("")) // it used its last moment to sync
}
