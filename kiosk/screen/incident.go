package screen

import (
	"context"
	"strconv"
	"time"

	"quachot/internal/record"
)

// incidentKinds are the values of [record.Incident.What] by their keys, 1 first;
// texts are under "incident.<value>". The last one is a note, not an incident.
var incidentKinds = []string{"ran-post", "forged-card", "look-out", "refused-test", "device", "other", incidentNote}

const incidentNote = "note"

// incident writes down what happened: a kind by one key, then words and a plate.
// It is about the last passage, or the last scan when nothing was decided.
type incident struct {
	kind  string // "" = still asked
	form  *form
	about *shown // nil = nobody was scanned lately
	busy  bool
	fault string
}

func newIncident(m *Model) page {
	p := &incident{}
	if len(m.past) > 0 {
		p.about = m.past[0]
	}
	if m.current != nil {
		p.about = m.current
	}
	return p
}

func (p *incident) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	if p.busy {
		return nil, true
	}
	if p.kind != "" {
		return p.type1(m, k, hasty)
	}
	if hasty {
		return nil, true
	}
	if k == KeyEscape {
		return nil, false
	}
	if n, err := strconv.Atoi(string(k)); err == nil && n >= 1 && n <= len(incidentKinds) {
		p.begin(m, incidentKinds[n-1])
	}
	return nil, true
}

// begin asks for the words.
func (p *incident) begin(m *Model, kind string) {
	p.kind = kind
	words := textField("text", "incident.text", m.method())
	words.need = kind == "other" || kind == incidentNote
	if kind == incidentNote {
		p.form = newForm(words)
		return
	}
	p.form = newForm(words, codeField("plate", "vehicle.plate", 16, nil))
	if a := p.act(); a != nil {
		p.form.give("plate", a.p.Plate)
	}
}

// act is the decision about the one it is about; nil when there is none.
func (p *incident) act() *act {
	if p.about == nil {
		return nil
	}
	return p.about.act
}

func (p *incident) type1(m *Model, k Key, hasty bool) ([]Effect, bool) {
	p.fault = ""
	event := p.form.key(k, hasty)
	switch {
	case event == formDone, k == KeyIncident && !hasty && p.kind != incidentNote && p.form.value("text") != "":
		p.busy = true
		return []Effect{{Work: p.save()}}, true
	case event == formLeft:
		return nil, false
	}
	return nil, true
}

// save writes it, and closes the page or says why not.
func (p *incident) save() func(context.Context, Doing) func(*Model, time.Time) []Effect {
	text, kind := p.form.value("text"), p.kind
	i := record.Incident{What: kind, Text: text}
	var corrects *record.ID
	if p.about != nil && p.about.ID != (record.ID{}) {
		i.Earlier = []record.ID{p.about.ID}
		corrects = &p.about.ID
	}
	if a := p.act(); a != nil && a.id != nil {
		corrects = a.id
	}
	if kind != incidentNote {
		i.Plate = p.form.value("plate")
	}
	return func(ctx context.Context, do Doing) func(*Model, time.Time) []Effect {
		var err error
		if kind == incidentNote {
			_, err = do.Note(ctx, text, corrects)
		} else {
			_, err = do.Incident(ctx, i)
		}
		return func(m *Model, _ time.Time) []Effect { return p.saved(m, err) }
	}
}

func (p *incident) saved(m *Model, err error) []Effect {
	p.busy = false
	if err != nil {
		p.fault = m.words.T("incident.failed", "why", err.Error())
		return nil
	}
	m.closed(p, false)
	m.say("incident.saved", false, "what", m.words.T("incident."+p.kind))
	return m.uncovered()
}

func (p *incident) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{Name: "incident", Title: t("incident.title"), Lead: t("incident.about.nobody"), Small: true, Error: p.fault}
	if p.about != nil {
		page.Lead = t("incident.about", "who", joined(" · ", m.when(p.about.At), m.about(p.matter())))
	}
	if p.kind == "" {
		for i, kind := range incidentKinds {
			page.Choices = append(page.Choices, Choice{Key: Key(strconv.Itoa(i + 1)), Text: t("incident." + kind)})
		}
		return page, []Hint{{"Esc", t("lane.key.cancel"), false}}
	}
	page.Title = t("incident." + p.kind)
	return page, p.form.draw(m.words, &page)
}

func (p *incident) matter() matter {
	if a := p.act(); a != nil {
		return a.on
	}
	return person(p.about)
}
