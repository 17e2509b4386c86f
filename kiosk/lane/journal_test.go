package lane

import (
	"crypto/ed25519"
	"testing"
	"time"

	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/kiosk/journal"
)

// realJournal opens a journal on disk whose records only office can open.
func realJournal(t testing.TB, dir string, c *fakeClock, office *seal.Private) *journal.Journal {
	t.Helper()
	o := journal.Options{
		Station: "460012", Sign: ed25519.NewKeyFromSeed(make([]byte, 32)),
		Recipients: []seal.Recipient{office.Recipient()}, Office: make([]byte, 32),
		StoreKey: [32]byte{7}, Program: "test", Probe: []string{},
	}
	if c != nil {
		o.Clock = c
	}
	j, err := journal.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

// readAll opens every record as the office does.
func readAll(t *testing.T, j *journal.Journal, office *seal.Private) map[record.ID]record.Entry {
	t.Helper()
	all := map[record.ID]record.Entry{}
	for _, s := range j.Segments() {
		h, err := s.Header.Open(ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey))
		if err != nil {
			t.Fatal(err)
		}
		key, err := office.Unwrap(h.Keys[0], h.Segment)
		if err != nil {
			t.Fatal(err)
		}
		codec, err := seal.NewCodec(key, h.Segment, h.Dict)
		if err != nil {
			t.Fatal(err)
		}
		run, err := j.Read(s.ID, 1, 10_000, 1<<24)
		if err != nil {
			t.Fatal(err)
		}
		for i, sealed := range run.Records {
			seq := run.First + uint64(i)
			plain, err := codec.Open(seq, sealed)
			if err != nil {
				t.Fatal(err)
			}
			e, err := record.Decode(plain)
			if err != nil {
				t.Fatal(err)
			}
			all[record.ID{Segment: s.ID, Seq: seq}] = e
		}
	}
	return all
}

// What the officer was told is on disk under that name, and the memory of the
// last scan is there after a restart.
func TestOnDiskAndOverARestart(t *testing.T) {
	p := newPost(t)
	office, err := seal.NewPrivate()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	j := realJournal(t, dir, p.clock, office)
	p.deps.Journal = j
	p.Lane = New(p.deps, record.In)
	own, number := p.card(7)
	told := map[record.ID]record.Verdict{}
	for _, text := range []string{own, cccd, "garbage", ""} {
		r := p.scan(text)
		if !r.Durable || r.Health != journal.HealthOK {
			t.Errorf("%.10q: %+v", text, r)
		}
		told[r.ID] = r.Verdict
	}
	if _, err := p.Decide(t.Context(), record.Passage{Decision: record.LetThrough}); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}

	p.clock.pass(10 * time.Minute)
	j = realJournal(t, dir, p.clock, office)
	p.deps.Journal = j
	p.Lane = New(p.deps, record.In)
	r := p.scan(own)
	told[r.ID] = r.Verdict
	if r.Last == nil || !r.Last.At.Equal(noon) || r.Last.Verdict != record.Pass || len(r.Reasons) != 1 || r.Reasons[0] != (record.Reason{Code: "recent", Arg: "10"}) {
		t.Errorf("after the restart: last %+v, reasons %v", r.Last, r.Reasons)
	}
	p.clock.pass(25 * time.Hour)
	p.publish()
	if r := p.scan(own); r.Last != nil {
		t.Errorf("a day later it is still remembered: %+v", r.Last)
	}

	records := readAll(t, j, office)
	for id, verdict := range told {
		e, ok := records[id]
		var s record.Scan
		if !ok || e.Kind != record.KindScan || e.Into(&s) != nil || s.Verdict != verdict {
			t.Errorf("%v: %v, told %v, on disk %+v", id, ok, verdict, s)
		}
		if s.Card != 0 && (s.Card != number.Uint() || s.Name != "") {
			t.Errorf("card record %+v", s)
		}
	}
	for id, e := range records {
		if id.Seq == 1 && e.Kind != record.KindContext {
			t.Errorf("segment %v begins with a %v", id.Segment, e.Kind)
		}
	}
}
