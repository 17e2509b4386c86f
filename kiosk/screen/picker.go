package screen

import (
	"slices"
	"strconv"
	"strings"
)

// found is one thing a picker can take.
type found struct {
	value  string
	text   string
	detail string
}

// picking is a field whose values are searched for as they are typed.
type picking struct {
	find  func(text string) []found        // the best first; "" = what to offer before anything is typed
	named func(value string) (found, bool) // what a stored value is called; false = nothing
	many  bool                             // takes several
	taken []found
	text  []rune // what is being searched for
	seen  []found
	mark  int
}

// pickMost is how many finds are shown: what fits below a field.
const pickMost = 5

// pickField searches with find as letters are typed; Enter takes the marked
// find, Up and Down mark another. Before anything is typed a digit takes what
// find offers for "". Its value is the values taken, with commas.
func pickField(name, label string, many bool, find func(string) []found, named func(string) (found, bool)) *field {
	p := &picking{find: find, named: named, many: many}
	p.search()
	return &field{name: name, label: label, input: p}
}

// search looks again.
func (p *picking) search() {
	p.seen, p.mark = nil, 0
	for _, f := range p.find(string(p.text)) {
		if !p.has(f.value) && len(p.seen) < pickMost {
			p.seen = append(p.seen, f)
		}
	}
	if len(p.text) == 0 {
		p.mark = -1
	}
}

func (p *picking) has(value string) bool {
	return slices.ContainsFunc(p.taken, func(f found) bool { return f.value == value })
}

// open says that what is seen can be taken: one has room.
func (p *picking) open() bool { return p.many || len(p.taken) == 0 }

func (p *picking) key(k Key, hasty bool) (took, next bool) {
	r := []rune(string(k))
	if n, ok := p.shortcut(k); ok {
		if !hasty {
			p.take(n)
		}
		return true, !hasty && !p.many
	}
	switch {
	case k == KeyBackspace:
		return p.back(), false
	case k == KeyDown && p.open() && p.mark+1 < len(p.seen):
		p.mark++
	case k == KeyUp && p.open() && p.mark > min(0, len(p.text)-1):
		p.mark--
	case k == KeyEnter && p.open() && p.mark >= 0 && p.mark < len(p.seen):
		p.take(p.mark)
		return true, !p.many
	case len(r) == 1 && (fits(r[0]) || r[0] > 127):
		p.letter(r[0])
	default:
		return false, false
	}
	return true, false
}

// shortcut is the find that a digit takes, before anything is typed, or a tap.
func (p *picking) shortcut(k Key) (int, bool) {
	name, tap := strings.CutPrefix(string(k), tapFound)
	n, err := strconv.Atoi(name)
	if err != nil || len(name) != 1 || n < 1 || n > len(p.seen) || !p.open() {
		return 0, false
	}
	return n - 1, tap || len(p.text) == 0
}

// tapFound begins the key that a tap on a find sends.
const tapFound = "Find:"

func (p *picking) take(i int) {
	p.taken = append(p.taken, p.seen[i])
	p.text = nil
	p.search()
}

// letter begins or narrows the search; in a field for one it begins anew.
func (p *picking) letter(r rune) {
	if !p.open() {
		p.taken = nil
	}
	if len(p.text) < 60 {
		p.text = append(p.text, []rune(strings.ToLower(string(r)))...)
	}
	p.search()
}

func (p *picking) back() bool {
	switch {
	case len(p.text) > 0:
		p.text = p.text[:len(p.text)-1]
	case len(p.taken) > 0:
		p.taken = p.taken[:len(p.taken)-1]
	default:
		return false
	}
	p.search()
	return true
}

func (p *picking) value() string {
	var values []string
	for _, f := range p.taken {
		values = append(values, f.value)
	}
	return strings.Join(values, ",")
}

func (p *picking) set(value string) {
	p.taken, p.text = nil, nil
	for v := range strings.SplitSeq(value, ",") {
		if f, ok := p.named(v); ok {
			p.taken = append(p.taken, f)
		}
	}
	p.search()
}

// check refuses what was typed and never taken.
func (p *picking) check(done bool) string {
	if len(p.text) > 0 && (done || len(p.seen) == 0) {
		return "form.pick.none"
	}
	return ""
}

func (p *picking) draw(_ Words, f *FormField, focus bool) {
	var taken []string
	for _, t := range p.taken {
		if t.detail != "" && !p.many {
			taken = append(taken, t.text+", "+t.detail)
			continue
		}
		taken = append(taken, t.text)
	}
	f.Text = strings.Join(taken, "; ")
	if len(p.text) > 0 {
		if f.Text != "" {
			f.Text += "; "
		}
		f.Text += string(p.text)
	}
	if !focus || !p.open() {
		return
	}
	for i, s := range p.seen {
		key := Key(tapFound + strconv.Itoa(i+1))
		if len(p.text) == 0 {
			key = Key(strconv.Itoa(i + 1))
		}
		f.Options = append(f.Options, Choice{Key: key, Text: s.text, Detail: s.detail, Marked: i == p.mark})
	}
}
