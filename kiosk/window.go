//go:build !nowindow

package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver/desktop"

	"quachot/assets/icons"
	"quachot/hardware/speaker"
	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/kiosk/command"
	"quachot/kiosk/lane"
	"quachot/kiosk/screen"
	"quachot/kiosk/station"
	"quachot/kiosk/view"
)

// windowWithin is how long the system may take to give us a window. Without
// OpenGL the toolkit waits for ever and shows nothing.
const windowWithin = 10 * time.Second

// noHook is the variable that keeps the key hook out, for the test of a window
// that cannot be hooked.
const noHook = "QUACHOT_NO_KEY_HOOK"

// exitNoWindow says that this computer cannot show the window.
const exitNoWindow = 2

// window is the command.Window of this build: it opens the station, draws until
// the window is closed or ctx ends, and gives the exit code.
func window(ctx context.Context, o command.WindowOptions) int {
	if why := noDisplay(); why != "" {
		return sayNoWindow(o, why)
	}
	open := station.Open
	if o.Training {
		open = station.OpenTraining
	}
	s, err := open(o.Data, station.Options{Program: o.Program, Log: o.Log})
	if err != nil {
		fmt.Fprintln(o.Stderr, command.OpenFailed(o.Data, err))
		refuse(ctx, o, err)
		return exitNoWindow
	}
	code := newKiosk(ctx, s, o).run()
	if err := s.Close(); err != nil {
		o.Log.Error("close the station", "error", err)
	}
	return code
}

// noDisplay says why there can be no window, "" when there may be one.
func noDisplay() string {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" {
		return "there is no display (DISPLAY is not set)"
	}
	return ""
}

func sayNoWindow(o command.WindowOptions, why string) int {
	o.Log.Error("no window", "reason", why)
	fmt.Fprintf(o.Stderr, "The window cannot be shown: %s. Everything scanned so far is safe. "+
		"Start it in a desktop session with OpenGL 2.1, or work without a window: kiosk lane\n", why)
	return exitNoWindow
}

// kiosk is the running window and what works beside it.
type kiosk struct {
	o       command.WindowOptions
	station *station.Station
	app     fyne.App
	window  fyne.Window
	board   *view.Board
	desk    *screen.Desk
	speaker *speaker.Speaker
	keys    *keyboard
	papers  *screen.Papers
	told    []any // what show said last; owned by the desk's goroutine

	attached attached
	seen     atomic.Bool     // the desktop showed the window and gave it the keys
	ctx      context.Context // ends with the window; kept because the toolkit's callbacks have none
	cancel   context.CancelFunc
	beside   sync.WaitGroup
}

func newKiosk(ctx context.Context, s *station.Station, o command.WindowOptions) *kiosk {
	k := &kiosk{o: o, station: s}
	k.ctx, k.cancel = context.WithCancel(ctx)
	k.app = app.NewWithID("vn.quachot.kiosk")
	k.app.Settings().SetTheme(view.Theme{})
	k.app.SetIcon(fyne.NewStaticResource("app.svg", icons.Read("app")))
	k.board = view.NewBoard()
	k.desk = screen.NewDesk(k.deskConfig())
	k.keys = &keyboard{desk: k.desk}
	k.board.OnKey = func(key screen.Key) { k.desk.Key(key, false) }
	k.window = k.app.NewWindow(text.Load(o.Lang).T("app.name"))
	k.window.SetPadded(false)
	k.window.SetContent(k.board)
	k.window.Resize(fyne.NewSize(1280, 720))
	k.window.CenterOnScreen()
	k.window.SetMaster()
	k.window.SetFullScreen(o.Fullscreen)
	k.window.SetCloseIntercept(func() { k.desk.Key(screen.KeyClose, false) })
	k.listen()
	return k
}

// deskConfig wires the desk to the station's lane.
func (k *kiosk) deskConfig() screen.Config {
	words, way := text.Load(k.o.Lang), lane.LastDirection(k.station.Journal, record.In)
	work := k.station.NewLane(way)
	log := k.o.Log.With("part", "screen")
	k.papers = screen.PapersOf(k.station, k.o.Printer, words, func(n screen.PrintNews) { k.desk.Printed(n) }, k.o.Log.With("part", "printer"))
	hands := screen.Hands{Lane: work, Station: k.station, Words: words, Papers: k.papers, Log: log}
	var err error
	if k.speaker, err = speaker.New(k.o.Log); err != nil {
		k.o.Log.Error("no sounds", "error", err)
	}
	return screen.Config{
		Words: words, Direction: way, Training: k.station.Training, Prefs: k.prefs(), Lane: hands, Doing: hands,
		Show: k.show, Sound: k.sound, Log: log,
		Quit:   func() { fyne.Do(k.app.Quit) },
		Screen: func() { fyne.Do(func() { toggleFullScreen(k.window) }) },
		Status: func() screen.Status {
			s := hands.Status()
			s.Scanners = k.attached.state()
			return s
		},
	}
}

