package screen

import (
	"context"
	"errors"
	"log/slog"
	"reflect"
	"sync/atomic"
	"time"

	"quachot/internal/credential"
	"quachot/internal/record"
)

// Lane does the lane's work: it judges, saves, and only then answers.
type Lane interface {
	Scan(ctx context.Context, text string) Result
	Decide(ctx context.Context, p record.Passage) (record.ID, error)
	SetDirection(ctx context.Context, d record.Direction) error
}

// Config is all a Desk needs; every field but Training, Prefs and Doing is required.
type Config struct {
	Words     Words
	Direction record.Direction
	Training  bool
	Prefs     Prefs // of the last time
	Lane      Lane
	Doing     Doing         // what pages have done; nil only where no page opens
	Status    func() Status // may wait for a disk: it is called on its own goroutine
	Show      func(State)   // must not wait
	Sound     func(name string)
	Quit      func()
	Screen    func() // fills the screen, or stops filling it
	Log       *slog.Logger
}

// Desk runs a Model: one goroutine owns the model, one does the lane's work in
// the order things arrived, one asks for the status.
type Desk struct {
	c     Config
	in    *mailbox[event]
	work  *mailbox[job]
	model *Model
	last  State        // as shown
	busy  atomic.Int64 // scans that were handed to the lane and are not judged
}

// event is something that happened, told to the model; ticks come by themselves.
type event func(m *Model, now time.Time) []Effect

// job is work for the lane; what it returns goes back to the model.
type job func(ctx context.Context) event

// tick is how often the screen is looked over when nothing happens.
const tick = 200 * time.Millisecond

// finish is how long the work under way may take when the program ends.
const finish = 10 * time.Second

// NewDesk makes a desk that shows nothing until Run.
func NewDesk(c Config) *Desk {
	d := &Desk{c: c, in: newMailbox[event](), work: newMailbox[job]()}
	d.model = NewModel(c.Words, c.Direction, time.Now())
	d.model.Prefer(c.Prefs)
	d.model.Prefer(c.Prefs)
	if c.Training {
		d.model.Train()
	}
	return d
}

// Scan takes a code. Any goroutine may call it; it never waits, and no code is
// ever dropped: the mailbox has no bound, since a code is 8 KiB at most and a
// scanner gives a few a second.
func (d *Desk) Scan(s Scan) {
	d.in.put(func(m *Model, now time.Time) []Effect { return m.Scan(s, now) })
}

// Key takes a key; see Model.Key. Any goroutine may call it.
func (d *Desk) Key(k Key, hasty bool) {
	d.in.put(func(m *Model, now time.Time) []Effect { return m.Key(k, hasty, now) })
}

// Run shows the screen until ctx ends. Scans that arrived by then are judged
// and saved before it returns.
func (d *Desk) Run(ctx context.Context) error {
	// The lane's work outlives ctx: a scan is a fact, also when the window closes.
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ended := make(chan struct{})
	d.warm()
	go func() {
		defer close(ended)
		d.labour(working)
	}()
	statuses := make(chan Status)
	asking := make(chan struct{})
	go func() {
		defer close(asking)
		d.ask(ctx, statuses)
	}()
	d.loop(ctx, statuses)
	<-asking
	d.drain()
	d.work.close()
	select {
	case <-ended:
	case <-time.After(finish):
		stop()
		<-ended
		return errors.New("the lane's work did not end in time; what was not saved is in the log")
	}
	return nil
}

// loop owns the model.
func (d *Desk) loop(ctx context.Context, statuses <-chan Status) {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		now := time.Now()
		var effects []Effect
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
			effects = d.model.Tick(now)
		case s := <-statuses:
			effects = d.model.SetStatus(s, now)
		case <-d.in.ready:
			for _, e := range d.in.take() {
				effects = append(effects, e(d.model, time.Now())...)
			}
		}
		d.carryOut(effects)
		d.show()
	}
}

