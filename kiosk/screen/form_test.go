package screen

import (
	"slices"
	"strings"
	"testing"
	"time"

	"quachot/internal/text"
)

// typeAll gives a form the characters of s.
func typeAll(f *form, s string) (e formEvent) {
	for _, r := range s {
		e = f.key(Key(string(r)), false)
	}
	return e
}

func today() time.Time { return noon }

func sampleForm() *form {
	return newForm(
		textField("name", "form.yes", telex),
		dateField("birth", "form.yes", true, today),
		choiceField("way", "form.yes", "", option{"bus", "form.yes", []Key{"B"}}, option{"car", "form.no", []Key{"C"}}),
		flagField("signs", "form.yes", option{"fever", "form.yes", []Key{"S"}}, option{"cough", "form.no", []Key{"H"}}),
		yesNoField("contact", "form.yes"),
		numberField("doses", "form.yes", 1),
	)
}

func inHand(f *form) string { return f.now().name }

func TestFormFromTopToBottom(t *testing.T) {
	f := sampleForm()
	typeAll(f, "nguyeenx vawn an")
	f.key(KeyEnter, false)
	typeAll(f, "18011987")
	f.key(KeyEnter, false)
	f.key("c", false) // chooses and moves on
	f.key("H", false)
	f.key("s", false)
	f.key("h", false) // and off again
	f.key(KeyEnter, false)
	f.key("y", false)
	f.key("2", false)
	if e := f.key(KeyEnter, false); e != formDone {
		t.Fatalf("Enter at the end gives %v, in %s", e, inHand(f))
	}
	for name, want := range map[string]string{"name": "Nguyễn văn an", "birth": "1987-01-18", "way": "car", "signs": "fever", "contact": "yes", "doses": "2"} {
		if got := f.value(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestEnterSkipsWhatIsGiven(t *testing.T) {
	f := sampleForm()
	f.give("name", "LÊ A")
	if inHand(f) != "birth" {
		t.Fatalf("in the hand: %s, want birth", inHand(f))
	}
	f.give("signs", "cough")
	f.key(KeyEnter, false)
	f.key("b", false)
	if inHand(f) != "contact" {
		t.Errorf("in the hand: %s, want contact after what is given", inHand(f))
	}
	f.key(KeyUp, false)
	if inHand(f) != "signs" {
		t.Errorf("in the hand: %s; Up goes to given fields too", inHand(f))
	}
	f.key("s", false)
	if f.field("signs").given {
		t.Error("still marked as given after a key changed it")
	}
	if f.give("signs", "") || f.give("signs", "cough") || f.value("signs") != "fever,cough" {
		t.Errorf("signs %q: a scan changed what was typed", f.value("signs"))
	}
}

func TestWrongFieldsHoldEnter(t *testing.T) {
	f := sampleForm()
	f.field("name").need = true
	f.key(KeyEnter, false)
	if inHand(f) != "name" || f.now().fault != "form.need" {
		t.Errorf("in %s with %q, want the empty name", inHand(f), f.now().fault)
	}
	typeAll(f, "a")
	if f.now().fault != "" {
		t.Errorf("fault %q after a letter, want none", f.now().fault)
	}
	f.key(KeyTab, false)
	typeAll(f, "311")
	if f.key("3", false); f.now().fault != "" { // 3113 may be a year
		t.Errorf("3113: %q", f.now().fault)
	}
	if f.key("1", false); f.now().fault != "form.day.none" {
		t.Errorf("31/13/1: fault %q as it is typed, want form.day.none", f.now().fault)
	}
	f.key(KeyTab, false)
	if e := f.finish(); e != formStays || inHand(f) != "birth" {
		t.Errorf("finish gives %v in %s, want the wrong birth", e, inHand(f))
	}
}

func TestEscapeAsksOnlyWhenSomethingWasTyped(t *testing.T) {
	f := sampleForm()
	f.give("name", "A")
	if e := f.key(KeyEscape, false); e != formLeft {
		t.Errorf("Esc gives %v, want to leave", e)
	}
	typeAll(f, "1")
	if e := f.key(KeyEscape, false); e != formStays || !f.asking {
		t.Errorf("Esc gives %v, want a question", e)
	}
	if typeAll(f, "9"); f.asking || f.value("birth") != "19" {
		t.Errorf("a digit after the question: asking %v, birth %q; want to go on typing", f.asking, f.value("birth"))
	}
	f.key(KeyEscape, false)
	if e := f.key(KeyEnter, true); e != formStays {
		t.Error("a hasty Enter threw the form away")
	}
	if e := f.key(KeyEnter, false); e != formLeft {
		t.Errorf("Enter gives %v, want to leave", e)
	}
}

// Half a code that could not be kept from the keyboard must not finish a form,
// leave it, or answer yes.
func TestHastyKeysFinishNothing(t *testing.T) {
	f := newForm(yesNoField("contact", "form.yes"), flagField("signs", "form.yes", option{"fever", "form.yes", []Key{"S"}}), numberField("doses", "form.yes", 1))
	for _, k := range []Key{"y", KeyEnter, "s", KeyEnter, "3", KeyEnter, KeyEscape} {
		if e := f.key(k, true); e != formStays {
			t.Errorf("%s gives %v", k, e)
		}
	}
	if f.value("contact") != "no" || f.value("signs") != "" {
		t.Errorf("contact %q signs %q", f.value("contact"), f.value("signs"))
	}
}

func TestDays(t *testing.T) {
	for typed, want := range map[string][2]string{ // value, fault when left
		"18011987":   {"1987-01-18", ""},
		"18/1/1987":  {"1987-01-18", ""},
		"1-2-2003":   {"2003-02-01", ""},
		"1987":       {"1987", ""},
		"1801":       {"1801", "form.day.old"},
		"2022":       {"2022", "form.day.future"},
		"23112021":   {"2021-11-23", "form.day.future"},
		"22112021":   {"2021-11-22", ""},
		"29022021":   {"29/02/2021", "form.day.none"},
		"310":        {"310", "form.day.none"},
		"18/01":      {"18/01", "form.day.none"},
		"1/1/1/1":    {"1/1/1/1", "form.day.none"},
		"180118":     {"18/01/18", "form.day.none"},
		"//":         {"//", "form.day.none"},
		"00/00/2000": {"00/00/2000", "form.day.none"},
	} {
		f := newForm(dateField("day", "form.yes", true, today))
		typeAll(f, typed)
		f.key(KeyEnter, false)
		if got := f.value("day"); got != want[0] || f.now().fault != want[1] {
			t.Errorf("%s is %q with %q, want %q with %q", typed, got, f.now().fault, want[0], want[1])
		}
	}
	f := newForm(dateField("day", "form.yes", false, today))
	typeAll(f, "1987")
	if f.key(KeyEnter, false); f.now().fault != "form.day.none" {
		t.Errorf("a year where a day is needed: %q", f.now().fault)
	}
}

func fruit(text string) (all []found) {
	for i, name := range []string{"apple", "apricot", "banana", "cherry"} {
		if strings.HasPrefix(name, text) && (text != "" || i < 2) {
			all = append(all, found{value: name, text: strings.ToUpper(name)})
		}
	}
	return all
}

func fruitNamed(v string) (found, bool) { return found{value: v, text: strings.ToUpper(v)}, v != "" }

func TestPickerTakesOne(t *testing.T) {
	f := newForm(pickField("fruit", "form.yes", false, fruit, fruitNamed), numberField("n", "form.yes", 1))
	f.key(KeyEnter, false) // nothing is a fruit too
	if inHand(f) != "n" || f.value("fruit") != "" {
		t.Fatalf("in %s with %q", inHand(f), f.value("fruit"))
	}
	f.key(KeyBack, false)
	f.key("2", false)
	if inHand(f) != "n" || f.value("fruit") != "apricot" {
		t.Errorf("in %s with %q, want the second offer", inHand(f), f.value("fruit"))
	}
	f.key(KeyUp, false)
	typeAll(f, "b")
	if got := f.value("fruit"); got != "" {
		t.Errorf("typing anew leaves %q", got)
	}
	f.key(KeyBackspace, false)
	typeAll(f, "ap")
	f.key(KeyDown, false)
	f.key(KeyEnter, false)
	if inHand(f) != "n" || f.value("fruit") != "apricot" {
		t.Errorf("in %s with %q, want the marked find", inHand(f), f.value("fruit"))
	}
	f.key(KeyUp, false)
	typeAll(f, "xx")
	if f.key(KeyEnter, false); inHand(f) != "fruit" || f.now().fault != "form.pick.none" {
		t.Errorf("in %s with %q, want to be told that nothing is found", inHand(f), f.now().fault)
	}
	f.key(KeyDelete, false)
	if f.key(KeyEnter, false); inHand(f) != "n" {
		t.Error("Delete did not clear what was searched for")
	}
}

func TestPickerTakesSeveral(t *testing.T) {
	f := newForm(pickField("fruit", "form.yes", true, fruit, fruitNamed), numberField("n", "form.yes", 1))
	f.key("1", false)
	typeAll(f, "ch")
	f.key(KeyEnter, false)
	if got := f.value("fruit"); got != "apple,cherry" || inHand(f) != "fruit" {
		t.Errorf("%q in %s", got, inHand(f))
	}
	var p Page
	f.draw(text.Load("vi"), &p)
	if got := p.Fields[0].Options; len(got) != 1 || got[0].Text != "APRICOT" || got[0].Key != "1" {
		t.Errorf("offers %+v, want the one not taken yet", got)
	}
	f.key(KeyBackspace, false)
	if f.key(KeyEnter, false); f.value("fruit") != "apple" || inHand(f) != "n" {
		t.Errorf("%q in %s, want the last one taken back", f.value("fruit"), inHand(f))
	}
	f.key("Field:fruit", false)
	if inHand(f) != "fruit" {
		t.Error("a tap did not take the field into the hand")
	}
	if !slices.Equal([]string{"apple"}, strings.Split(f.value("fruit"), ",")) {
		t.Error(f.value("fruit"))
	}
}

func TestSecretIsDots(t *testing.T) {
	f := newForm(secretField("pin", "form.yes"))
	typeAll(f, "12a34")
	var p Page
	f.draw(text.Load("en"), &p)
	if d := p.Fields[0]; d.Text != "••••" || !d.Secret || f.value("pin") != "1234" {
		t.Errorf("drawn %+v, value %q", d, f.value("pin"))
	}
}

// Whatever is pressed, tapped or half scanned, pages draw themselves, and a value
// that a field gives can be given to it again.
func FuzzPages(f *testing.F) {
	for _, s := range []string{"nguyeenx\n18011987\n0912345678\nphu bai\n\n1\n6sh\ny21", "\t\t\b\x1b\n", "a21-1\n2011\n0640\n", "\xff\u0301w\n", "\x0e\x0f1\n"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	named := map[rune]Key{'\n': KeyEnter, '\t': KeyTab, '\b': KeyBackspace, 0x1b: KeyEscape, 0x0e: KeyUp, 0x0f: KeyDown, 0x10: KeyDelete, 0x11: KeyBack, 0x12: "Find:1", 0x13: KeyLeft}
	f.Fuzz(func(t *testing.T, keys string, paper bool) {
		b, h := newBench(t), &clerk{}
		opens := KeyDeclare
		if paper {
			opens = KeyPaper
		}
		b.work(h, opens)
		for i, r := range keys {
			k, ok := named[r]
			if !ok {
				k = Key(string(r))
			}
			b.carryOut(h, b.do(b.Key(k, i%5 == 4, b.at)))
			b.State()
		}
		p, ok := b.top().(*declare)
		if !ok {
			return
		}
		for _, x := range p.form.fields {
			v := x.input.value()
			if x.input.check(true) != "" {
				continue
			}
			if x.input.set(v); x.input.value() != v {
				t.Fatalf("%s: %q becomes %q", x.name, v, x.input.value())
			}
		}
	})
}