// prefs are the officer's settings of the last time.
func (k *kiosk) prefs() screen.Prefs {
	p, err := screen.ReadPrefs(k.station)
	if err != nil {
		k.o.Log.Warn("the window's settings begin anew", "err", err)
	}
	return p
}

func (k *kiosk) sound(name string) {
	if k.speaker != nil {
		k.speaker.Play(name)
	}
}

// listen takes what the toolkit hands on where the hook cannot be installed.
func (k *kiosk) listen() {
	c := k.window.Canvas()
	c.SetOnTypedRune(k.keys.typedRune)
	c.SetOnTypedKey(func(e *fyne.KeyEvent) { k.keys.typedKey(e.Name) })
	if d, ok := c.(desktop.Canvas); ok {
		d.SetOnKeyDown(func(e *fyne.KeyEvent) { k.keys.keyDown(e.Name) })
	}
}

// run shows the window and returns when it is gone and all that was started has
// ended.
func (k *kiosk) run() int {
	started := make(chan struct{})
	var once sync.Once
	k.app.Lifecycle().SetOnStarted(func() { once.Do(func() { close(started) }) })
	k.app.Lifecycle().SetOnEnteredForeground(func() { k.seen.Store(true) })
	go k.watch(started)
	k.beside.Go(func() { _ = k.papers.Run(k.ctx) }) // its error is nil
	k.beside.Go(func() {
		if err := k.desk.Run(k.ctx); err != nil {
			k.o.Log.Error("screen", "error", err)
		}
	})
	if k.speaker != nil {
		k.beside.Go(func() { _ = k.speaker.Run(k.ctx) }) // nil when ctx ended it
	}
	k.beside.Go(func() { k.attached.read(k.ctx, k.o.Scanners, k.desk, k.o.Log.Info) })
	k.beside.Go(func() { command.Attend(k.ctx, k.station, k.o) })
	k.window.ShowAndRun()
	k.cancel()
	k.beside.Wait()
	return 0
}

// watch installs the key hook as soon as there is a window, and ends the program
// with a reason when none comes: the toolkit itself would wait for ever. A window
// that cannot be hooked works all the same, see [keyboard].
func (k *kiosk) watch(started <-chan struct{}) {
	late := time.After(windowWithin)
	select {
	case <-started:
	case <-late:
		k.abort("the desktop gave no window within 10 seconds")
	}
	switch {
	case k.hook(late):
		k.o.Log.Info("window shown, key hook installed")
	case k.seen.Load():
		k.o.Log.Warn("window shown, but its keys come through the toolkit: scanners work, an input method may rewrite what they type")
	default:
		k.abort("the desktop gave no window within 10 seconds; most often OpenGL 2.1 is missing")
	}
	k.keepFilled()
	fyne.Do(k.app.Quit)
}

// hook tries to install the key hook until late; false when it could not.
func (k *kiosk) hook(late <-chan time.Time) bool {
	for {
		tried := make(chan bool, 1)
		fyne.Do(func() { tried <- os.Getenv(noHook) == "" && k.keys.install(k.window) })
		select {
		case ok := <-tried:
			if ok {
				return true
			}
		case <-late:
			return false
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-late:
			return false
		}
	}
}

// keepFilled looks once a second whether the window still covers the screen,
// until the program is to end.
func (k *kiosk) keepFilled() {
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for {
		select {
		case <-k.ctx.Done():
			return
		case <-clock.C:
			fyne.Do(func() {
				if fill(k.window) {
					k.o.Log.Debug("the full-screen window had been moved")
				}
			})
		}
	}
}

// abort ends the program from outside the toolkit. The journal stands a kill, so
// nothing is lost.
func (k *kiosk) abort(why string) {
	code := sayNoWindow(k.o, why)
	k.cancel()
	k.beside.Wait()
	if err := k.station.Close(); err != nil {
		k.o.Log.Error("close the station", "error", err)
	}
	os.Exit(code)
}
