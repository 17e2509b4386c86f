package screen

import (
	"strconv"

	"quachot/internal/identity"
	"quachot/internal/record"
)

// stays is who took a room here since the program started, so that their next
// scan offers to check out. The records are what counts; this only saves a key.
type stays struct {
	rooms map[identity.Match]string
	order []identity.Match // the oldest first
}

// mostStays bounds it.
const mostStays = 2000

func (s *stays) set(keys []identity.Keys, room string) {
	if s.rooms == nil {
		s.rooms = map[identity.Match]string{}
	}
	for _, k := range keys {
		if _, known := s.rooms[k.Match]; !known {
			s.order = append(s.order, k.Match)
		}
		s.rooms[k.Match] = room
	}
	for len(s.order) > mostStays {
		delete(s.rooms, s.order[0])
		s.order = append(s.order[:0], s.order[1:]...)
	}
}

func (s *stays) room(keys []identity.Keys) (string, bool) {
	for _, k := range keys {
		if room, ok := s.rooms[k.Match]; ok && room != "" {
			return room, true
		}
	}
	return "", false
}

// stayKey opens the stay of the person on show at a lodging.
func (m *Model) stayKey(k Key) []Effect {
	s := m.current
	if k != KeyEnter || !m.mayStay(s) {
		return nil
	}
	return m.begin(newStay(m, s))
}

// mayStay says that s may take a room, or give one back.
func (m *Model) mayStay(s *shown) bool {
	if m.status.Kind != "lodging" || s == nil || s.ID == (record.ID{}) {
		return false
	}
	if s.act != nil {
		return s.act.p.Decision == record.LetThrough && s.act.id != nil && s.act.p.Stay == nil
	}
	return s.Verdict == record.Pass
}

// stay takes room and nights, or ends a stay. Somebody known to stay here is
// offered to check out first.
type stay struct {
	s    *shown
	room string // where they stay; "" = not known
	form *form  // nil = asks which of both
}

func newStay(m *Model, s *shown) page {
	p := &stay{s: s}
	if s.Stay != nil {
		p.room = s.Stay.Room
	}
	if room, ok := m.stays.room(s.Keys); ok { // since the scan
		p.room = room
	}
	return p
}

func (p *stay) key(m *Model, k Key, hasty bool) ([]Effect, bool) {
	if p.form != nil {
		switch p.form.key(k, hasty) {
		case formDone:
			nights, _ := strconv.Atoi(p.form.value("nights"))
			return p.save(m, record.Stay{Room: p.form.value("room"), Nights: uint(nights)}), false
		case formLeft:
			return nil, false
		}
		return nil, true
	}
	if hasty {
		return nil, true
	}
	switch {
	case k == KeyEscape:
		return nil, false
	case k == "2" || k == KeyEnter && p.room != "":
		return p.save(m, record.Stay{Room: p.room, Left: true}), false
	case k == "1" || k == KeyEnter:
		room, nights := codeField("room", "stay.room", 12, nil), numberField("nights", "stay.nights", 3)
		room.need, nights.need = true, true
		nights.input.set("1")
		p.form = newForm(room, nights)
	}
	return nil, true
}

func (p *stay) save(m *Model, s record.Stay) []Effect {
	passage := record.Passage{Decision: record.LetThrough, Stay: &s}
	if p.s.act != nil {
		p.s.corrects = p.s.act.id
		passage.Reason, passage.Override = p.s.act.p.Reason, p.s.act.p.Override
	}
	if s.Left {
		m.stays.set(p.s.Keys, "")
	} else {
		m.stays.set(p.s.Keys, s.Room)
	}
	return m.act(person(p.s), passage)
}

func (p *stay) draw(m *Model) (Page, []Hint) {
	t := m.words.T
	page := Page{Name: "stay", Title: t("stay.title"), Lead: m.about(person(p.s)), Small: true}
	if p.form != nil {
		return page, p.form.draw(m.words, &page)
	}
	page.Choices = []Choice{{Key: "1", Text: t("stay.in"), Marked: p.room == ""}, {Key: "2", Text: t("stay.out"), Marked: p.room != ""}}
	if p.room != "" {
		page.Choices[1].Detail = t("stay.room.said", "room", p.room)
	}
	return page, []Hint{{"Esc", t("lane.key.cancel"), false}}
}
