package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quachot/kiosk/journal"
	"quachot/kiosk/station"
)

// sealedRecord is one record's bytes as they lie in a station's journal.
func sealedRecord(t *testing.T, data string, a answer) []byte {
	t.Helper()
	s, err := station.Open(data, station.Options{Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, seg := range s.Journal.Segments() {
		if seg.ID.String() != a.Segment {
			continue
		}
		run, err := s.Journal.Read(seg.ID, a.Seq, 1, 1<<20)
		if err != nil || len(run.Records) != 1 {
			t.Fatalf("read record %d: %d records, %v", a.Seq, len(run.Records), err)
		}
		return run.Records[0]
	}
	t.Fatalf("no segment %s", a.Segment)
	return nil
}

// ruin flips a bit of sealed wherever it stands in the journal's files.
func ruin(t *testing.T, data string, sealed []byte) {
	t.Helper()
	found := 0
	err := filepath.WalkDir(filepath.Join(data, "journal"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found += bytes.Count(b, sealed)
		bad := bytes.Clone(sealed)
		bad[len(bad)/2] ^= 4
		return os.WriteFile(path, bytes.ReplaceAll(b, sealed, bad), 0o600)
	})
	if err != nil || found < 2 {
		t.Fatalf("found the record %d times, want it in the database and in its copy: %v", found, err)
	}
}

// A record that the station's disk lost in every copy is told to the office as
// damaged in its place; nothing else is held up by it.
func TestDamagedRecordIsToldToTheOffice(t *testing.T) {
	s := newSite(t)
	s.network.answerHTML()
	lane := startLane(t, s.built.Kiosk, s.data)
	var answers []answer
	for n := range 8 {
		answers = append(answers, lane.scan(citizen(n)))
	}
	if err := lane.end(); err != nil {
		t.Fatal(err)
	}
	lost := answers[3]
	ruin(t, s.data, sealedRecord(t, s.data, lost))

	out := s.kiosk("check", "--json")
	var report journal.Report
	unmarshal(t, out.Stdout, &report)
	if out.Code != 1 || report.OK || !report.Signatures || report.Segments[0].BrokenAt != lost.Seq || report.Segments[0].Broken != 1 {
		t.Errorf("check: exit %d, %+v", out.Code, report)
	}
	if out := s.kiosk("check"); out.Code != 1 || !strings.Contains(out.Stdout, "NOT whole") {
		t.Errorf("check for people: exit %d, %s", out.Code, out.Stdout)
	}

	s.network.forward()
	s.sync()
	saved := ledger{}
	for _, a := range answers {
		if a.Seq != lost.Seq {
			saved.note(t, a)
		}
	}
	all := s.records("")
	saved.compare(t, all)
	for _, r := range all {
		if damaged := r.Segment == lost.Segment && r.Seq == lost.Seq; damaged != (r.Kind == "damaged") {
			t.Errorf("record %d is a %s", r.Seq, r.Kind)
		}
	}
	if out, err := s.office.Run(t.Context(), "check", "--json"); err != nil {
		t.Errorf("the office's check: %v\n%s", err, out.Stdout)
	}
	lane = startLane(t, s.built.Kiosk, s.data) // and goes on
	saved.note(t, lane.scan(citizen(100)))
	if err := lane.end(); err != nil {
		t.Fatal(err)
	}
	s.sync()
	saved.compare(t, s.records(""))
}
