package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"quachot/build/programs"
)

// built are the two programs, compiled once for all tests of this package.
var built = sync.OnceValues(func() (programs.Built, error) {
	dir, err := os.MkdirTemp("", "quachot-e2e-*")
	if err != nil {
		return programs.Built{}, err
	}
	return programs.Build(dir, false)
})

func TestMain(m *testing.M) {
	// No test may write into the keyring of whoever runs it.
	os.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	code := m.Run()
	if b, err := built(); err == nil {
		os.RemoveAll(filepath.Dir(b.Kiosk))
	}
	os.Exit(code)
}

// answer is one output line of `kiosk lane`.
type answer struct {
	Segment string   `json:"segment"`
	Seq     uint64   `json:"seq"`
	At      int64    `json:"at"`
	Kind    string   `json:"kind"`
	Trust   string   `json:"trust"`
	Verdict string   `json:"verdict"`
	Reasons []string `json:"reasons"`
	Name    string   `json:"name"`
	Keys    []string `json:"keys"`
	MS      float64  `json:"ms"`
	Repeat  bool     `json:"repeat"`
	Unsaved bool     `json:"unsaved"`
	Error   string   `json:"error"`
}

// laneProcess is a running `kiosk lane` that reads standard input.
type laneProcess struct {
	t       *testing.T
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	answers chan answer // closed at the end of stdout
	ended   chan error
}

func startLane(t *testing.T, kiosk, data string, args ...string) *laneProcess {
	t.Helper()
	l := &laneProcess{t: t, answers: make(chan answer, 1000), ended: make(chan error, 1)}
	l.cmd = exec.Command(kiosk, append([]string{"--data", data, "lane"}, args...)...)
	l.cmd.Stderr = os.Stderr
	var err error
	if l.stdin, err = l.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := l.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.cmd.Process.Kill() })
	go func() {
		lines := bufio.NewScanner(stdout)
		lines.Buffer(nil, 4<<20)
		for lines.Scan() {
			var a answer
			if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
				t.Errorf("the lane said %q: %v", lines.Text(), err)
			}
			l.answers <- a
		}
		close(l.answers)
		l.ended <- l.cmd.Wait()
	}()
	return l
}

// scan gives one line and waits for its answer.
func (l *laneProcess) scan(text string) answer {
	l.t.Helper()
	if _, err := io.WriteString(l.stdin, text+"\n"); err != nil {
		l.t.Fatalf("scan: %v", err)
	}
	return l.next(text)
}

func (l *laneProcess) next(what string) answer {
	l.t.Helper()
	select {
	case a, ok := <-l.answers:
		if !ok {
			l.t.Fatalf("the lane ended before it answered %.60q", what)
		}
		return a
	case <-time.After(30 * time.Second):
		l.t.Fatalf("no answer to %.60q", what)
	}
	return answer{}
}

// end closes standard input and waits for the lane to end by itself.
func (l *laneProcess) end() error {
	l.stdin.Close()
	return <-l.ended
}

// kill is a power cut.
func (l *laneProcess) kill() {
	if err := l.cmd.Process.Kill(); err != nil {
		l.t.Fatal(err)
	}
	<-l.ended
}

// ledger is what the lane said is saved, kept outside of both programs.
type ledger map[string]answer

func (g ledger) note(t *testing.T, a answer) {
	t.Helper()
	if a.Error != "" || a.Unsaved || a.Segment == "" || a.Seq == 0 {
		t.Fatalf("not saved: %+v", a)
	}
	id := fmt.Sprint(a.Segment, "/", a.Seq)
	if old, ok := g[id]; ok && !a.Repeat {
		t.Fatalf("record %s was given twice: %+v and %+v", id, old, a)
	}
	g[id] = a
}

// compare proves that the office has every noted record once, and in every
// segment each seq from 1 on once.
func (g ledger) compare(t *testing.T, records []programs.Record) {
	t.Helper()
	seen := map[string]programs.Record{}
	highest, count := map[string]uint64{}, map[string]uint64{}
	for _, r := range records {
		id := fmt.Sprint(r.Segment, "/", r.Seq)
		if _, ok := seen[id]; ok {
			t.Errorf("the office has %s twice", id)
		}
		seen[id] = r
		highest[r.Segment] = max(highest[r.Segment], r.Seq)
		count[r.Segment]++
	}
	for seg, n := range highest {
		if count[seg] != n {
			t.Errorf("segment %s: %d of %d records", seg, count[seg], n)
		}
	}
	for id, a := range g {
		r, ok := seen[id]
		switch {
		case !ok:
			t.Errorf("the office lacks %s: %+v", id, a)
		case a.Verdict != "" && (r.Kind != "scan" || r.Verdict != a.Verdict):
			t.Errorf("%s: the office has %s %s, the lane said %s", id, r.Kind, r.Verdict, a.Verdict)
		}
	}
}

func unmarshal(t *testing.T, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
}
