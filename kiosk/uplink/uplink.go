// Package uplink is the station's end of the sync: it keeps one WebSocket to the
// office, sends what the journal holds and the office does not, takes receipts
// and lists, and measures the office's clock (design, section 8; the frames are
// in internal/wire). It decides nothing at the lane and is never waited for.
package uplink

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"quachot/internal/clock"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
)

// Outbox is what the uplink needs of the journal.
type Outbox interface {
	Segments() []journal.Segment
	Read(seg record.SegmentID, from uint64, maxRecords, maxBytes int) (journal.Run, error)
	Receive(r ...record.Receipt) error
	Lower(seg record.SegmentID, held uint64) error
	Changed() <-chan struct{}
	// Urgent are records that go ahead of all others, oldest first.
	Urgent() []record.ID
	Counts() journal.Counts
}

// Lists is where what comes down goes; *lists.Store is one.
type Lists interface {
	Offer(sm wire.SignedManifest) ([]wire.Want, error)
	Put(c wire.Chunk) ([]wire.Want, error)
	Serial() uint64
}

// Config is all a Client needs. Every field but Versions is required.
type Config struct {
	Address string // HOST:PORT of the office
	Key     ed25519.PrivateKey
	Station string
	Office  wire.OfficeKeys
	Outbox  Outbox
	Lists   Lists
	Clock   clock.Clock
	Program string
	Log     *slog.Logger
	// Versions are the list versions held, for the office's page; may be nil.
	Versions func() map[string]uint64
	// Dial is for tests; nil = the network.
	Dial Dial
	// Enrol is the proof of the code in an enrolment file, which the office has
	// not heard of yet; nil = enrolled. Enrolled is told when it has; it may be
	// nil when Enrol is.
	Enrol    *wire.EnrolRequest
	Enrolled func(wire.Enrolled) error
}

// State is what the screen, the status and the log say of the link. It is a
// copy; times are zero until they happened.
type State struct {
	Connected    bool
	LastContact  time.Time // wall clock when the office last said anything
	LastError    string    // of the last attempt, for people; empty while connected
	ErrorCode    string    // its code, a Code constant; texts under "sync.<code>"
	NextTry      time.Time
	SkewMS       *int64    // station's clock minus the office's; nil = not known
	SkewMarginMS int64     // SkewMS is right to within this
	LatestOffice time.Time // a time the office's clock has certainly reached
	Forks        []record.SegmentID
	SentRecords  uint64 // since the program started, repeats included
	SentBytes    uint64 // frames of batches
	ListsCurrent bool   // the lists are those of the office's newest manifest

	failures uint64 // sessions that failed
}

// Client is one station's link. Run or Drain do the work; State may be asked
// from anywhere.
type Client struct {
	c      Config
	office clock.Office
	kick   chan struct{} // ends a pause between attempts; capacity 1
	turn   chan struct{} // held by the Run that works; capacity 1
	pace   pace          // owned by the upload of the session under way
	run    wire.RunID    // of the office that last compared everything; owned by the session under way

	mu      sync.Mutex // guards what follows
	enrol   *wire.EnrolRequest
	state   State
	forks   map[record.SegmentID]bool
	changed chan struct{} // closed and replaced at every change of state
}

// New makes a client that does nothing yet.
func New(c Config) *Client {
	c.Log = c.Log.With("part", "uplink")
	return &Client{c: c, enrol: c.Enrol, kick: make(chan struct{}, 1), turn: make(chan struct{}, 1), changed: make(chan struct{}), forks: map[record.SegmentID]bool{}}
}

// Run keeps the link until ctx ends, and is nil then. When it returns, all it
// started has ended. A second Run waits for the first to end.
func (c *Client) Run(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return nil
	}
	defer func() {
		c.update(func(s *State) { s.Connected = false })
		<-c.turn
	}()
	var pause backoff
	before := c.delivered()
	for ctx.Err() == nil {
		started := time.Now()
		err := c.session(ctx)
		if ctx.Err() != nil {
			break
		}
		delivered := c.delivered()
		wait := pause.next(time.Since(started), delivered > before, isLasting(err))
		before = delivered
		c.failed(err, wait)
		select {
		case <-ctx.Done():
		case <-c.kick:
		case <-time.After(wait):
		}
	}
	return nil
}

