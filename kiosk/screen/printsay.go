package screen

import (
	"errors"
	"time"

	"quachot/hardware/printer"
	"quachot/internal/text"
)

// printFaults are the errors of printing with the end of their texts' keys, the
// surest first.
var printFaults = []struct {
	err error
	key string
}{
	{printer.ErrUncertain, "uncertain"},
	{printer.ErrCancelled, "cancelled"},
	{printer.ErrNoCards, "paper"},
	{printer.ErrJam, "jam"},
	{printer.ErrAttention, "attention"},
	{printer.ErrLost, "lost"},
	{printer.ErrUnknown, "unknown"},
	{printer.ErrRefused, "refused"},
}

// kindOf is the error of package printer that err wraps; nil when none.
func kindOf(err error) error {
	for _, f := range printFaults {
		if errors.Is(err, f.err) {
			return f.err
		}
	}
	return nil
}

func faultKey(err error) string {
	for _, f := range printFaults {
		if errors.Is(err, f.err) {
			return f.key
		}
	}
	return "other"
}

// printFault says in words why nothing comes out of a printer, for the middle of
// a sentence.
func printFault(words *text.Catalogue, name string, err error) string {
	if key := faultKey(err); key != "other" {
		return words.T("print.fault."+key, "printer", name)
	}
	return words.T("print.fault.other", "why", err.Error())
}

// Printed tells the officer what became of a paper after the answer. Any
// goroutine may call it.
func (d *Desk) Printed(n PrintNews) {
	d.in.put(func(m *Model, now time.Time) []Effect {
		m.now = now
		m.printed(n)
		return nil
	})
}

// printed puts the news over the lane. What is safe and what to do is in each of
// its texts.
func (m *Model) printed(n PrintNews) {
	what := m.words.T("print.paper." + paperKey(m.words, n.Paper))
	switch key := faultKey(n.Err); {
	case n.Err == nil:
		m.say("print.news.done", false, "what", what, "printer", n.Printer)
	case n.Waiting:
		m.say("print.news.waiting."+key, true, "what", what, "printer", n.Printer)
	case key == "cancelled" || key == "uncertain":
		m.say("print.news."+key, true, "what", what, "printer", n.Printer)
	default:
		m.say("print.news.failed", true, "what", what, "why", m.words.T("print.fault."+key, "printer", n.Printer, "why", n.Err.Error()))
	}
}

// paperKey is the name of a paper, or "other" when it has no text.
func paperKey(words Words, name string) string {
	if words.Has("print.paper." + name) {
		return name
	}
	return "other"
}
