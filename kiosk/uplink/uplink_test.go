package uplink

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
)

// withManifest makes the office offer lists at once, without which no drain is
// complete.
func withManifest(t *testing.T, o *office) *office {
	m, err := wire.SignManifest(wire.Manifest{Deployment: [16]byte{1}, Serial: 1, AsOf: time.Now().UnixMilli()}, signKey)
	if err != nil {
		t.Fatal(err)
	}
	o.manifest = &m
	return o
}

func drain(t *testing.T, c *Client) error {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return c.Drain(ctx)
}

// same checks that the office holds exactly the outbox, in order.
func same(t *testing.T, o *office, x *outbox) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range x.Segments() {
		if n := uint64(len(o.chains[s.ID])); n != s.Last+1 || o.chains[s.ID][n-1] != s.Tip {
			t.Errorf("segment %s: office holds %d of %d, or another chain", s.ID, int(n)-1, s.Last)
		}
		if n := uint64(len(o.stored[s.ID])); n != s.Last {
			t.Errorf("segment %s: %d records stored, want %d", s.ID, n, s.Last)
		}
	}
}

func TestDrainSendsEverythingOnce(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	x.add(t, 1, 7000, 40)
	x.add(t, 2, 1, 10)
	x.add(t, 3, 30, 30_000)
	c := client(o.address(), x, noLists{})
	if err := drain(t, c); err != nil {
		t.Fatal(err)
	}
	same(t, o, x)
	sent := 0
	for _, b := range o.batches {
		sent += len(b.Records)
	}
	if sent != 7031 {
		t.Errorf("%d records sent, want each of 7031 once", sent)
	}
	s := c.State()
	if s.SkewMS == nil || s.LatestOffice.IsZero() || s.LastContact.IsZero() {
		t.Errorf("state after a sync: %+v", s)
	}
}

// Records that are written while the link is up go at once.
func TestRunSendsWhatIsAdded(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	seg := x.add(t, 1, 1, 10)
	c := client(o.address(), x, noLists{})
	ctx, stop := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { _ = c.Run(ctx) })
	defer func() { stop(); run.Wait() }()
	wait(t, c, func(s State) bool { return s.Connected })
	for i := range 20 {
		if err := drain(t, c); err != nil {
			t.Fatal(err)
		}
		x.append(seg, []byte{1, 2, byte(i)})
	}
	x.add(t, 9, 5, 10)
	if err := drain(t, c); err != nil {
		t.Fatal(err)
	}
	same(t, o, x)
	if n := len(o.hellos); n != 1 {
		t.Errorf("%d connections for one link", n)
	}
}

// Several batches are under way before the first receipt.
func TestBatchesInFlight(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	x.add(t, 1, 3000, 100)
	held := 0
	o.onBatch = func(ws *websocket.Conn, b wire.Batch) bool {
		o.store(b)
		if held++; held < inFlight {
			return true // a station that waits for each receipt would hang here
		}
		o.send(ws, wire.TypeReceipt, o.receipt(b.Segment))
		return true
	}
	if err := drain(t, client(o.address(), x, noLists{})); err != nil {
		t.Fatal(err)
	}
	same(t, o, x)
}

// An office in another run asks for all segments once, also for those that were
// confirmed long ago: it may have come back from a backup without them.
func TestRecall(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	run := wire.RunID{1}
	o.onHello = func(_ *websocket.Conn, h wire.Hello, w *wire.Welcome) bool {
		w.Run, w.Recall = run, h.Run != run && !h.Full
		return false
	}
	o.onBatch = func(ws *websocket.Conn, b wire.Batch) bool {
		o.store(b)
		r := o.receipt(b.Segment)
		r.Kept = r.Held
		r.Sign(signKey)
		o.send(ws, wire.TypeReceipt, r)
		return true
	}
	x.add(t, 1, 10, 30)
	x.add(t, 2, 10, 30)
	c := client(o.address(), x, noLists{})
	if err := drain(t, c); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock() // restored from a backup
	delete(o.stored, record.SegmentID{1})
	delete(o.chains, record.SegmentID{1})
	run = wire.RunID{2}
	o.mu.Unlock()
	if err := drain(t, c); err != nil {
		t.Fatal(err)
	}
	same(t, o, x)
	if n := len(o.hellos); n != 4 {
		t.Errorf("%d hellos, want two for each run", n)
	}
	if err := drain(t, c); err != nil { // the same run again: nothing to compare
		t.Fatal(err)
	}
	if n := len(o.hellos); n != 5 {
		t.Errorf("%d hellos, want one more", n)
	}
}

