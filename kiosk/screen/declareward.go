package screen

import (
	"slices"
	"strings"

	"quachot/internal/vietnam/units"
)

// usedWards are the places declared at this lane, the last one first, by the
// field they stood in.
type usedWards map[string][]string

// keepWards is how many places of a field are remembered.
const keepWards = 24

// use puts a place, by its key, in front of those of a field.
func (u usedWards) use(field, key string) {
	if key == "" {
		return
	}
	list := slices.DeleteFunc(u[field], func(k string) bool { return k == key })
	u[field] = slices.Insert(list, 0, key)[:min(len(list)+1, keepWards)]
}

// wardField searches for a ward, or for a district or province as a whole. What
// was declared here last comes first, before anything is typed too; home is
// offered next, "" = not known. Its values are keys of units.
func wardField(m *Model, name, label string, many bool, home func() string) *field {
	find := func(text string) []found {
		used := m.lately[name]
		if text == "" {
			return m.wards(append(slices.Clone(used[:min(len(used), pickMost-1)]), home()))
		}
		o := units.Options{Day: m.now, Used: used, Province: m.status.Province, Most: pickMost + 1}
		hits := units.Search(text, o)
		if len(hits) == 0 { // typed as letters with marks are
			hits = units.Search(composeWords(text, m.method()), o)
		}
		var all []found
		for _, u := range hits {
			all = append(all, m.foundWard(u))
		}
		return all
	}
	named := func(key string) (found, bool) {
		u, ok := units.Named(key)
		return m.foundWard(u), ok
	}
	f := pickField(name, label, many, find, named)
	f.help = "declare.help.ward"
	return f
}

func (m *Model) wards(keys []string) []found {
	var all []found
	for _, key := range keys {
		if u, ok := units.Named(key); ok && !slices.ContainsFunc(all, func(f found) bool { return f.value == key }) {
			all = append(all, m.foundWard(u))
		}
	}
	return all
}

func (m *Model) foundWard(u units.Unit) found {
	f := found{value: u.Key(), text: u.Name, detail: u.Short()}
	if u.Old(m.now) {
		f.detail = joined(" · ", f.detail, m.words.T("declare.ward.old"))
	}
	return f
}

// composeWords composes each word of a text.
func composeWords(text string, method typingMethod) string {
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = compose(w, method)
	}
	return strings.Join(words, " ")
}

// homeOf is the key of the ward that an address ends with, "" when it cannot be
// told: "Thôn 3, Phú Mậu, Phú Vang, Thừa Thiên Huế" lies in Xã Phú Mậu, whichever
// district that belongs to by now.
func (m *Model) homeOf(address string) string {
	parts := strings.FieldsFunc(address, func(r rune) bool { return r == ',' || r == ';' })
	n := len(parts)
	var tries [][]string
	if n >= 3 {
		tries = append(tries, parts[n-3:], []string{parts[n-3], parts[n-1]})
	}
	if n >= 2 {
		tries = append(tries, parts[n-2:])
	}
	for _, words := range tries {
		hits := units.Search(strings.Join(words, " "), units.Options{Day: m.now, Most: 1})
		if len(hits) > 0 && len(hits[0].Code) == 5 {
			return hits[0].Key()
		}
	}
	return ""
}

// codesOf parts a field's keys into codes and the edition they are of. Codes of
// several editions have them all, one a code, with commas.
func codesOf(keys ...string) (codes []string, edition string) {
	var editions []string
	for _, key := range keys {
		if code, e, ok := strings.Cut(key, "@"); ok {
			codes, editions = append(codes, code), append(editions, e)
		}
	}
	if len(editions) > 0 && !slices.ContainsFunc(editions, func(e string) bool { return e != editions[0] }) {
		return codes, editions[0]
	}
	return codes, strings.Join(editions, ",")
}
