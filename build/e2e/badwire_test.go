package e2e

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
	"quachot/kiosk/uplink"
)

// rawStation speaks the protocol by hand, with real records of a real journal.
type rawStation struct {
	t       *testing.T
	key     ed25519.PrivateKey
	address string
	id      wire.Enrolled
	ws      *websocket.Conn
	epoch   uint64
}

func enrolRaw(s *site, name string, seed byte) *rawStation {
	s.t.Helper()
	code, err := wire.ParseCode(s.addStation(name))
	if err != nil {
		s.t.Fatal(err)
	}
	r := &rawStation{t: s.t, key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize)), address: code.Address}
	if r.id, err = uplink.Enrol(s.t.Context(), code, uplink.Applicant{Key: r.key, Name: name}); err != nil {
		s.t.Fatal(err)
	}
	return r
}

// connect says hello and returns the first answer.
func (r *rawStation) connect() (wire.Type, []byte) {
	r.t.Helper()
	d := websocket.Dialer{TLSClientConfig: wire.StationTLS(r.key, nil), Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: 10 * time.Second}
	ws, _, err := d.Dial("wss://"+r.address+wire.Path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { ws.Close() })
	r.ws = ws
	r.send(wire.TypeHello, wire.Hello{Version: wire.Version, Station: r.id.Station, Program: "raw", Full: true, Clock: wire.Clock{Wall: time.Now().UnixMilli()}})
	t, body := r.receive()
	if t == wire.TypeWelcome {
		var w wire.Welcome
		r.into(body, &w)
		r.epoch = w.Epoch
	}
	return t, body
}

func (r *rawStation) welcomed() {
	r.t.Helper()
	if t, body := r.connect(); t != wire.TypeWelcome {
		r.t.Fatalf("hello was answered with frame %d: %x", t, body)
	}
}

func (r *rawStation) send(t wire.Type, body any) {
	r.t.Helper()
	frame, err := wire.Marshal(t, body)
	if err != nil {
		r.t.Fatal(err)
	}
	r.sendBytes(frame)
}

func (r *rawStation) sendBytes(frame []byte) {
	r.t.Helper()
	if err := r.ws.WriteMessage(websocket.BinaryMessage, frame); err != nil {
		r.t.Fatal(err)
	}
}

// receive is the next frame that is no manifest; type 0 = the link is cut.
func (r *rawStation) receive() (wire.Type, []byte) {
	r.t.Helper()
	for {
		_ = r.ws.SetReadDeadline(time.Now().Add(20 * time.Second))
		_, frame, err := r.ws.ReadMessage()
		if err != nil {
			return 0, nil
		}
		t, body, err := wire.Unmarshal(frame)
		if err != nil {
			r.t.Fatal(err)
		}
		if t != wire.TypeManifest {
			return t, body
		}
	}
}

func (r *rawStation) into(body []byte, v any) {
	r.t.Helper()
	if err := wire.Into(body, v); err != nil {
		r.t.Fatal(err)
	}
}

// receipt is the answer to one batch, which must be one.
func (r *rawStation) receipt() record.Receipt {
	r.t.Helper()
	t, body := r.receive()
	if t != wire.TypeReceipt {
		r.t.Fatalf("frame %d (%x), want a receipt", t, body)
	}
	var x record.Receipt
	r.into(body, &x)
	if !x.Verify(r.id.Office.Sign) {
		r.t.Error("receipt without the office's signature")
	}
	return x
}

func (r *rawStation) refusal() wire.Refusal {
	r.t.Helper()
	t, body := r.receive()
	if t != wire.TypeRefusal {
		r.t.Fatalf("frame %d (%x), want a refusal", t, body)
	}
	var x wire.Refusal
	r.into(body, &x)
	return x
}

