package screen

import (
	"context"
	"slices"
	"strconv"
	"time"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
)

// vehicle is a car, a bus, a lorry whose people are being scanned. Who is scanned
// while it is open sits in it; one passage closes them all.
type vehicle struct {
	plate, kind, purpose, permit string
	forced                       bool                // the plate is kept as typed, readable or not
	aboard                       []*shown            // in the order they were scanned
	uncoded                      uint                // people who showed no code
	found                        *checkpoint.Outcome // what the lists say of the plate; nil = not asked
	ending                       bool                // to be closed when the scans under way are judged
	shut                         bool                // being decided about: nobody joins any more
}

// mostAboard bounds a vehicle that somebody forgot to close; a bus holds 60.
const mostAboard = 300

// Keys of the lane while a vehicle is open. The second is the first without Shift.
const (
	keyUncoded      Key = "+"
	keyUncodedPlain Key = "="
)

// join takes a scan aboard. What could not be read is nobody yet, and the lane
// shows it as ever.
func (v *vehicle) join(s *shown) {
	if v.shut || s.Verdict == record.Unreadable || len(v.aboard) >= mostAboard {
		return
	}
	s.aboard = v
	v.aboard = append(v.aboard, s)
}

// joins puts a verdict into the vehicle that is open, if one is and the verdict
// is not decided about otherwise.
func (m *Model) joins(s *shown) {
	if m.vehicle != nil && s.act == nil && s.aboard == nil && !s.passed && !s.alone {
		m.vehicle.join(s)
	}
}

// people are those aboard, each once: somebody scanned again is no second person.
func (v *vehicle) people() []*shown {
	var all []*shown
	for _, s := range v.aboard {
		if !slices.ContainsFunc(all, func(o *shown) bool { return samePerson(o, s) }) {
			all = append(all, s)
		}
	}
	return all
}

func samePerson(a, b *shown) bool {
	for _, k := range a.Keys {
		for _, other := range b.Keys {
			if k.Match == other.Match {
				return true
			}
		}
	}
	return false
}

// party is how many people are aboard, as far as the officer knows.
func (v *vehicle) party() uint { return uint(len(v.people())) + v.uncoded }

// verdict is the worst one aboard, the plate's among them.
func (v *vehicle) verdict() record.Verdict {
	worst := record.Pass
	if v.found != nil {
		worst = worst.Worse(v.found.Verdict)
	}
	for _, s := range v.aboard {
		worst = worst.Worse(weight(s.Verdict))
	}
	return worst
}

// fill puts the vehicle into a passage.
func (v *vehicle) fill(p *record.Passage) {
	p.Plate, p.Vehicle, p.Permit = v.plate, v.kind, v.permit
	p.Purpose = orElse(v.purpose, p.Purpose)
	p.Party = v.party()
}

// board opens a vehicle. The verdict on show joins it, when nothing was decided
// about it, and so do those that wait behind it: they came after.
func (m *Model) board() *vehicle {
	if m.vehicle != nil {
		return m.vehicle
	}
	m.vehicle = &vehicle{purpose: m.status.Purpose}
	if m.current != nil {
		m.joins(m.current)
	}
	for _, s := range m.queue {
		m.joins(s)
	}
	return m.vehicle
}

// vehicleKey takes a key of the lane while a vehicle is open.
func (m *Model) vehicleKey(k Key) []Effect {
	v := m.vehicle
	switch k {
	case KeyEnter:
		return m.closeVehicle()
	case KeyDelete:
		m.takeLast()
		return m.ride()
	case keyUncoded, keyUncodedPlain:
		v.uncoded++
	case keyTell:
		return m.begin(m.declaration())
	}
	return nil
}

// closeVehicle ends the scanning: at once when everybody may pass, else the
// officer decides about all of them.
func (m *Model) closeVehicle() []Effect {
	v := m.vehicle
	v.ending = len(m.judging) > 0
	x := matter{scans: v.aboard, vehicle: v}
	switch {
	case v.ending: // the last scan belongs to it
		return nil
	case len(x.ids()) == 0:
		m.say("vehicle.nobody", true)
		return nil
	case v.plate == "" && !v.forced:
		p := newVehiclePage(m)
		p.form.field("plate").fault = "vehicle.plate.need"
		return m.begin(p)
	case v.verdict() == record.Pass:
		return m.act(x, record.Passage{Decision: record.LetThrough})
	}
	v.shut = true
	return m.begin(&vehicleEnd{x: x})
}

