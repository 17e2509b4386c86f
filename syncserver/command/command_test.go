package command_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"quachot/internal/control"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/syncserver/command"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/store/storetest"
	"quachot/syncserver/vault"
)

// TestMain makes this program be the office's when a transcript runs it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"syncserver": func() { os.Exit(command.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// The transcripts hold for a subcommand that opens the data itself and for one
// that runs inside the serving office.
func TestAlone(t *testing.T) {
	if underRace {
		t.Skip("-race: each subcommand is a process of its own; TestServed has them side by side")
	}
	transcripts(t, false)
}

func TestServed(t *testing.T) { transcripts(t, true) }

// underRace is set by a file that only -race builds.
var underRace bool

func transcripts(t *testing.T, served bool) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			e.Values[servingKey{}] = &serving{}
			e.Setenv("DATA", filepath.Join(e.WorkDir, "config", "quachot", "office"))
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "served" {
				return served, nil
			}
			return false, fmt.Errorf("unknown condition %s", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"office": func(ts *testscript.TestScript, _ bool, args []string) {
				if served {
					office(ts, args)
				}
			},
			"exits":   exits,
			"fields":  fields,
			"lines":   lines,
			"deliver": deliver,
			"flip":    flip,
		},
	})
}

// office starts an office that serves, with more flags, or stops it.
func office(ts *testscript.TestScript, args []string) {
	if len(args) == 1 && args[0] == "stop" {
		stopOffice(ts)
		return
	}
	program, err := exec.LookPath(filepath.Join(strings.Split(ts.Getenv("PATH"), string(filepath.ListSeparator))[0], "syncserver"))
	ts.Check(err)
	cmd := exec.Command(program, append([]string{"--data", ts.Getenv("DATA"), "--listen", "127.0.0.1:0", "--web", ""}, args...)...)
	var log bytes.Buffer // read after the process has ended
	cmd.Stderr = &log
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	o := ts.Value(servingKey{}).(*serving)
	o.stop = func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := <-ended; err != nil {
			ts.Fatalf("the office ended: %v\n%s", err, log.String())
		}
	}
	ts.Defer(func() { stopOffice(ts) })
	for range 500 {
		if _, up, _ := control.Call(context.Background(), ts.Getenv("DATA"), []string{"--version"}, nil, io.Discard, io.Discard); up {
			return
		}
		select {
		case err := <-ended:
			ended <- err
			ts.Fatalf("the office did not start: %v\n%s", err, log.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
	ts.Fatalf("the office does not answer")
}

// serving is the office of one transcript; transcripts run side by side.
type serving struct{ stop func() } // nil while none serves

type servingKey struct{}

func stopOffice(ts *testscript.TestScript) {
	o := ts.Value(servingKey{}).(*serving)
	if stop := o.stop; stop != nil {
		o.stop = nil
		stop()
	}
}

// exits runs a program and wants this exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit %d, want %d", code, want)
	}
}

// fields wants these JSON fields, and no others, in every line of a file.
func fields(ts *testscript.TestScript, _ bool, args []string) {
	want := slices.Sorted(slices.Values(args[1:]))
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var x map[string]json.RawMessage
		ts.Check(json.Unmarshal([]byte(line), &x))
		got := []string{}
		for k := range x {
			got = append(got, k)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			ts.Fatalf("fields %v, want %v", got, want)
		}
	}
}

// lines wants so many lines in a file.
func lines(ts *testscript.TestScript, _ bool, args []string) {
	if got := strings.Count(ts.ReadFile(args[0]), "\n"); strconv.Itoa(got) != args[1] {
		ts.Fatalf("%d lines in %s, want %s", got, args[0], args[1])
	}
}

// deliver stores what a station of its own sent: a context and n scans. The
// office must not be running. The sealed records go to sealed.hex.
func deliver(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	v, _, err := vault.Open(ts.Getenv("DATA"), 0)
	ts.Check(err)
	s, err := sqlite.Open(context.Background(), ts.Getenv("DATA"), sqlite.Options{Opener: v.NewOpener()})
	ts.Check(err)
	t := fatal{TB: &testing.T{}, ts: ts}
	o := &storetest.Office{Store: s, T: t, Vault: v}
	g := o.Enrolled().Segment().Add(record.KindContext, 0, record.Context{Officer: "C001", Post: "PB1", Lane: "Làn 1", Direction: record.In})
	for k := range n {
		g.Add(record.KindScan, k, record.Scan{
			Direction: record.In, Verdict: record.Stop, Reasons: []record.Reason{{Code: "watch"}}, Name: "Trần Thị Bích",
			Documents: []identity.Document{identity.NewDocument(identity.CCCD, fmt.Sprintf("046187%06d", k))},
		})
	}
	var sealed strings.Builder
	for first := uint64(1); first <= uint64(n+1); first += 1000 {
		last := min(first+999, uint64(n+1))
		o.Held(g.Deliver(first, last), last)
	}
	for _, r := range g.Records {
		fmt.Fprintln(&sealed, hex.EncodeToString(r))
	}
	ts.Check(os.WriteFile(ts.MkAbs("sealed.hex"), []byte(sealed.String()), 0o600))
	ts.Check(s.Close())
}

// fatal ends a transcript where a helper would end a test.
type fatal struct {
	testing.TB
	ts *testscript.TestScript
}

func (f fatal) Helper()                      {}
func (f fatal) Fatal(args ...any)            { f.ts.Fatalf("%s", fmt.Sprint(args...)) }
func (f fatal) Errorf(s string, args ...any) { f.ts.Fatalf(s, args...) }

// flip turns one bit of the record with this number, where it lies in the raw
// store's file.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	seq, err := strconv.Atoi(args[0])
	ts.Check(err)
	sealed, err := hex.DecodeString(strings.Split(ts.ReadFile("sealed.hex"), "\n")[seq-1])
	ts.Check(err)
	files, err := filepath.Glob(filepath.Join(ts.Getenv("DATA"), "raw", "*.db"))
	ts.Check(err)
	found := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		ts.Check(err)
		if i := bytes.Index(b, sealed); i >= 0 {
			found++
			b[i+len(sealed)/2] ^= 1
			ts.Check(os.WriteFile(f, b, 0o600))
		}
	}
	if found != 1 {
		ts.Fatalf("record %d is in %d raw files", seq, found)
	}
}