// write makes a journal with n notes and gives its only segment.
func (r *rawStation) write(n int) (*journal.Journal, journal.Segment) {
	r.t.Helper()
	j, err := journal.Open(filepath.Join(r.t.TempDir(), "journal"), journal.Options{
		Station: r.id.Station, Sign: r.key, Office: r.id.Office.Sign, Program: "raw", Probe: []string{},
		Recipients: []seal.Recipient{r.id.Office.Seal, r.id.Office.Recovery},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { j.Close() })
	for i := range n {
		item := journal.Item{Kind: record.KindNote, Body: record.Note{Text: fmt.Sprint("note ", i+1)}}
		if _, err := j.Append(r.t.Context(), item); err != nil {
			r.t.Fatal(err)
		}
	}
	return j, j.Segments()[0]
}

// batch cuts records [from, from+n) of a segment into a batch for this
// connection.
func (r *rawStation) batch(j *journal.Journal, seg journal.Segment, from uint64, n int) wire.Batch {
	r.t.Helper()
	run, err := j.Read(seg.ID, from, n, 1<<20)
	if err != nil || len(run.Records) != n {
		r.t.Fatalf("read %d records from %d: %d, %v", n, from, len(run.Records), err)
	}
	b := wire.Batch{Epoch: r.epoch, Header: &seg.Header, Segment: seg.ID, First: run.First, Records: run.Records, Before: run.Before, Tip: run.Tip}
	b.Sign(r.key)
	return b
}

// notes are the texts of a station's notes at the office, in its order, and
// fails when a seq is there twice.
func notes(s *site, station string) []string {
	s.t.Helper()
	var texts []string
	seen := map[uint64]bool{}
	for _, x := range s.records("note") {
		if x.Station != station {
			continue
		}
		if seen[x.Seq] {
			s.t.Errorf("record %d twice", x.Seq)
		}
		seen[x.Seq] = true
		var n record.Note
		if err := json.Unmarshal(x.Body, &n); err != nil {
			s.t.Error(err)
		}
		texts = append(texts, n.Text)
	}
	return texts
}

// Batches that come twice, in the wrong order or with a gap change nothing: each
// record is stored once, held is what is there without a gap.
func TestReplayedAndReorderedBatches(t *testing.T) {
	s := newSite(t)
	r := enrolRaw(s, "raw", 7)
	j, seg := r.write(9)
	r.welcomed()
	for _, step := range []struct {
		from uint64
		n    int
		held uint64
	}{
		{4, 3, 0},                       // the second before the first
		{1, 3, 6},                       // the gap closes
		{1, 3, 6}, {4, 3, 6}, {2, 4, 6}, // again, and cut otherwise
		{9, 1, 6}, {7, 1, 7}, {8, 2, 9}, {1, 9, 9},
	} {
		r.send(wire.TypeBatch, r.batch(j, seg, step.from, step.n))
		got := r.receipt()
		if got.Held != step.held || got.Segment != seg.ID || got.Station != r.id.Station {
			t.Errorf("batch of %d from %d: receipt %+v, want held %d", step.n, step.from, got, step.held)
		}
		if err := j.Receive(got); err != nil {
			t.Errorf("the journal does not take receipt %+v: %v", got, err)
		}
	}
	r.welcomed() // after a new connection, too
	r.send(wire.TypeBatch, r.batch(j, seg, 1, 9))
	if got := r.receipt(); got.Held != 9 {
		t.Errorf("replayed on a new connection: held %d", got.Held)
	}
	if got := notes(s, r.id.Station); len(got) != 9 {
		t.Errorf("the office has %q", got)
	}
}

// What is not the station's own is refused, stored nowhere, and does not end
// what is good.
func TestStrangersFrames(t *testing.T) {
	s := newSite(t)
	r := enrolRaw(s, "raw", 7)
	j, seg := r.write(3)
	stranger := &rawStation{t: t, key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), address: r.address, id: r.id}
	if typ, body := stranger.connect(); typ != wire.TypeRefusal || !bytes.Contains(body, []byte(wire.RefuseUnknown)) {
		t.Errorf("a stranger under our number: frame %d %q", typ, body)
	}
	r.welcomed()
	bend := map[string]func(b *wire.Batch){
		"signed by a stranger":  func(b *wire.Batch) { b.Sign(stranger.key) },
		"a record changed":      func(b *wire.Batch) { b.Records[1] = append([]byte(nil), b.Records[1]...); b.Records[1][5] ^= 1 },
		"records in disorder":   func(b *wire.Batch) { b.Records[0], b.Records[1] = b.Records[1], b.Records[0] },
		"a record left out":     func(b *wire.Batch) { b.Records = b.Records[1:]; b.Sign(r.key) },
		"header of a stranger":  func(b *wire.Batch) { b.Header = strangersHeader(t, stranger.key, seg, r.id.Station) },
		"header of another one": func(b *wire.Batch) { b.Header = strangersHeader(t, r.key, seg, "469999") },
	}
	for name, f := range bend {
		b := r.batch(j, seg, 1, 3)
		f(&b)
		r.send(wire.TypeBatch, b)
		if got := r.refusal(); got.Segment != seg.ID || got.Code != wire.RefuseChain && got.Code != wire.RefuseSegment {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := notes(s, r.id.Station); len(got) != 0 {
		t.Fatalf("stored %q", got)
	}
	r.send(wire.TypeBatch, r.batch(j, seg, 1, 3)) // the link still works
	if got := r.receipt(); got.Held != 3 {
		t.Errorf("held %d", got.Held)
	}
	other := enrolRaw(s, "other", 8) // our segment, sent by another enrolled station
	other.welcomed()
	b := other.batch(j, seg, 1, 3)
	other.send(wire.TypeBatch, b)
	if got := other.refusal(); got.Segment != seg.ID {
		t.Errorf("another station's segment: %+v", got)
	}
}

func strangersHeader(t *testing.T, key ed25519.PrivateKey, seg journal.Segment, station string) *record.SignedHeader {
	h, err := record.SignHeader(record.Header{Version: 1, Segment: seg.ID, Station: station}, key)
	if err != nil {
		t.Fatal(err)
	}
	return &h
}

// Half a frame, garbage and a page end one connection with a clear refusal and
// nothing else.
func TestBrokenFrames(t *testing.T) {
	s := newSite(t)
	r := enrolRaw(s, "raw", 7)
	j, seg := r.write(3)
	r.welcomed()
	whole, err := wire.Marshal(wire.TypeBatch, r.batch(j, seg, 1, 3))
	if err != nil {
		t.Fatal(err)
	}
	for name, frame := range map[string][]byte{
		"truncated": whole[:len(whole)/2], "empty": {}, "html": []byte("<html><body>Đăng nhập</body></html>"),
		"trailing bytes": append(bytes.Clone(whole), 0), "garbage": {0xff, 0xfe, 0xfd},
	} {
		r.sendBytes(frame)
		if got := r.refusal(); got.Code != wire.RefuseFrame {
			t.Errorf("%s: %+v", name, got)
		}
		if typ, _ := r.receive(); typ != 0 {
			t.Errorf("%s: the link goes on with frame %d", name, typ)
		}
		r.welcomed()
	}
	r.send(200, "a frame of a newer station") // ignored
	r.send(wire.TypeBatch, r.batch(j, seg, 1, 3))
	if got := r.receipt(); got.Held != 3 {
		t.Errorf("held %d", got.Held)
	}
}

// A second connection under one name takes over; what the older still sends is
// not stored.
func TestOlderConnectionIsClosed(t *testing.T) {
	s := newSite(t)
	r := enrolRaw(s, "raw", 7)
	r.welcomed()
	older := *r
	r.welcomed()
	if got := older.refusal(); got.Code != wire.RefuseEpoch {
		t.Errorf("the older connection: %+v", got)
	}
	j, seg := r.write(2)
	b := r.batch(j, seg, 1, 2)
	b.Epoch = older.epoch
	r.send(wire.TypeBatch, b)
	if got := r.refusal(); got.Code != wire.RefuseEpoch {
		t.Errorf("a batch of the older connection: %+v", got)
	}
}

// A code works once; garbled and foreign codes are told as such; the data
// directory stays as it was.
func TestEnrolmentCodes(t *testing.T) {
	s := newSite(t)
	fresh := filepath.Join(t.TempDir(), "second")
	wrong := s.code[:len(s.code)-1] + map[bool]string{true: "1", false: "0"}[s.code[len(s.code)-1] == '0']
	for name, c := range map[string]struct{ code, says string }{
		"used twice": {s.code, "did not accept the enrolment code"},
		"mistyped":   {wrong, "mistyped"},
		"half":       {s.code[:len(s.code)/2], "not an enrolment code"},
		"garbage":    {"XIN-CHAO", "not an enrolment code"},
	} {
		out := s.kioskIn(fresh, "", "enrol", c.code)
		if out.Code != 2 || !strings.Contains(out.Stderr, c.says) || out.Stdout != "" {
			t.Errorf("%s: exit %d, %q, %s", name, out.Code, out.Stdout, out.Stderr)
		}
	}
	out := s.run("station", "add", "Làn 4", "--post", "PB1") // whoever enrols compares what both sides show
	got := s.kioskIn(filepath.Join(t.TempDir(), "fourth"), "", "enrol", out.LastLine())
	var shown struct {
		Office string `json:"office_fingerprint"`
	}
	if err := json.Unmarshal([]byte(got.Stdout), &shown); err != nil || len(shown.Office) != 24 || !strings.Contains(out.Stderr, shown.Office) {
		t.Errorf("the station shows the office as %q, the office says %q (%v)", shown.Office, out.Stderr, err)
	}
	if out := s.kiosk("enrol", s.addStation("Làn 2")); out.Code != 2 || !strings.Contains(out.Stderr, "enrolled already") {
		t.Errorf("enrolled twice: exit %d, %s", out.Code, out.Stderr)
	}
	if out := s.kioskIn(fresh, "", "enrol", strings.ToLower(s.addStation("Làn 3"))); out.Code != 0 {
		t.Errorf("after the failures, in lower case: exit %d, %s", out.Code, out.Stderr)
	}
}