// drain hands scans that arrived at the last moment to the lane.
func (d *Desk) drain() {
	for _, e := range d.in.take() {
		d.carryOut(e(d.model, time.Now()))
	}
}

// show draws only what changed.
func (d *Desk) show() {
	s := d.model.State()
	if reflect.DeepEqual(s, d.last) {
		return
	}
	d.last = s
	d.c.Show(s)
}

func (d *Desk) carryOut(effects []Effect) {
	for _, e := range effects {
		switch {
		case e.Work != nil:
			d.work.put(d.deed(e.Work))
		case e.Judge != nil:
			d.prepare(*e.Judge)
			d.work.put(d.judge(*e.Judge))
		case e.Decide != nil:
			d.work.put(d.decide(*e.Decide))
		case e.Direction != 0:
			d.work.put(d.turn(e.Direction))
		case e.Sound != "":
			d.c.Sound(e.Sound)
		case e.Quit:
			d.c.Quit()
		case e.Screen:
			d.c.Screen()
		}
	}
}

// warm lets the lane get ready before the first scan.
func (d *Desk) warm() {
	if w, ok := d.c.Lane.(interface{ Warm() }); ok {
		d.work.put(func(context.Context) event {
			w.Warm()
			return func(*Model, time.Time) []Effect { return nil }
		})
	}
}

// prepare lets the lane begin with a code that has to wait for another.
func (d *Desk) prepare(s Scan) {
	p, ok := d.c.Lane.(interface{ Prepare(text string) })
	if waits := d.busy.Add(1) > 1; waits && ok && len(s.Texts) > 0 {
		p.Prepare(s.Texts[0])
	}
}

// labour does the lane's work, in order, until the mailbox is closed.
func (d *Desk) labour(ctx context.Context) {
	for range d.work.ready {
		for _, j := range d.work.take() {
			d.in.put(j(ctx))
		}
	}
	for _, j := range d.work.take() {
		j(ctx)
	}
}

func (d *Desk) judge(s Scan) job {
	return func(ctx context.Context) event {
		text := choose(s.Texts, time.Now())
		r := d.c.Lane.Scan(ctx, text)
		d.busy.Add(-1)
		if r.Err != nil {
			d.c.Log.Error("scan not saved", "error", r.Err)
		}
		d.c.Log.Debug("scan judged", "verdict", r.Verdict, "ms", time.Since(s.At).Milliseconds())
		return func(m *Model, now time.Time) []Effect { return m.Judged(r, now) }
	}
}

// choose takes the first way of reading the keys that is a credential at all.
func choose(texts []string, now time.Time) string {
	switch len(texts) {
	case 0:
		return ""
	case 1:
		return texts[0]
	}
	for _, t := range texts {
		if credential.Read(t, nil, now).Kind != credential.Unknown {
			return t
		}
	}
	return texts[0]
}

func (d *Desk) decide(what Decide) job {
	return func(ctx context.Context) event {
		id, err := d.c.Lane.Decide(ctx, what.Passage)
		if err != nil {
			d.c.Log.Error("decision not saved", "error", err)
		}
		return func(m *Model, now time.Time) []Effect { return m.Decided(what.Scan, id, now) }
	}
}

// deed is what a page wants done.
func (d *Desk) deed(work func(context.Context, Doing) func(*Model, time.Time) []Effect) job {
	return func(ctx context.Context) event {
		if told := work(ctx, d.c.Doing); told != nil {
			return told
		}
		return func(*Model, time.Time) []Effect { return nil }
	}
}

func (d *Desk) turn(way record.Direction) job {
	return func(ctx context.Context) event {
		if err := d.c.Lane.SetDirection(ctx, way); err != nil {
			d.c.Log.Error("direction not saved", "error", err)
		}
		return func(*Model, time.Time) []Effect { return nil }
	}
}

// ask fetches the status once a second.
func (d *Desk) ask(ctx context.Context, to chan<- Status) {
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for {
		s := d.c.Status()
		select {
		case <-ctx.Done():
			return
		case to <- s:
		}
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
		}
	}
}
