package uplink

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"quachot/internal/clock"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
)

func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

var (
	stationKey = key(1)
	officeKey  = key(2)
	signKey    = key(3)
)

func officeKeys() wire.OfficeKeys {
	return wire.OfficeKeys{Deployment: [16]byte{1}, TLS: public(officeKey), Sign: public(signKey)}
}

// office is a stand-in for the gateway: it keeps what it is sent by (segment,
// seq) and answers as the protocol says. Its hooks bend that.
type office struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	stored   map[record.SegmentID]map[uint64][]byte
	chains   map[record.SegmentID][]record.Chain // by seq of the contiguous prefix
	hellos   []wire.Hello
	batches  []wire.Batch
	sockets  map[*websocket.Conn]bool
	manifest *wire.SignedManifest

	// The hooks are set before the first connection. Nil = the protocol.
	onHello func(ws *websocket.Conn, h wire.Hello, w *wire.Welcome) (done bool)
	onBatch func(ws *websocket.Conn, b wire.Batch) (done bool)
	onOther func(ws *websocket.Conn, t wire.Type, body []byte)
}

func newOffice(t *testing.T) *office {
	o := &office{t: t, stored: map[record.SegmentID]map[uint64][]byte{}, chains: map[record.SegmentID][]record.Chain{}, sockets: map[*websocket.Conn]bool{}}
	o.Server = httptest.NewUnstartedServer(http.HandlerFunc(o.serve))
	o.Server.TLS = wire.OfficeTLS(officeKey)
	o.Server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	o.Server.StartTLS()
	t.Cleanup(o.stop)
	return o
}

func (o *office) address() string { return strings.TrimPrefix(o.URL, "https://") }

func (o *office) stop() {
	o.cut()
	o.Server.Close()
}

// cut breaks every link, as a cable does.
func (o *office) cut() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for ws := range o.sockets {
		ws.NetConn().Close()
	}
}

func (o *office) serve(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{Subprotocols: []string{wire.Subprotocol}}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	o.mu.Lock()
	o.sockets[ws] = true
	o.mu.Unlock()
	for {
		_, frame, err := ws.ReadMessage()
		if err != nil {
			return
		}
		t, body, err := wire.Unmarshal(frame)
		if err != nil {
			o.t.Errorf("the station sent %x: %v", frame, err)
			return
		}
		o.take(ws, t, body)
	}
}

func (o *office) take(ws *websocket.Conn, t wire.Type, body []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch t {
	case wire.TypeHello:
		var h wire.Hello
		o.check(wire.Into(body, &h))
		o.hellos = append(o.hellos, h)
		w := o.welcome(h)
		if o.onHello == nil || !o.onHello(ws, h, &w) {
			o.send(ws, wire.TypeWelcome, w)
		}
	case wire.TypeBatch:
		var b wire.Batch
		o.check(wire.Into(body, &b))
		o.check(b.Verify(public(stationKey)))
		o.batches = append(o.batches, b)
		if o.onBatch == nil || !o.onBatch(ws, b) {
			o.store(b)
			o.send(ws, wire.TypeReceipt, o.receipt(b.Segment))
		}
	default:
		if o.onOther != nil {
			o.onOther(ws, t, body)
		}
	}
}

func (o *office) welcome(h wire.Hello) wire.Welcome {
	w := wire.Welcome{Version: wire.Version, Epoch: uint64(len(o.hellos)), Echo: h.Clock.Wall, Clock: wire.Clock{Wall: time.Now().UnixMilli()}, Manifest: o.manifest}
	for _, s := range h.Segments {
		if chain := o.chains[s.Segment]; len(chain) > 0 {
			w.Held = append(w.Held, wire.Held{Segment: s.Segment, Held: uint64(len(chain) - 1), Chain: chain[len(chain)-1], Header: true})
		}
	}
	return w
}

func (o *office) store(b wire.Batch) {
	if o.chains[b.Segment] == nil {
		if b.Header == nil {
			o.t.Errorf("first batch of %s without a header", b.Segment)
			return
		}
		o.chains[b.Segment] = []record.Chain{b.Header.Chain()}
		o.stored[b.Segment] = map[uint64][]byte{}
	}
	for i, r := range b.Records {
		seq := b.First + uint64(i)
		if old, ok := o.stored[b.Segment][seq]; ok && !bytes.Equal(old, r) {
			o.t.Errorf("record %d changed", seq)
		}
		o.stored[b.Segment][seq] = r
		if chain := o.chains[b.Segment]; seq == uint64(len(chain)) {
			o.chains[b.Segment] = append(chain, chain[seq-1].Next(r))
		}
	}
}

