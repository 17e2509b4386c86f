//go:build !nowindow

package main

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// fill lays a full-screen window over its screen again when it does not cover
// it, and says whether it had to. A window manager that starts after the kiosk
// puts its frame around the window and moves it (openbox: to 42,4), so that its
// right and its foot are off the screen. GLFW looks for a window manager only
// once, and cannot ask this one for a full screen; a window without a frame, as
// large as the screen, is the same to the eye. The drawing goroutine calls it.
func fill(w fyne.Window) (moved bool) {
	if !w.FullScreen() {
		return false
	}
	withGLFW(w, func(win *glfw.Window) {
		monitor := win.GetMonitor()
		if monitor == nil {
			monitor = glfw.GetPrimaryMonitor()
		}
		if monitor == nil || monitor.GetVideoMode() == nil {
			return
		}
		mode := monitor.GetVideoMode()
		x, y := monitor.GetPos()
		wx, wy := win.GetPos()
		ww, wh := win.GetSize()
		if wx == x && wy == y && ww == mode.Width && wh == mode.Height {
			return
		}
		moved = true
		if win.GetMonitor() != nil {
			win.SetMonitor(nil, x, y, mode.Width, mode.Height, glfw.DontCare)
		}
		win.SetAttrib(glfw.Decorated, glfw.False)
		win.SetPos(x, y)
		win.SetSize(mode.Width, mode.Height)
	})
	return moved
}

// toggleFullScreen is what F11 does.
func toggleFullScreen(w fyne.Window) {
	w.SetFullScreen(!w.FullScreen())
	if w.FullScreen() {
		return
	}
	withGLFW(w, func(win *glfw.Window) { win.SetAttrib(glfw.Decorated, glfw.True) }) // fill took it
}

// withGLFW gives f the window below the toolkit's, when there is one.
func withGLFW(w fyne.Window, f func(*glfw.Window)) {
	run, ok := w.(interface{ RunWithContext(func()) })
	if !ok {
		return
	}
	run.RunWithContext(func() {
		if win := glfw.GetCurrentContext(); win != nil {
			f(win)
		}
	})
}
