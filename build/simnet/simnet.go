// Package simnet is a network inside one program, with the faults of mobile
// links, for build/chaos and build/bench. It works in real time and in the time
// of testing/synctest.
package simnet

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Line is what a network is like at a moment. It carries streams, as TCP gives
// them: loss and reordering below TCP show as stalls.
type Line struct {
	Latency time.Duration // one way
	Rate    int           // bytes a second each way; 0 = no limit
	Down    bool          // nothing connects
	CutIn   int           // bytes until the next cut, counted over both ways; negative = none
	Hole    [2]bool       // what the dialler (0) or the listener (1) sends is swallowed
}

// Network is the wire between one station and the office. Make it with New.
type Network struct {
	offer chan net.Conn // to the listener

	mu    sync.Mutex // guards what follows
	line  Line
	pairs map[*pair]time.Time // since when each is open
	up    time.Duration       // how long those that ended were open
}

var errDown = errors.New("no network")

// New makes a perfect network to whoever listens to offer.
func New(offer chan net.Conn) *Network {
	return &Network{offer: offer, pairs: map[*pair]time.Time{}, line: Line{CutIn: -1}}
}

// Dial is the station's end; the address does not matter.
func (n *Network) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	n.mu.Lock()
	down, latency := n.line.Down, n.line.Latency
	n.mu.Unlock()
	select {
	case <-time.After(2 * latency):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if down {
		return nil, &net.OpError{Op: "dial", Net: "sim", Err: errDown}
	}
	p := &pair{n: n, ended: make(chan struct{})}
	p.ends[0], p.ends[1] = newEnd(p, 0), newEnd(p, 1)
	go p.ends[0].carry()
	go p.ends[1].carry()
	select {
	case n.offer <- p.ends[1]:
	case <-time.After(3 * time.Second): // nobody accepts
		p.end()
		return nil, &net.OpError{Op: "dial", Net: "sim", Err: errDown}
	case <-ctx.Done():
		p.end()
		return nil, ctx.Err()
	}
	n.mu.Lock()
	n.pairs[p] = time.Now()
	n.mu.Unlock()
	return p.ends[0], nil
}

// Change changes the line; it holds for what is sent from now on.
func (n *Network) Change(f func(*Line)) {
	n.mu.Lock()
	f(&n.line)
	n.mu.Unlock()
}

// Cut breaks every connection now.
func (n *Network) Cut() {
	n.mu.Lock()
	var all []*pair
	for p := range n.pairs {
		all = append(all, p)
	}
	n.mu.Unlock()
	for _, p := range all {
		p.end()
	}
}

// Up is how long connections were open, all told.
func (n *Network) Up() time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	up := n.up
	for _, since := range n.pairs {
		up += time.Since(since)
	}
	return up
}

// pass is asked for every piece that goes one way: how much of it arrives, how
// long after the line took it, how long the line is busy with it, and whether the
// line breaks then.
func (n *Network) pass(way, size int) (arrive int, latency, busy time.Duration, breaks bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := &n.line
	arrive = size
	if l.Rate > 0 {
		busy = time.Duration(size) * time.Second / time.Duration(l.Rate)
	}
	if l.CutIn >= 0 {
		if l.CutIn < size {
			arrive, breaks = l.CutIn, true
			l.CutIn = -1
		} else {
			l.CutIn -= size
		}
	}
	if l.Hole[way] {
		arrive = 0
	}
	return arrive, l.Latency, busy, breaks
}

// pair is one connection.
type pair struct {
	n     *Network
	ends  [2]*end
	once  sync.Once
	ended chan struct{}
}

func (p *pair) end() {
	p.once.Do(func() {
		close(p.ended)
		p.n.mu.Lock()
		if since, open := p.n.pairs[p]; open {
			p.n.up += time.Since(since)
			delete(p.n.pairs, p)
		}
		p.n.mu.Unlock()
	})
}

// end is one side. What it writes the other reads, in order, later.
type end struct {
	p   *pair
	way int
	out chan piece  // written, on its way; full = the writer waits, as for a full socket
	in  chan []byte // arrived

	mu       sync.Mutex // guards what follows
	rest     []byte
	free     time.Time // when the line has carried all that was sent
	deadline [2]time.Time
	changed  chan struct{} // closed and replaced when a deadline changes
}