// A comparison that a disk cut short is made again with the next connection.
func TestRecallAgainAfterAFault(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	o.onHello = func(_ *websocket.Conn, h wire.Hello, w *wire.Welcome) bool {
		w.Run, w.Recall = wire.RunID{1}, h.Run != wire.RunID{1} && !h.Full
		return false
	}
	x.add(t, 1, 10, 30)
	c := client(o.address(), x, noLists{})
	if err := drain(t, c); err != nil {
		t.Fatal(err)
	}
	c = client(o.address(), x, noLists{}) // the program began anew
	o.mu.Lock()
	o.chains[record.SegmentID{1}] = o.chains[record.SegmentID{1}][:6] // the office holds 5: our record 6 has to be read
	o.mu.Unlock()
	x.mu.Lock()
	x.failing = record.SegmentID{1}
	x.mu.Unlock()
	if err := c.DrainNow(t.Context()); err == nil {
		t.Fatal("drained though the segment cannot be read")
	}
	x.mu.Lock()
	x.failing = record.SegmentID{}
	x.mu.Unlock()
	o.mu.Lock()
	before := len(o.hellos)
	o.mu.Unlock()
	if err := drain(t, c); err != nil {
		t.Fatal(err)
	}
	if n := len(o.hellos) - before; n != 2 || !o.hellos[len(o.hellos)-1].Full {
		t.Errorf("%d hellos after the fault, want one more full one", n)
	}
	same(t, o, x)
}

// An urgent record goes first and alone, and again in its place.
func TestUrgentGoesAhead(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	x.add(t, 1, 500, 200)
	seg := x.add(t, 2, 400, 200)
	x.urgent = []record.ID{{Segment: seg, Seq: 300}}
	if err := drain(t, client(o.address(), x, noLists{})); err != nil {
		t.Fatal(err)
	}
	same(t, o, x)
	if b := o.batches[0]; b.Segment != seg || b.First != 300 || len(b.Records) != 1 || b.Header == nil {
		t.Errorf("the first batch is %s from %d with %d records", b.Segment, b.First, len(b.Records))
	}
	alone := 0
	for _, b := range o.batches {
		if b.Segment == seg && b.First <= 300 && b.Last() >= 300 {
			alone++
		}
	}
	if alone != 2 {
		t.Errorf("sent %d times, want alone and in its place", alone)
	}
}

// The link breaks in the middle, after the commit and before the receipt, again
// and again.
func TestCutLinks(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	x.add(t, 1, 2000, 200)
	cuts := 0
	o.onBatch = func(ws *websocket.Conn, b wire.Batch) bool {
		o.store(b)
		if cuts < 3 {
			cuts++
			ws.NetConn().Close()
			return true
		}
		return false
	}
	if err := drain(t, client(o.address(), x, noLists{})); err != nil {
		t.Fatal(err)
	}
	same(t, o, x)
	if len(o.hellos) != 4 {
		t.Errorf("%d connections, want 4", len(o.hellos))
	}
}

// Everything is at the office, but the last receipt was lost: the station asks
// for a signed one and believes nothing else.
func TestLostReceipt(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	seg := x.add(t, 1, 500, 100)
	c := client(o.address(), x, noLists{})
	if err := drain(t, c); err != nil {
		t.Fatal(err)
	}
	x.find(seg).Held = 100
	o.batches = nil
	if err := drain(t, c); err != nil {
		t.Fatal(err)
	}
	if len(o.batches) != 1 || len(o.batches[0].Records) != 1 || x.find(seg).Held != 500 {
		t.Errorf("%d batches sent, held %d; want one record again and 500", len(o.batches), x.find(seg).Held)
	}
}

