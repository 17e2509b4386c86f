package screen

import (
	"context"
	"time"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/lane"
	"quachot/kiosk/station"
)

// ForLane lets a Desk work a real lane.
func ForLane(l *lane.Lane) Lane { return realLane{l} }

type realLane struct{ lane *lane.Lane }

func (r realLane) Scan(ctx context.Context, text string) Result {
	got, err := r.lane.Scan(ctx, text)
	at := got.At
	if at.IsZero() {
		at = time.Now()
	}
	return Result{Outcome: got.Outcome, ID: got.ID, At: at, Durable: got.Durable, Repeat: got.Repeat, Err: err}
}

func (r realLane) Decide(ctx context.Context, p record.Passage) (record.ID, error) {
	saved, err := r.lane.Decide(ctx, p)
	return saved.ID, err
}

func (r realLane) SetDirection(ctx context.Context, d record.Direction) error {
	return r.lane.SetDirection(ctx, d)
}

// Training is a lane that judges with the station's lists and writes nothing.
func Training(s *station.Station, way record.Direction) Lane {
	return &trainingLane{station: s, way: way}
}

// trainingLane is used by the desk's one working goroutine.
type trainingLane struct {
	station *station.Station
	way     record.Direction
	seq     uint64
}

func (t *trainingLane) Scan(_ context.Context, text string) Result {
	t.seq++
	now := t.station.Clock.Now()
	out := checkpoint.Judge(checkpoint.Input{
		Text: text, Now: now, LatestOffice: t.station.Uplink.State().LatestOffice, Direction: t.way,
		Lists: t.station.Lists.Snapshot(), Derive: t.station.Deriver.DeriveAll,
	})
	return Result{Outcome: out, ID: record.ID{Seq: t.seq}, At: now, Durable: true}
}

func (t *trainingLane) Decide(context.Context, record.Passage) (record.ID, error) {
	t.seq++
	return record.ID{Seq: t.seq}, nil
}

func (t *trainingLane) SetDirection(_ context.Context, d record.Direction) error {
	t.way = d
	return nil
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
