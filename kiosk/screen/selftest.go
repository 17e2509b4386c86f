package screen

import (
	"context"
	"strconv"
	"time"

	"quachot/hardware/scanner/selftest"
)

// scannerTest is the page that tells from one scan of the test card what is wrong
// with a scanner. It takes the card's code and nothing else: a citizen who is
// scanned meanwhile goes to the lane as always.
type scannerTest struct {
	devices []string // serial scanners that are plugged in
	found   []selftest.Finding
	printed Line // what became of the printing
	failed  string
}

// A Porter is a Doing that knows which serial scanners are plugged in.
type Porter interface {
	SerialScanners() []string
}

func newScannerTest(*Model) page { return &scannerTest{} }

// opened asks which serial scanners there are; it takes a moment.
func (p *scannerTest) opened(*Model) []Effect {
	return []Effect{{Work: func(_ context.Context, do Doing) func(*Model, time.Time) []Effect {
		porter, ok := do.(Porter)
		if !ok {
			return nil
		}
		devices := porter.SerialScanners()
		return func(*Model, time.Time) []Effect {
			p.devices = devices
			return nil
		}
	}}}
}

func (p *scannerTest) key(_ *Model, k Key, hasty bool) ([]Effect, bool) {
	switch {
	case hasty:
		return nil, true
	case k == KeyEscape || k == KeyEnter:
		return nil, false
	case k.Upper() == "P":
		return []Effect{p.printCard("test-card")}, true
	}
	return nil, true
}

// printCard prints a paper and says here where it comes out.
func (p *scannerTest) printCard(name string) Effect {
	return Effect{Work: func(ctx context.Context, do Doing) func(*Model, time.Time) []Effect {
		where, err := do.Print(ctx, Paper{Name: name})
		return func(m *Model, _ time.Time) []Effect {
			p.failed, p.printed = "", Line{}
			if err != nil {
				p.failed = m.words.T("print.page.failed", "why", err.Error())
				return nil
			}
			p.printed = Line{Text: m.words.T("print.page.sent", "where", where)}
			return nil
		}
	}}
}

func (p *scannerTest) scan(m *Model, s Scan) (effects []Effect, taken, open bool) {
	if s.Typed || len(s.Texts) == 0 {
		return nil, false, true
	}
	in := selftest.Input{Text: s.Texts[0], Devices: p.devices}
	if s.Keys != nil {
		in.Text, in.Chars, in.Keys = "", s.Keys.Chars, s.Keys.Keys
		in.CapsLock, in.InputMethod, in.Silent = s.Keys.CapsLock, s.Keys.InputMethod, s.Keys.Silent
	}
	p.found = selftest.Diagnose(in)
	taken = p.found[0].Code != selftest.NotTheCard
	if taken {
		m.imed = time.Time{} // the page knows better than the bar
	}
	return nil, taken, true
}

func (p *scannerTest) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{Name: "selftest", Title: t("selftest.title"), Lead: t("selftest.lead"), Error: p.failed}
	page.Aside = Line{t("selftest.wait"), Quiet}
	if len(p.found) > 0 {
		page.Aside = Line{t("selftest.result." + levels[p.found[0].Level].end), levels[p.found[0].Level].level}
		page.Text = p.told(m)
	}
	if p.printed.Text != "" {
		page.Aside = p.printed
	}
	return page, []Hint{{"P", t("selftest.key.print"), false}, {"Esc", t("lane.key.close"), true}}
}

// levels are the words and the weight of the worst finding.
var levels = map[selftest.Level]struct {
	end   string
	level Level
}{
	selftest.Good: {"good", Good}, selftest.Note: {"note", Warn}, selftest.Bad: {"bad", Bad},
}

// told puts the findings into words, what to do behind each.
func (p *scannerTest) told(m *Model) (all []string) {
	for i, f := range p.found {
		args := []string{"n", strconv.Itoa(f.N), "at", strconv.Itoa(f.At), "near", f.Near, "arg", m.testArg(f)}
		text := strconv.Itoa(i+1) + ". " + m.words.T("selftest."+f.Code, args...)
		if f.Level != selftest.Good {
			text += " " + m.words.T("selftest.do."+f.Code, args...)
		}
		all = append(all, text)
	}
	return all
}

// testArg names a layout or an input method.
func (m *Model) testArg(f selftest.Finding) string {
	for _, kind := range []string{"selftest.layout.", "selftest.method."} {
		if m.words.Has(kind + f.Arg) {
			return m.words.T(kind + f.Arg)
		}
	}
	return f.Arg
}
