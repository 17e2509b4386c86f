package screen

import "strings"

// form is a column of fields with one of them in the hand. Pages own one, give
// it the keys and draw what it draws:
//
//	p.form = newForm(textField("what", "incident.what"), ...)
//
//	func (p *incident) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
//		switch p.form.key(k, hasty) {
//		case formDone: // Enter on the last field, and every field is in order
//			return p.save(p.form.value("what")), true
//		case formLeft: // Esc
//			return nil, false
//		case formSpare: // the key means nothing to the form: the page's own keys
//		}
//		return nil, true
//	}
//
//	func (p *incident) draw(m *Model) (Page, []Hint) {
//		page := Page{Name: "incident", Title: m.words.T("incident.title")}
//		return page, p.form.draw(m.words, &page)
//	}
//
// Enter moves on to the next field that is not filled already (by a scan, the
// last person, the lane) and at the end says that the form is done. Tab and Down
// go to the next field, Shift+Tab and Up back, Esc leaves, and asks first when
// something was typed. A field that is wrong says so as it is typed and does not
// let Enter pass. A tap on a field sends its FormField.Key.
type form struct {
	fields []*field
	at     int  // the field in the hand
	typed  bool // something was typed since the form was opened
	asking bool // asks whether to throw away what was typed
}

// formEvent is what a key did to a form.
type formEvent uint8

// The events.
const (
	formStays formEvent = iota // the key was taken
	formDone                   // finished, and every field is in order
	formLeft                   // Esc
	formSpare                  // the key means nothing to the form
)

// field is one line of a form. Make it with textField, numberField, dateField,
// secretField, choiceField, flagField or pickField; then set what differs.
type field struct {
	name   string      // how the page asks for it
	label  string      // key of the catalogue
	help   string      // key of the catalogue; "" = none
	need   bool        // may not stay empty
	hidden bool        // not shown, not asked, not checked
	when   func() bool // further condition to be shown; nil = always
	given  bool        // filled by a scan, the last person or the lane, not typed
	fault  string      // what is wrong: key of the catalogue; set by the form, or by the page until the next key
	input  input
}

// off says that the field is not there.
func (x *field) off() bool { return x.hidden || x.when != nil && !x.when() }

// input is what kind of field it is.
type input interface {
	// key takes a key; next says that it also finished the field.
	key(k Key, hasty bool) (took, next bool)
	// value is what to store; "" = empty. set fills it in.
	value() string
	set(value string)
	// check is what is wrong, as a key of the catalogue; done = the field is left.
	check(done bool) string
	// draw fills the texts, and what opens below while the field is in the hand.
	draw(w Words, f *FormField, focus bool)
}

// newForm makes a form with the first field that is not given in the hand.
func newForm(fields ...*field) *form {
	f := &form{fields: fields}
	f.start()
	return f
}

// start goes to the first field that is to be typed.
func (f *form) start() {
	f.at = len(f.fields)
	f.at = f.after(-1, true)
	if f.at == len(f.fields) {
		f.at = f.before(len(f.fields))
	}
}

// field is the one called name; a name that does not exist is a mistake of ours.
func (f *form) field(name string) *field {
	for _, x := range f.fields {
		if x.name == name {
			return x
		}
	}
	panic("form has no field " + name)
}

// value is what stands in a field, as it is stored.
func (f *form) value(name string) string { return f.field(name).input.value() }

// give fills a field that nobody typed into; it is marked, and Enter skips it.
// Empty values give nothing, and what was typed stays. It says whether it did.
func (f *form) give(name, value string) bool {
	x := f.field(name)
	if value == "" || x.input.value() != "" && !x.given {
		return false
	}
	x.input.set(value)
	x.given, x.fault = x.input.value() != "", ""
	if x.given && f.at < len(f.fields) && f.fields[f.at] == x {
		if next := f.after(f.at, true); next < len(f.fields) {
			f.at = next
		}
	}
	return x.given
}

// hide takes a field out of the form, or shows it again.
func (f *form) hide(name string, hidden bool) {
	x := f.field(name)
	x.hidden = hidden
	if hidden && f.now() == x {
		f.start()
	}
}

// now is the field in the hand; nil in a form without fields.
func (f *form) now() *field {
	if f.at >= 0 && f.at < len(f.fields) {
		return f.fields[f.at]
	}
	return nil
}

