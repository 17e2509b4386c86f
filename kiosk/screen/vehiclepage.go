package screen

import (
	"context"
	"slices"
	"strconv"
	"time"

	"quachot/assets/rules"
	"quachot/internal/record"
)

// vehiclePage is the vehicle's form with the list of who is aboard. Scans join
// the vehicle while it is open; Enter after the last field goes back to the lane,
// where they go on joining until Enter.
type vehiclePage struct {
	v    *vehicle
	form *form
	mark int // who is marked to be taken out; -1 = nobody
}

// openVehicle is the page of F4; nil at a place, where nobody drives through.
func openVehicle(m *Model) page {
	if m.selfService() {
		return nil
	}
	return newVehiclePage(m)
}

func newVehiclePage(m *Model) *vehiclePage {
	v := m.board()
	p := &vehiclePage{v: v, mark: -1}
	p.form = newForm(
		plateField(),
		choiceField("kind", "vehicle.kind", v.kind, terms("vehicle.", rules.Vehicles)...),
		choiceField("purpose", "vehicle.purpose", v.purpose, terms("purpose.", rules.Purposes)...),
		codeField("permit", "vehicle.permit", 24, nil),
	)
	p.form.field("plate").input.set(v.plate)
	p.form.field("permit").input.set(v.permit)
	return p
}

// terms are options with a text each and a digit each: 1 to 9, then 0.
func terms(prefix string, values []string) []option {
	var all []option
	for i, v := range values {
		all = append(all, option{value: v, label: prefix + v, keys: []Key{digitOf(i)}})
	}
	return all
}

// digitOf is the key of the i-th of at most ten choices.
func digitOf(i int) Key { return Key(strconv.Itoa((i + 1) % 10)) }

// termOf is the text of a value; a value without one is itself.
func (m *Model) termOf(prefix, value string) string {
	if value == "" || !m.words.Has(prefix+value) {
		return value
	}
	return m.words.T(prefix + value)
}

func (p *vehiclePage) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	if hasty {
		p.form.key(k, true)
		p.keep()
		return nil, true
	}
	switch people := p.v.people(); {
	case k == KeyVehicle: // as it is
		p.v.forced = true
		return p.done(m), false
	case k == keyUncoded || k == keyUncodedPlain:
		p.v.uncoded++
	case k == KeyPageDown:
		p.mark = min(p.mark+1, len(people)-1)
	case k == KeyPageUp:
		p.mark = max(p.mark-1, -1)
	case k == KeyDelete && p.mark >= 0 && p.mark < len(people):
		m.takeOut(people[p.mark])
		p.mark = min(p.mark, len(people)-2)
	case k == KeyDelete && p.v.uncoded > 0 && p.form.now().input.value() == "":
		p.v.uncoded--
	default:
		return p.type1(m, k)
	}
	return nil, true
}

func (p *vehiclePage) type1(m *Model, k Key) ([]Effect, bool) {
	event := p.form.key(k, false)
	p.keep()
	switch event {
	case formDone:
		return p.done(m), false
	case formLeft:
		if p.v.party() == 0 {
			m.vehicle = nil
		}
		return m.ride(), false
	}
	return nil, true
}

// keep writes the fields into the vehicle as they are typed.
func (p *vehiclePage) keep() {
	v := p.v
	if plate := p.form.value("plate"); plate != v.plate {
		v.plate, v.found, v.forced = plate, nil, false
		p.form.give("kind", typeByPlate(plate))
	}
	v.kind, v.purpose, v.permit = p.form.value("kind"), p.form.value("purpose"), p.form.value("permit")
}

// done tells the rules of the vehicle, and asks what the lists have on the plate.
func (p *vehiclePage) done(m *Model) []Effect {
	p.keep()
	v, plate := p.v, p.v.plate
	if plate == "" {
		return m.ride()
	}
	return append(m.ride(), Effect{Work: func(_ context.Context, do Doing) func(*Model, time.Time) []Effect {
		out := do.Plate(plate)
		return func(m *Model, _ time.Time) []Effect {
			if m.vehicle != v || v.plate != plate {
				return nil
			}
			v.found = &out
			if out.Watch != nil {
				return m.sound("watch")
			}
			return nil
		}
	}})
}

