package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"quachot/internal/record"
)

// faults makes media fail or stall in tests.
type faults struct {
	mu    sync.Mutex
	fail  map[string]error
	stall map[string]chan struct{}
}

func (f *faults) set(medium string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail == nil {
		f.fail = map[string]error{}
	}
	f.fail[medium] = err
}

func (f *faults) hold(medium string) (release func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	ch := make(chan struct{})
	f.stall = map[string]chan struct{}{medium: ch}
	return func() {
		f.mu.Lock()
		delete(f.stall, medium)
		f.mu.Unlock()
		close(ch)
	}
}

func (f *faults) wrap(medium string, write func() error) error {
	f.mu.Lock()
	err, ch := f.fail[medium], f.stall[medium]
	f.mu.Unlock()
	if ch != nil {
		<-ch
	}
	if err != nil {
		return err
	}
	return write()
}

func (f *faults) option(o *Options) { o.wrap = f.wrap }

// eventually waits for the writer, which looks after its media once a second.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func save(t *testing.T, j *Journal, it Item) Saved {
	t.Helper()
	s, err := j.Append(context.Background(), it)
	if err != nil {
		t.Fatal(err)
	}
	return s[0]
}

// TestDatabaseFails: copy A alone is enough, also when the process then dies,
// and the database catches up when it works again.
func TestDatabaseFails(t *testing.T) {
	for _, dies := range []bool{false, true} {
		t.Run(fmt.Sprint("dies=", dies), func(t *testing.T) {
			o, c, f := newOffice(t), newClock(), &faults{}
			o.quiet = true
			dir := t.TempDir()
			j := o.openJournal(dir, c, f.option)
			appendOK(t, j, note("0"))
			f.set("database", errors.New("I/O error"))
			it := note("1")
			it.State = []Put{{Bucket: "b", Key: []byte("k"), Value: []byte("v")}}
			if s := save(t, j, it); !s.Durable || s.Err == nil {
				t.Errorf("saved %+v, want durable by the copy, with an error", s)
			}
			save(t, j, note("2"))
			if h := j.Counts().Health; h != HealthCopyOnly {
				t.Errorf("health %q", h)
			}
			wantTexts(t, o.readAll(j), "0", "1", "2")
			if v, ok := j.Get("b", []byte("k")); !ok || string(v) != "v" {
				t.Errorf("state %q, %v", v, ok)
			}
			if dies {
				j.Close() // the database still fails: what is only in memory is lost with it
				f.set("database", nil)
				j = o.openJournal(dir, c, f.option)
			} else {
				f.set("database", nil)
				eventually(t, "the database catches up", func() bool { return j.Counts().Health == HealthOK })
			}
			appendOK(t, j, note("3"))
			wantTexts(t, o.readAll(j), "0", "1", "2", "3")
			if v, ok := j.Get("b", []byte("k")); !ok || string(v) != "v" {
				t.Errorf("state %q, %v", v, ok)
			}
			checkParents(t, j)
			if r, _ := j.Check(); !r.OK || !r.CopyAOK {
				t.Errorf("checker: %+v", r)
			}
		})
	}
}

func wantTexts(t *testing.T, got []fact, want ...string) {
	t.Helper()
	var texts []string
	for _, f := range got {
		texts = append(texts, f.text)
	}
	if fmt.Sprint(texts) != fmt.Sprint(want) {
		t.Errorf("records %q, want %q", texts, want)
	}
}

// TestCopyFails: the database alone is enough; copy A is refilled from it.
func TestCopyFails(t *testing.T) {
	o, f := newOffice(t), &faults{}
	o.quiet = true
	j := o.openJournal(t.TempDir(), newClock(), f.option)
	appendOK(t, j, note("0"))
	f.set("copy", errors.New("I/O error"))
	for i := range 5 {
		if s := save(t, j, note("%d", i+1)); !s.Durable {
			t.Error("not durable")
		}
	}
	if r, _ := j.Check(); !r.OK || r.CopyAOK || r.CopyA.Missing != 5 {
		t.Errorf("checker: %+v %+v", r, r.CopyA)
	}
	f.set("copy", nil)
	eventually(t, "copy A is whole", func() bool { r, _ := j.Check(); return r.CopyAOK })
	wantTexts(t, o.readAll(j), "0", "1", "2", "3", "4", "5")
}