// key takes a key. Hasty keys fill fields and move on; they neither finish the
// form nor leave it.
func (f *form) key(k Key, hasty bool) formEvent {
	if f.asking {
		return f.answer(k, hasty)
	}
	if name, ok := strings.CutPrefix(string(k), tapField); ok {
		return f.tapped(name)
	}
	x := f.now()
	if x == nil {
		return f.command(k, hasty)
	}
	before := x.input.value()
	took, next := x.input.key(k, hasty)
	if !took {
		return f.command(k, hasty)
	}
	if now := x.input.value(); now != before {
		f.typed, x.given = true, false
	}
	x.fault = x.input.check(false)
	if next && x.fault == "" {
		return f.enter(hasty)
	}
	return formStays
}

// command takes a key that the field has no use for.
func (f *form) command(k Key, hasty bool) formEvent {
	switch k {
	case KeyEnter:
		return f.enter(hasty)
	case KeyTab, KeyDown:
		f.at = min(f.after(f.at, false), f.before(len(f.fields)))
	case KeyBack, KeyUp:
		f.at = f.before(f.at)
	case KeyEscape:
		return f.leave(hasty)
	case KeyDelete:
		f.empty()
	default:
		if len([]rune(string(k))) == 1 || k == KeyBackspace {
			return formStays // a letter that does not belong there
		}
		return formSpare
	}
	return formStays
}

// enter leaves a field forward, when it is in order.
func (f *form) enter(hasty bool) formEvent {
	if x := f.now(); x != nil && f.wrong(x) {
		return formStays
	}
	if next := f.after(f.at, true); next < len(f.fields) {
		f.at = next
		return formStays
	}
	if hasty {
		return formStays
	}
	return f.finish()
}

// finish says that the form is done, or goes to the first field that is wrong.
// Pages use it for a key that finishes from anywhere.
func (f *form) finish() formEvent {
	for i, x := range f.fields {
		if !x.off() && f.wrong(x) {
			f.at = i
			return formStays
		}
	}
	return formDone
}

// wrong checks a field that is left.
func (f *form) wrong(x *field) bool {
	x.fault = x.input.check(true)
	if x.fault == "" && x.need && x.input.value() == "" {
		x.fault = "form.need"
	}
	return x.fault != ""
}

// leave is Esc.
func (f *form) leave(hasty bool) formEvent {
	switch {
	case hasty:
		return formStays
	case f.typed:
		f.asking = true
		return formStays
	}
	return formLeft
}

// answer takes the key after "throw away what was typed?". Any other key than
// Enter goes on typing.
func (f *form) answer(k Key, hasty bool) formEvent {
	if hasty {
		return formStays
	}
	f.asking = false
	switch k {
	case KeyEnter:
		return formLeft
	case KeyEscape:
		return formStays
	}
	return f.key(k, hasty)
}

func (f *form) empty() {
	if x := f.now(); x != nil {
		f.typed = f.typed || x.input.value() != ""
		x.input.set("")
		x.given, x.fault = false, ""
	}
}

// tapped puts the field that was tapped into the hand.
func (f *form) tapped(name string) formEvent {
	for i, x := range f.fields {
		if x.name == name && !x.off() {
			f.at = i
		}
	}
	return formStays
}

// after is the next field after i, len(fields) when there is none; open leaves
// out those that are given.
func (f *form) after(i int, open bool) int {
	for i++; i < len(f.fields); i++ {
		if x := f.fields[i]; !x.off() && !(open && x.given) {
			return i
		}
	}
	return len(f.fields)
}

// before is the field before i, or the first one.
func (f *form) before(i int) int {
	first := i
	for j := i - 1; j >= 0; j-- {
		if !f.fields[j].off() {
			return j
		}
	}
	return min(first, max(0, len(f.fields)-1))
}

// tapField begins the key that a tap on a field sends.
const tapField = "Field:"

// draw puts the fields on the page and gives the form's hints. A page may add
// to both.
func (f *form) draw(w Words, p *Page) []Hint {
	for i, x := range f.fields {
		if x.off() {
			continue
		}
		d := FormField{Label: w.T(x.label), Focus: i == f.at && !f.asking, Given: x.given, Key: Key(tapField + x.name)}
		if x.fault != "" {
			d.Error = w.T(x.fault)
		}
		if d.Focus && x.help != "" {
			d.Help = w.T(x.help)
		}
		x.input.draw(w, &d, d.Focus)
		p.Fields = append(p.Fields, d)
	}
	if f.asking {
		p.Error = w.T("form.discard")
		return []Hint{{"Enter", w.T("form.key.discard"), false}, {"Esc", w.T("form.key.stay"), true}}
	}
	next := "form.key.next"
	if f.after(f.at, true) == len(f.fields) {
		next = "form.key.done"
	}
	return []Hint{{"Enter", w.T(next), true}, {"Shift+Tab", w.T("form.key.back"), false}, {"Esc", w.T("form.key.close"), false}}
}
