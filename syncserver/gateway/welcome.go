package gateway

import (
	"context"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// recall says that everything has to be compared: this run of the office and
// this run of the station have not met. An office that came back from a backup
// learns so what it lost, also of segments that the station thinks done.
func (s *session) recall(h wire.Hello) bool { return h.Run != s.g.run && !h.Full }

func (s *session) welcome(ctx context.Context, h wire.Hello) error {
	w := wire.Welcome{Version: wire.Version, Epoch: s.epoch, Echo: h.Clock.Wall, Run: s.g.run, Recall: s.recall(h)}
	names := make([]record.SegmentID, 0, len(h.Segments))
	for _, g := range h.Segments {
		names = append(names, g.Segment)
	}
	known, err := s.g.c.Store.Progress(ctx, s.station.ID, names)
	if err != nil {
		return err
	}
	for _, p := range known {
		if p.HasHeader || p.Held > 0 {
			w.Held = append(w.Held, wire.Held{Segment: p.Segment, Held: p.Held, Chain: p.Chain, Kept: keptOf(p), Header: p.HasHeader})
		}
	}
	seen := s.seen(h)
	s.changed = s.g.c.Lists.Changed() // before the manifest, so that no change is missed
	if s.station.State == store.Active {
		m, serial, err := s.g.c.Lists.Manifest()
		if err != nil {
			return err
		}
		w.Manifest = &m
		if serial == h.Serial {
			seen.AsOf = s.g.c.Now()
		}
	}
	if err := s.g.c.Store.Saw(ctx, s.station.ID, seen); err != nil {
		return err
	}
	w.Clock = wire.Clock{Wall: s.g.c.Now().UnixMilli()} // last, it is compared with the arrival
	return s.send(wire.TypeWelcome, w)
}

// keptOf is what the office keeps for good: in its backup or standby too. There
// is no backup policy yet, so what is held counts as kept; when one exists, this
// is the only place that changes.
func keptOf(p store.Progress) uint64 { return p.Held }

func (s *session) seen(h wire.Hello) store.Seen {
	seen := store.Seen{At: s.since, Program: clip(h.Program), Unsent: h.Unsent, Serial: h.Serial, AsOf: s.station.Seen.AsOf, Lists: h.Lists}
	if s.clock.Known {
		skew := s.clock.SkewMS
		seen.SkewMS = &skew
	}
	return seen
}

// left notes when the station was last heard.
func (s *session) left(log interface{ Info(string, ...any) }) {
	log.Info("station left")
	ctx, cancel := context.WithTimeout(context.Background(), deadAfter) // the connection's context has ended
	defer cancel()
	now, err := s.g.c.Store.Station(ctx, s.station.ID)
	if err != nil {
		return
	}
	live := s.live()
	if live.Heard.After(now.Seen.At) {
		now.Seen.At, now.Seen.Unsent = live.Heard, live.Unsent
		if err := s.g.c.Store.Saw(ctx, s.station.ID, now.Seen); err != nil {
			s.g.c.Log.Debug("last contact not noted", "station", s.station.ID, "error", err)
		}
	}
}