// TestNothingWritable: records are said not to be saved, kept, not sent, and
// written when a medium comes back.
func TestNothingWritable(t *testing.T) {
	o, f := newOffice(t), &faults{}
	o.quiet = true
	dir := t.TempDir()
	j := o.openJournal(dir, newClock(), f.option)
	appendOK(t, j, note("0"))
	f.set("copy", errors.New("I/O error"))
	f.set("database", errors.New("I/O error"))
	for i := range 3 {
		if s := save(t, j, note("%d", i+1)); s.Durable || s.Err == nil {
			t.Errorf("saved %+v", s)
		}
	}
	if n := j.Counts(); n.Health != HealthFailing || n.Waiting != 3 || n.Head != 1 {
		t.Errorf("counts %+v", n)
	}
	wantTexts(t, o.readAll(j), "0")
	f.set("copy", nil)
	f.set("database", nil)
	eventually(t, "what waited is written", func() bool { n := j.Counts(); return n.Waiting == 0 && n.Head == 4 })
	appendOK(t, j, note("4"))
	wantTexts(t, o.readAll(j), "0", "1", "2", "3", "4")
	checkParents(t, j)
	j.Close()
	wantTexts(t, o.readAll(o.openJournal(dir, newClock())), "0", "1", "2", "3", "4")
}