// piece is what one write put on the line.
type piece struct {
	b      []byte
	due    time.Time // when it arrives
	breaks bool      // the line breaks after it
}

// window is how many pieces may be under way before a writer waits.
const window = 16

func newEnd(p *pair, way int) *end {
	return &end{p: p, way: way, out: make(chan piece, window), in: make(chan []byte, window), changed: make(chan struct{})}
}

// carry brings what was written to the other end, until the pair ends.
func (e *end) carry() {
	for {
		var next piece
		select {
		case next = <-e.out:
		case <-e.p.ended:
			return
		}
		select {
		case <-time.After(time.Until(next.due)):
		case <-e.p.ended:
			return
		}
		if len(next.b) > 0 {
			select {
			case e.p.ends[1-e.way].in <- next.b:
			case <-e.p.ended:
				return
			}
		}
		if next.breaks {
			e.p.end()
			return
		}
	}
}

func (e *end) Read(b []byte) (int, error) {
	e.mu.Lock()
	if len(e.rest) > 0 {
		n := copy(b, e.rest)
		e.rest = e.rest[n:]
		e.mu.Unlock()
		return n, nil
	}
	e.mu.Unlock()
	for {
		e.mu.Lock()
		late, changed := timer(e.deadline[0]), e.changed
		e.mu.Unlock()
		select {
		case piece := <-e.in:
			n := copy(b, piece)
			e.mu.Lock()
			e.rest = piece[n:]
			e.mu.Unlock()
			return n, nil
		case <-e.p.ended:
			select {
			case piece := <-e.in:
				n := copy(b, piece)
				e.mu.Lock()
				e.rest = piece[n:]
				e.mu.Unlock()
				return n, nil
			default:
				return 0, io.EOF
			}
		case <-late:
			return 0, os.ErrDeadlineExceeded
		case <-changed:
		}
	}
}

// Write hands b to the line, which carries it in its own time.
func (e *end) Write(b []byte) (int, error) {
	arrive, latency, carried, breaks := e.p.n.pass(e.way, len(b))
	e.mu.Lock()
	if now := time.Now(); e.free.Before(now) {
		e.free = now
	}
	e.free = e.free.Add(carried)
	next := piece{append([]byte(nil), b[:arrive]...), e.free.Add(latency), breaks}
	e.mu.Unlock()
	for {
		e.mu.Lock()
		late, changed := timer(e.deadline[1]), e.changed
		e.mu.Unlock()
		select {
		case <-e.p.ended:
			return 0, net.ErrClosed
		case e.out <- next:
			return len(b), nil
		case <-late:
			return 0, os.ErrDeadlineExceeded
		case <-changed:
		}
	}
}

func timer(at time.Time) <-chan time.Time {
	if at.IsZero() {
		return nil
	}
	return time.After(time.Until(at))
}

func (e *end) Close() error { e.p.end(); return nil }

func (e *end) setDeadline(t time.Time, which ...int) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, w := range which {
		e.deadline[w] = t
	}
	close(e.changed)
	e.changed = make(chan struct{})
	return nil
}

func (e *end) SetDeadline(t time.Time) error      { return e.setDeadline(t, 0, 1) }
func (e *end) SetReadDeadline(t time.Time) error  { return e.setDeadline(t, 0) }
func (e *end) SetWriteDeadline(t time.Time) error { return e.setDeadline(t, 1) }
func (e *end) LocalAddr() net.Addr                { return address{} }
func (e *end) RemoteAddr() net.Addr               { return address{} }

type address struct{}

func (address) Network() string { return "sim" }
func (address) String() string  { return "sim:1" }

// Listener is the office's end of any number of networks.
type Listener struct {
	offer  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

// Listen listens to offer.
func Listen(offer chan net.Conn) *Listener {
	return &Listener{offer: offer, closed: make(chan struct{})}
}

// Accept implements net.Listener.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.offer:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener; connections go on.
func (l *Listener) Close() error { l.once.Do(func() { close(l.closed) }); return nil }

// Addr implements net.Listener.
func (l *Listener) Addr() net.Addr { return address{} }
