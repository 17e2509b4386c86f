package journal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"quachot/internal/record"
	"quachot/internal/seal"
)

// TestMain lets the test binary be the child that probes a journal.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "journal-probe" {
		err := Probe(os.Args[2])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(ProbeCode(err))
	}
	if len(os.Args) == 4 && os.Args[1] == "journal-stub" {
		os.Exit(probeStub(os.Args[2], os.Args[3]))
	}
	if len(os.Args) == 5 && os.Args[1] == "journal-crash" {
		run, _ := strconv.Atoi(os.Args[4])
		if err := crashWriter(os.Args[2], os.Args[3], run); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// withChild probes through a child, as the program does.
func withChild(o *Options) { o.Probe = []string{os.Args[0], "journal-probe"} }

// office is the other side in these tests: it opens records and signs receipts.
type office struct {
	t       testing.TB
	private *seal.Private
	sign    ed25519.PrivateKey
	station ed25519.PrivateKey
	quiet   bool // the log is expected to be loud
}

func newOffice(t testing.TB) *office {
	seed := sha256.Sum256([]byte("test office"))
	p, err := seal.ParsePrivate(seed[:])
	if err != nil {
		panic(err)
	}
	key := func(s string) ed25519.PrivateKey {
		seed := sha256.Sum256([]byte(s))
		return ed25519.NewKeyFromSeed(seed[:])
	}
	return &office{t: t, private: p, sign: key("office"), station: key("station")}
}

func (o *office) options(c *testClock) Options {
	log := slog.New(slog.DiscardHandler)
	if o.t != nil && !o.quiet {
		log = slog.New(slog.NewTextHandler(o.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	opt := Options{
		Station: "460001", Sign: o.station, Recipients: []seal.Recipient{o.private.Recipient()},
		Office: o.sign.Public().(ed25519.PublicKey), StoreKey: [32]byte{4}, Program: "test", Probe: []string{}, Log: log,
	}
	if c != nil {
		opt.Clock = c
	}
	return opt
}

func (o *office) openJournal(dir string, c *testClock, change ...func(*Options)) *Journal {
	o.t.Helper()
	opt := o.options(c)
	for _, f := range change {
		f(&opt)
	}
	j, err := Open(dir, opt)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { j.Close() })
	return j
}

// fact is one record as the office reads it.
type fact struct {
	id   record.ID
	kind record.Kind
	text string
	at   time.Time
}

// readAll does what the office does with everything a journal has: verifies
// headers, parents and chains, opens every record.
func (o *office) readAll(j *Journal) []fact {
	o.t.Helper()
	var out []fact
	for _, s := range j.Segments() {
		out = append(out, o.readSegment(j, s)...)
	}
	return out
}

func (o *office) readSegment(j *Journal, s Segment) []fact {
	o.t.Helper()
	pub := o.station.Public().(ed25519.PublicKey)
	h, err := s.Header.Open(pub)
	if err != nil {
		o.t.Fatal(err)
	}
	k, err := o.private.Unwrap(h.Keys[0], h.Segment)
	if err != nil {
		o.t.Fatal(err)
	}
	codec, err := seal.NewCodec(k, h.Segment, h.Dict)
	if err != nil {
		o.t.Fatal(err)
	}
	var out []fact
	chain := s.Header.Chain()
	for next := uint64(1); next <= s.Last; {
		run, err := j.Read(s.ID, next, 100, 1<<20)
		if err != nil || len(run.Records) == 0 || run.First != next || run.Before != chain {
			o.t.Fatalf("read %s from %d: first %d, %d records, before %x want %x, %v", s.ID, next, run.First, len(run.Records), run.Before, chain, err)
		}
		if chain, err = record.Follow(chain, s.ID, next, run.Records, pub); err != nil || chain != run.Tip {
			o.t.Fatalf("read %s from %d: chain %x, tip %x, %v", s.ID, next, chain, run.Tip, err)
		}
		for i, sealed := range run.Records {
			f := fact{id: record.ID{Segment: s.ID, Seq: next + uint64(i)}, kind: record.KindDamaged}
			if !record.Damaged(sealed) {
				f = o.open(codec, h, f.id, sealed)
			}
			out = append(out, f)
		}
		next += uint64(len(run.Records))
	}
	if chain != s.Tip {
		o.t.Fatalf("segment %s ends in %x, its tip is %x", s.ID, chain, s.Tip)
	}
	return out
}

func (o *office) open(c *seal.Codec, h record.Header, id record.ID, sealed []byte) fact {
	o.t.Helper()
	plain, err := c.Open(id.Seq, sealed)
	if err != nil {
		o.t.Fatal(err)
	}
	e, err := record.Decode(plain)
	if err != nil {
		o.t.Fatal(err)
	}
	f := fact{id: id, kind: e.Kind, at: time.UnixMilli(h.Wall).Add(e.Offset)}
	if e.Kind == record.KindNote {
		var n record.Note
		if err := e.Into(&n); err != nil {
			o.t.Fatal(err)
		}
		f.text = n.Text
	}
	return f
}

// receipt signs what the office would after it took s up to held.
func (o *office) receipt(j *Journal, s Segment, held, kept uint64) record.Receipt {
	o.t.Helper()
	r := record.Receipt{Station: "460001", Segment: s.ID, Held: held, Kept: kept, Chain: s.Header.Chain()}
	if held > 0 {
		run, err := j.Read(s.ID, 1, int(held), 1<<30)
		if err != nil || uint64(len(run.Records)) != held {
			o.t.Fatalf("read %d records: %d, %v", held, len(run.Records), err)
		}
		r.Chain = run.Tip
	}
	r.Sign(o.sign)
	return r
}

// testClock moves only when it is told to.
type testClock struct {
	mu   sync.Mutex
	wall time.Time
	boot time.Duration
}

func newClock() *testClock {
	return &testClock{wall: time.Date(2021, 9, 27, 8, 0, 0, 0, time.UTC), boot: time.Hour}
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wall
}

func (c *testClock) SinceBoot() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.boot
}

func (c *testClock) BootID() [16]byte { return [16]byte{1} }

func (c *testClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall, c.boot = c.wall.Add(d), c.boot+d
}

func (c *testClock) jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall = c.wall.Add(d)
}

func note(format string, args ...any) Item {
	return Item{Kind: record.KindNote, Body: record.Note{Text: fmt.Sprintf(format, args...)}}
}

// appendOK appends and wants everything on disk.
func appendOK(t testing.TB, j *Journal, items ...Item) []Saved {
	t.Helper()
	saved, err := j.Append(t.Context(), items...)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range saved {
		if !s.Durable || s.Err != nil {
			t.Fatalf("record %v: durable %v, %v", s.ID, s.Durable, s.Err)
		}
	}
	return saved
}

func TestAppendAndRead(t *testing.T) {
	o, c := newOffice(t), newClock()
	dir := t.TempDir()
	j := o.openJournal(dir, c)
	var want []fact
	add := func(text string) {
		s := appendOK(t, j, note("%s", text))[0]
		want = append(want, fact{s.ID, record.KindNote, text, s.At})
	}
	for i := range 150 {
		add(fmt.Sprint("a", i))
		c.pass(time.Second)
	}
	if err := j.Roll("test"); err != nil {
		t.Fatal(err)
	}
	add("b")
	c.pass(2 * time.Hour)
	add("c")
	compare(t, o.readAll(j), want)
	if n := len(j.Segments()); n != 3 {
		t.Errorf("%d segments, want 3: start, roll, hour", n)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(t.Context(), note("late")); err == nil {
		t.Error("appended to a closed journal")
	}
	j = o.openJournal(dir, c)
	add("d")
	compare(t, o.readAll(j), want)
	checkParents(t, j)
	if got := j.Counts(); got.Head != 153 || got.Unsent != 153 || got.Health != HealthOK {
		t.Errorf("counts %+v", got)
	}
}

// checkParents wants every segment to name the last record of the one before.
func checkParents(t testing.TB, j *Journal) {
	t.Helper()
	var end *record.Position
	for i, s := range j.Segments() {
		h, err := s.Header.Read()
		if err != nil {
			t.Fatal(err)
		}
		if (h.Parent == nil) != (end == nil) || end != nil && *h.Parent != *end {
			t.Errorf("segment %d has parent %v, want %v", i, h.Parent, end)
		}
		end = &record.Position{Segment: s.ID, Seq: s.Last, Chain: s.Tip}
	}
}

func compare(t *testing.T, got, want []fact) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d records, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i].id != want[i].id || got[i].kind != want[i].kind || got[i].text != want[i].text || !got[i].at.Equal(want[i].at) {
			t.Fatalf("record %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func TestReceipts(t *testing.T) {
	o, c := newOffice(t), newClock()
	dir := t.TempDir()
	j := o.openJournal(dir, c)
	for i := range 10 {
		appendOK(t, j, note("%d", i))
		c.pass(time.Second)
	}
	s := j.Segments()[0]
	if err := j.Receive(o.receipt(j, s, 7, 4)); err != nil {
		t.Fatal(err)
	}
	want := func(held, kept, unsent uint64) {
		t.Helper()
		if got := j.Counts(); got.Held != held || got.Kept != kept || got.Unsent != unsent {
			t.Errorf("counts %+v, want held %d kept %d unsent %d", got, held, kept, unsent)
		}
	}
	want(7, 4, 3)
	if got, want := j.Counts().OldestUnsent, time.Date(2021, 9, 27, 8, 0, 7, 0, time.UTC); !got.Equal(want) {
		t.Errorf("oldest unsent %v, want %v", got, want)
	}
	if err := j.Receive(o.receipt(j, s, 5, 5)); err != nil {
		t.Fatal(err)
	}
	want(7, 5, 3)
	bad := o.receipt(j, s, 9, 9)
	bad.Held = 10
	if j.Receive(bad) == nil {
		t.Error("took a receipt with a wrong signature")
	}
	bad.Chain[0] ^= 1
	bad.Sign(o.sign)
	if err := j.Receive(bad); err == nil {
		t.Error("took a receipt for another chain")
	}
	want(7, 5, 3)
	if err := j.Lower(s.ID, 2); err != nil {
		t.Fatal(err)
	}
	want(2, 2, 8)
	j.Close()
	j = o.openJournal(dir, c)
	want(2, 2, 8)
}

func TestState(t *testing.T) {
	o, c := newOffice(t), newClock()
	dir := t.TempDir()
	j := o.openJournal(dir, c)
	put := func(k, v string, keep time.Duration) Put {
		p := Put{Bucket: "last", Key: []byte(k), Keep: keep}
		if v != "" {
			p.Value = []byte(v)
		}
		return p
	}
	items := note("x")
	items.State = []Put{put("a", "1", 0), put("b", "2", time.Hour), put("c", "3", 0)}
	appendOK(t, j, items)
	items.State = []Put{put("c", "", 0), put("a", "4", 0)}
	appendOK(t, j, items)
	get := func(k, want string) {
		t.Helper()
		if v, ok := j.Get("last", []byte(k)); string(v) != want || ok != (want != "") {
			t.Errorf("%s = %q, %v; want %q", k, v, ok, want)
		}
	}
	get("a", "4")
	get("b", "2")
	get("c", "")
	if _, ok := j.Get("other", []byte("a")); ok {
		t.Error("buckets are not apart")
	}
	n := 0
	j.Each("last", func(k, v []byte) bool { n++; return true })
	if n != 2 {
		t.Errorf("each gave %d keys, want 2", n)
	}
	c.pass(time.Hour)
	get("b", "")
	j.Close()
	j = o.openJournal(dir, c)
	get("a", "4")
	get("b", "")
}

func TestClockJump(t *testing.T) {
	o, c := newOffice(t), newClock()
	j := o.openJournal(t.TempDir(), c)
	appendOK(t, j, note("a"))
	c.pass(time.Minute)
	c.jump(-72 * time.Hour)
	s := appendOK(t, j, note("b"))[0]
	if !s.At.Equal(c.Now()) {
		t.Errorf("saved at %v, want %v", s.At, c.Now())
	}
	got := o.readAll(j)
	if len(got) != 3 || got[1].kind != record.KindClock || got[1].id.Seq != 1 || got[2].text != "b" {
		t.Errorf("records %v", got)
	}
}
