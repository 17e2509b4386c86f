package journal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"quachot/internal/record"
)

// crashWriter is the child that gets killed: it appends from several goroutines
// and notes in the ledger, one write a line, what it was told is saved. The
// ledger is written after Append returned, so whatever stands in it was promised.
func crashWriter(dir, ledger string, run int) error {
	f, err := os.OpenFile(ledger, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	o := newOffice(nil).crashOptions()
	j, err := Open(dir, o)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for g := range 3 {
		wg.Go(func() {
			for i := 0; ; i++ {
				text := fmt.Sprintf("%d-%d-%d", run, g, i)
				items := []Item{note("%s", text)}
				items[0].State = []Put{{Bucket: "last", Key: []byte{byte(g)}, Value: []byte(text)}}
				if i%5 == 4 { // several in one call stay together
					items = append(items, note("%s+", text))
				}
				if i%97 == 96 {
					j.Roll("test")
				}
				saved, err := j.Append(context.Background(), items...)
				if err != nil {
					panic(err)
				}
				var line bytes.Buffer
				for k, s := range saved {
					if !s.Durable {
						panic("not durable")
					}
					fmt.Fprintf(&line, "%s %d %s%s\n", s.ID.Segment, s.ID.Seq, text, strings.Repeat("+", k))
				}
				f.Write(line.Bytes())
			}
		})
	}
	wg.Wait()
	return nil
}

func (o *office) crashOptions() Options {
	opt := o.options(nil)
	opt.Clock = nil
	return opt
}

// TestKill kills a writing process again and again and proves that every record
// it was told is saved is there once, in its place, and that nothing is there
// that was never written. QUACHOT_KILLS sets how often.
func TestKill(t *testing.T) {
	kills := 200
	if testing.Short() {
		kills = 20
	}
	if n, err := strconv.Atoi(os.Getenv("QUACHOT_KILLS")); err == nil {
		kills = n
	}
	o := newOffice(t)
	dir, ledger := t.TempDir(), filepath.Join(t.TempDir(), "ledger")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %d kills", seed, kills)
	rng := rand.New(rand.NewPCG(seed, 1))
	window, promised := 100*time.Millisecond, int64(0)
	for run := range kills {
		cmd := exec.Command(os.Args[0], "journal-crash", dir, ledger, strconv.Itoa(run))
		var out bytes.Buffer
		cmd.Stderr = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rng.Int64N(int64(window)))) // the moment is the point
		cmd.Process.Kill()
		if err := cmd.Wait(); out.Len() > 0 {
			t.Fatalf("run %d: %v: %s", run, err, out.String())
		}
		if run%5 == 4 { // on a busy machine a child needs longer before it can promise anything
			if size := fileSize(ledger); size > promised {
				promised = size
			} else {
				window = min(2*window, 4*time.Second)
			}
		}
		if run == kills-1 || run%20 == 19 && promised > 0 {
			o.checkLedger(dir, ledger, run+1)
		}
	}
}

func fileSize(path string) int64 {
	st, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return st.Size()
}

// checkLedger compares a journal with what was promised.
func (o *office) checkLedger(dir, ledger string, runs int) {
	t := o.t
	t.Helper()
	opt := o.crashOptions()
	opt.Probe = []string{os.Args[0], "journal-probe"}
	j, err := Open(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	got := o.readAll(j)
	at := map[string]int{}
	byText := map[string]fact{}
	for i, f := range got {
		if f.kind != record.KindNote {
			t.Fatalf("record %v is a %s", f.id, f.kind)
		}
		if _, twice := byText[f.text]; twice {
			t.Fatalf("%s is there twice", f.text)
		}
		byText[f.text], at[f.text] = f, i
	}
	promised := 0
	lastOf := map[string]int{} // per goroutine: what was promised later stands later
	file, err := os.Open(ledger)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var segment, text string
		var seq uint64
		if n, _ := fmt.Sscanf(lines.Text(), "%s %d %s", &segment, &seq, &text); n != 3 {
			continue // the kill cut this line
		}
		f, ok := byText[text]
		if !ok || f.id.Seq != seq || f.id.Segment.String() != segment {
			t.Fatalf("promised %s as (%s, %d), found %v %v", text, segment, seq, ok, f.id)
		}
		who := text[:strings.LastIndex(text, "-")]
		if prev, ok := lastOf[who]; ok && at[text] <= prev {
			t.Fatalf("%s stands before what was promised earlier", text)
		}
		lastOf[who] = at[text]
		promised++
	}
	report, err := j.Check()
	if err != nil || !report.OK {
		t.Fatalf("the checker says %+v, %v", report, err)
	}
	checkParents(t, j)
	t.Logf("after %d kills: %d promised, %d there, %d segments", runs, promised, len(got), len(report.Segments))
	if runs > 20 && promised == 0 {
		t.Fatal("nothing was promised: the children died too early to prove anything")
	}
}

