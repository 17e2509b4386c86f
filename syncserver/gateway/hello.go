package gateway

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// conversation is one connection: until its hello it belongs to a stranger.
type conversation struct {
	g        *Gateway
	ws       *websocket.Conn
	key      ed25519.PublicKey // proved in the handshake
	remote   string
	upgraded time.Time

	mu sync.Mutex // one writer at a time; held over the write, whose deadline bounds it
}

func newConversation(g *Gateway, ws *websocket.Conn, key ed25519.PublicKey, remote string) *conversation {
	ws.SetReadLimit(wire.MaxFrame)
	return &conversation{g: g, ws: ws, key: key, remote: remote, upgraded: g.c.Now()}
}

// run talks until the connection ends.
func (c *conversation) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	log := c.g.c.Log.With("remote", c.remote)
	hello, err := c.hello()
	if err != nil {
		c.refuse(wire.Refusal{Code: wire.RefuseFrame, Text: "the first frame is no hello"})
		log.Info("a connection without a hello", "error", err)
		return
	}
	if hello.Version < 1 {
		c.refuse(wire.Refusal{Code: wire.RefuseVersion, Text: "this version of the protocol is not spoken here"})
		return
	}
	if hello.Enrol != nil {
		if err := c.enrol(ctx, hello); err != nil {
			log.Warn("enrolment refused", "error", err)
		}
		return
	}
	s, refusal, err := c.admit(ctx, hello)
	switch {
	case err != nil:
		log.Error("a station's hello could not be answered", "error", err)
		c.refuse(notNow(err))
	case refusal != nil:
		log.Warn("a station was refused", "station", hello.Station, "code", refusal.Code)
		c.refuse(*refusal)
	default:
		s.run(ctx, hello)
	}
}

// notNow is what a station hears of an error of the office's own.
func notNow(err error) wire.Refusal {
	if errors.Is(err, store.ErrDisk) {
		return wire.Refusal{Code: wire.RefuseDisk, Text: "the office cannot write now; what it confirmed is safe"}
	}
	return wire.Refusal{Code: wire.RefuseBusy, Text: "the office cannot answer now"}
}

func (c *conversation) hello() (wire.Hello, error) {
	var h wire.Hello
	if err := c.ws.SetReadDeadline(time.Now().Add(helloTime)); err != nil {
		return h, fmt.Errorf("wait for hello: %w", err)
	}
	kind, frame, err := c.ws.ReadMessage()
	if err != nil {
		return h, fmt.Errorf("wait for hello: %w", err)
	}
	if kind != websocket.BinaryMessage {
		return h, errors.New("wait for hello: a text message came")
	}
	return decodeHello(frame)
}

// decodeHello reads a stranger's first bytes.
func decodeHello(frame []byte) (wire.Hello, error) {
	var h wire.Hello
	t, body, err := wire.Unmarshal(frame)
	if err != nil {
		return h, err
	}
	if t != wire.TypeHello {
		return h, fmt.Errorf("frame of type %d where a hello is due", t)
	}
	return h, wire.Into(body, &h)
}

func (c *conversation) send(t wire.Type, body any) error {
	frame, err := wire.Marshal(t, body)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.ws.SetWriteDeadline(time.Now().Add(deadAfter)); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	if err := c.ws.WriteMessage(websocket.BinaryMessage, frame); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// refuse says no; whether it arrives does not matter.
func (c *conversation) refuse(r wire.Refusal) {
	if err := c.send(wire.TypeRefusal, r); err != nil {
		c.g.c.Log.Debug("refusal not sent", "remote", c.remote, "error", err)
		return
	}
	if r.Segment == (record.SegmentID{}) {
		c.mu.Lock()
		defer c.mu.Unlock()
		_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.ClosePolicyViolation, r.Code), time.Now().Add(time.Second))
	}
}

// admit decides who it is by the key of the handshake, and what may come.
func (c *conversation) admit(ctx context.Context, h wire.Hello) (*session, *wire.Refusal, error) {
	station, err := c.g.c.Store.StationByKey(ctx, c.key)
	switch {
	case errors.Is(err, store.ErrNotFound) || (err == nil && station.ID != h.Station):
		return nil, &wire.Refusal{Code: wire.RefuseUnknown, Text: "this station is not enrolled here"}, nil
	case err != nil:
		return nil, nil, err
	case station.State == store.Lost:
		return nil, &wire.Refusal{Code: wire.RefuseRevoked, Text: "this station was reported lost"}, nil
	case station.State == store.Retired && h.Unsent == 0:
		// A retired station may deliver what it still has, and hears it then.
		return nil, &wire.Refusal{Code: wire.RefuseRetired, Text: "this station was given back; everything it had has arrived"}, nil
	}
	epoch, err := c.g.c.Store.NextEpoch(ctx, station.ID)
	if err != nil {
		return nil, nil, err
	}
	return &session{
		conversation: c, station: station, epoch: epoch, since: c.g.c.Now(), unsent: h.Unsent,
		clock: exchange(h.Clock, c.upgraded, c.g.c.Now()), acks: make(chan ack, maxInFlight), refused: map[record.SegmentID]bool{},
	}, nil, nil
}

// exchange is what a hello tells about the station's clock. The hello was sent
// after the upgrade and before now: the middle is wrong by half of that at most.
func exchange(c wire.Clock, upgraded, now time.Time) store.Exchange {
	half := now.Sub(upgraded) / 2
	x := store.Exchange{Received: now.UnixMilli(), BoundMS: max(1, half.Milliseconds())}
	if c.Wall == 0 {
		return x
	}
	sent := now.Add(-half).UnixMilli()
	x.Known, x.SkewMS = true, c.Wall-sent
	if c.SinceBoot > 0 {
		x.Boot, x.SinceBoot, x.BootWall = c.Boot, c.SinceBoot, sent-c.SinceBoot
	}
	return x
}

// host is the address without its port, for counting tries.
func host(remote string) string {
	if h, _, err := net.SplitHostPort(remote); err == nil {
		return h
	}
	return remote
}
