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
//	chars    characters in that field
//	filled   fields that hold something
//	marked   key of the choice that Enter takes; "" = none
//	error    the page says that something went wrong
//	choices  what can be chosen, flags and options among them
//	table    rows of the page's table
//	turn     sounds so far: each verdict that had its turn is one
//	verdict  on show; "" = waiting
//	ask      a decision is asked for
//	decided  the verdict on show has one
//	queue    others wait
//	rows     results below
//	aboard   people in the open vehicle; -1 = none is open
//	question the bar asks something; alarm: it tells a fault
//	out      the lane looks out of the area
//	officer  somebody is on duty
//	training nothing counts
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
		"training", s.Ribbon != "", "turn", s.Flash.Turn,
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
		at = append(at, slog.String("page", "number"), "chars", len(s.Field.Text))
	}
	return at
}

func toldPage(p *screen.Page) []any {
	focus, filled, chars, choices, table, marked := -1, 0, 0, len(p.Choices), 0, ""
	for i, f := range p.Fields {
		if f.Focus {
			focus, chars = i, len([]rune(f.Text))
			choices += len(f.Options) + len(f.Flags)
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
	if p.Table != nil {
		table = len(p.Table.Rows)
	}
	return []any{
		"page", p.Name, "focus", focus, "chars", chars, "filled", filled,
		"choices", choices, "marked", marked, "table", table, "error", p.Error != "",
	}
}