// The office was restored from a backup: it gets again what it lost.
func TestOfficeWentBack(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	seg := x.add(t, 1, 500, 100)
	c := client(o.address(), x, noLists{})
	if err := drain(t, c); err != nil {
		t.Fatal(err)
	}
	o.chains[seg] = o.chains[seg][:101]
	for seq := uint64(101); seq <= 500; seq++ {
		delete(o.stored[seg], seq)
	}
	if err := drain(t, c); err == nil { // nothing unsent is known before the welcome
		err = drain(t, c)
		if err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(x.lowered, []uint64{100}) {
		t.Errorf("lowered to %v, want 100", x.lowered)
	}
	same(t, o, x)
}

// A restored disk image has another history under the same segment: nothing is
// pruned, nothing sent, and it shows. The other segments go on.
func TestForkPrunesNothing(t *testing.T) {
	cases := map[string]func(o *office, seg record.SegmentID){
		"another chain": func(o *office, seg record.SegmentID) { o.chains[seg][50] = record.Chain{6, 6, 6} },
		"more than we ever wrote": func(o *office, seg record.SegmentID) {
			o.chains[seg] = append(o.chains[seg], make([]record.Chain, 900)...)
		},
	}
	for name, bend := range cases {
		t.Run(name, func(t *testing.T) {
			o, x := withManifest(t, newOffice(t)), newOutbox()
			seg := x.add(t, 1, 80, 100)
			o.chains[seg] = make([]record.Chain, 51)
			bend(o, seg)
			good := x.add(t, 2, 10, 100)
			c := client(o.address(), x, noLists{})
			ctx, cancel := context.WithCancel(t.Context())
			left := make(chan error, 1)
			go func() { left <- c.Drain(ctx) }()
			wait(t, c, func(s State) bool { return len(s.Forks) == 1 && x.Counts().Unsent == 80 })
			cancel()
			if err := <-left; err == nil {
				t.Error("Drain says done with a fork")
			}
			if x.find(seg).Held != 0 || x.find(good).Held != 10 || len(o.stored[seg]) != 0 {
				t.Errorf("forked segment: held %d, %d sent; good one: held %d", x.find(seg).Held, len(o.stored[seg]), x.find(good).Held)
			}
			for _, r := range x.received {
				if r.Segment == seg {
					t.Errorf("took receipt %+v of the forked segment", r)
				}
			}
		})
	}
}

// A receipt must be the office's, for this station and about our own records.
func TestBadReceipts(t *testing.T) {
	cases := map[string]func(r *record.Receipt){
		"stranger's":      func(r *record.Receipt) { r.Sign(key(9)) },
		"other station's": func(r *record.Receipt) { r.Station = "460002"; r.Sign(signKey) },
		"another chain":   func(r *record.Receipt) { r.Chain[0]++; r.Sign(signKey) },
		"too far":         func(r *record.Receipt) { r.Held += 1000; r.Sign(signKey) },
		"no segment":      func(r *record.Receipt) { r.Segment[5]++; r.Sign(signKey) },
	}
	for name, bend := range cases {
		t.Run(name, func(t *testing.T) {
			o, x := withManifest(t, newOffice(t)), newOutbox()
			x.add(t, 1, 10, 10)
			o.onBatch = func(ws *websocket.Conn, b wire.Batch) bool {
				o.store(b)
				r := o.receipt(b.Segment)
				bend(&r)
				o.send(ws, wire.TypeReceipt, r)
				return true
			}
			c := client(o.address(), x, noLists{})
			ctx, cancel := context.WithCancel(t.Context())
			left := make(chan error, 1)
			go func() { left <- c.Drain(ctx) }()
			wait(t, c, func(s State) bool { return len(s.Forks) > 0 || s.LastError != "" })
			cancel()
			if err := <-left; err == nil {
				t.Error("Drain says done")
			}
			if len(x.received) != 0 {
				t.Errorf("took %+v", x.received)
			}
		})
	}
}

// wait blocks until the state is so; every change of state wakes it.
func wait(t *testing.T, c *Client, so func(State) bool) State {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		s, changed := c.watch()
		if so(s) {
			return s
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("never came: %+v", s)
		}
	}
}

