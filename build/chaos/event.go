package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"quachot/build/simnet"
)

// event is one thing that happens to the world. A run is its seed's list of
// events; a failing one is shrunk by leaving events out.
type event struct {
	after   time.Duration // since the event before
	what    string
	station int
	n       int
	long    time.Duration
}

func (e event) String() string {
	return fmt.Sprintf("+%-8v %-12s station %d n %d %v", e.after.Round(time.Millisecond), e.what, e.station, e.n, e.long.Round(time.Millisecond))
}

// kinds are what can happen, each as often as it stands here.
var kinds = strings.Fields(`
	scan scan scan scan scan scan scan roll
	cut cutbytes cutbytes cutbytes hole-up hole-down down line line line
	office-crash office-crash office-restore disk-before disk-after
	restart twin export export carry carry carry-damaged carry-twice receive
	clock`)

// script makes a seed's events.
func script(r *rand.Rand, stations int) []event {
	events := make([]event, 10+r.IntN(50))
	for i := range events {
		events[i] = event{
			after: time.Duration(r.ExpFloat64() * float64(10*time.Second)), what: kinds[r.IntN(len(kinds))], station: r.IntN(stations),
			n: r.IntN(6000), long: time.Duration(r.ExpFloat64() * float64(2*time.Minute)),
		}
	}
	return events
}

// happen lets one event happen.
func (w *world) happen(e event) error {
	time.Sleep(e.after)
	s := w.stations[e.station]
	switch e.what {
	case "scan":
		return s.scan(1 + e.n%40)
	case "roll":
		return s.journal.Roll("chaos")
	case "cut":
		s.network.Cut()
	case "cutbytes": // at any byte of any frame, either way
		s.network.Change(func(l *simnet.Line) { l.CutIn = e.n })
	case "hole-up", "hole-down": // half-open: one way swallows all
		way := len(e.what) - len("hole-up")
		s.network.Change(func(l *simnet.Line) { l.Hole[min(way, 1)] = true })
		w.later(e.long, func() { s.network.Change(func(l *simnet.Line) { l.Hole[min(way, 1)] = false }) })
	case "down":
		s.network.Change(func(l *simnet.Line) { l.Down = true })
		s.network.Cut()
		w.later(e.long, func() { s.network.Change(func(l *simnet.Line) { l.Down = false }) })
	case "line":
		rates := []int{0, 0, 1200, 8000, 125_000}
		latencies := []time.Duration{0, 20 * time.Millisecond, 600 * time.Millisecond}
		s.network.Change(func(l *simnet.Line) { l.Rate, l.Latency = rates[e.n%len(rates)], latencies[e.n%len(latencies)] })
	case "office-crash", "office-restore":
		return w.officeDown(e)
	case "disk-before":
		w.office.faults.before.Store(int32(1 + e.n%3))
	case "disk-after":
		w.office.faults.after.Store(int32(1 + e.n%3))
	case "restart":
		if err := s.end(); err != nil {
			return err
		}
		return s.start()
	case "twin":
		s.startTwin()
		w.later(e.long, s.endTwin)
	case "export":
		return s.export()
	case "carry", "carry-damaged", "carry-twice":
		return w.carry(s, e)
	case "receive":
		s.receive()
	case "clock":
		s.clock.jump(time.Duration(e.n-3000) * time.Minute)
	}
	return nil
}

// officeDown ends the office for a while; it may come back as it was at its last
// backup, and is backed up now and then.
func (w *world) officeDown(e event) error {
	if err := w.office.End(); err != nil {
		return err
	}
	for _, s := range w.stations {
		s.network.Cut()
	}
	time.Sleep(e.long / 4)
	var err error
	switch {
	case e.what == "office-restore":
		err = w.office.restore()
	case e.n%3 == 0:
		err = w.office.keep()
	}
	if err != nil {
		return err
	}
	return w.office.Start()
}

// carry brings one of the station's bundles to the office, in any order.
func (w *world) carry(s *station, e event) error {
	if len(s.bundles) == 0 {
		return nil
	}
	i := e.n % len(s.bundles)
	b := s.bundles[i]
	if e.what == "carry-twice" { // it stays on the stick
		return w.office.take(s, b)
	}
	s.bundles = append(s.bundles[:i], s.bundles[i+1:]...)
	if e.what == "carry-damaged" {
		b = damage(w.random, b)
	}
	return w.office.take(s, b)
}
