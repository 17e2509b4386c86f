//go:build !nowindow

package main

import (
	"runtime"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/go-gl/glfw/v3.3/glfw"

	"quachot/hardware/scanner/wedge"
	"quachot/kiosk/screen"
)

// keyboard sees every key of the window instead of the toolkit, so that a
// scanner that types is caught whatever is open and never presses anything. It
// stands on GLFW's callbacks, which the toolkit set before: v2.7 of Fyne uses
// glfw/v3.3, and this must be the very same package. Where that fails
// ([keyboard.install] is false) the canvas' own handlers feed the same decoder.
//
// The drawing goroutine owns it.
type keyboard struct {
	desk   *screen.Desk
	dec    wedge.Decoder
	hooked bool

	timer     *time.Timer
	fed       uint64 // events so far
	hasty     bool   // what is being replayed came faster than a hand
	repeating bool   // the last key event was a key held down
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
		k.hooked = true
		win.SetKeyCallback(k.onKey)
		win.SetCharCallback(k.onChar)
		win.SetInputMode(glfw.LockKeyMods, 1)
	})
	return k.hooked
}

func (k *keyboard) onKey(_ *glfw.Window, key glfw.Key, code int, action glfw.Action, mods glfw.ModifierKey) {
	k.repeating = action == glfw.Repeat
	k.feed(wedge.Event{
		Action: wedge.Action(action), Key: wedge.Key(key), Code: code, Mods: int(mods),
		Shift:    mods&glfw.ModShift != 0,
		CapsLock: mods&glfw.ModCapsLock != 0,
		NumLock:  mods&glfw.ModNumLock != 0,
		Command:  mods&(glfw.ModControl|glfw.ModAlt|glfw.ModSuper) != 0,
		Newline:  runtime.GOOS == "linux" && key == glfw.KeyUnknown && code == linefeed,
	})
}

func (k *keyboard) onChar(_ *glfw.Window, r rune) {
	if k.repeating { // a key that is held down: it fills a field, and decides nothing
		k.desk.Key(screen.Key(r), true)
		return
	}
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
		k.desk.Scan(screen.Scan{Texts: s.Texts, At: s.At, InputMethod: s.InputMethod, Keys: s})
	}
	if out.Wait > 0 {
		k.idleAfter(out.Wait)
	}
}

// replay hands an event on to the screen. Nothing in this window can have the
// toolkit's focus, so the toolkit need not see it.
func (k *keyboard) replay(e wedge.Event) {
	switch {
	case e.Action == wedge.Char:
		k.desk.Key(screen.Key(e.Rune), k.hasty)
	case e.Action != wedge.Release:
		if key, ok := named(e); ok {
			k.desk.Key(key, k.hasty)
		}
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

// typedRune, typedKey and keyDown are the canvas' handlers, for a window without
// the hook: they feed the same decoder. The toolkit keeps Tab for itself and
// gives it to keyDown alone.
func (k *keyboard) typedRune(r rune) { k.feed(wedge.Event{Action: wedge.Char, Rune: r}) }

func (k *keyboard) typedKey(name fyne.KeyName) {
	if key, ok := fallback[name]; ok {
		k.feed(wedge.Event{Action: wedge.Press, Key: wedge.Key(key), Shift: shiftHeld()})
	}
}

func (k *keyboard) keyDown(name fyne.KeyName) {
	if name == fyne.KeyTab {
		k.feed(wedge.Event{Action: wedge.Press, Key: wedge.KeyTab, Shift: shiftHeld()})
	}
}

func shiftHeld() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}