// Whatever answers in the office's place is not the office; it is said, tried
// again, and the records wait.
func TestNotTheOffice(t *testing.T) {
	html := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html><body>Đăng nhập wifi</body></html>")
	})
	withKey := func(seed byte, h http.Handler) func(*testing.T) string {
		return func(t *testing.T) string {
			s := httptest.NewUnstartedServer(h)
			s.TLS = wire.OfficeTLS(key(seed))
			s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.Listener.Addr().String()
		}
	}
	cases := map[string]struct {
		address func(*testing.T) string
		code    string
	}{
		"portal in clear": {func(t *testing.T) string {
			s := httptest.NewServer(html)
			t.Cleanup(s.Close)
			return s.Listener.Addr().String()
		}, CodeNotOffice},
		"portal with its own key":  {withKey(9, html), CodeNotOffice},
		"page under our key":       {withKey(2, html), CodeNotOffice},
		"other words":              {withKey(2, websocketOf("chat.1", "hello")), CodeNotOffice},
		"text instead of frames":   {withKey(2, websocketOf(wire.Subprotocol, "hello")), CodeNotOffice},
		"not a frame":              {withKey(2, websocketOf(wire.Subprotocol, "\x82\x02\xff")), CodeCut},
		"nobody":                   {func(t *testing.T) string { return freeAddress(t) }, CodeOffline},
		"accepts and says nothing": {silentServer, CodeCut},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			x := newOutbox()
			x.add(t, 1, 5, 10)
			cl := client(c.address(t), x, noLists{})
			ctx, stop := context.WithCancel(t.Context())
			var run sync.WaitGroup
			run.Go(func() { _ = cl.Run(ctx) })
			s := wait(t, cl, func(s State) bool { return s.ErrorCode != "" })
			if s.ErrorCode != c.code || s.NextTry.IsZero() {
				t.Errorf("code %q (%s), next try %v; want %q", s.ErrorCode, s.LastError, s.NextTry, c.code)
			}
			first := s.NextTry
			cl.Kick()
			wait(t, cl, func(s State) bool { return s.NextTry != first })
			stop()
			run.Wait()
			if x.Counts().Unsent != 5 {
				t.Error("records were given away")
			}
		})
	}
}

// websocketOf answers every connection with one message. Text starts with a
// letter, binary does not.
func websocketOf(protocol, message string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up := websocket.Upgrader{Subprotocols: []string{protocol}}
		ws, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		kind := websocket.BinaryMessage
		if message[0] < 0x80 {
			kind = websocket.TextMessage
		}
		_ = ws.WriteMessage(kind, []byte(message))
		_, _, _ = ws.ReadMessage()
	})
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// silentServer takes connections and closes them without a word.
func silentServer(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	return l.Addr().String()
}

// The office comes back after an hour of something else: everything arrives.
func TestRetriesUntilTheOfficeIsBack(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	x.add(t, 1, 50, 10)
	tries := 0
	o.onHello = func(ws *websocket.Conn, _ wire.Hello, _ *wire.Welcome) bool {
		if tries++; tries < 3 {
			o.send(ws, wire.TypeRefusal, wire.Refusal{Code: wire.RefuseBusy})
			return true
		}
		return false
	}
	if err := drain(t, client(o.address(), x, noLists{})); err != nil {
		t.Fatal(err)
	}
	same(t, o, x)
}

func TestRefusals(t *testing.T) {
	cases := map[string]struct {
		code    string
		lasting bool
	}{
		wire.RefuseUnknown: {CodeRefused, true}, wire.RefuseRevoked: {CodeRefused, true},
		wire.RefuseRetired: {CodeRetired, true}, wire.RefuseVersion: {CodeVersion, true}, wire.RefuseEpoch: {CodeTwice, false},
		wire.RefuseBusy: {CodeBusy, false}, wire.RefuseDisk: {CodeBusy, false}, "from the future": {CodeCut, false},
	}
	for code, want := range cases {
		err := fmt.Errorf("x: %w", &refusal{wire.Refusal{Code: code}})
		if got := explain(err).Code; got != want.code || isLasting(err) != want.lasting {
			t.Errorf("%s: %s, lasting %v; want %s, %v", code, got, isLasting(err), want.code, want.lasting)
		}
	}
	for code := range problems {
		p := *problem(code, errors.New("x"))
		if p.What == "" || p.Safe == "" || p.Do == "" {
			t.Errorf("%s lacks a part: %+v", code, p)
		}
	}
}

