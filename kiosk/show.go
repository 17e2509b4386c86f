//go:build !nowindow

package main

import (
	"log/slog"
	"reflect"

	"quachot/kiosk/screen"
)

// show draws s and, with -v, says on standard error what is on the screen, for
// scripts that press keys (build/e2e): one line "msg=state" whenever one of its
// values changes. Nothing personal stands in it. The values:
//
//	page     name of the page on top; "" = the lane
//	focus    number of the field with the focus, from 0; -1 = none
//	filled   fields that hold something
//	marked   key of the choice that Enter takes; "" = none
//	error    the page says that something went wrong
//	verdict  on show; "" = waiting
//	ask      a decision is asked for
//	decided  the verdict on show has one
//	queue    others wait
//	rows     results below
//	aboard   people in the open vehicle; -1 = none is open
//	question the bar asks something; alarm: it tells a fault
//	out      the lane looks out of the area
//	officer  somebody is on duty
//	tally    what went through, as shown
func (k *kiosk) show(s screen.State) {
	if now := told(s); !reflect.DeepEqual(now, k.told) {
		k.told = now
		k.o.Log.Debug("state", now...)
	}
	k.board.Draw(s)
}

func told(s screen.State) []any {
	at := []any{
		"queue", s.Queue != "", "rows", len(s.Rows), "question", s.Notice != "" && !s.Alarm, "alarm", s.Notice != "" && s.Alarm,
		"out", s.Header.Out, "officer", s.Header.Officer.Text != "" && s.Header.Officer.Level == screen.Good,
		"training", s.Ribbon != "", "tally", s.Tally,
	}
	aboard := -1
	if s.Vehicle != nil {
		aboard = len(s.Vehicle.Aboard)
	}
	at = append(at, "aboard", aboard)
	if p := s.Panel; p != nil {
		at = append(at, "verdict", p.Verdict.String(), "ask", p.Question != "", "decided", p.Decided != "")
	}
	if s.Page != nil {
		at = append(at, toldPage(s.Page)...)
	}
	if s.Field != nil {
		at = append(at, slog.String("page", "number"), "filled", len(s.Field.Text))
	}
	return at
}

func toldPage(p *screen.Page) []any {
	focus, filled, marked := -1, 0, ""
	for i, f := range p.Fields {
		if f.Focus {
			focus = i
			for _, c := range f.Options {
				if c.Marked {
					marked = string(c.Key)
				}
			}
		}
		if f.Text != "" {
			filled++
		}
	}
	for _, c := range p.Choices {
		if c.Marked {
			marked = string(c.Key)
		}
	}
	return []any{"page", p.Name, "focus", focus, "filled", filled, "marked", marked, "error", p.Error != ""}
}
