package screen

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/lane"
	"quachot/kiosk/station"
)

// ForLane lets a Desk work a real lane where no page opens.
func ForLane(l *lane.Lane) Lane { return Hands{Lane: l} }

// Hands does on a real station what the screen wants done: it is the Lane and
// the Doing of a [Config]. Lane is needed, and all else for the pages.
type Hands struct {
	Lane    *lane.Lane
	Station *station.Station
	Words   *text.Catalogue // for what is printed
	Papers  *Papers         // prints; nil = cannot
	Log     *slog.Logger
}

var _ Doing = Hands{}

// Scan judges and saves one code.
func (h Hands) Scan(ctx context.Context, text string) Result {
	got, err := h.Lane.Scan(ctx, text)
	at := got.At
	if at.IsZero() {
		at = time.Now()
	}
	return Result{Outcome: got.Outcome, ID: got.ID, At: at, Durable: got.Durable, Repeat: got.Repeat, Stay: got.Stay, Err: err}
}

// Warm makes ready what the first scan needs.
func (h Hands) Warm() { h.Lane.Warm() }

// Prepare begins with a code that waits its turn.
func (h Hands) Prepare(text string) { h.Lane.Prepare(text) }

// Decide saves a decision; the error wraps [lane.ErrOverride] when a supervisor
// is needed.
func (h Hands) Decide(ctx context.Context, p record.Passage) (record.ID, error) {
	saved, err := h.Lane.Decide(ctx, p)
	return saved.ID, err
}

// SetDirection turns the lane.
func (h Hands) SetDirection(ctx context.Context, d record.Direction) error {
	return h.Lane.SetDirection(ctx, d)
}

// Declare saves a declaration and says what the lists and rules say of it.
func (h Hands) Declare(ctx context.Context, d record.Declaration) (Result, error) {
	got, err := h.Lane.Declare(ctx, d)
	return Result{Outcome: got.Outcome, ID: got.ID, At: got.At, Durable: got.Durable, Twice: got.Twice, Err: err}, err
}

// Try is what the lists and rules would say, with nothing written.
func (h Hands) Try(d record.Declaration) checkpoint.Outcome { return h.Lane.Try(d) }

// Plate is what the lists say of a vehicle.
func (h Hands) Plate(plate string) checkpoint.Outcome { return h.Lane.Plate(plate) }

// Incident saves an incident.
func (h Hands) Incident(ctx context.Context, i record.Incident) (record.ID, error) {
	saved, err := h.Lane.Incident(ctx, i)
	return saved.ID, err
}

// Note saves a remark; corrects may be nil.
func (h Hands) Note(ctx context.Context, text string, corrects *record.ID) (record.ID, error) {
	saved, err := h.Lane.Note(ctx, text, corrects)
	return saved.ID, err
}

// SetPurpose changes what people are taken to travel for.
func (h Hands) SetPurpose(ctx context.Context, purpose string) error {
	return h.Lane.SetPurpose(ctx, purpose)
}

// Move takes the station to another place.
func (h Hands) Move(ctx context.Context, to record.Place) error { return h.Lane.Move(ctx, to) }

// Counts are the numbers of the shift; see [lane.Lane.Counts].
func (h Hands) Counts() map[string]uint64 { return h.Lane.Counts() }

// Meter is how fast the lane is in this shift.
func (h Hands) Meter() lane.Meter { return h.Lane.Meter() }

// Places are where people may be sent, from the office's list.
func (h Hands) Places() []wire.CarePlace { return h.Station.Lists.Snapshot().Places() }

// Ride tells the rules which vehicle is open.
func (h Hands) Ride(v *checkpoint.Ride) { h.Lane.Ride(v) }

// Status asks station and lane how they are.
func (h Hands) Status() Status {
	s := StatusOf(h.Station, h.Lane.Officer)
	s.Kind, s.Purpose, s.Inside, s.Meter = h.Lane.Kind(), h.Lane.Purpose(), h.Lane.Inside(), h.Lane.Meter()
	if at, ok := h.Lane.Place(); ok {
		s.Place = placeName(at)
	}
	s.Duty = h.duty()
	snap := h.Station.Lists.Snapshot()
	s.RuleText = snap.RuleText
	s.Posts = snap.Settings().Posts
	s.Deployment = hex.EncodeToString(h.Station.Identity.Office.Sign)
	versions := snap.Versions()
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		entries := -1
		switch name {
		case wire.ListWatch:
			entries = snap.WatchCount()
		case wire.ListOfficers:
			entries = len(snap.Officers())
		case wire.ListPlaces:
			entries = len(snap.Places())
		case wire.ListRules:
			entries = snap.Rules().Len()
		}
		s.Lists = append(s.Lists, ListState{Name: name, Version: versions[name], Entries: entries})
	}
	return s
}

// placeName is where a patrol stands, in words.
func placeName(p record.Place) string {
	if p.Name != "" || p.At == nil {
		return p.Name
	}
	return fmt.Sprintf("%.5f, %.5f", p.At[0], p.At[1])
}

// StatusOf asks a station how it is. officer names who is on duty; may be nil.
func StatusOf(s *station.Station, officer func() string) Status {
	snap := s.Lists.Snapshot()
	settings := snap.Settings()
	status := Status{
		Post: postName(settings, s.Post()), Lane: s.Identity.Name,
		Counts: s.Journal.Counts(), Link: s.Uplink.State(),
		ListsAsOf: snap.AsOf(), Stale: settings.StaleH, Street: settings.Street, Call: settings.Call,
	}
	if number := s.Identity.Station; len(number) > 2 {
		status.Province = number[:2]
	}
	if officer == nil {
		return status
	}
	id := officer()
	status.Officer = id
	for _, o := range snap.Officers() {
		if o.ID == id && o.Name != "" {
			status.Officer = o.Name
		}
	}
	return status
}

func postName(settings wire.Settings, code string) string {
	for _, p := range settings.Posts {
		if p.Code == code && p.Name != "" {
			return p.Name
		}
	}
	return code
}