// A station that was given back delivers what it has and is done; asked again
// with nothing left, it is done at once.
func TestRetiredStationIsDone(t *testing.T) {
	o, x := newOffice(t), newOutbox()
	o.onHello = func(ws *websocket.Conn, h wire.Hello, w *wire.Welcome) bool {
		if h.Unsent == 0 {
			o.send(ws, wire.TypeRefusal, wire.Refusal{Code: wire.RefuseRetired})
			return true
		}
		w.Manifest = nil
		return false
	}
	x.add(t, 1, 5, 10)
	for _, what := range []string{"something to deliver", "nothing left"} {
		if err := drain(t, client(o.address(), x, noLists{})); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	same(t, o, x)
}

// One bad segment, refused by the office or unreadable here, stops no other.
func TestOneSegmentStopsNoOther(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	bad, unread, good := x.add(t, 1, 10, 10), x.add(t, 2, 10, 10), x.add(t, 3, 10, 10)
	x.failing = unread
	o.onBatch = func(ws *websocket.Conn, b wire.Batch) bool {
		if b.Segment == bad {
			o.send(ws, wire.TypeRefusal, wire.Refusal{Code: wire.RefuseChain, Segment: bad})
			return true
		}
		return false
	}
	c := client(o.address(), x, noLists{})
	ctx, stop := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { _ = c.Run(ctx) })
	wait(t, c, func(s State) bool { return len(s.Forks) == 1 && x.Counts().Unsent == 20 })
	stop()
	run.Wait()
	if x.find(good).Held != 10 {
		t.Error("the good segment did not get through")
	}
}

// slowLists blocks in Offer until released.
type slowLists struct {
	noLists
	release chan struct{}
}

func (s slowLists) Offer(wire.SignedManifest) ([]wire.Want, error) {
	<-s.release
	return nil, nil
}

// Lists that take long hold up no records, and records that are refused hold up
// no lists.
func TestUploadAndListsAreIndependent(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	x.add(t, 1, 1000, 100)
	slow := slowLists{release: make(chan struct{})}
	c := client(o.address(), x, slow)
	ctx, stop := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { _ = c.Run(ctx) })
	wait(t, c, func(State) bool { return x.Counts().Unsent == 0 })
	close(slow.release)
	wait(t, c, func(s State) bool { return s.ListsCurrent })
	stop()
	run.Wait()
}

// chunkLists wants three chunks and then is content.
type chunkLists struct {
	noLists
	mu  sync.Mutex
	got []uint64
}

func (l *chunkLists) Offer(wire.SignedManifest) ([]wire.Want, error) {
	var w []wire.Want
	for i := range uint64(9) {
		w = append(w, wire.Want{List: "watch", Version: 2, Offset: i})
	}
	return w, nil
}

func (l *chunkLists) Put(c wire.Chunk) ([]wire.Want, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.got = append(l.got, c.Offset)
	if c.Offset == 5 && !slices.Contains(l.got[:len(l.got)-1], 5) {
		return []wire.Want{{List: "watch", Version: 2, Offset: 5}}, nil // it did not match its hash
	}
	return nil, nil
}

func TestChunks(t *testing.T) {
	o, x := withManifest(t, newOffice(t)), newOutbox()
	x.add(t, 1, 1, 1)
	o.onOther = func(ws *websocket.Conn, typ wire.Type, body []byte) {
		var w wire.Want
		o.check(wire.Into(body, &w))
		o.send(ws, 77, "a newer office's frame")
		o.send(ws, wire.TypeChunk, wire.Chunk{List: w.List, Version: w.Version, Offset: w.Offset, Data: []byte{1}})
	}
	l := &chunkLists{}
	if err := drain(t, client(o.address(), x, l)); err != nil {
		t.Fatal(err)
	}
	slices.Sort(l.got)
	if want := []uint64{0, 1, 2, 3, 4, 5, 5, 6, 7, 8}; !slices.Equal(l.got, want) {
		t.Errorf("chunks %v, want %v", l.got, want)
	}
}

func TestDrainSaysWhatIsLeft(t *testing.T) {
	x := newOutbox()
	x.add(t, 1, 7, 10)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	err := client(freeAddress(t), x, noLists{}).Drain(ctx)
	if err == nil || !strings.HasPrefix(err.Error(), "7 records") {
		t.Errorf("Drain = %v, want one that says 7 records", err)
	}
}

