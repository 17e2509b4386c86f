package screen

import (
	"slices"
	"strings"
	"testing"

	"quachot/assets/scanners"
	"quachot/hardware/scanner/wedge"
	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/kiosk/training"
)

func (b *bench) openPage(p page) { b.do(b.begin(p)) }

// typedCard is a scan of the test card by a scanner that types.
func typedCard(chars, keys string) Scan {
	return Scan{Texts: []string{chars}, Keys: &wedge.Scan{Chars: chars, Keys: keys}}
}

func (b *bench) pageText() string { return strings.Join(b.State().Page.Text, "\n") }

func TestScannerTestTakesTheCard(t *testing.T) {
	b := newBench(t)
	b.openPage(newScannerTest(b.Model))
	b.do(b.Scan(typedCard(scanners.TestText, scanners.TestText), b.at))
	p := b.State().Page
	if p.Aside.Level != Good || !strings.Contains(b.pageText(), b.words.T("selftest.whole")) {
		t.Errorf("a good scanner: %+v", p)
	}
	if len(b.judging) != 0 {
		t.Error("the test card went to the lane")
	}
	swapped := strings.Replace(scanners.TestText, "qwerty", "qwrty", 1)
	b.do(b.Scan(typedCard(swapped, swapped), b.at))
	if p = b.State().Page; p.Aside.Level != Bad || !strings.Contains(b.pageText(), "qw") {
		t.Errorf("a lost character: %+v", p)
	}
	french := typedCard(swapped, scanners.TestText)
	french.InputMethod = true
	b.do(b.Scan(french, b.at))
	if b.State().Alarm {
		t.Errorf("the bar guesses beside the page: %q", b.State().Notice)
	}
	b.do(b.Scan(Scan{Texts: []string{scanners.TestText}, Device: "/dev/ttyACM0"}, b.at))
	if !strings.Contains(b.pageText(), b.words.T("selftest.serial")) {
		t.Errorf("a serial scanner: %s", b.pageText())
	}
}

// A citizen who is scanned while a scanner is tested is scanned in earnest.
func TestScannerTestLeavesCitizensToTheLane(t *testing.T) {
	b := newBench(t)
	b.openPage(newScannerTest(b.Model))
	b.do(b.Scan(typedCard("046187001234||A|18011987|Nu|B|25042021", "x"), b.at))
	if len(b.judging) != 1 {
		t.Error("a citizen's code was kept from the lane")
	}
	if b.press(KeyEscape); b.State().Page != nil {
		t.Error("Esc does not close the page")
	}
}

// Every finding has its words in both languages.
func TestScannerTestHasWords(t *testing.T) {
	for _, lang := range text.Languages() {
		words := text.Load(lang)
		for _, code := range []string{"whole", "serial"} {
			if !words.Has("selftest." + code) {
				t.Errorf("%s: no words for %s", lang, code)
			}
		}
		for _, code := range []string{
			"not-card", "scanner-layout", "system-layout", "both-layout", "input-method", "caps-lock", "no-suffix",
			"lost", "doubled", "changed", "serial-there",
		} {
			if !words.Has("selftest."+code) || !words.Has("selftest.do."+code) {
				t.Errorf("%s: no words for %s, or for what to do", lang, code)
			}
		}
	}
}

// In training a key shows a citizen to the lane; elsewhere there is no such page.
func TestTrainees(t *testing.T) {
	b := newBench(t)
	if p := newTrainees(b.Model); p != nil {
		t.Error("citizens of training at a real lane")
	}
	b.Train()
	b.openPage(newTrainees(b.Model))
	all, err := training.Samples()
	if err != nil {
		t.Fatal(err)
	}
	if got := b.State().Page.Choices; len(got) != len(all) {
		t.Fatalf("%d choices for %d citizens", len(got), len(all))
	}
	effects := b.press("2")
	if len(effects) != 1 || effects[0].Judge == nil || effects[0].Judge.Texts[0] != all[1].Code {
		t.Errorf("key 2 asks for %+v", effects)
	}
	if b.State().Page != nil {
		t.Error("the page stays over the verdict")
	}
	for _, lang := range text.Languages() {
		for _, s := range all {
			if !text.Load(lang).Has("training.sample." + s.Name) {
				t.Errorf("%s: no words for the lesson %s", lang, s.Name)
			}
		}
	}
}

// Where the office has named officers, nobody but a supervisor ends the program or
// leaves the full screen.
func TestLeavingNeedsASupervisor(t *testing.T) {
	for _, k := range []Key{KeyClose, KeyScreen} {
		b := newBench(t)
		b.status.Duty.Officers = 2
		b.on.officer = Officer{ID: "C001", Role: "steward"}
		effects := b.press(k)
		if slices.ContainsFunc(effects, func(e Effect) bool { return e.Quit || e.Screen }) || b.closing {
			t.Errorf("%s: a steward is let out: %+v", k, effects)
		}
		if p := b.State().Page; p == nil || p.Name != "override" {
			t.Errorf("%s: nobody asks for a supervisor: %+v", k, p)
		}
		b.press(k)
		if len(b.pages) != 1 {
			t.Errorf("%s: asked twice", k)
		}
		b = newBench(t)
		b.status.Duty.Officers = 2
		b.on.officer = Officer{ID: "C009", Role: "supervisor"}
		effects = b.press(k)
		if k == KeyClose {
			effects = b.press(KeyEnter)
		}
		if len(effects) != 1 || !effects[0].Quit && !effects[0].Screen {
			t.Errorf("%s: a supervisor is not let out: %+v", k, effects)
		}
	}
	b := newBench(t) // no officers: as on the first day
	b.scan(of(record.Pass, "A"))
	b.press(KeyClose)
	if e := b.press(KeyEnter); len(e) != 1 || !e[0].Quit {
		t.Errorf("without officers: %+v", e)
	}
}

// A locked station asks for a supervisor also when one is on duty: nobody knows
// who is at the keys.
func TestLeavingALockedStation(t *testing.T) {
	for _, lockedAt := range []string{"before", "after the question"} {
		b := newBench(t)
		b.status.Duty.Officers = 2
		b.on.officer = Officer{ID: "C009", Role: "supervisor"}
		b.on.locked = lockedAt == "before"
		effects := b.press(KeyClose)
		b.on.locked = true
		effects = append(effects, b.press(KeyEnter)...)
		if p := b.State().Page; len(effects) != 0 || p == nil || p.Name != "override" {
			t.Errorf("locked %s: %+v, page %+v", lockedAt, effects, p)
		}
	}
}
