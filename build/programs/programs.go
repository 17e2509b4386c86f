// Package programs builds and drives the two real programs for end-to-end tests
// and benchmarks: processes, command lines and their JSON, nothing inside.
package programs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Built are the two programs' files.
type Built struct{ Kiosk, Office string }

// Build compiles both into dir. With window false the kiosk is built without
// its window and without cgo. Tests run inside the module, so `go build` finds it.
func Build(dir string, window bool) (Built, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Built{}, err
	}
	b := Built{Kiosk: filepath.Join(dir, "kiosk"), Office: filepath.Join(dir, "syncserver")}
	tag := "nowindow"
	if window {
		tag = "migrated_fynedo"
	}
	for _, args := range [][]string{{"-tags", tag, "-o", b.Kiosk, "quachot/kiosk"}, {"-o", b.Office, "quachot/syncserver"}} {
		cmd := exec.Command("go", append([]string{"build"}, args...)...)
		if !window {
			cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			return Built{}, fmt.Errorf("go build %s: %w\n%s", args[len(args)-1], err, out)
		}
	}
	return b, nil
}

// Output is what a command printed and how it ended.
type Output struct {
	Stdout, Stderr string
	Code           int
}

// LastLine is the last line of Stdout that is not empty.
func (o Output) LastLine() string {
	lines := strings.Split(strings.TrimSpace(o.Stdout), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// Run starts program with args and waits. A code other than 0 is not an error;
// a program that cannot be started is.
func Run(ctx context.Context, stdin, program string, args ...string) (Output, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err := cmd.Run()
	out := Output{Stdout: stdout.String(), Stderr: stderr.String()}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		out.Code, err = exit.ExitCode(), nil
	}
	if err != nil {
		return out, fmt.Errorf("run %s %s: %w", filepath.Base(program), strings.Join(args, " "), err)
	}
	return out, nil
}

// Office is one office: its data and, between Start and Stop or Kill, its process.
type Office struct {
	Program, Data, Listen, Web string
	// Public goes into enrolment codes; empty means Listen. A test puts a proxy there.
	Public string
	cmd    *exec.Cmd
	done   chan error
	log    *os.File
}

// NewOffice is an office with free ports on the loopback and its data in dir.
func NewOffice(program, dir string) (*Office, error) {
	listen, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	web, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	return &Office{Program: program, Data: dir, Listen: listen, Web: web}, nil
}

// FreeAddress is a loopback address nobody listens on now. It lies below the
// ports that systems take for outgoing connections: one of those could have it
// before the program that it is for, above all while that is being restarted.
func FreeAddress() (string, error) {
	const from, to, tries = 12_000, 30_000, 100
	for range tries {
		address := fmt.Sprintf("127.0.0.1:%d", from+rand.IntN(to-from))
		if l, err := net.Listen("tcp", address); err == nil {
			return address, l.Close()
		}
	}
	return "", fmt.Errorf("find a free port: none of %d tried was free", tries)
}

func (o *Office) args(more ...string) []string {
	args := []string{"--data", o.Data, "--listen", o.Listen, "--web", o.Web}
	if o.Public != "" {
		args = append(args, "--public", o.Public)
	}
	return append(args, more...)
}

// Start starts the office and waits until it accepts connections. What it
// prints goes to office.log in its data directory's parent.
func (o *Office) Start(ctx context.Context) error {
	var err error
	o.log, err = os.OpenFile(o.Data+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	o.cmd = exec.Command(o.Program, o.args()...)
	o.cmd.Stdout, o.cmd.Stderr = o.log, o.log
	if err := o.cmd.Start(); err != nil {
		return fmt.Errorf("start the office: %w", err)
	}
	o.done = make(chan error, 1)
	go func() { o.done <- o.cmd.Wait() }()
	return o.waitReady(ctx)
}

func (o *Office) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		c, err := net.DialTimeout("tcp", o.Listen, time.Second)
		if err == nil {
			return c.Close()
		}
		select {
		case ended := <-o.done:
			said, _ := os.ReadFile(o.log.Name())
			return fmt.Errorf("the office ended at once: %v\n%s", ended, said)
		case <-ctx.Done():
			return fmt.Errorf("the office does not listen on %s: %w", o.Listen, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop asks the office to end and waits.
func (o *Office) Stop() error { return o.end(os.Interrupt) }

// Kill ends the office as a power cut would.
func (o *Office) Kill() error { return o.end(os.Kill) }

func (o *Office) end(how os.Signal) error {
	if o.cmd == nil {
		return nil
	}
	if err := o.cmd.Process.Signal(how); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-o.done
	o.cmd = nil
	return o.log.Close()
}

// PID is the running office's process number, 0 when it does not run.
func (o *Office) PID() int {
	if o.cmd == nil {
		return 0
	}
	return o.cmd.Process.Pid
}

// Run runs one subcommand of the office; a code other than 0 is an error here.
func (o *Office) Run(ctx context.Context, args ...string) (Output, error) {
	out, err := Run(ctx, "", o.Program, o.args(args...)...)
	if err == nil && out.Code != 0 {
		err = fmt.Errorf("syncserver %s: exit %d: %s", strings.Join(args, " "), out.Code, out.Stderr)
	}
	return out, err
}

// Record is one line of `syncserver records`.
type Record struct {
	N       uint64            `json:"n"`
	Station string            `json:"station"`
	Post    string            `json:"post"`
	Segment string            `json:"segment"`
	Seq     uint64            `json:"seq"`
	Kind    string            `json:"kind"`
	At      int64             `json:"at"`
	Officer string            `json:"officer"`
	Verdict string            `json:"verdict"`
	Pending string            `json:"-"`
	Keys    []string          `json:"keys"`
	Body    json.RawMessage   `json:"body"`
	Reasons []json.RawMessage `json:"reasons"`
}

// Records are all the office holds, of one kind when kind is not empty.
func (o *Office) Records(ctx context.Context, kind string) ([]Record, error) {
	args := []string{"records"}
	if kind != "" {
		args = append(args, "--kind", kind)
	}
	out, err := o.Run(ctx, args...)
	if err != nil {
		return nil, err
	}
	var all []Record
	for dec := json.NewDecoder(strings.NewReader(out.Stdout)); dec.More(); {
		var r Record
		if err := dec.Decode(&r); err != nil {
			return all, fmt.Errorf("read records: %w", err)
		}
		all = append(all, r)
	}
	return all, nil
}

// Enrol adds a station at post to the office and enrols dir with its code.
func (o *Office) Enrol(ctx context.Context, kiosk, dir, post string) error {
	out, err := o.Run(ctx, "station", "add", "bench", "--post", post)
	if err != nil {
		return err
	}
	got, err := Run(ctx, "", kiosk, "--data", dir, "enrol", out.LastLine())
	if err == nil && got.Code != 0 {
		err = fmt.Errorf("kiosk enrol: exit %d: %s", got.Code, got.Stderr)
	}
	return err
}
