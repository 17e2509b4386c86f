package e2e

import (
	"io"
	"net"
	"sync"
	"testing"
)

// network is the wire between station and office: it forwards, or answers every
// connection with a login page as a guest network does.
type network struct {
	listener net.Listener
	to       string

	mu    sync.Mutex // guards what follows
	html  bool
	conns map[net.Conn]bool
}

func newNetwork(t *testing.T, to string) *network {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &network{listener: l, to: to, conns: map[net.Conn]bool{}}
	t.Cleanup(func() { l.Close(); n.cut() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go n.serve(c)
		}
	}()
	return n
}

func (n *network) address() string { return n.listener.Addr().String() }

// answerHTML cuts what is open and answers with a page from now on.
func (n *network) answerHTML() { n.set(true) }

// forward lets everything through from now on.
func (n *network) forward() { n.set(false) }

func (n *network) set(html bool) {
	n.mu.Lock()
	n.html = html
	n.mu.Unlock()
	n.cut()
}

func (n *network) cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for c := range n.conns {
		c.Close()
	}
}

func (n *network) track(c net.Conn) (html bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.conns[c] = true
	return n.html
}

func (n *network) serve(c net.Conn) {
	defer c.Close()
	if n.track(c) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n<html>Đăng nhập</html>")
		_, _ = io.CopyN(io.Discard, c, 1)
		return
	}
	office, err := net.Dial("tcp", n.to)
	if err != nil {
		return
	}
	defer office.Close()
	n.track(office)
	go func() {
		_, _ = io.Copy(office, c)
		office.Close()
	}()
	_, _ = io.Copy(c, office)
}
