//go:build !nowindow

package main

import (
	"runtime"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"

	"quachot/hardware/scanner/wedge"
	"quachot/kiosk/screen"
)

// keyboard sees every key of the window before the toolkit does, so that a
// scanner that types is caught whatever has the focus and never presses
// anything. It stands on GLFW's callbacks, which the toolkit set before: v2.7 of
// Fyne uses glfw/v3.3, and this must be the very same package. Where that fails
// ([keyboard.install] is false) the canvas' own handlers feed the same decoder.
//
// The drawing goroutine owns it.
type keyboard struct {
	desk   *screen.Desk
	dec    wedge.Decoder
	window *glfw.Window // nil until the hook is installed
	key    glfw.KeyCallback
	char   glfw.CharCallback

	timer *time.Timer
	fed   uint64 // events so far
	hasty bool   // what is being replayed came faster than a hand
}

// frame is a little more than two of the toolkit's looks at the event queue.
const frame = 36 * time.Millisecond

// linefeed is X11's key code of a key that only scanners and scripts still have,
// and that GLFW does not name.
const linefeed = 109

// install puts the hook in front of the toolkit's callbacks; false while there
// is no window yet, or when this toolkit has none to hook.
func (k *keyboard) install(w fyne.Window) bool {
	withGLFW(w, func(win *glfw.Window) {
		k.window = win
		k.key = win.SetKeyCallback(k.onKey)
		k.char = win.SetCharCallback(k.onChar)
	})
	return k.window != nil
}

func (k *keyboard) onKey(_ *glfw.Window, key glfw.Key, code int, action glfw.Action, mods glfw.ModifierKey) {
	k.feed(wedge.Event{
		Action: wedge.Action(action), Key: wedge.Key(key), Code: code, Mods: int(mods),
		Shift:   mods&glfw.ModShift != 0,
		Command: mods&(glfw.ModControl|glfw.ModAlt|glfw.ModSuper) != 0,
		Newline: runtime.GOOS == "linux" && key == glfw.KeyUnknown && code == linefeed,
	})
}

func (k *keyboard) onChar(_ *glfw.Window, r rune) {
	k.feed(wedge.Event{Action: wedge.Char, Rune: r})
}

func (k *keyboard) feed(e wedge.Event) {
	e.At = time.Now()
	k.fed++
	k.take(k.dec.Feed(e))
}

// take does what the decoder says.
func (k *keyboard) take(out wedge.Out) {
	k.hasty = out.Hasty
	for _, e := range out.Replay {
		k.replay(e)
	}
	k.hasty = false
	if s := out.Scan; s != nil {
		k.desk.Scan(screen.Scan{Texts: s.Texts, At: s.At, InputMethod: s.InputMethod})
	}
	if out.Wait > 0 {
		k.idleAfter(out.Wait)
	}
}

// replay hands an event on to the toolkit.
func (k *keyboard) replay(e wedge.Event) {
	switch {
	case k.window == nil:
		k.direct(e)
	case e.Action == wedge.Char && k.char != nil:
		k.char(k.window, e.Rune)
	case e.Action != wedge.Char && k.key != nil:
		k.key(k.window, glfw.Key(e.Key), e.Code, glfw.Action(e.Action), glfw.ModifierKey(e.Mods))
	}
}

// idleAfter tells the decoder when nothing came for wait. It asks twice, with
// more than a frame between: after a stall of the drawing goroutine the timer
// and the keys that were typed meanwhile are due together, and the second
// question comes after the keys.
func (k *keyboard) idleAfter(wait time.Duration) {
	if k.timer != nil {
		k.timer.Stop()
	}
	fed := k.fed
	k.timer = time.AfterFunc(max(wait-frame, time.Millisecond), func() {
		fyne.Do(func() {
			if k.fed != fed {
				return
			}
			k.timer = time.AfterFunc(frame, func() {
				fyne.Do(func() {
					if k.fed == fed {
						k.take(k.dec.Idle(time.Now()))
					}
				})
			})
		})
	})
}

// typedRune and typedKey are the canvas' handlers. With the hook they get what a
// hand typed; without it they get everything, and feed the decoder themselves.
func (k *keyboard) typedRune(r rune) {
	if k.window == nil {
		k.feed(wedge.Event{Action: wedge.Char, Rune: r})
		return
	}
	k.rune(r)
}

func (k *keyboard) typedKey(name fyne.KeyName) {
	key, ok := typed[name]
	if !ok {
		return
	}
	if k.window == nil {
		k.feed(wedge.Event{Action: wedge.Press, Key: key.wedge})
		return
	}
	k.desk.Key(key.screen, k.hasty)
}

func (k *keyboard) rune(r rune) {
	k.desk.Key(screen.Key(strings.ToUpper(string(r))), k.hasty)
}

// direct is the replay where there is no hook.
func (k *keyboard) direct(e wedge.Event) {
	if e.Action == wedge.Char {
		k.rune(e.Rune)
		return
	}
	for _, key := range typed {
		if key.wedge == e.Key {
			k.desk.Key(key.screen, k.hasty)
			return
		}
	}
}

// typed are the keys with a name that the screen knows.
var typed = map[fyne.KeyName]struct {
	screen screen.Key
	wedge  wedge.Key
}{
	fyne.KeyReturn:    {screen.KeyEnter, wedge.KeyEnter},
	fyne.KeyEnter:     {screen.KeyEnter, wedge.KeyPadEnter},
	fyne.KeyEscape:    {screen.KeyEscape, wedge.KeyEscape},
	fyne.KeyBackspace: {screen.KeyBackspace, wedge.KeyBackspace},
	fyne.KeyF2:        {screen.KeyNumber, wedge.Key(glfw.KeyF2)},
	fyne.KeyF5:        {screen.KeyDirection, wedge.Key(glfw.KeyF5)},
}
