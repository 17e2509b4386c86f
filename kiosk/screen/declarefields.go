package screen

import (
	"strings"
	"time"

	"quachot/assets/rules"
	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/vietnam/name"
	"quachot/internal/vietnam/phone"
)

// declareFields are the fields of a declaration, in the order of the paper form.
// home is where the person lives, as a key of units, once that is known.
func declareFields(m *Model, home func() string) []*field {
	who := nameField(m, "name", "declare.name")
	who.need = true
	test := choiceField("test", "declare.test", "", tests()...)
	day := recentField(m, "testday", "declare.testday")
	day.when = func() bool { return test.input.value() != "" }
	return []*field{
		documentField("document", "declare.document"),
		who,
		dateField("birth", "declare.birth", true, func() time.Time { return m.now }),
		phoneField("phone", "declare.phone"),
		wardField(m, "from", "declare.from", false, home),
		wardField(m, "through", "declare.through", true, func() string { return "" }),
		wardField(m, "to", "declare.to", false, home),
		choiceField("purpose", "declare.purpose", "", terms("purpose.", rules.Purposes)...),
		flagField("symptoms", "declare.symptoms", symptoms()...),
		yesNoField("contact", "declare.contact"),
		dosesField("doses", "declare.doses"),
		test,
		day,
	}
}

// nameField takes somebody's name; every word gets its capital.
func nameField(m *Model, id, label string) *field {
	return &field{name: id, label: label, input: &typing{
		method: m.method(), fits: func(r rune) bool { return !digit(r) }, most: 80, shape: titled,
		faulty: func(s string, done bool) string {
			if done && !name.Plausible(s) {
				return "declare.name.none"
			}
			return ""
		},
	}}
}

// titled keeps the blank that a next word is going to follow.
func titled(s string) string {
	if trimmed := strings.TrimRight(s, " "); trimmed != s && trimmed != "" {
		return name.Title(trimmed) + " "
	}
	return name.Title(s)
}

// phoneField takes a phone number, checked as it is typed; its value is the
// national form.
func phoneField(id, label string) *field {
	return &field{name: id, label: label, input: &typing{
		fits: func(r rune) bool { return digit(r) || strings.ContainsRune("+ .-()", r) }, most: 20,
		parse: func(s string) string { p, _ := phone.Parse(s); return p.Number },
		faulty: func(s string, done bool) string {
			_, err := phone.Parse(s)
			if done && err != nil || !phone.Begins(s) {
				return "declare.phone.none"
			}
			return ""
		},
	}}
}

// documentField takes the number of any document, or of our card.
func documentField(id, label string) *field {
	f := codeField(id, label, 20, func(s string, done bool) string {
		if done && len(documentsIn(s)) == 0 {
			return "declare.document.none"
		}
		return ""
	})
	f.help = "declare.help.document"
	return f
}

// documentsIn are the documents of a number as it was typed; one that fits no
// rule of ours is a foreign one.
func documentsIn(s string) []identity.Document {
	r := credential.Read(s, nil, time.Time{})
	switch {
	case len(r.Documents) > 0:
		return r.Documents
	case r.CardNumber != "":
		return []identity.Document{identity.NewDocument(identity.Card, r.CardNumber)}
	}
	if d := identity.NewDocument(identity.Foreign, s); len(d.Number) >= 5 && strings.ContainsAny(d.Number, "0123456789") {
		return []identity.Document{d}
	}
	return nil
}

// dosesField takes one digit and moves on.
func dosesField(id, label string) *field {
	f := numberField(id, label, 1)
	f.input.(*typing).auto = true
	return f
}

// symptomKeys are the single keys of [rules.Symptoms]: sốt, ho, khó thở, mất vị.
var symptomKeys = []Key{"S", "H", "K", "M"}

func symptoms() []option {
	var all []option
	for i, s := range rules.Symptoms {
		all = append(all, option{value: s, label: "symptom." + s, keys: []Key{symptomKeys[i]}})
	}
	return all
}

// tests are the kinds and results of a test as [rules.ReadTest] reads them.
func tests() []option {
	return []option{
		{"", "declare.test.none", []Key{"0"}},
		{"rapid negative", "declare.test.rapid-negative", []Key{"1"}},
		{"pcr negative", "declare.test.pcr-negative", []Key{"2"}},
		{"rapid positive", "declare.test.rapid-positive", []Key{"3"}},
		{"pcr positive", "declare.test.pcr-positive", []Key{"4"}},
	}
}

// recentField takes a day of the last twelve months: the year may be left out.
func recentField(m *Model, id, label string) *field {
	f := dateField(id, label, false, func() time.Time { return m.now })
	f.help = "declare.help.recent"
	t := f.input.(*typing)
	fault := t.faulty
	t.shape = func(s string) string { return dayShape(fullDay(s, m.now)) }
	t.faulty = func(s string, done bool) string { return fault(fullDay(s, m.now), done) }
	return f
}

// fullDay puts the year to day and month typed as four digits, 2011 or 20/11:
// the last such day.
func fullDay(s string, now time.Time) string {
	digits := strings.NewReplacer("/", "", "-", "", ".", "", " ", "").Replace(s)
	if len(digits) != 4 || strings.Trim(digits, "0123456789") != "" || len(s) > 5 {
		return s
	}
	for _, year := range []int{now.Year(), now.Year() - 1} {
		day, err := time.Parse("02012006", digits+time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006"))
		if err == nil && day.Format(time.DateOnly) <= now.Format(time.DateOnly) {
			return day.Format("02/01/2006")
		}
	}
	return s
}
