package screen

import (
	"strings"
	"time"
	"unicode"
)

// typing is a field of letters or digits.
type typing struct {
	done   []rune                              // finished
	word   composer                            // the word under way, where letters are composed
	method typingMethod                        // how letters are composed; plain = they are not
	fits   func(r rune) bool                   // which characters may stand there
	shape  func(string) string                 // how it looks, and is stored before clean; nil = as typed
	parse  func(string) string                 // what is stored, of what it looks like; "" or nil = as it looks, blanks around cut off
	show   func(string) string                 // what it looks like, of what is stored; nil = the same
	faulty func(text string, done bool) string // key of what is wrong with a text that is not empty; nil = nothing can be
	most   int                                 // characters
	secret bool
	auto   bool // moves on when it is full
}

// textField takes any words. Letters are composed to Vietnamese ones by method.
func textField(name, label string, method typingMethod) *field {
	return &field{name: name, label: label, input: &typing{method: method, fits: unicode.IsPrint, most: 120, shape: capital}}
}

// numberField takes digits, at most so many.
func numberField(name, label string, most int) *field {
	return &field{name: name, label: label, input: &typing{fits: digit, most: most}}
}

// codeField takes letters and digits as they stand on a document or a plate:
// capitals, no composing. check may be nil.
func codeField(name, label string, most int, check func(text string, done bool) string) *field {
	return &field{name: name, label: label, input: &typing{
		fits: func(r rune) bool { return fits(r) || r == 'Đ' || r == 'đ' || r == '/' }, most: most,
		shape: strings.ToUpper, faulty: check,
	}}
}

// secretField takes the digits of a PIN; dots are shown.
func secretField(name, label string) *field {
	return &field{name: name, label: label, need: true, input: &typing{fits: digit, most: 12, secret: true}}
}

// dateField takes a day, or where years are allowed a year alone, not after
// today. Its value is YYYY-MM-DD, or YYYY.
func dateField(name, label string, years bool, today func() time.Time) *field {
	return &field{name: name, label: label, help: "form.help.day", input: &typing{
		fits: func(r rune) bool { return digit(r) || strings.ContainsRune("/-. ", r) }, most: 10,
		shape: dayShape, parse: readDay, show: showDay,
		faulty: func(s string, done bool) string { return dayFault(s, years, done, today()) },
	}}
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

// capital writes the first letter large.
func capital(s string) string { return sentence(s) }

func (t *typing) key(k Key, _ bool) (took, next bool) {
	switch r := []rune(string(k)); {
	case k == KeyBackspace:
		return t.back(), false
	case len(r) != 1:
		return false, false
	case !t.fits(r[0]) || len([]rune(t.raw())) >= t.most:
		return true, false
	default:
		t.letter(r[0])
		return true, t.auto && len([]rune(t.raw())) == t.most
	}
}

// letter takes one character.
func (t *typing) letter(r rune) {
	if t.word.takes(r, t.method) {
		t.word.key(r, t.method)
		return
	}
	t.done = append(t.done, []rune(t.word.String())...)
	t.done = append(t.done, r)
	t.word = composer{}
}

func (t *typing) back() bool {
	if t.word.back() {
		return true
	}
	if len(t.done) == 0 {
		return false
	}
	t.done = t.done[:len(t.done)-1]
	return true
}

// raw is what was typed, composed, before it is shaped.
func (t *typing) raw() string { return string(t.done) + t.word.String() }

// text is how it looks.
func (t *typing) text() string {
	if t.shape != nil {
		return t.shape(t.raw())
	}
	return t.raw()
}

func (t *typing) value() string {
	s := strings.TrimSpace(t.text())
	if t.parse != nil {
		if v := t.parse(s); v != "" {
			return v
		}
	}
	return s
}

// set takes a value as it is stored.
func (t *typing) set(value string) {
	if t.show != nil {
		value = t.show(value)
	}
	t.done, t.word = []rune(value), composer{}
}

func (t *typing) check(done bool) string {
	if s := strings.TrimSpace(t.text()); s != "" && t.faulty != nil {
		return t.faulty(s, done)
	}
	return ""
}

func (t *typing) draw(_ Words, f *FormField, _ bool) {
	f.Text = t.text()
	if f.Secret = t.secret; t.secret {
		f.Text = strings.Repeat("•", len([]rune(t.raw())))
	}
}