// A Rider is a Doing whose rules ask about the vehicle that is open; nil = none
// is.
type Rider interface {
	Ride(v *checkpoint.Ride)
}

// ride tells the rules which vehicle is open.
func (m *Model) ride() []Effect {
	var r *checkpoint.Ride
	if v := m.vehicle; v != nil {
		r = &checkpoint.Ride{Plate: v.plate, Type: v.kind, Permit: v.permit, Purpose: v.purpose}
	}
	return []Effect{{Work: func(_ context.Context, do Doing) func(*Model, time.Time) []Effect {
		if rider, ok := do.(Rider); ok {
			rider.Ride(r)
		}
		return nil
	}}}
}

// landed takes the people of a decided vehicle off the screen: the lane goes on.
func (m *Model) landed(a *act) {
	for _, s := range a.on.scans {
		if i := slices.Index(m.queue, s); i >= 0 {
			m.queue = slices.Delete(m.queue, i, i+1)
			m.keep(s)
		}
		if m.current == s {
			m.current = nil
		}
	}
	m.say("vehicle.closed", false, "vehicle", m.vehicleName(a.on.vehicle), "n", strconv.Itoa(int(a.p.Party)),
		"decision", m.words.T("decision."+a.p.Decision.String()))
}

// takeLast takes out who came aboard last; an uncoded person before the scanned.
func (m *Model) takeLast() {
	v := m.vehicle
	switch {
	case v.uncoded > 0:
		v.uncoded--
	case len(v.aboard) > 0:
		m.takeOut(v.aboard[len(v.aboard)-1])
	default:
		m.vehicle = nil
	}
}

// takeOut takes somebody out of the vehicle, with every scan of them; they are
// shown, and decided about, by themselves.
func (m *Model) takeOut(s *shown) {
	v := m.vehicle
	v.aboard = slices.DeleteFunc(v.aboard, func(o *shown) bool {
		if o != s && !samePerson(o, s) {
			return false
		}
		o.aboard, o.alone = nil, true
		return true
	})
	if s.open() && m.current != s && !slices.Contains(m.queue, s) {
		m.queue = append(m.queue, s)
	}
	if s == m.current {
		s.since = m.now
	}
}

// vehicleName is plate and type.
func (m *Model) vehicleName(v *vehicle) string {
	return joined(" · ", orElse(plateText(v.plate), m.words.T("vehicle.plate.none")), m.termOf("vehicle.", v.kind))
}

// strip is the vehicle as the lane shows it.
func (m *Model) strip(v *vehicle) *Vehicle {
	worst := v.verdict()
	s := &Vehicle{
		Plate:   orElse(plateText(v.plate), m.words.T("vehicle.plate.none")),
		Detail:  joined(" · ", m.termOf("vehicle.", v.kind), m.termOf("purpose.", v.purpose), m.permit(v), m.partyText(v)),
		Verdict: worst, Word: m.words.T("verdict.short." + worst.String()),
	}
	if m.watchAboard(v) {
		s.Word, s.Neutral = m.street(), true
	}
	for _, p := range slices.Backward(v.people()) {
		s.Aboard = append(s.Aboard, m.row(p))
	}
	return s
}

func (m *Model) watchAboard(v *vehicle) bool {
	return v.found != nil && v.found.Watch != nil || slices.ContainsFunc(v.aboard, func(s *shown) bool { return s.Watch != nil })
}

// hits are what the officer alone is to read of the plate and of those aboard,
// each line once.
func (m *Model) hits(v *vehicle) (lines []string) {
	var all []*wire.WatchDetails
	if v.found != nil {
		all = append(all, v.found.Watch)
	}
	for _, s := range v.people() {
		all = append(all, s.Watch)
	}
	for _, w := range all {
		if w == nil {
			continue
		}
		for _, line := range m.forOfficer(w) {
			lines = appendNew(lines, line)
		}
	}
	return lines
}

func (m *Model) permit(v *vehicle) string {
	if v.permit == "" {
		return ""
	}
	return m.words.T("vehicle.permit.said", "permit", v.permit)
}

func (m *Model) partyText(v *vehicle) string {
	if v.uncoded > 0 {
		return m.words.T("vehicle.party.uncoded", "n", strconv.Itoa(int(v.party())), "uncoded", strconv.Itoa(int(v.uncoded)))
	}
	return m.words.T("vehicle.party", "n", strconv.Itoa(int(v.party())))
}
