package uplink

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"quachot/internal/wire"
)

// A link is pinged so often and given up when nothing came for so long.
const (
	pingEvery = 15 * time.Second
	deadAfter = 45 * time.Second
)

// link is one WebSocket to the office.
type link struct {
	ws *websocket.Conn
	mu sync.Mutex // one writer at a time; held over the write, whose deadline bounds it
}

// Dial opens the connection below the link, as net.Dialer.DialContext does.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// dial opens a link, through the proxy that the environment names (HTTPS_PROXY
// and so on). Errors that mean "this is not the office" wrap
// errNotOffice, wire.ErrPeer or a TLS record error.
func dial(ctx context.Context, below Dial, address string, config *tls.Config) (*link, error) {
	d := websocket.Dialer{
		NetDialContext:   below,
		Proxy:            http.ProxyFromEnvironment,
		TLSClientConfig:  config,
		HandshakeTimeout: 30 * time.Second,
		Subprotocols:     []string{wire.Subprotocol},
	}
	ws, answer, err := d.DialContext(ctx, "wss://"+address+wire.Path, http.Header{"User-Agent": {"quachot"}})
	if answer != nil && err != nil {
		return nil, fmt.Errorf("%w: it answered with a web page (%s, %s)", errNotOffice, answer.Status, answer.Header.Get("Content-Type"))
	}
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", address, err)
	}
	if ws.Subprotocol() != wire.Subprotocol {
		ws.Close()
		return nil, fmt.Errorf("%w: it does not speak %s", errNotOffice, wire.Subprotocol)
	}
	ws.SetReadLimit(wire.MaxFrame)
	l := &link{ws: ws}
	ws.SetPongHandler(func(string) error { return l.alive() })
	answerPing := ws.PingHandler()
	ws.SetPingHandler(func(data string) error {
		if err := l.alive(); err != nil {
			return err
		}
		return answerPing(data)
	})
	return l, l.alive()
}

func (l *link) alive() error { return l.ws.SetReadDeadline(time.Now().Add(deadAfter)) }

func (l *link) send(t wire.Type, body any) (int, error) {
	frame, err := wire.Marshal(t, body)
	if err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.ws.SetWriteDeadline(time.Now().Add(deadAfter)); err != nil {
		return 0, fmt.Errorf("send: %w", err)
	}
	if err := l.ws.WriteMessage(websocket.BinaryMessage, frame); err != nil {
		return 0, fmt.Errorf("send: %w", err)
	}
	return len(frame), nil
}

// receive is the next frame. A text message is not from an office.
func (l *link) receive() (wire.Type, []byte, error) {
	kind, frame, err := l.ws.ReadMessage()
	if err != nil {
		return 0, nil, fmt.Errorf("receive: %w", err)
	}
	if kind != websocket.BinaryMessage {
		return 0, nil, fmt.Errorf("receive: %w: a text message", errNotOffice)
	}
	if err := l.alive(); err != nil {
		return 0, nil, fmt.Errorf("receive: %w", err)
	}
	t, body, err := wire.Unmarshal(frame)
	if err != nil {
		return 0, nil, fmt.Errorf("receive: %w", err)
	}
	return t, body, nil
}

// bye tells the office that the station leaves on purpose. It does not matter
// whether that arrives.
func (l *link) bye() {
	_ = l.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	l.ws.Close()
}

// ping sends pings until ctx ends or the link breaks.
func (l *link) ping(ctx context.Context) error {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := l.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(deadAfter)); err != nil {
				return fmt.Errorf("ping: %w", err)
			}
		}
	}
}
