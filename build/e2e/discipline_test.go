package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// geometry is where the window is and how large.
func (x xserver) geometry() string {
	out, _ := x.command("xdotool", "search", "--onlyvisible", "--name", "^Qua Ch", "getwindowgeometry").CombinedOutput()
	return string(out)
}

// resize gives the screen another size, as a display does that is plugged in.
func (x xserver) resize(width, height int) {
	x.t.Helper()
	name := fmt.Sprintf("size%d", width)
	for _, args := range [][]string{
		{"--newmode", name, "70", fmt.Sprint(width), fmt.Sprint(width + 30), fmt.Sprint(width + 100), fmt.Sprint(width + 200),
			fmt.Sprint(height), fmt.Sprint(height + 2), fmt.Sprint(height + 12), fmt.Sprint(height + 30)},
		{"--addmode", "screen", name},
		{"--output", "screen", "--mode", name},
	} {
		if out, err := x.command("xrandr", args...).CombinedOutput(); err != nil {
			x.t.Fatalf("xrandr %v: %v\n%s", args, err, out)
		}
	}
}

// What happens to a laptop at a post: somebody tries to get out of the program,
// it sleeps and wakes up, another display is plugged in.
func TestWindowDiscipline(t *testing.T) {
	x := newXserver(t)
	s := newSite(t)
	id := s.officer("Nguyễn Văn Hải", "steward")
	boss := s.officer("Lê Văn Chỉ", "supervisor")
	s.sync()
	h := &shift{site: s, player: &player{t: t, x: x}}
	h.w = x.openWindow(builtWindow(t), s.data)
	h.login(id)

	for _, keys := range []string{"alt+F4", "F11"} { // no way out without a supervisor
		h.press(keys)
		h.page("override")
		h.press("Escape")
		h.page("")
	}

	// Asleep: nothing runs, and what was typed meanwhile waits in the keyboard.
	if err := h.w.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	before := h.w.state().number("turn")
	for n := range 3 {
		x.scan(citizenASCII(100 + n))
	}
	if err := h.w.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	h.until("the last of them", func(s screenState) bool { return s.number("turn") == before+3 })

	if _, err := exec.LookPath("xrandr"); err != nil {
		t.Log("xrandr is not installed (apt-get install x11-xserver-utils): no other display is tried")
	} else {
		x.resize(1024, 600)
		waitFor(t, 30*time.Second, "the window on the smaller screen", func() bool { return strings.Contains(x.geometry(), "1024x600") })
	}

	// A supervisor gets out.
	h.press("alt+F4")
	h.page("override")
	h.typed(boss)
	h.press("Return")
	h.until("the PIN's field", func(s screenState) bool { return s.number("focus") == 1 })
	h.typed(pinOfAll)
	h.press("Return")
	select {
	case err := <-h.w.done:
		if err != nil {
			t.Errorf("the window ended with %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("a supervisor could not end the program")
	}
	s.sync()
	if n := len(s.records("scan")); n != 3 {
		t.Errorf("%d scans at the office, want 3", n)
	}
	s.wholeBothEnds()
}

// A serial scanner beside the keyboard: its codes are scans, pulling it out is
// said, plugging it in again is enough.
func TestWindowSerialScanner(t *testing.T) {
	x := newXserver(t)
	s := newSite(t)
	dir := t.TempDir()
	link := filepath.Join(dir, "scanner")
	port := plugIn(t, link)
	p := &player{t: t, x: x}
	p.w = x.openWindow(builtWindow(t), s.data, "--scanner", "serial:"+link)
	send := func(port *os.File, n int) {
		t.Helper()
		turn := p.w.state().number("turn")
		if _, err := fmt.Fprintf(port, "%s\r", citizen(n)); err != nil {
			t.Fatal(err)
		}
		p.until("the verdict of a serial scan", func(s screenState) bool { return s.number("turn") == turn+1 })
		p.press("Escape")
		p.until("the waiting screen", func(s screenState) bool { return s.is("verdict", "") })
	}
	p.until("the window", func(s screenState) bool { return s.is("page", "") })
	waitFor(t, 30*time.Second, "the scanner is open", func() bool { return strings.Contains(p.w.log(), "msg=scanner") })
	send(port, 1)
	port.Close()
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	p.until("the scanner is said to be gone", func(s screenState) bool { return s.is("alarm", "true") })
	x.scan(citizenASCII(2)) // the keyboard goes on
	p.until("a scan by keyboard", func(s screenState) bool { return s.number("turn") == 2 })
	port = plugIn(t, link)
	p.until("the scanner is back", func(s screenState) bool { return s.is("alarm", "false") })
	p.press("Escape")
	send(port, 3)
	s.sync()
	if n := len(s.records("scan")); n != 3 {
		t.Errorf("%d scans at the office, want 3", n)
	}
}

// plugIn makes a pseudo terminal, which is a real serial port to a program, and
// puts link on it.
func plugIn(t *testing.T, link string) *os.File {
	t.Helper()
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	n, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(f.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = os.Symlink(fmt.Sprintf("/dev/pts/%d", n), link)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A window whose keys cannot be hooked, as with another toolkit some day: the
// toolkit's own handlers feed the same decoder.
func TestWindowWithoutTheKeyHook(t *testing.T) {
	x := newXserver(t)
	s := newSite(t)
	p := &player{t: t, x: x}
	t.Setenv("QUACHOT_NO_KEY_HOOK", "1")
	p.w = x.startWindow(builtWindow(t), s.data)
	p.until("the window", func(s screenState) bool { return s.is("page", "") && s.number("turn") == 0 })
	x.focus()
	for n := range 10 {
		p.shows(citizenASCII(n))
		p.press("Escape")
		p.until("the waiting screen", func(s screenState) bool { return s.is("verdict", "") })
	}
	p.press("F2")
	p.page("number")
	p.typed("461")
	p.press("Escape")
	p.page("")
	s.sync()
	for i, r := range s.records("scan") {
		if !strings.Contains(string(r.Body), fmt.Sprintf("046187%06d", i)) {
			t.Errorf("scan %d: %s", i, r.Body)
		}
	}
	if n := len(s.records("scan")); n != 10 {
		t.Errorf("%d scans at the office, want 10", n)
	}
}