func (o *office) receipt(seg record.SegmentID) record.Receipt {
	chain := o.chains[seg]
	r := record.Receipt{Station: "460001", Segment: seg, Held: uint64(len(chain) - 1), Chain: chain[len(chain)-1]}
	r.Sign(signKey)
	return r
}

func (o *office) send(ws *websocket.Conn, t wire.Type, body any) {
	frame, err := wire.Marshal(t, body)
	o.check(err)
	_ = ws.WriteMessage(websocket.BinaryMessage, frame) // a cut link is part of the tests
}

func (o *office) check(err error) {
	if err != nil {
		o.t.Error(err)
	}
}

// outbox is a journal in memory: whole segments, nothing pruned.
type outbox struct {
	mu       sync.Mutex
	segments []journal.Segment
	records  map[record.SegmentID][][]byte
	received []record.Receipt
	lowered  []uint64
	changed  chan struct{}
	failing  record.SegmentID // cannot be read
	urgent   []record.ID
}

func newOutbox() *outbox {
	return &outbox{records: map[record.SegmentID][][]byte{}, changed: make(chan struct{}, 1)}
}

// add makes a new segment of n records of size bytes.
func (x *outbox) add(t *testing.T, name byte, n, size int) record.SegmentID {
	t.Helper()
	h, err := record.SignHeader(record.Header{Version: 1, Segment: record.SegmentID{name}, Station: "460001"}, stationKey)
	if err != nil {
		t.Fatal(err)
	}
	x.mu.Lock()
	x.segments = append(x.segments, journal.Segment{Header: h, ID: record.SegmentID{name}, First: 1, Tip: h.Chain()})
	x.mu.Unlock()
	for i := range n {
		x.append(record.SegmentID{name}, bytes.Repeat([]byte{name, byte(i), byte(i >> 8)}, max(size/3, 1)))
	}
	return record.SegmentID{name}
}

func (x *outbox) append(seg record.SegmentID, r []byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.find(seg)
	x.records[seg] = append(x.records[seg], r)
	s.Last++
	s.Tip = s.Tip.Next(r)
	select {
	case x.changed <- struct{}{}:
	default:
	}
}

func (x *outbox) find(seg record.SegmentID) *journal.Segment {
	for i := range x.segments {
		if x.segments[i].ID == seg {
			return &x.segments[i]
		}
	}
	return nil
}

func (x *outbox) Urgent() []record.ID {
	x.mu.Lock()
	defer x.mu.Unlock()
	return append([]record.ID(nil), x.urgent...)
}

func (x *outbox) Segments() []journal.Segment {
	x.mu.Lock()
	defer x.mu.Unlock()
	return append([]journal.Segment(nil), x.segments...)
}

func (x *outbox) Read(seg record.SegmentID, from uint64, maxRecords, maxBytes int) (journal.Run, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if seg == x.failing {
		return journal.Run{}, errors.New("disk gone")
	}
	s := x.find(seg)
	run := journal.Run{First: from, Before: s.Header.Chain()}
	for i, r := range x.records[seg] {
		seq := uint64(i + 1)
		if seq < from {
			run.Before = run.Before.Next(r)
			continue
		}
		if len(run.Records) == maxRecords || maxBytes < len(r) && len(run.Records) > 0 {
			break
		}
		run.Records = append(run.Records, r)
		maxBytes -= len(r)
	}
	run.Tip = run.Before
	for _, r := range run.Records {
		run.Tip = run.Tip.Next(r)
	}
	return run, nil
}

func (x *outbox) Receive(rs ...record.Receipt) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, r := range rs {
		x.received = append(x.received, r)
		s := x.find(r.Segment)
		s.Held, s.Kept = max(s.Held, r.Held), max(s.Kept, r.Kept)
	}
	return nil
}

func (x *outbox) Lower(seg record.SegmentID, held uint64) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.find(seg).Held = held
	x.lowered = append(x.lowered, held)
	return nil
}

func (x *outbox) Changed() <-chan struct{} { return x.changed }

func (x *outbox) Counts() (c journal.Counts) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.segments {
		c.Head += s.Last
		c.Held += s.Held
	}
	c.Unsent = c.Head - c.Held
	return c
}

// noLists takes everything and wants nothing.
type noLists struct{}

func (noLists) Offer(wire.SignedManifest) ([]wire.Want, error) { return nil, nil }
func (noLists) Put(wire.Chunk) ([]wire.Want, error)            { return nil, nil }
func (noLists) Serial() uint64                                 { return 0 }

func client(address string, x *outbox, l Lists) *Client {
	return New(Config{
		Address: address, Key: stationKey, Station: "460001", Office: officeKeys(),
		Outbox: x, Lists: l, Clock: clock.System(), Program: "test", Log: slog.New(slog.DiscardHandler),
	})
}
