package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"quachot/build/programs"
)

// xserver is a display of its own, so that a test never types into the screen
// of whoever runs it.
type xserver struct {
	t    *testing.T
	name string // for DISPLAY
}

func newXserver(t *testing.T) xserver {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the window is typed into with xdotool, which needs X11")
	}
	for _, tool := range []string{"Xvfb", "xdotool"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: apt-get install xvfb xdotool", tool)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1366x768x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb gave no display: %v", err)
	}
	return xserver{t, ":" + strings.TrimSpace(number)}
}

func (x xserver) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(x.t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+x.name)
	return cmd
}

func (x xserver) xdotool(args ...string) {
	x.t.Helper()
	if out, err := x.command("xdotool", args...).CombinedOutput(); err != nil {
		x.t.Fatalf("xdotool %s: %v\n%s", args[0], err, out)
	}
}

// scan types a code as fast as a scanner does: 1 ms a key, Enter at the end.
func (x xserver) scan(text string) {
	x.t.Helper()
	x.xdotool("type", "--delay", "1", "--args", "1", "--", text, "key", "Return")
}

// shownWindow is a running kiosk window.
type shownWindow struct {
	cmd  *exec.Cmd
	done chan error

	mu   sync.Mutex // guards said
	said bytes.Buffer
}

// Write collects the log.
func (w *shownWindow) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.Write(b)
}

func (w *shownWindow) log() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.String()
}

// openWindow starts the kiosk and waits until its key hook is in place: a kiosk
// that cannot install it fails here.
func (x xserver) openWindow(kiosk, data string, more ...string) *shownWindow {
	x.t.Helper()
	w := x.startWindow(kiosk, data, more...)
	waitFor(x.t, 60*time.Second, "the window with its key hook", func() bool {
		return strings.Contains(w.log(), "key hook installed")
	})
	x.focus()
	return w
}

// startWindow starts the kiosk and waits for nothing.
func (x xserver) startWindow(kiosk, data string, more ...string) *shownWindow {
	x.t.Helper()
	args := append([]string{"--data", data, "--fullscreen", "-v"}, more...)
	w := &shownWindow{cmd: x.command(kiosk, args...), done: make(chan error, 1)}
	w.cmd.Stdout, w.cmd.Stderr = w, w
	if err := w.cmd.Start(); err != nil {
		x.t.Fatal(err)
	}
	go func() { w.done <- w.cmd.Wait() }()
	x.t.Cleanup(func() { _ = w.cmd.Process.Kill() })
	return w
}

// focus waits for the window and gives it the keys.
func (x xserver) focus() {
	x.t.Helper()
	x.xdotool("search", "--sync", "--onlyvisible", "--name", "^Qua Ch", "windowfocus", "--sync") // ASCII: xdotool compares in the caller's locale
}

// kill ends the window as a power cut would.
func (w *shownWindow) kill() {
	_ = w.cmd.Process.Kill()
	<-w.done
}

// waitFor asks until f is true. The programs are processes: there is nothing to
// wait on but what they answer.
func waitFor(t *testing.T, long time.Duration, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(long); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("never came: %s", what)
}

var (
	windowOnce  sync.Once
	windowBuilt programs.Built
	errWindow   error
)

// builtWindow is the kiosk with its window.
func builtWindow(t *testing.T) string {
	t.Helper()
	windowOnce.Do(func() {
		dir, err := os.MkdirTemp("", "quachot-window-")
		if err != nil {
			errWindow = err
			return
		}
		windowBuilt, errWindow = programs.Build(dir, true)
	})
	if errWindow != nil {
		t.Fatal(errWindow)
	}
	return windowBuilt.Kiosk
}

// visitor is somebody's CCCD code of 267 plain characters, as long as a card's.
type visitor struct{ number, name, address string }

func newVisitor(n int) visitor {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz0123456789,.-/"
	r := rand.New(rand.NewPCG(uint64(n), 7))
	v := visitor{number: fmt.Sprintf("046187%06d", n), name: fmt.Sprintf("NGUYEN THI SO %c%c", 'A'+n/26%26, 'A'+n%26)}
	var b strings.Builder
	for b.Len() < 267-len(v.text()) {
		b.WriteByte(letters[r.IntN(len(letters))])
	}
	// A reader may fold blanks: none at either end, never two.
	v.address = strings.ReplaceAll("x"+b.String()[1:b.Len()-1]+"x", "  ", " a")
	return v
}

func (v visitor) text() string {
	return v.number + "||" + v.name + "|18011987|Nu|" + v.address + "|25042021"
}

// head is how many records the running kiosk has on disk.
func (s *site) head() uint64 {
	s.t.Helper()
	var st struct{ Head uint64 }
	out := s.kiosk("status", "--json")
	if err := json.Unmarshal([]byte(out.Stdout), &st); err != nil {
		s.t.Fatalf("status: %v\n%s%s", err, out.Stdout, out.Stderr)
	}
	return st.Head
}