// delivered is how many records the office confirmed.
func (c *Client) delivered() uint64 { return c.c.Outbox.Counts().Held }

// Kick makes a waiting client try at once.
func (c *Client) Kick() {
	select {
	case c.kick <- struct{}{}:
	default:
	}
}

// Drain returns nil when the office holds everything and the lists are current,
// also when the station was given back and so gets no lists any more.
// It runs the link itself when nobody does. When ctx ends first, the error says
// what is left and why.
func (c *Client) Drain(ctx context.Context) error { return c.drain(ctx, math.MaxUint64) }

// DrainNow is like Drain, but gives up when the link cannot be had or breaks.
func (c *Client) DrainNow(ctx context.Context) error { return c.drain(ctx, 1) }

func (c *Client) drain(ctx context.Context, failures uint64) error {
	ctx, stop := context.WithCancel(ctx)
	var own sync.WaitGroup
	defer func() { stop(); own.Wait() }()
	before := c.State().failures
	own.Go(func() { _ = c.Run(ctx) }) // waits, when somebody else's serves
	c.Kick()
	for {
		s, changed := c.watch()
		unsent := c.c.Outbox.Counts().Unsent
		if unsent == 0 && (s.Connected && s.ListsCurrent || s.ErrorCode == CodeRetired && s.failures > before) {
			return nil
		}
		if s.failures-before >= failures {
			return notDrained(unsent, s)
		}
		select {
		case <-ctx.Done():
			return notDrained(unsent, s)
		case <-changed:
		}
	}
}

func notDrained(unsent uint64, s State) error {
	why := s.LastError
	switch {
	case why == "" && unsent == 0:
		why = "the lists were still being fetched"
	case why == "" && len(s.Forks) > 0:
		why = "the office knows another history of this station"
	case why == "":
		why = "time was up"
	}
	return fmt.Errorf("%d records are not at the office yet: %s", unsent, why)
}

// Skew is how far the station's clock is ahead of the office's, as far as any
// exchange since the program's start has told.
func (c *Client) Skew() (ahead time.Duration, ok bool) {
	ahead, _, ok = c.office.Skew(c.c.Clock)
	return ahead, ok
}

// State is the link's state now.
func (c *Client) State() State {
	s, _ := c.watch()
	return s
}

func (c *Client) watch() (State, <-chan struct{}) {
	c.mu.Lock()
	s, changed := c.state, c.changed
	for id := range c.forks {
		s.Forks = append(s.Forks, id)
	}
	c.mu.Unlock()
	if skew, margin, ok := c.office.Skew(c.c.Clock); ok {
		ms := skew.Milliseconds()
		s.SkewMS, s.SkewMarginMS = &ms, margin.Milliseconds()
	}
	s.LatestOffice = c.office.Latest(c.c.Clock)
	return s, changed
}

// update changes the state and wakes who watches it.
func (c *Client) update(change func(*State)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.state)
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *Client) failed(err error, wait time.Duration) {
	p := explain(err)
	c.c.Log.Info("no link to the office", "code", p.Code, "err", err, "next_try_s", int(wait.Seconds()))
	c.update(func(s *State) {
		s.Connected, s.ListsCurrent = false, false
		s.LastError, s.ErrorCode = p.Error(), p.Code
		s.NextTry = c.c.Clock.Now().Add(wait)
		s.failures++
	})
}

func (c *Client) contact() {
	c.update(func(s *State) { s.LastContact = c.c.Clock.Now() })
}

func (c *Client) fork(seg record.SegmentID, why string) {
	c.c.Log.Error("fork: the office knows another history of a segment", "segment", seg.String(), "why", why)
	c.mu.Lock()
	c.forks[seg] = true
	c.mu.Unlock()
	c.update(func(*State) {})
}