// TestStall: when the database hangs, the copy answers after 400 ms; the state
// of the journal says slow; nothing is lost or doubled.
func TestStall(t *testing.T) {
	o, f := newOffice(t), &faults{}
	o.quiet = true
	j := o.openJournal(t.TempDir(), newClock(), f.option)
	appendOK(t, j, note("0"))
	release := f.hold("database")
	s := save(t, j, note("1"))
	if !s.Durable || !s.Slow {
		t.Errorf("saved %+v, want durable and slow", s)
	}
	if h := j.Counts().Health; h != HealthSlow {
		t.Errorf("health %q", h)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Append(ctx, note("2")); !errors.Is(err, context.Canceled) {
		t.Errorf("append with a context that ended: %v", err)
	}
	release()
	appendOK(t, j, note("3"))
	got := o.readAll(j)
	if n := len(got); n < 3 || n > 4 || got[1].text != "1" || got[n-1].text != "3" {
		t.Errorf("records %v", got)
	}
}

func TestNewerVersion(t *testing.T) {
	o := newOffice(t)
	dir := t.TempDir()
	j := o.openJournal(dir, newClock())
	appendOK(t, j, note("0"))
	j.Close()
	db, err := bbolt.Open(filepath.Join(dir, fileName), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		return tableMeta.of(tx).Put(keyVersion, versionValue(version+1))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for _, change := range []func(*Options){func(*Options) {}, withChild} {
		opt := o.options(newClock())
		change(&opt)
		if _, err := Open(dir, opt); !errors.Is(err, ErrNewer) {
			t.Errorf("opened: %v", err)
		}
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*"+badMark+"*")); len(names) > 0 {
		t.Errorf("put aside: %v", names)
	}
}

// TestPrune: what the office keeps goes after a week, with its copies; the rest
// still proves, and the numbers go on.
func TestPrune(t *testing.T) {
	o, c := newOffice(t), newClock()
	dir := t.TempDir()
	j := o.openJournal(dir, c)
	it := note("old")
	it.State = []Put{{Bucket: "b", Key: []byte("k"), Value: []byte("v")}}
	for range 30 {
		appendOK(t, j, it)
	}
	it.State = nil
	j.Close()
	j = o.openJournal(dir, c)
	for range 3 {
		appendOK(t, j, note("mid"))
	}
	segs := j.Segments()
	if err := j.Receive(o.receipt(j, segs[0], 30, 30), o.receipt(j, segs[1], 3, 2)); err != nil {
		t.Fatal(err)
	}
	c.pass(6 * 24 * time.Hour)
	appendOK(t, j, note("new"))
	j.Close()
	j = o.openJournal(dir, c)
	eventually(t, "six days are kept", func() bool { return j.Counts().Head == 34 })
	c.pass(2 * 24 * time.Hour)
	j.Close()
	j = o.openJournal(dir, c)
	eventually(t, "eight days are pruned", func() bool { return len(j.Segments()) == 2 })
	wantTexts(t, o.readAll(j), "mid", "mid", "mid", "new")
	eventually(t, "old copies go", func() bool {
		_, err := os.Stat(filepath.Join(dir, copyDir, "00000001"+copyExt))
		return errors.Is(err, os.ErrNotExist)
	})
	if n := j.Counts(); n.Head != 34 || n.Kept != 32 || n.Held != 33 {
		t.Errorf("counts %+v", n)
	}
	if r, _ := j.Check(); !r.OK || !r.CopyAOK || r.Pruned != 30 {
		t.Errorf("checker: %+v", r)
	}
	if err := j.Receive(o.receiptFor(segs[0])); err != nil {
		t.Errorf("receipt of a pruned segment: %v", err)
	}
	j.Close()
	// Without its file the journal comes back from the copies, state included,
	// and pruned segments do not.
	if err := os.Remove(filepath.Join(dir, fileName)); err != nil {
		t.Fatal(err)
	}
	o.quiet = true
	j = o.openJournal(dir, c)
	wantTexts(t, o.readAll(j), "mid", "mid", "mid", "new")
	if v, ok := j.Get("b", []byte("k")); !ok || string(v) != "v" {
		t.Errorf("state %q, %v", v, ok)
	}
	if n := j.Counts(); n.Head != 34 {
		t.Errorf("counts %+v", n)
	}
}

func (o *office) receiptFor(s Segment) record.Receipt {
	r := record.Receipt{Station: "460001", Segment: s.ID, Held: s.Last, Chain: s.Tip, Kept: s.Last}
	r.Sign(o.sign)
	return r
}

// TestCopyB follows on a stick that comes, goes and comes back; alone, it brings
// a whole journal back.
func TestCopyB(t *testing.T) {
	o, c := newOffice(t), newClock()
	o.quiet = true
	dir, stick := t.TempDir(), filepath.Join(t.TempDir(), "stick")
	with := func(opt *Options) { opt.CopyB, opt.followRetry = stick, 50*time.Millisecond }
	j := o.openJournal(dir, c, with)
	appendOK(t, j, note("0"))
	eventually(t, "the lag is said", func() bool { n := j.Counts(); return n.CopyBLag > 0 && n.CopyBErr != "" })
	if err := os.Mkdir(stick, 0o700); err != nil {
		t.Fatal(err)
	}
	eventually(t, "copy B catches up", func() bool { n := j.Counts(); return n.CopyBLag == 0 && n.CopyBErr == "" })
	for i := range 25 {
		j.Roll("test")
		var items []Item
		for k := range 100 {
			items = append(items, note("%d", i*100+k))
		}
		appendOK(t, j, items...)
	}
	want := o.readAll(j)
	j.Close()
	if r, err := Check(dir, CheckOptions{CopyB: stick}); err != nil || !r.OK || r.CopyBOK == nil || !*r.CopyBOK {
		t.Errorf("checker: %+v %+v, %v", r.OK, r.CopyB, err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	j = o.openJournal(dir, c, with)
	compare(t, o.readAll(j), want)
	eventually(t, "copy A is made anew", func() bool { r, _ := j.Check(); return r.CopyAOK })
}

// TestFork: an office that holds other records under our numbers prunes nothing.
func TestFork(t *testing.T) {
	o, c := newOffice(t), newClock()
	o.quiet = true
	j := o.openJournal(t.TempDir(), c)
	appendOK(t, j, note("0"), note("1"))
	s := j.Segments()[0]
	r := o.receiptFor(s)
	r.Chain[5] ^= 1
	r.Sign(o.sign)
	if err := j.Receive(r); !errors.Is(err, ErrFork) {
		t.Errorf("another chain: %v", err)
	}
	r = o.receiptFor(s)
	r.Held, r.Kept = 5, 5
	r.Sign(o.sign)
	if err := j.Receive(r); !errors.Is(err, ErrFork) {
		t.Errorf("more than we have: %v", err)
	}
	if n := j.Counts(); n.Held != 0 {
		t.Errorf("counts %+v", n)
	}
	appendOK(t, j, note("2"))
	if n := len(j.Segments()); n != 2 {
		t.Errorf("%d segments, want a branch", n)
	}
}