// The story of issue 2 with the window: codes typed at a scanner's speed, the
// network cut, the kiosk killed, the network back; the office has what was
// scanned, whole, once and in order.
func TestWindowScansReachTheOfficeOnce(t *testing.T) {
	x := newXserver(t)
	s := newSite(t)
	kiosk := builtWindow(t)
	w := x.openWindow(kiosk, s.data)

	var scanned []visitor
	scan := func(count int) {
		t.Helper()
		before := len(scanned)
		for range count {
			v := newVisitor(len(scanned))
			x.scan(v.text())
			scanned = append(scanned, v)
		}
		waitFor(t, 60*time.Second, fmt.Sprintf("%d scans on disk", count), func() bool {
			// At least one context record stands beside the scans.
			return s.head() >= uint64(len(scanned)+1)
		})
		t.Logf("scans %d to %d are on disk", before, len(scanned)-1)
	}
	scan(20)
	s.sync()
	s.compareScans(scanned)

	if err := s.office.Stop(); err != nil { // the network is cut
		t.Fatal(err)
	}
	scan(20)
	w.kill()
	w = x.openWindow(kiosk, s.data)
	scan(10)
	s.startOffice()
	s.sync()
	s.compareScans(scanned)

	// What a hand types is no scan, and a decision is a record.
	x.xdotool("key", "--delay", "150", "F2", "4", "6", "1", "Escape")
	passages := len(s.records("passage"))
	waitFor(t, 30*time.Second, "a decision at the office", func() bool {
		x.xdotool("key", "1")
		s.sync()
		return len(s.records("passage")) > passages
	})
	s.compareScans(scanned)

	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-w.done:
		if err != nil {
			t.Errorf("the window ended with %v\n%s", err, w.log())
		}
	case <-time.After(30 * time.Second):
		t.Error("the window did not end when it was asked to")
	}
	s.wholeBothEnds()
}

// compareScans holds the office's scans against what was typed.
func (s *site) compareScans(want []visitor) {
	s.t.Helper()
	var got []visitor
	for _, r := range s.records("scan") {
		var body struct {
			Name, Address string
			Documents     []struct{ Number string }
		}
		if err := json.Unmarshal(r.Body, &body); err != nil {
			s.t.Fatal(err)
		}
		v := visitor{name: body.Name, address: body.Address}
		if len(body.Documents) > 0 {
			v.number = body.Documents[0].Number
		}
		got = append(got, v)
	}
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(want):
			s.t.Errorf("record %d was never scanned: %+v", i, got[i])
		case i >= len(got):
			s.t.Errorf("scan %d is not at the office: %+v", i, want[i])
		case got[i] != want[i]:
			s.t.Errorf("scan %d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}

// Nothing to draw on: a clear message and exit 2, not a program that hangs.
func TestWindowWithoutADisplay(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only X11 can be missing")
	}
	s := newSite(t)
	cmd := exec.Command(builtWindow(t), "--data", s.data)
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "DISPLAY=") {
			cmd.Env = append(cmd.Env, e)
		}
	}
	out, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 2 || !strings.Contains(string(out), "kiosk lane") {
		t.Errorf("exit %d, want 2 and a way on: %s", code, out)
	}
}

// An X server without OpenGL: the toolkit would wait for ever without a window.
func TestWindowWithoutOpenGL(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs Xvfb")
	}
	if _, err := exec.LookPath("Xvfb"); err != nil {
		t.Skip("Xvfb is not installed: apt-get install xvfb")
	}
	s := newSite(t)
	kiosk := builtWindow(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-extension", "GLX", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Process.Kill(); _ = x.Wait() })
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(kiosk, "--data", s.data)
	cmd.Env = append(os.Environ(), "DISPLAY=:"+strings.TrimSpace(number))
	out, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 2 || !strings.Contains(string(out), "OpenGL") {
		t.Errorf("exit %d, want 2 and the reason: %s", code, out)
	}
	if out := s.kiosk("check", "--json"); out.Code != 0 {
		t.Errorf("the journal after it: %s", filepath.Base(out.Stdout))
	}
}

// A window manager that starts after the kiosk moved the full-screen window, so
// that its right and its foot were off the screen.
func TestWindowFillsTheScreenUnderALateWindowManager(t *testing.T) {
	if _, err := exec.LookPath("openbox"); err != nil {
		t.Skip("openbox is not installed: apt-get install openbox")
	}
	x := newXserver(t)
	s := newSite(t)
	kiosk := builtWindow(t)
	manager := x.command("openbox")
	started := make(chan error, 1)
	time.AfterFunc(200*time.Millisecond, func() { started <- manager.Start() })
	x.openWindow(kiosk, s.data)
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = manager.Process.Kill(); _ = manager.Wait() })
	waitFor(t, 30*time.Second, "the window over the whole screen", func() bool {
		// By its name, not as the active one: a window manager that has just come
		// does not always say which that is.
		out, _ := x.command("xdotool", "search", "--onlyvisible", "--name", "^Qua Ch", "getwindowgeometry").CombinedOutput()
		return strings.Contains(string(out), "Position: 0,0") && strings.Contains(string(out), "Geometry: 1366x768")
	})
}
