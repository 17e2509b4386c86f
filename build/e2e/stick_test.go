package e2e

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"quachot/build/programs"
)

// officeCode is a subcommand of the office, whatever its exit code.
func (s *site) officeCode(args ...string) programs.Output {
	s.t.Helper()
	out, err := programs.Run(context.WithoutCancel(s.t.Context()), "", s.built.Office, append([]string{"--data", s.office.Data}, args...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

type imported struct {
	Records, New   uint64
	Refused, Forks int
	Whole          bool
}

func (s *site) importFile(path string, more ...string) (imported, int) {
	s.t.Helper()
	out := s.officeCode(append([]string{"import", path}, more...)...)
	var i imported
	if out.Stdout != "" {
		if err := json.Unmarshal([]byte(out.Stdout), &i); err != nil {
			s.t.Fatalf("import said %q: %v", out.Stdout, err)
		}
	}
	return i, out.Code
}

// The network is gone for good: records travel on a stick, receipts and lists
// come back on it, and whatever happens to the files, nothing is lost, doubled
// or taken for true that is not.
func TestRecordsTravelOnAStick(t *testing.T) {
	s := newSite(t)
	stick := t.TempDir()
	at := func(name string) string { return filepath.Join(stick, name) }
	s.network.answerHTML()
	saved := ledger{}
	lane := startLane(t, s.built.Kiosk, s.data)
	for n := range 30 {
		saved.note(t, lane.scan(citizen(n)))
	}
	if out := s.kiosk("export", at("one")); out.Code != 0 { // through the running lane
		t.Fatalf("export: %d %s", out.Code, out.Stderr)
	}
	for n := range 20 {
		saved.note(t, lane.scan(citizen(100+n)))
	}
	if err := lane.end(); err != nil {
		t.Fatal(err)
	}
	if out := s.kiosk("export", at("two")); out.Code != 0 {
		t.Fatalf("export: %d %s", out.Code, out.Stderr)
	}

	whole, err := os.ReadFile(at("two"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, b []byte) string {
		if err := os.WriteFile(at(name), b, 0o600); err != nil {
			t.Fatal(err)
		}
		return at(name)
	}
	if _, code := s.importFile(write("text", []byte("not a bundle"))); code != 2 {
		t.Errorf("a text file: exit %d, want 2", code)
	}
	if _, code := s.importFile(write("empty", nil)); code != 2 {
		t.Errorf("an empty file: exit %d, want 2", code)
	}
	bent := append([]byte(nil), whole...)
	bent[len(bent)*2/3] ^= 1
	if i, code := s.importFile(write("bent", bent)); code != 1 || i.Whole {
		t.Errorf("a damaged file: exit %d, %+v", code, i)
	}
	if i, code := s.importFile(write("half", whole[:len(whole)*3/4])); code != 1 || i.Whole {
		t.Errorf("half a file: exit %d, %+v", code, i)
	}

	if i, code := s.importFile(at("two"), "--receipts", at("answer")); code != 0 || !i.Whole || i.Refused != 0 {
		t.Fatalf("import: exit %d, %+v", code, i)
	}
	if i, code := s.importFile(at("one")); code != 0 || i.New != 0 || i.Records == 0 { // late and out of order
		t.Errorf("the older bundle: exit %d, %+v", code, i)
	}
	if i, code := s.importFile(at("two")); code != 0 || i.New != 0 {
		t.Errorf("the same bundle again: exit %d, %+v", code, i)
	}
	saved.compare(t, s.records(""))

	answer, err := os.ReadFile(at("answer"))
	if err != nil {
		t.Fatal(err)
	}
	bent = append([]byte(nil), answer...)
	bent[len(bent)/2] ^= 1
	if out := s.kiosk("receive", write("bent answer", bent)); out.Code != 2 {
		t.Errorf("a damaged answer: exit %d: %s", out.Code, out.Stderr)
	}
	if out := s.kiosk("receive", at("two")); out.Code != 2 {
		t.Errorf("its own bundle as an answer: exit %d: %s", out.Code, out.Stderr)
	}
	s.run("officer", "add", "Nguyễn Văn Hải", "--role", "steward", "--pin-file", write("pin", []byte("2468\n")))
	if i, code := s.importFile(at("two"), "--receipts", at("answer")); code != 0 || i.New != 0 {
		t.Fatalf("import: exit %d, %+v", code, i)
	}
	out := s.kiosk("receive", at("answer"))
	var got struct {
		Receipts int
		Unsent   uint64
		Lists    bool
	}
	if out.Code != 0 || json.Unmarshal([]byte(out.Stdout), &got) != nil || got.Unsent != 0 || !got.Lists || got.Receipts == 0 {
		t.Errorf("receive: exit %d: %s%s", out.Code, out.Stdout, out.Stderr)
	}
	if out := s.kiosk("receive", at("answer")); out.Code != 0 {
		t.Errorf("receive again: exit %d: %s", out.Code, out.Stderr)
	}

	other := newSite(t) // another province
	if out := other.officeCode("import", at("two")); out.Code != 2 {
		t.Errorf("another province's bundle: exit %d: %s%s", out.Code, out.Stdout, out.Stderr)
	}
	if out := other.kiosk("receive", at("answer")); out.Code != 2 {
		t.Errorf("another province's answer: exit %d: %s", out.Code, out.Stderr)
	}
	s.network.forward()
	s.sync() // the network is back: nothing is sent twice into the ledger
	saved.compare(t, s.records(""))
	s.wholeBothEnds()
}

// A computer that never sees a network becomes a station by a file, works, and
// the office hears of it by its first bundle.
func TestEnrolledByFile(t *testing.T) {
	s := newSite(t)
	stick := t.TempDir()
	at := func(name string) string { return filepath.Join(stick, name) }
	s.run("station", "add", "Làn 2", "--post", "PB1", "--file", at("enrolment"))
	s.network.answerHTML()
	data := filepath.Join(t.TempDir(), "far")
	if out := s.kioskIn(data, "", "enrol", at("enrolment")); out.Code != 0 {
		t.Fatalf("enrol: exit %d: %s", out.Code, out.Stderr)
	}
	twin := filepath.Join(t.TempDir(), "twin") // somebody uses the file a second time
	if out := s.kioskIn(twin, "", "enrol", at("enrolment")); out.Code != 0 {
		t.Fatalf("enrol the twin: exit %d: %s", out.Code, out.Stderr)
	}
	saved := ledger{}
	lane := startLane(t, s.built.Kiosk, data)
	for n := range 5 {
		saved.note(t, lane.scan(citizen(n)))
	}
	if err := lane.end(); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"records": data, "of the twin": twin} {
		if out := s.kioskIn(dir, "", "export", at(name)); out.Code != 0 {
			t.Fatalf("export: exit %d: %s", out.Code, out.Stderr)
		}
	}
	if i, code := s.importFile(at("records"), "--receipts", at("answer")); code != 0 || i.New == 0 {
		t.Fatalf("import: exit %d, %+v", code, i)
	}
	if _, code := s.importFile(at("of the twin")); code != 2 {
		t.Errorf("the twin's bundle: exit %d, want 2", code)
	}
	if out := s.kioskIn(data, "", "receive", at("answer")); out.Code != 0 {
		t.Errorf("receive: exit %d: %s", out.Code, out.Stderr)
	}
	saved.compare(t, s.records(""))
	s.network.forward()
	if out := s.kioskIn(data, "", "sync", "--until-empty", "--timeout", "30s"); out.Code != 0 {
		t.Errorf("sync: exit %d: %s", out.Code, out.Stderr)
	}
	third := filepath.Join(t.TempDir(), "third") // and by file with the network there: the office hears at once
	s.run("station", "add", "Làn 3", "--post", "PB1", "--file", at("third"))
	if out := s.kioskIn(third, "", "enrol", at("third")); out.Code != 0 {
		t.Fatalf("enrol: exit %d: %s", out.Code, out.Stderr)
	}
	if out := s.kioskIn(third, "", "sync", "--until-empty", "--timeout", "30s"); out.Code != 0 {
		t.Errorf("sync of the third: exit %d: %s", out.Code, out.Stderr)
	}
}
