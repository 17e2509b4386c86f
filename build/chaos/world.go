package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"quachot/build/simnet"
	"quachot/internal/record"
	"quachot/syncserver/proof"
	"quachot/syncserver/store"
)

// world is one run: an office and some stations, and time that is not real.
type world struct {
	office   *office
	stations []*station
	random   *rand.Rand
	pending  []chan struct{} // ends of what later has under way
}

const stationsPerRun = 2

// epoch is when every run begins: after the template was made.
var epoch = time.Date(2027, 1, 4, 7, 0, 0, 0, time.UTC)

// drainWithin is how long everything may take to reach the office once nothing
// fails any more: the longest pause between attempts and the slowest line.
const drainWithin = 2 * time.Hour

// newWorld starts a world in dir from the template.
func newWorld(dir, from string, ids []string, r *rand.Rand) (*world, error) {
	time.Sleep(time.Until(epoch))
	o := newOffice(filepath.Join(dir, "office"), make(chan net.Conn))
	if err := os.CopyFS(o.Dir, os.DirFS(from)); err != nil {
		return nil, err
	}
	if err := o.Start(); err != nil {
		return nil, err
	}
	w := &world{office: o, random: r}
	for n, id := range ids {
		s := &station{
			id: id, dir: filepath.Join(dir, id), key: stationKey(n), office: o.Vault.Keys(), network: simnet.New(o.Offer),
			clock: &stationClock{start: time.Now(), boot: byte(n + 1)}, said: map[record.ID]string{},
		}
		if err := os.MkdirAll(s.dir, 0o700); err != nil {
			return nil, err
		}
		if err := s.start(); err != nil {
			return nil, err
		}
		w.stations = append(w.stations, s)
	}
	return w, nil
}

// later does f after a while, at the latest before the world heals.
func (w *world) later(after time.Duration, f func()) {
	now := make(chan struct{})
	w.pending = append(w.pending, now)
	go func() {
		time.Sleep(after)
		f()
		close(now)
	}()
}

// heal ends every fault.
func (w *world) heal() {
	for _, p := range w.pending {
		<-p
	}
	w.office.faults.before.Store(0)
	w.office.faults.after.Store(0)
	for _, s := range w.stations {
		s.endTwin()
		s.network.Change(func(l *simnet.Line) {
			l.Rate, l.Latency, l.Down, l.Hole, l.CutIn = 0, 10*time.Millisecond, false, [2]bool{}, -1
		})
		s.network.Cut()
	}
}

// drained waits until every station has delivered all. A journal may write a
// record of its own, such as a jump of the clock, just after: then once more.
func (w *world) drained() error {
	ctx, cancel := context.WithTimeout(context.Background(), drainWithin)
	defer cancel()
	for _, s := range w.stations {
		for again := true; again; again = s.waiting() {
			if err := s.client.Drain(ctx); err != nil {
				return fmt.Errorf("not drained: %s: %w", s.id, err)
			}
		}
	}
	return nil
}

// verdict compares the office with the ledgers.
type verdict struct {
	Lost, Doubled, Disordered int
	Why                       []string
}

func (v *verdict) bad() bool { return v.Lost+v.Doubled+v.Disordered+len(v.Why) > 0 }

func (v *verdict) say(format string, args ...any) {
	v.Why = append(v.Why, fmt.Sprintf(format, args...))
}

// judge is the outside ledger's word: everything promised is at the office once,
// as it was written and in order, and both checkers agree.
func (w *world) judge() (v verdict) {
	ctx := context.Background()
	for _, s := range w.stations {
		got := map[record.ID]int{}
		next := map[record.SegmentID]uint64{}
		for r, err := range w.office.Store.Records(ctx, store.Query{Station: s.id}) {
			if err != nil {
				v.say("read the office's records: %v", err)
				return v
			}
			got[r.ID]++
			if got[r.ID] > 1 {
				v.Doubled++
			}
			next[r.ID.Segment] = max(next[r.ID.Segment], r.ID.Seq)
			var n record.Note
			if text, ours := s.said[r.ID]; ours && (r.Entry().Into(&n) != nil || n.Text != text) {
				v.Disordered++
				v.say("%s: record %v says %q, want %q", s.id, r.ID, n.Text, text)
			}
		}
		for id := range s.said {
			if got[id] == 0 {
				v.Lost++
			}
		}
		for _, seg := range s.journal.Segments() {
			if seg.Held != seg.Last {
				v.Disordered++
				v.say("%s: segment %s held %d of %d", s.id, seg.ID, seg.Held, seg.Last)
			}
		}
		if r, err := s.journal.Check(); err != nil || !r.OK {
			v.say("%s: kiosk check: %v %+v", s.id, err, r)
		}
	}
	r, err := proof.Check(ctx, w.office.Store)
	if err != nil || !r.OK {
		v.say("syncserver check: %v %+v", err, r)
	}
	return v
}

// end closes everything.
func (w *world) end() error {
	var failed []string
	for _, s := range w.stations {
		if err := s.end(); err != nil {
			failed = append(failed, err.Error())
		}
	}
	if err := w.office.End(); err != nil {
		failed = append(failed, err.Error())
	}
	if len(failed) > 0 {
		return fmt.Errorf("end the world: %s", strings.Join(failed, "; "))
	}
	return nil
}
