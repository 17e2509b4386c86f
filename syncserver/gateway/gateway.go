// Package gateway is the office's end of sync: the port where stations and
// browsers knock, enrolment, and the talk of package wire.
package gateway

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"quachot/internal/wire"
	"quachot/syncserver/store"
	"quachot/syncserver/vault"
)

// Bounds of what strangers and stations can make the office hold.
const (
	maxSessions   = 4096             // connections past the TLS handshake
	maxInFlight   = 8                // batches of one connection between the wire and the disk
	helloTime     = 15 * time.Second // from the connection to its hello
	pingEvery     = 15 * time.Second
	deadAfter     = 45 * time.Second
	codeLife      = 24 * time.Hour
	wrongTries    = 10 // enrolment codes from one address
	wrongTryPause = 15 * time.Minute
)

// CodeLife is how long an enrolment code can be used, FileLife one that travels
// in a file: the way back may take weeks.
const (
	CodeLife = codeLife
	FileLife = 30 * 24 * time.Hour
)

// Lists is what the gateway needs of package publish.
type Lists interface {
	// Manifest is the current one, freshly signed.
	Manifest() (wire.SignedManifest, uint64, error)
	// Chunk answers a want; its Data is empty when there is no such thing.
	Chunk(w wire.Want) wire.Chunk
	// Changed is closed at the next change, or when the manifest is signed anew.
	Changed() <-chan struct{}
	// Refresh builds the lists again.
	Refresh(ctx context.Context) error
}

// Config is all a gateway needs.
type Config struct {
	Store store.Store
	Vault *vault.Vault
	Lists Lists
	Web   http.Handler // for browsers; nil = not found
	Log   *slog.Logger
	Now   func() time.Time // nil = time.Now
}

// Gateway talks with the stations. It starts nothing by itself.
type Gateway struct {
	c     Config
	run   wire.RunID // of this run of the office
	up    websocket.Upgrader
	tries tries

	mu       sync.Mutex // guards all below
	sessions map[string]*session
	count    int
	open     map[net.Conn]bool
	closed   bool
}

// New makes a gateway.
func New(c Config) *Gateway {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Web == nil {
		c.Web = http.NotFoundHandler()
	}
	g := &Gateway{
		c:        c,
		up:       websocket.Upgrader{Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: helloTime, ReadBufferSize: 16 << 10, WriteBufferSize: 16 << 10},
		sessions: map[string]*session{},
		open:     map[net.Conn]bool{},
	}
	rand.Read(g.run[:]) // never fails, by its contract
	return g
}

// ServeHTTP is the handler of the common port: stations are told from browsers
// by the name they asked TLS for.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.TLS == nil || r.TLS.ServerName != wire.ServerName {
		g.c.Web.ServeHTTP(w, r)
		return
	}
	if r.URL.Path != wire.Path {
		http.NotFound(w, r)
		return
	}
	key, err := wire.PeerKey(*r.TLS)
	if err != nil {
		http.Error(w, "a station's certificate is needed", http.StatusForbidden)
		return
	}
	if !g.enter() {
		http.Error(w, "too many connections", http.StatusServiceUnavailable)
		return
	}
	defer g.leave()
	ws, err := g.up.Upgrade(w, r, nil)
	if err != nil {
		g.c.Log.Debug("not a station's connection", "remote", r.RemoteAddr, "error", err)
		return
	}
	defer ws.Close()
	if ws.Subprotocol() != wire.Subprotocol || !g.track(ws.NetConn()) {
		return
	}
	defer g.untrack(ws.NetConn())
	newConversation(g, ws, key, r.RemoteAddr).run(context.WithoutCancel(r.Context())) // the request's context ends with the hijack
}

func (g *Gateway) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.count >= maxSessions {
		return false
	}
	g.count++
	return true
}

func (g *Gateway) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count--
}

func (g *Gateway) track(c net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.open[c] = true
	return true
}

func (g *Gateway) untrack(c net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.open, c)
}

// Live is what a connected station's session knows.
type Live struct {
	Since, Heard time.Time
	Unsent       uint64 // as it said, less what came since
}

// Connected are the stations that are connected now.
func (g *Gateway) Connected() map[string]Live {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := make(map[string]Live, len(g.sessions))
	for id, s := range g.sessions {
		all[id] = s.live()
	}
	return all
}

// Drop ends a station's connection with a refusal, after it was revoked.
func (g *Gateway) Drop(station, code, text string) {
	g.mu.Lock()
	s := g.sessions[station]
	g.mu.Unlock()
	if s != nil {
		s.refuse(wire.Refusal{Code: code, Text: text})
		s.ws.Close()
	}
}

// register makes s the station's connection; one that it replaces is told so
// and closed.
func (g *Gateway) register(s *session) {
	g.mu.Lock()
	old := g.sessions[s.station.ID]
	g.sessions[s.station.ID] = s
	g.mu.Unlock()
	if old != nil {
		go func() { // the old one may be dead: its write waits for a deadline
			old.refuse(wire.Refusal{Code: wire.RefuseEpoch, Text: "a newer connection of this station exists"})
			old.ws.Close()
		}()
	}
}

func (g *Gateway) unregister(s *session) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.sessions[s.station.ID] == s {
		delete(g.sessions, s.station.ID)
	}
}

// closeAll breaks every connection; stations come again by themselves.
func (g *Gateway) closeAll() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for c := range g.open {
		c.Close()
	}
}
