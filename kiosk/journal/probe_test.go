package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// probeStub stands in for the child that looks at the file first. It notes each
// run beside the journal.
func probeStub(how, dir string) int {
	runs, err := os.OpenFile(stubRuns(dir), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return 99
	}
	fmt.Fprint(runs, "x")
	st, err := runs.Stat()
	if err != nil {
		return 99
	}
	switch first := st.Size() == 1; {
	case how == "hangs":
		time.Sleep(time.Minute)
	case how == "crashes", how == "crashes once" && first:
		panic("this file kills who reads it")
	case how == "corrupt":
		return codeCorrupt
	case how == "fails":
		return codeOther
	}
	return codeOK
}

func stubRuns(dir string) string { return dir + ".probes" }

// Only what the child says of the file puts it aside; a child that hangs, fails
// or cannot be started costs at most its time, never the lane's start. Whatever
// it says, the records are there.
func TestProbeChild(t *testing.T) {
	for _, c := range []struct {
		how   string
		runs  int
		aside bool
	}{
		{"is content", 1, false},
		{"hangs", 1, false},
		{"fails", 1, false},
		{"crashes once", 2, false},
		{"crashes", 2, true},
		{"corrupt", 1, true},
		{"is not there", 0, false},
	} {
		t.Run(c.how, func(t *testing.T) {
			o := newOffice(t)
			o.quiet = true
			dir := filepath.Join(t.TempDir(), "journal")
			j := o.openJournal(dir, newClock())
			appendOK(t, j, note("0"), note("1"))
			j.Close()
			began := time.Now()
			j = o.openJournal(dir, newClock(), func(opt *Options) {
				opt.Probe, opt.probeLimit = []string{os.Args[0], "journal-stub", c.how}, time.Minute
				switch c.how {
				case "hangs":
					opt.probeLimit = 200 * time.Millisecond
				case "is not there":
					opt.Probe[0] = filepath.Join(dir, "no-such-program")
				}
			})
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("open took %v", took)
			}
			appendOK(t, j, note("2"))
			wantTexts(t, o.readAll(j), "0", "1", "2")
			if r, err := j.Check(); err != nil || !r.OK || (len(r.Aside) > 0) != c.aside {
				t.Errorf("checker: %+v, %v; put aside %v", r, err, c.aside)
			}
			runs, _ := os.ReadFile(stubRuns(dir))
			if len(runs) != c.runs {
				t.Errorf("the child ran %d times, want %d", len(runs), c.runs)
			}
		})
	}
	if probeLimit != 10*time.Second {
		t.Errorf("a hanging child may take %v, the design says 10 s", probeLimit)
	}
}
