package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"quachot/hardware/scanner"
	"quachot/internal/badge"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
	"quachot/kiosk/lane"
	"quachot/kiosk/station"
)

type laneCmd struct {
	Scanner   []string `help:"Where codes come from, repeatable: stdin, serial:DEV." default:"stdin" placeholder:"DRIVER[:DEV]" sep:"none"`
	Direction string   `help:"Which way the lane looks: in or out." default:"in" enum:"in,out"`
	Officer   string   `help:"Who is on duty." placeholder:"ID"`
	PINFile   string   `help:"File with the officer's PIN." name:"pin-file" placeholder:"FILE"`
}

const (
	// lostPause is how long to wait before a lost scanner is tried again.
	lostPause = time.Second
	// lostAgain is how often a scanner that stays lost is told again.
	lostAgain = time.Minute
	// lastSync is how long a lane that ends waits for the office to have its
	// last records. They are safe either way.
	lastSync = 5 * time.Second
)

func (l laneCmd) Run(c *call) error {
	if c.station != nil {
		return errors.New("this program has its lane already")
	}
	if (l.Officer == "") != (l.PINFile == "") {
		return errors.New("--officer and --pin-file belong together. Nothing was changed")
	}
	scanners, err := openScanners(l.Scanner, c.stdin)
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(lane.GCPercent)
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	err = l.work(c, s, scanners)
	return errors.Join(err, s.Close())
}

// work runs the lane until every scanner came to its end or ctx ended. The sync
// and the subcommands run beside it.
func (l laneCmd) work(c *call, s *station.Station, scanners []scanner.Scanner) error {
	var way record.Direction
	if err := way.UnmarshalText([]byte(l.Direction)); err != nil {
		return err
	}
	beside, stop := context.WithCancel(context.WithoutCancel(c.ctx))
	var attending sync.WaitGroup
	attending.Go(func() { Attend(beside, s, WindowOptions{Log: c.log}) })
	defer func() { stop(); attending.Wait() }()

	deps := s.LaneDeps()
	deps.Scanner = strings.Join(l.Scanner, " ")
	work := lane.New(deps, way)
	if err := l.login(c, s, work); err != nil {
		return err
	}
	work.Warm()
	d := &desk{c: c, lane: work, login: s.Login}
	var reading sync.WaitGroup
	for _, sc := range scanners {
		reading.Go(func() { d.read(c.ctx, sc) })
	}
	reading.Wait()
	if err := work.SetOfficer(context.WithoutCancel(c.ctx), ""); err != nil {
		c.log.Error("end of the shift", "err", err)
	}
	l.lastSync(s)
	return d.err()
}

func (l laneCmd) login(c *call, s *station.Station, work *lane.Lane) error {
	if l.Officer == "" {
		return nil
	}
	pin, err := os.ReadFile(c.path(l.PINFile))
	if err != nil {
		return fmt.Errorf("read the PIN's file: %w. Nothing was changed", err)
	}
	who := duty.Credentials{ID: l.Officer, PIN: strings.TrimSpace(string(pin)), Role: duty.Needs(duty.Work)}
	officer, err := s.Login(c.ctx, who)
	if err != nil {
		return fmt.Errorf("%w. The lane was not opened and everything scanned before is safe. Check the number and the PIN, or ask the office", err)
	}
	return work.SetOfficer(c.ctx, officer.ID)
}

// lastSync gives the office a moment to take the last records when it can be
// reached; a lane without a network ends at once.
func (l laneCmd) lastSync(s *station.Station) {
	ctx, cancel := context.WithTimeout(context.Background(), lastSync)
	defer cancel()
	_ = s.Uplink.DrainNow(ctx) // what is left goes with the next start
}

// desk answers scans of one or more scanners, one line each.
type desk struct {
	c     *call
	lane  *lane.Lane
	login func(context.Context, duty.Credentials) (wire.Officer, error) // proves who overrides

	mu     sync.Mutex // guards what follows
	broken error      // of the output
}

// read answers a scanner's codes in order until it ends. Those that come while
// one is judged are taken in and prepared; whatever was taken in is answered.
func (d *desk) read(ctx context.Context, sc scanner.Scanner) {
	queue := lane.NewQueue[scanner.Code](d.lane)
	var answering sync.WaitGroup
	answering.Go(func() {
		var before time.Time
		queue.Run(func(code scanner.Code) {
			d.answer(ctx, code, before)
			before = time.Now()
		})
	})
	d.attend(ctx, sc, func(code scanner.Code) { queue.Put(code.Text, code) })
	queue.Close()
	answering.Wait()
}

// attend takes codes until the scanner ends. A lost one is tried again for ever:
// somebody will plug it in.
func (d *desk) attend(ctx context.Context, sc scanner.Scanner, found func(scanner.Code)) {
	var told time.Time
	for ctx.Err() == nil {
		began := time.Now()
		err := sc.Scan(ctx, found)
		if !errors.Is(err, scanner.ErrLost) || isLines(sc) {
			if err != nil {
				d.c.log.Error("scanner", "err", err)
			}
			return
		}
		if time.Since(began) > lostPause || time.Since(told) >= lostAgain { // it was there, or it is long since
			d.c.log.Warn("scanner lost: plug it in again, it is tried every second", "err", err)
			told = time.Now()
		}
		select {
		case <-ctx.Done():
		case <-time.After(lostPause):
		}
	}
}

// answer handles one code. The context of a scan under way is not ended with the
// program: what was read is written down. Before is when the code before it was
// answered: where codes queue, a scan's time counts from there.
func (d *desk) answer(ctx context.Context, code scanner.Code, before time.Time) {
	ctx = context.WithoutCancel(ctx)
	if order, ok := parseOrder(code); ok {
		d.say(d.obey(ctx, order))
		return
	}
	if badge.Is(code.Text) { // it holds a secret: it is never written down
		d.say(errorLine{Error: "an officer's badge is no citizen's code; nothing was written down. Name the officer with --officer when the lane is opened"})
		return
	}
	r, err := d.lane.Scan(ctx, code.Text)
	if err != nil {
		d.c.log.Error("scan", "err", err)
	}
	d.say(scanLine(r, err, min(time.Since(code.At), time.Since(before))))
}

func (d *desk) say(v any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := line(d.c.stdout, v); err != nil && d.broken == nil {
		d.broken = err // go on: scans are still to be written down
		d.c.log.Error("answers cannot be written; scans are still saved", "err", err)
	}
}

func (d *desk) err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.broken
}

// isLines tells a pipe, which cannot come back.
func isLines(sc scanner.Scanner) bool {
	n, ok := sc.(scanner.Namer)
	return ok && n.Name() == "stdin"
}
