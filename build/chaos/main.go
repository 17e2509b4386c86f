// Chaos runs the real uplink and gateway, journal and store against each other
// over an in-process network on which everything fails that can, in time that is
// not real: weeks pass in seconds. An outside ledger says whether anything was
// lost, doubled or put out of order. A failing seed is shrunk to its shortest
// script.
//
//	go run ./build/chaos --seeds 1-1000
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
)

// Summary is the one line on standard output; exit 1 when anything but Runs is
// not zero.
type Summary struct {
	Runs         int    `json:"runs"`
	Lost         int    `json:"lost"`
	Doubled      int    `json:"doubled"`
	Disordered   int    `json:"disordered"`
	Stuck        int    `json:"stuck"` // runs that did not drain, or ended in an error
	Records      int    `json:"records"`
	FirstBadSeed uint64 `json:"first_bad_seed"`
}

func main() {
	seeds := flag.String("seeds", "1-100", "first and last seed: A-B")
	// synctest wants a test around it, also outside of go test.
	testing.Main(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "chaos", F: func(t *testing.T) {
		os.Exit(chaos(t, *seeds))
	}}}, nil, nil)
}

// chaos runs the seeds and gives the exit code.
func chaos(t *testing.T, seeds string) int {
	var from, to uint64
	if _, err := fmt.Sscanf(seeds, "%d-%d", &from, &to); err != nil || from == 0 || to < from {
		fmt.Fprintln(os.Stderr, "Say the seeds as A-B, such as 1-1000. Nothing was run.")
		return 2
	}
	sum, err := runAll(t, from, to)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	_ = json.NewEncoder(os.Stdout).Encode(sum)
	if sum.Lost+sum.Doubled+sum.Disordered+sum.Stuck > 0 {
		return 1
	}
	return 0
}

// runAll runs the seeds, as many at once as there are processors.
func runAll(t *testing.T, from, to uint64) (Summary, error) {
	dir, err := os.MkdirTemp(fastDir(), "chaos-")
	if err != nil {
		return Summary{}, err
	}
	defer os.RemoveAll(dir)
	lab := &lab{t: t, dir: dir, template: filepath.Join(dir, "template")}
	if lab.ids, err = template(lab.template, stationsPerRun); err != nil {
		return Summary{}, fmt.Errorf("make the office: %w", err)
	}
	var sum Summary
	var mu sync.Mutex
	next := make(chan uint64)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for seed := range next {
				r := lab.run(seed)
				mu.Lock()
				sum.add(seed, r)
				mu.Unlock()
			}
		})
	}
	for seed := from; seed <= to; seed++ {
		next <- seed
	}
	close(next)
	workers.Wait()
	return sum, nil
}

func (s *Summary) add(seed uint64, r result) {
	s.Runs++
	s.Records += r.records
	if !r.bad() {
		return
	}
	s.Lost += r.Lost
	s.Doubled += r.Doubled
	s.Disordered += r.Disordered
	if r.Lost+r.Doubled+r.Disordered == 0 {
		s.Stuck++
	}
	if s.FirstBadSeed == 0 || seed < s.FirstBadSeed {
		s.FirstBadSeed = seed
	}
	fmt.Fprintf(os.Stderr, "seed %d: lost %d, doubled %d, disordered %d\n", seed, r.Lost, r.Doubled, r.Disordered)
	for _, why := range r.Why {
		fmt.Fprintf(os.Stderr, "  %s\n", why)
	}
	fmt.Fprintln(os.Stderr, "  its shortest script:")
	for _, e := range r.events {
		fmt.Fprintf(os.Stderr, "    %v\n", e)
	}
}

// fastDir is a place in memory where there is one: what is tested here is who
// says what when, not the disk.
func fastDir() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

// lab has what all runs share.
type lab struct {
	t             *testing.T
	dir, template string
	ids           []string
}

// result is one seed's outcome, with the shortest script that still fails.
type result struct {
	verdict
	events  []event
	records int
}

func (l *lab) run(seed uint64) result {
	events := script(rand.New(rand.NewPCG(seed, 1)), stationsPerRun)
	v, records := l.play(seed, events)
	if v.bad() {
		events = shrink(events, func(e []event) bool { v, _ := l.play(seed, e); return v.bad() })
	}
	return result{v, events, records}
}

// play runs one script in a bubble of its own.
func (l *lab) play(seed uint64, events []event) (v verdict, records int) {
	dir, err := os.MkdirTemp(l.dir, fmt.Sprintf("%d-", seed))
	if err != nil {
		return verdict{Why: []string{err.Error()}}, 0
	}
	defer os.RemoveAll(dir)
	ok := l.t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				if p := recover(); p != nil {
					v.say("panic: %v", p)
				}
			}()
			v, records = l.live(dir, seed, events)
		})
	})
	if !ok {
		v.say("the run did not end by itself")
	}
	return v, records
}

// live is one life of a world.
func (l *lab) live(dir string, seed uint64, events []event) (v verdict, records int) {
	w, err := newWorld(dir, l.template, l.ids, rand.New(rand.NewPCG(seed, 2)))
	if err != nil {
		v.say("start: %v", err)
		return v, 0
	}
	for i, e := range events {
		if err := w.happen(e); err != nil {
			v.say("event %d, %v: %v", i, e, err)
			break
		}
	}
	w.heal()
	if err := w.drained(); err != nil {
		v.say("%v", err)
	}
	judged := w.judge()
	judged.Why = append(v.Why, judged.Why...)
	if err := w.end(); err != nil {
		judged.say("%v", err)
	}
	for _, s := range w.stations {
		records += len(s.said)
	}
	return judged, records
}

// shrink leaves out events as long as the script still fails.
func shrink(events []event, fails func([]event) bool) []event {
	for size := len(events) / 2; size > 0; size /= 2 {
		for from := 0; from+size <= len(events); {
			fewer := append(append([]event(nil), events[:from]...), events[from+size:]...)
			if fails(fewer) {
				events = fewer
			} else {
				from += size
			}
		}
	}
	return events
}
