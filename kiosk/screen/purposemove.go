package screen

import (
	"context"
	"strconv"
	"strings"
	"time"

	"quachot/internal/record"
	"quachot/internal/vietnam/units"
)

// keyMove moves a patrol to another place.
const keyMove Key = "P"

// move takes a patrol to another place: one lately stood at, a post of the list,
// a name, or a map point as "16.39, 107.69"; a name and a point with a blank
// between are both.
type move struct {
	where *field // what was typed
	mark  int
	busy  bool
	fault string
}

// mover is the page of a patrol; nil at any other post.
func (m *Model) mover() page {
	if m.status.Kind != "patrol" {
		return nil
	}
	return &move{where: textField("where", "move.where", m.method())}
}

// moveMost is how many places are offered. They have no digits: a map point
// begins with one.
const moveMost = 8

// stand is a place that is offered.
type stand struct {
	name string
	at   *[2]float64
}

// offered are the places whose names hold what was typed: the latest first, then
// the posts of the list.
func (p *move) offered(m *Model) []stand {
	var all []stand
	typed := p.where.input.value()
	wanted := units.Fold(typed)
	if wanted == "" && typed != "" || readStand(typed).at != nil {
		return nil
	}
	seen := map[string]bool{}
	add := func(name string, at *[2]float64) {
		if name == "" || seen[name] || len(all) >= moveMost || !strings.Contains(units.Fold(name), wanted) {
			return
		}
		seen[name] = true
		all = append(all, stand{name, at})
	}
	for _, name := range m.places {
		add(name, m.pointOf(name))
	}
	for _, post := range m.status.Posts {
		add(orElse(post.Name, post.Code), post.At)
	}
	return all
}

// pointOf is the map point of a post of that name.
func (m *Model) pointOf(name string) *[2]float64 {
	for _, post := range m.status.Posts {
		if post.Name == name {
			return post.At
		}
	}
	return nil
}

func (p *move) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	offered := p.offered(m)
	tapped, tap := strings.CutPrefix(string(k), tapFound)
	n, _ := strconv.Atoi(tapped)
	switch {
	case p.busy:
	case k == KeyEscape:
		return nil, hasty
	case k == KeyEnter && !hasty:
		return p.go1(p.chosen(offered)), true
	case tap && n >= 1 && n <= len(offered):
		return p.go1(offered[n-1]), true
	case k == KeyDown:
		p.mark = min(p.mark+1, len(offered)-1)
	case k == KeyUp:
		p.mark = max(p.mark-1, 0)
	default:
		if took, _ := p.where.input.key(k, hasty); took {
			p.mark, p.fault = 0, ""
		}
	}
	return nil, true
}

// chosen is the place that is marked, or what was typed when none fits.
func (p *move) chosen(offered []stand) stand {
	if p.mark < len(offered) && p.mark >= 0 {
		return offered[p.mark]
	}
	return readStand(p.where.input.value())
}

// readStand reads a name, a map point, or both.
func readStand(text string) stand {
	text = strings.TrimSpace(text)
	words := strings.Fields(strings.ReplaceAll(text, ",", " "))
	if n := len(words); n >= 2 {
		lat, err := strconv.ParseFloat(words[n-2], 64)
		lon, err2 := strconv.ParseFloat(words[n-1], 64)
		if err == nil && err2 == nil && lat >= 8 && lat <= 24 && lon >= 102 && lon <= 118 { // Viet Nam with its sea
			return stand{strings.Join(words[:n-2], " "), &[2]float64{lat, lon}}
		}
	}
	return stand{name: text}
}

func (p *move) go1(to stand) []Effect {
	if to.name == "" && to.at == nil {
		return nil
	}
	p.busy = true
	return []Effect{{Work: func(ctx context.Context, do Doing) func(*Model, time.Time) []Effect {
		err := do.Move(ctx, record.Place{Name: to.name, At: to.at})
		return func(m *Model, _ time.Time) []Effect { return p.arrived(m, to, err) }
	}}}
}

func (p *move) arrived(m *Model, to stand, err error) []Effect {
	p.busy = false
	if err != nil {
		p.fault = m.words.T("settings.failed", "why", err.Error())
		return nil
	}
	name := to.name
	if name == "" {
		name = point(*to.at)
	}
	m.moved(name)
	m.closed(p, false)
	m.say("move.done", false, "place", name)
	return m.uncovered()
}

// point writes a map point.
func point(at [2]float64) string {
	return strconv.FormatFloat(at[0], 'f', 5, 64) + ", " + strconv.FormatFloat(at[1], 'f', 5, 64)
}

func (p *move) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	f := FormField{Label: t("move.where"), Text: p.where.input.value(), Help: t("move.help"), Focus: true}
	for i, s := range p.offered(m) {
		c := Choice{Key: Key(tapFound + strconv.Itoa(i+1)), Text: s.name, Marked: i == p.mark}
		if s.at != nil {
			c.Detail = point(*s.at)
		}
		f.Options = append(f.Options, c)
	}
	page := Page{Name: "move", Title: t("move.title"), Lead: m.status.Place, Fields: []FormField{f}, Error: p.fault}
	return page, []Hint{{"Enter", t("move.key.go"), true}, {"↑ ↓", t("places.key.choose"), false}, {"Esc", t("lane.key.cancel"), false}}
}