// damageSet is a closed journal and what is in it.
type damageSet struct {
	dir   string
	facts []fact
	state map[string]string
}

func makeDamageSet(t testing.TB, o *office, records int) damageSet {
	t.Helper()
	d := damageSet{dir: t.TempDir(), state: map[string]string{}}
	c := newClock()
	j := o.openJournal(d.dir, c)
	for i := range records {
		text := fmt.Sprint("record ", i, strings.Repeat(" lorem", i%13))
		if i == records/2 { // larger than a page
			text += strings.Repeat(hex.EncodeToString([]byte(text)), 200)
		}
		it := note("%s", text)
		it.State = []Put{{Bucket: "b", Key: []byte{byte(i % 20)}, Value: []byte(text)}}
		d.state[string([]byte{byte(i % 20)})] = text
		s := appendOK(t, j, it)[0]
		d.facts = append(d.facts, fact{s.ID, record.KindNote, text, s.At})
		c.pass(time.Second)
		if i%70 == 69 {
			if err := j.Roll("test"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return d
}

// clone copies the set's directory.
func (d damageSet) clone(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(d.dir)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// used is the database's bytes and where the part of it that was ever written ends.
func (d damageSet) used(t testing.TB) ([]byte, int) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(d.dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	return b, min(len(b), (len(bytes.TrimRight(b, "\x00"))/4096+2)*4096)
}

// wantFacts wants the same records, of which some may be placeholders.
func (d damageSet) wantFacts(t *testing.T, got []fact, what string) (lost int) {
	t.Helper()
	want := map[record.ID]fact{}
	for _, f := range d.facts {
		want[f.id] = f
	}
	for _, f := range got {
		w, ok := want[f.id]
		if !ok || f.kind != record.KindDamaged && f.text != w.text {
			t.Fatalf("%s: invented record %v: %q", what, f.id, f.text)
		}
		if f.kind != record.KindDamaged {
			delete(want, f.id)
		}
	}
	return len(want)
}

func (d damageSet) wantState(t *testing.T, j *Journal, what string) {
	t.Helper()
	for k, want := range d.state {
		if v, ok := j.Get("b", []byte(k)); !ok || string(v) != want {
			t.Fatalf("%s: state %x is %.20q, %v; want %.20q", what, k, v, ok, want)
		}
	}
}

// TestCutDatabase cuts the file at every page and at random bytes: with copy A
// beside it nothing may be missing, also of the state.
func TestCutDatabase(t *testing.T) {
	o := newOffice(t)
	o.quiet = true
	d := makeDamageSet(t, o, 250)
	_, size := d.used(t)
	var cuts []int
	step := os.Getpagesize()
	if testing.Short() {
		step *= 7
	}
	for at := 0; at < size; at += step {
		cuts = append(cuts, at)
	}
	for range 20 {
		cuts = append(cuts, rand.IntN(size))
	}
	for _, at := range cuts {
		what := fmt.Sprintf("cut at %d of %d", at, size)
		dir := d.clone(t)
		if err := os.Truncate(filepath.Join(dir, fileName), int64(at)); err != nil {
			t.Fatal(err)
		}
		j := o.openJournal(dir, newClock(), withChild)
		if lost := d.wantFacts(t, o.readAll(j), what); lost > 0 {
			t.Fatalf("%s: %d records lost, though copy A has them", what, lost)
		}
		d.wantState(t, j, what)
		checkParents(t, j)
		appendOK(t, j, note("goes on"))
		j.Close()
	}
	t.Logf("%d cuts", len(cuts))
}

// TestCutDatabaseAlone has no copy: what the file still holds must come back,
// the rest be said to be lost, nothing be made up.
func TestCutDatabaseAlone(t *testing.T) {
	o := newOffice(t)
	o.quiet = true
	d := makeDamageSet(t, o, 250)
	_, size := d.used(t)
	least, most := len(d.facts), 0
	for range 25 {
		at := rand.IntN(size)
		what := fmt.Sprintf("cut at %d of %d", at, size)
		dir := d.clone(t)
		os.RemoveAll(filepath.Join(dir, copyDir))
		if err := os.Truncate(filepath.Join(dir, fileName), int64(at)); err != nil {
			t.Fatal(err)
		}
		j := o.openJournal(dir, newClock(), withChild)
		lost := d.wantFacts(t, o.readAll(j), what)
		least, most = min(least, lost), max(most, lost)
		j.Close()
	}
	t.Logf("at best %d, at worst %d of %d lost", least, most, len(d.facts))
}

// TestFlipDatabase flips bytes all over the file. With the copy nothing is lost;
// without it, what is lost is said to be.
func TestFlipDatabase(t *testing.T) {
	o := newOffice(t)
	o.quiet = true
	d := makeDamageSet(t, o, 250)
	b, size := d.used(t)
	runs, worst := 60, 0
	if testing.Short() {
		runs = 15
	}
	for run := range runs {
		seed := uint64(time.Now().UnixNano())
		rng := rand.New(rand.NewPCG(seed, 2))
		what := fmt.Sprintf("seed %d, run %d", seed, run)
		dir, bad := d.clone(t), bytes.Clone(b)
		for range 1 + rng.IntN(1+run%30) {
			bad[rng.IntN(size)] ^= 1 << rng.IntN(8)
		}
		if run%4 == 3 { // a whole page of noise
			at := rng.IntN(size/4096) * 4096
			for i := range 4096 {
				bad[at+i] = byte(rng.Uint32())
			}
		}
		if err := os.WriteFile(filepath.Join(dir, fileName), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		alone := run%2 == 1
		if alone {
			os.RemoveAll(filepath.Join(dir, copyDir))
		}
		j := o.openJournal(dir, newClock(), withChild)
		lost := d.wantFacts(t, o.readAll(j), what)
		if lost > 0 && !alone {
			t.Fatalf("%s: %d records lost, though copy A has them", what, lost)
		}
		worst = max(worst, lost)
		j.Close()
	}
	t.Logf("%d runs, at worst %d of %d lost without a copy", runs, worst, len(d.facts))
}

// TestFlipCopies has no database and a damaged copy.
func TestFlipCopies(t *testing.T) {
	o := newOffice(t)
	o.quiet = true
	d := makeDamageSet(t, o, 250)
	path := filepath.Join(d.dir, copyDir, "00000001"+copyExt)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := bytes.Index(b[1:], []byte{frameMark0, frameMark1}) + 1
	for run := range 40 {
		bad := bytes.Clone(b)
		at := first + rand.IntN(len(b)-first)
		if run%2 == 0 {
			bad[at] ^= 0x20
		} else {
			bad = bad[:at]
		}
		dir := d.clone(t)
		os.Remove(filepath.Join(dir, fileName))
		if err := os.WriteFile(filepath.Join(dir, copyDir, filepath.Base(path)), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		j := o.openJournal(dir, newClock())
		what := fmt.Sprintf("run %d, at %d of %d", run, at, len(b))
		lost := d.wantFacts(t, o.readAll(j), what)
		if run%2 == 0 && lost > 70 {
			t.Fatalf("%s: one byte cost %d records", what, lost)
		}
		j.Close()
	}
}

// TestPlaceholder damages single records in both places: exactly these are
// replaced, and all others prove.
func TestPlaceholder(t *testing.T) {
	o := newOffice(t)
	o.quiet = true
	d := makeDamageSet(t, o, 100)
	for _, n := range []int{0, 5, 6, 69, 99} { // first, two in a row, the last of a segment, of all
		breakRecord(t, d, n)
	}
	j := o.openJournal(d.dir, newClock())
	got := o.readAll(j)
	if len(got) != len(d.facts) {
		t.Fatalf("%d records, want %d", len(got), len(d.facts))
	}
	if lost := d.wantFacts(t, got, "placeholders"); lost != 5 {
		t.Errorf("%d placeholders, want 5", lost)
	}
	checkParents(t, j)
	r, err := j.Check()
	if err != nil || r.OK || r.Segments[0].BrokenAt != 1 || r.Segments[0].Broken != 4 || r.Segments[1].Broken != 1 {
		t.Errorf("checker: %+v, %v", r, err)
	}
	// What the office holds beyond a damaged record is still accepted.
	s := j.Segments()[0]
	rc := record.Receipt{Station: "460001", Segment: s.ID, Held: s.Last, Chain: s.Tip}
	rc.Sign(o.sign)
	if err := j.Receive(rc); err != nil {
		t.Error(err)
	}
}

// breakRecord flips a byte of the nth record in the database and in the copy.
func breakRecord(t *testing.T, d damageSet, n int) {
	t.Helper()
	id := d.facts[n].id
	marker := copyMarker(t, d, id)
	for _, path := range []string{filepath.Join(d.dir, fileName), filepath.Join(d.dir, copyDir, "00000001"+copyExt)} {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for at := 0; ; {
			i := bytes.Index(b[at:], marker)
			if i < 0 {
				break
			}
			found = true
			at += i
			b[at+len(marker)/2] ^= 4
			at++
		}
		if !found {
			t.Fatalf("record %d is not in %s", n, path)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// copyMarker is the sealed bytes of a record.
func copyMarker(t *testing.T, d damageSet, id record.ID) []byte {
	t.Helper()
	c, err := openCopies(filepath.Join(d.dir, copyDir), "460001")
	if err != nil {
		t.Fatal(err)
	}
	var sealed []byte
	c.read(func(fr frame) {
		if r, ok := parseCopyRecord(fr.payload); ok && fr.kind == frameRecord && r.id == id {
			sealed = bytes.Clone(r.sealed)
		}
	})
	if sealed == nil {
		t.Fatalf("no copy of %v", id)
	}
	return sealed
}

// TestHeal damages a record in the database alone: it comes back from the copy,
// for good.
func TestHeal(t *testing.T) {
	o := newOffice(t)
	o.quiet = true
	d := makeDamageSet(t, o, 100)
	path := filepath.Join(d.dir, fileName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	marker := copyMarker(t, d, d.facts[40].id)
	for i := bytes.Index(b, marker); i >= 0; i = bytes.Index(b, marker) {
		b[i+3] ^= 1
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	j := o.openJournal(d.dir, newClock(), withChild)
	if r, _ := j.Check(); r.OK || r.Segments[0].BrokenAt != 41 || r.Segments[0].Healable != 1 {
		t.Errorf("before: %+v", r)
	}
	if lost := d.wantFacts(t, o.readAll(j), "heal"); lost != 0 {
		t.Errorf("%d lost", lost)
	}
	j.Roll("waits for the writer")
	if r, _ := j.Check(); !r.OK || !r.CopyAOK {
		t.Errorf("after: %+v", r)
	}
}

func TestTwoProcesses(t *testing.T) {
	o := newOffice(t)
	dir := t.TempDir()
	j := o.openJournal(dir, newClock())
	if _, err := Open(dir, o.options(newClock())); !errors.Is(err, ErrRunning) {
		t.Errorf("opened twice: %v", err)
	}
	out, err := exec.Command(os.Args[0], "journal-crash", dir, filepath.Join(t.TempDir(), "l"), "0").CombinedOutput()
	if err == nil || !strings.Contains(string(out), ErrRunning.Error()) {
		t.Errorf("another process: %v: %s", err, out)
	}
	if _, err := Check(dir, CheckOptions{}); !errors.Is(err, ErrRunning) {
		t.Errorf("checked from outside: %v", err)
	}
	j.Close()
	if r, err := Check(dir, CheckOptions{}); err != nil || !r.OK {
		t.Errorf("check of a closed journal: %+v, %v", r, err)
	}
}
