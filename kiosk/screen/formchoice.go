package screen

import (
	"slices"
	"strings"
)

// option is one of a few things to choose, or one switch.
type option struct {
	value string
	label string // key of the catalogue
	keys  []Key  // any of them chooses it; the first is shown, where words are Vietnamese the last
}

// key is the one that is shown.
func (o option) key(w Words) Key {
	if w.Lang() == "vi" {
		return o.keys[len(o.keys)-1]
	}
	return o.keys[0]
}

// choosing is a field with one answer of a few.
type choosing struct {
	options []option
	chosen  int // -1 = none
}

// choiceField takes one of a few answers: its key chooses and moves on, Left and
// Right look for it. first is the value to begin with; "" = none.
func choiceField(name, label, first string, options ...option) *field {
	c := &choosing{options: options, chosen: -1}
	c.set(first)
	return &field{name: name, label: label, input: c}
}

// yesNoField asks a question whose answer is no until somebody says yes. Its
// value is "yes" or "no".
func yesNoField(name, label string) *field {
	return choiceField(name, label, "no",
		option{value: "yes", label: "form.yes", keys: []Key{"Y", "C"}},
		option{value: "no", label: "form.no", keys: []Key{"N", "K"}})
}

func (c *choosing) key(k Key, hasty bool) (took, next bool) {
	n := len(c.options)
	switch {
	case n == 0:
		return false, false
	case k == KeyRight:
		c.chosen = (c.chosen + 1) % n
		return true, false
	case k == KeyLeft:
		c.chosen = (max(c.chosen, 0) + n - 1) % n
		return true, false
	}
	i := slices.IndexFunc(c.options, func(o option) bool { return slices.Contains(o.keys, k.Upper()) })
	if i < 0 {
		return false, false
	}
	if hasty { // half a code chooses nothing
		return true, false
	}
	c.chosen = i
	return true, true
}

func (c *choosing) value() string {
	if c.chosen < 0 {
		return ""
	}
	return c.options[c.chosen].value
}

func (c *choosing) set(value string) {
	c.chosen = slices.IndexFunc(c.options, func(o option) bool { return o.value == value })
}

func (c *choosing) check(bool) string { return "" }

func (c *choosing) draw(w Words, f *FormField, focus bool) {
	if c.chosen >= 0 {
		f.Text = w.T(c.options[c.chosen].label)
	}
	if !focus {
		return
	}
	if len(c.options) > chipsFrom {
		c.chips(w, f)
		return
	}
	for i, o := range c.options {
		f.Options = append(f.Options, Choice{Key: o.key(w), Text: w.T(o.label), Marked: i == c.chosen})
	}
}

// chipsFrom is how many answers a list below a field shows at once; more are laid
// out side by side, so that every key is seen.
const chipsFrom = 5

func (c *choosing) chips(w Words, f *FormField) {
	f.Text = "" // the keys say it
	for i, o := range c.options {
		f.Flags = append(f.Flags, Flag{Key: o.key(w), Text: w.T(o.label), On: i == c.chosen})
	}
}

// switching is a field of switches.
type switching struct {
	options []option
	on      []bool
}

// flagField takes any of a few switches, each with its key; none is an answer
// too. Its value is theirs, with commas, in their order.
func flagField(name, label string, options ...option) *field {
	return &field{name: name, label: label, input: &switching{options: options, on: make([]bool, len(options))}}
}

func (s *switching) key(k Key, hasty bool) (took, next bool) {
	for i, o := range s.options {
		if slices.Contains(o.keys, k.Upper()) {
			s.on[i] = s.on[i] != !hasty
			return true, false
		}
	}
	return false, false
}

func (s *switching) value() string {
	var on []string
	for i, o := range s.options {
		if s.on[i] {
			on = append(on, o.value)
		}
	}
	return strings.Join(on, ",")
}

func (s *switching) set(value string) {
	for i, o := range s.options {
		s.on[i] = slices.Contains(strings.Split(value, ","), o.value)
	}
}

func (s *switching) check(bool) string { return "" }

func (s *switching) draw(w Words, f *FormField, focus bool) {
	var on []string
	for i, o := range s.options {
		if s.on[i] {
			on = append(on, w.T(o.label))
		}
		if focus {
			f.Flags = append(f.Flags, Flag{Key: o.key(w), Text: w.T(o.label), On: s.on[i]})
		}
	}
	switch {
	case focus: // the keys say it
	case len(on) == 0:
		f.Text = w.T("form.none")
	default:
		f.Text = strings.Join(on, ", ")
	}
}