// judged takes who is scanned aboard; they sound at once and are listed.
func (p *vehiclePage) judged(m *Model, r Result) ([]Effect, bool) {
	s := &shown{Result: r, since: m.now}
	p.v.join(s)
	if s.aboard == nil {
		return nil, false
	}
	return m.note(s), true
}

func (p *vehiclePage) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{Name: "vehicle", Title: t("vehicle.title"), Lead: t("vehicle.lead")}
	hints := p.form.draw(m.words, &page)
	if says := m.plateSays(p.v.plate); says != "" && page.Fields[0].Error == "" {
		page.Fields[0].Help = says
	}
	page.Text = m.hits(p.v)
	page.Table = m.aboard(p.v, p.mark, len(page.Text) == 0)
	if p.v.party() > 0 {
		page.Aside = m.worst(p.v)
	}
	if p.form.asking {
		return page, hints
	}
	hints = slices.Insert(hints, 1, Hint{"F4", t("vehicle.key.asis"), false}, Hint{"+", t("vehicle.key.uncoded"), false})
	if len(p.v.aboard) > 0 {
		hints = append(hints, Hint{"PageDown", t("vehicle.key.mark"), false}, Hint{"Delete", t("vehicle.key.out"), false})
	}
	return page, hints
}

// aboard lists who is in the vehicle, with the reasons where there is room; nil
// when nobody is.
func (m *Model) aboard(v *vehicle, mark int, reasons bool) *Table {
	t := m.words.T
	table := &Table{
		Head: []string{"", t("vehicle.head.name"), t("vehicle.head.verdict")},
		Wide: []float32{0.6, 3.4, 2.2}, Right: []bool{true, false, false}, Row: mark,
	}
	for i, s := range v.people() {
		name := joined("  ", orElse(m.nameOf(s.Reading), m.source(s.Reading)), m.yearOf(s.Reading))
		table.Rows = append(table.Rows, []string{strconv.Itoa(i + 1), name, m.word(s)})
	}
	if v.uncoded > 0 {
		table.Rows = append(table.Rows, []string{"+" + strconv.Itoa(int(v.uncoded)), t("vehicle.uncoded"), ""})
	}
	if len(table.Rows) == 0 {
		return nil
	}
	if !reasons {
		return table
	}
	table.Head, table.Wide, table.Right = append(table.Head, t("vehicle.head.reason")), append(table.Wide, 4.5), append(table.Right, false)
	for i := range table.Rows {
		why := ""
		if people := v.people(); i < len(people) {
			why = m.firstReason(people[i])
		}
		table.Rows[i] = append(table.Rows[i], why)
	}
	return table
}

// worst is the vehicle's verdict in a line.
func (m *Model) worst(v *vehicle) Line {
	verdict := v.verdict()
	word := m.words.T("verdict.short." + verdict.String())
	level := map[record.Verdict]Level{record.Pass: Good, record.Check: Warn, record.Stop: Bad}[verdict]
	if m.watchAboard(v) {
		word, level = m.street(), Quiet
	}
	return Line{joined(" · ", word, m.partyText(v)), level}
}

// vehicleEnd asks what becomes of a vehicle in which not everybody may pass.
type vehicleEnd struct{ x matter }

func (e *vehicleEnd) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	if hasty {
		return nil, true
	}
	if k == KeyEscape {
		return nil, false
	}
	if d, ok := decisions[k]; ok {
		return m.decideOn(e.x, d), false
	}
	return nil, true
}

func (e *vehicleEnd) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	p := Page{
		Name: "vehicle-end", Title: t("vehicle.end"), Lead: m.vehicleName(e.x.vehicle),
		Table: m.aboard(e.x.vehicle, -1, false), Aside: m.worst(e.x.vehicle),
	}
	for _, k := range []Key{"1", "3", "4", "5"} {
		p.Choices = append(p.Choices, Choice{Key: k, Text: sentence(t("decision." + decisions[k].String()))})
	}
	p.Text = m.hits(e.x.vehicle)
	if len(e.x.vehicle.aboard) > 1 {
		p.Text = append(p.Text, t("vehicle.end.help"))
	}
	return p, []Hint{{"Esc", t("vehicle.key.more"), false}}
}
