package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// screenState is the last line of state that a window with -v said; the values
// are documented in kiosk/show.go.
type screenState map[string]string

func (s screenState) is(name, want string) bool { return s[name] == want }

func (s screenState) number(name string) int {
	n, err := strconv.Atoi(s[name])
	if err != nil {
		return -1
	}
	return n
}

var stateValue = regexp.MustCompile(`(\w+)=("(?:[^"\\]|\\.)*"|\S*)`)

// state is what the window shows now.
func (w *shownWindow) state() screenState {
	s := screenState{}
	log := w.log()
	at := strings.LastIndex(log, " msg=state ")
	if at < 0 {
		return s
	}
	line, _, whole := strings.Cut(log[at:], "\n")
	if !whole {
		return w.state() // half of it is written
	}
	for _, m := range stateValue.FindAllStringSubmatch(line, -1) {
		value := m[2]
		if text, err := strconv.Unquote(value); err == nil {
			value = text
		}
		s[m[1]] = value
	}
	return s
}

// player plays an officer from the keyboard: it waits for what the screen says
// and never for time.
type player struct {
	t   *testing.T
	x   xserver
	w   *shownWindow
	dir string // where pictures go; "" = none
}

// until waits for the screen.
func (p *player) until(what string, f func(screenState) bool) screenState {
	p.t.Helper()
	var s screenState
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if s = p.w.state(); f(s) {
			return s
		}
	}
	p.picture("failed")
	log := p.w.log()
	p.t.Fatalf("the screen never said: %s\nit says %v\n%s", what, s, log[max(0, len(log)-3000):])
	return nil
}

// page waits until the page of that name is on top; "" is the lane.
func (p *player) page(name string) screenState {
	p.t.Helper()
	return p.until("page "+strconv.Quote(name), func(s screenState) bool { return s.is("page", name) })
}

// press presses keys one after the other, as xdotool names them.
func (p *player) press(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.x.xdotool("key", k)
	}
}

// pieceLength is less than the shortest code: however fast a slow machine hands
// the keys on, they are no scan.
const pieceLength = 6

// typed types text into the field with the focus. A field may put separators in.
func (p *player) typed(text string) {
	p.t.Helper()
	for rest := []rune(text); len(rest) > 0; {
		n := min(len(rest), pieceLength)
		want := max(0, p.w.state().number("chars")) + n
		p.x.xdotool("type", "--delay", "45", "--", string(rest[:n]))
		p.until(fmt.Sprintf("%d characters in the field", want), func(s screenState) bool { return s.number("chars") >= want })
		rest = rest[n:]
	}
}

// shows shows a code to the scanner and waits until its verdict had its turn.
func (p *player) shows(text string) screenState {
	p.t.Helper()
	turn := p.w.state().number("turn")
	p.x.scan(text)
	return p.until("a verdict", func(s screenState) bool { return s.number("turn") == turn+1 })
}

// picture keeps the screen, when somebody wants to look at it.
func (p *player) picture(name string) {
	p.t.Helper()
	if p.dir == "" {
		return
	}
	time.Sleep(400 * time.Millisecond) // the state is said before it is drawn
	if out, err := p.x.command("import", "-window", "root", filepath.Join(p.dir, name+".png")).CombinedOutput(); err != nil {
		p.t.Errorf("picture %s: %v\n%s", name, err, out)
	}
}

// picturesDir is where the pictures of a test go: the directory that the
// environment variable names. It is made when it is missing.
func picturesDir(t *testing.T) string {
	dir := os.Getenv("QUACHOT_SHIFT_PICTURES")
	if dir == "" {
		return ""
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
