// Package simnet is a network inside one program, with the faults of mobile
// links, for build/chaos and build/bench. It works in real time and in the time
// of testing/synctest.
package simnet

import (
	"context"
	"errors"
	"net"
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
