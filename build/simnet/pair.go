package simnet

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

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
		case arrived := <-e.in:
			return e.take(b, arrived), nil
		case <-e.p.ended:
			select {
			case arrived := <-e.in: // before the end
				return e.take(b, arrived), nil
			default:
				return 0, io.EOF
			}
		case <-late:
			return 0, os.ErrDeadlineExceeded
		case <-changed:
		}
	}
}

// take gives b as much as it holds and keeps the rest for the next Read.
func (e *end) take(b, arrived []byte) int {
	n := copy(b, arrived)
	e.mu.Lock()
	e.rest = arrived[n:]
	e.mu.Unlock()
	return n
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