func TestEnrol(t *testing.T) {
	enrolled := &wire.Enrolled{Station: "460001", Name: "Làn 1", Post: "PB1", Office: officeKeys()}
	code := wire.Code{Token: [10]byte{5}, Office: officeKeys().Hash()}
	other := officeKeys()
	other.Sign = public(key(8))
	between := officeKeys()
	between.TLS = public(key(8))
	cases := map[string]struct {
		code   wire.Code
		answer wire.Welcome
		refuse string
		want   string // a Code constant, "" = enrolled
	}{
		"right":               {code, wire.Welcome{Enrolled: enrolled}, "", ""},
		"used code":           {code, wire.Welcome{}, wire.RefuseCode, CodeCode},
		"other office's keys": {code, wire.Welcome{Enrolled: &wire.Enrolled{Station: "460001", Office: other}}, "", CodeNotOffice},
		"somebody in between": {wire.Code{Token: code.Token, Office: between.Hash()}, wire.Welcome{Enrolled: &wire.Enrolled{Station: "460001", Office: between}}, "", CodeNotOffice},
		"no answer in it":     {code, wire.Welcome{}, "", CodeCut},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.onHello = func(ws *websocket.Conn, h wire.Hello, _ *wire.Welcome) bool {
				if h.Enrol == nil || string(h.Enrol.MAC) != string(wire.EnrolMAC(c.code.Token, public(stationKey), c.code.Office)) {
					t.Errorf("hello %+v lacks the proof of the code", h)
				}
				if c.refuse != "" {
					o.send(ws, wire.TypeRefusal, wire.Refusal{Code: c.refuse})
				} else {
					o.send(ws, wire.TypeWelcome, c.answer)
				}
				return true
			}
			c.code.Address = o.address()
			e, err := Enrol(t.Context(), c.code, Applicant{Key: stationKey, Name: "laptop"})
			var p *Problem
			switch {
			case c.want == "" && (err != nil || e.Station != "460001"):
				t.Errorf("Enrol = %+v, %v", e, err)
			case c.want != "" && (!errors.As(err, &p) || p.Code != c.want):
				t.Errorf("Enrol = %+v, %v; want %s", e, err, c.want)
			}
		})
	}
}

func TestBackoff(t *testing.T) {
	var b backoff
	last := time.Duration(0)
	for i := range 12 {
		got := b.next(time.Second, false, false)
		if low, high := b.pause/2, b.pause*3/2; got < low || got > high || b.pause < last || b.pause > longestPause {
			t.Errorf("try %d: %v of %v", i, got, b.pause)
		}
		last = b.pause
	}
	if last != longestPause {
		t.Errorf("grew to %v, want %v", last, longestPause)
	}
	if b.next(59*time.Second, false, false); b.pause != longestPause {
		t.Error("reset by a link that was not stable")
	}
	if b.next(20*time.Second, true, false); b.pause != deliveredPause {
		t.Error("a link that delivers waits long")
	}
	if b.next(time.Minute, false, false); b.pause != firstPause {
		t.Error("not reset by a stable minute")
	}
	if b.next(time.Second, false, true); b.pause != refusedPause {
		t.Error("a refused station asks too often")
	}
}

func TestPace(t *testing.T) {
	now := time.Unix(0, 0)
	grow := func(p *pace, bytesPerSecond float64, batches int) {
		for range batches {
			sent := now
			size := p.batch()
			now = now.Add(time.Duration(float64(size) / bytesPerSecond * float64(time.Second)))
			p.confirmed(size, sent, now)
		}
	}
	for _, link := range []float64{8_000, 64_000, 200_000} {
		var p pace
		grow(&p, link, 12)
		if took := float64(p.batch()) / link; took < 1.8 || took > 2.2 {
			t.Errorf("link of %v bytes/s: a batch takes %.2f s, want about 2", link, took)
		}
	}
	var p pace
	grow(&p, 1e9, 20)
	if p.batch() != largestBatch {
		t.Errorf("fast link: %d, want the largest %d", p.batch(), largestBatch)
	}
	grow(&p, 10, 20)
	if p.batch() != smallestBatch {
		t.Errorf("dead slow link: %d, want the smallest %d", p.batch(), smallestBatch)
	}
	p = pace{}
	for range 2 { // cut before anything was confirmed, again and again
		p.begin()
		p.cut()
	}
	if p.batch() != smallestBatch {
		t.Errorf("a link that never carries a batch: %d, want the smallest %d", p.batch(), smallestBatch)
	}
	p.confirmed(smallestBatch, now, now.Add(time.Second/10))
	if p.cut(); p.batch() <= smallestBatch {
		t.Errorf("a link that carries batches: %d", p.batch())
	}
	p = pace{}
	p.confirmed(100, now, now.Add(time.Second)) // one scan at a time, far away
	if p.batch() != startBatch {
		t.Errorf("a small batch made the next %d", p.batch())
	}
}

var _ Outbox = (*journal.Journal)(nil)
