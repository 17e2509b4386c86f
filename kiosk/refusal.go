//go:build !nowindow

package main

import (
	"context"
	"errors"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/kiosk/command"
	"quachot/kiosk/journal"
	"quachot/kiosk/screen"
	"quachot/kiosk/station"
	"quachot/kiosk/view"
)

// refusedFor is how long a refusal stays: long enough to read, and a program
// that starts the kiosk again and again still gets its answer.
const refusedFor = time.Minute

// refuse shows why there is no lane, to somebody who opened the program from a
// desktop and sees no terminal. It returns when a key closed it, after
// refusedFor, or when ctx ends.
func refuse(ctx context.Context, o command.WindowOptions, why error) {
	s, ok := refusal(text.Load(o.Lang), why)
	if !ok {
		return
	}
	a := app.NewWithID("vn.quachot.kiosk")
	a.Settings().SetTheme(view.Theme{})
	board := view.NewBoard()
	w := a.NewWindow(text.Load(o.Lang).T("app.name"))
	w.SetPadded(false)
	w.SetContent(board)
	w.Resize(fyne.NewSize(1024, 576))
	w.CenterOnScreen()
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { a.Quit() })
	a.Lifecycle().SetOnStarted(func() { board.Draw(s) })
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-ended:
			return
		case <-ctx.Done():
		case <-time.After(refusedFor):
		}
		fyne.Do(a.Quit)
		select {
		case <-ended:
		case <-time.After(windowWithin): // without OpenGL the toolkit never ends
			os.Exit(exitNoWindow)
		}
	}()
	w.ShowAndRun()
}

// refusal puts why on a screen; false when it is nothing for the person in front.
func refusal(words screen.Words, why error) (screen.State, bool) {
	key := ""
	switch {
	case errors.Is(why, station.ErrNotEnrolled):
		key = "lane.refused.enrol"
	case errors.Is(why, journal.ErrRunning):
		key = "lane.refused.running"
	case errors.Is(why, journal.ErrNewer):
		key = "lane.refused.newer"
	default:
		return screen.State{}, false
	}
	return screen.State{
		Panel: &screen.Panel{Verdict: record.Unreadable, Word: words.T(key), Reasons: []string{words.T(key + "-why"), words.T(key + "-do")}},
		Hints: []screen.Hint{{Key: "Esc", Text: words.T("lane.key.cancel"), Lead: true}},
	}, true
}
