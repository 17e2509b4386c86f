package gateway_test

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/syncserver/gateway"
	"quachot/syncserver/publish"
	"quachot/syncserver/store"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/store/storetest"
	"quachot/syncserver/vault"
)

// office is a gateway on a real port with a real store.
type office struct {
	*storetest.Office
	t       *testing.T
	gateway *gateway.Gateway
	lists   *publish.Publisher
	address string
}

func start(t *testing.T, o sqlite.Options) *office { return startIn(t, t.TempDir(), o) }

// startIn keeps the store in dir.
func startIn(t *testing.T, dir string, o sqlite.Options) *office {
	t.Helper()
	v, _, err := vault.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	o.Opener = v.NewOpener()
	s, err := sqlite.Open(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	lists, err := publish.Open(context.Background(), publish.Config{Store: s, Vault: v})
	if err != nil {
		t.Fatal(err)
	}
	f := &office{Office: &storetest.Office{Store: s, T: t, Vault: v}, t: t, lists: lists}
	f.gateway = gateway.New(gateway.Config{Store: s, Vault: v, Lists: lists, Web: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "<html>a page</html>")
	})})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.address = l.Addr().String()
	certificate, err := gateway.BrowserCertificate(t.TempDir(), nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- f.gateway.Serve(ctx, l, certificate) }()
	go func() { done <- lists.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		s.Close()
	})
	return f
}

// talk is one connection as a station has it.
type talk struct {
	t  *testing.T
	ws *websocket.Conn
}

func (f *office) dial(key ed25519.PrivateKey) *talk {
	f.t.Helper()
	d := websocket.Dialer{TLSClientConfig: wire.StationTLS(key, func() [][]byte { return [][]byte{f.Vault.Keys().TLS} }), Subprotocols: []string{wire.Subprotocol}}
	ws, _, err := d.Dial("wss://"+f.address+wire.Path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { ws.Close() })
	ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	return &talk{f.t, ws}
}

func (c *talk) send(t wire.Type, body any) {
	c.t.Helper()
	frame, err := wire.Marshal(t, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.ws.WriteMessage(websocket.BinaryMessage, frame); err != nil {
		c.t.Fatal(err)
	}
}

// next is the next frame of one of the types; others are passed over.
func (c *talk) next(body any, want ...wire.Type) wire.Type {
	c.t.Helper()
	for {
		_, frame, err := c.ws.ReadMessage()
		if err != nil {
			c.t.Fatalf("waiting for frame %v: %v", want, err)
		}
		t, raw, err := wire.Unmarshal(frame)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, w := range want {
			if t == w {
				if err := wire.Into(raw, body); err != nil {
					c.t.Fatal(err)
				}
				return t
			}
		}
	}
}

// refused wants a refusal with that code.
func (c *talk) refused(code string) wire.Refusal {
	c.t.Helper()
	var r wire.Refusal
	c.next(&r, wire.TypeRefusal)
	if r.Code != code {
		c.t.Errorf("refused with %q (%s), want %q", r.Code, r.Text, code)
	}
	return r
}

func clockNow() wire.Clock {
	return wire.Clock{Wall: time.Now().UnixMilli(), SinceBoot: 3_600_000, Boot: [16]byte{1}}
}

// hello connects an enrolled station.
func (f *office) hello(s *storetest.Station, segments ...wire.SegmentState) (*talk, wire.Welcome) {
	f.t.Helper()
	c := f.dial(s.Key)
	h := wire.Hello{Version: 1, Station: s.ID, Program: "test", Clock: clockNow(), Segments: segments, Unsent: 1}
	c.send(wire.TypeHello, h)
	var w wire.Welcome
	c.next(&w, wire.TypeWelcome)
	if !w.Recall || w.Run == (wire.RunID{}) {
		f.t.Errorf("welcome of a station that this run never met: %+v", w)
	}
	h.Run, h.Full = w.Run, true
	c.send(wire.TypeHello, h)
	var full wire.Welcome
	c.next(&full, wire.TypeWelcome)
	if full.Recall || full.Run != w.Run {
		f.t.Errorf("welcome after a full hello: %+v", full)
	}
	return c, full
}

func (c *talk) batch(b wire.Batch, epoch uint64) {
	b.Epoch = epoch
	c.send(wire.TypeBatch, b)
}

// receipt wants the office's signed word that it holds so much.
func (c *talk) receipt(f *office, g *storetest.Segment, held uint64) {
	c.t.Helper()
	var r record.Receipt
	c.next(&r, wire.TypeReceipt)
	if !r.Verify(f.Vault.Keys().Sign) {
		c.t.Error("receipt with a bad signature")
	}
	if r.Segment != g.ID || r.Held != held || r.Chain != g.Chain(held) || r.Kept != held {
		c.t.Errorf("receipt %+v, want %d held of %s", r, held, g.ID)
	}
}

func TestDeliverAndResume(t *testing.T) {
	f := start(t, sqlite.Options{})
	s := f.Enrolled()
	g := s.Segment().Scans(10)
	c, w := f.hello(s)
	if w.Epoch != 1 || w.Manifest == nil || len(w.Held) != 0 {
		t.Errorf("welcome %+v", w)
	}
	c.batch(g.Batch(1, 4), w.Epoch)
	c.batch(g.Batch(8, 10), w.Epoch) // out of order
	c.batch(g.Batch(1, 4), w.Epoch)  // a replay
	c.receipt(f, g, 4)
	c.receipt(f, g, 4)
	c.receipt(f, g, 4)
	c, w = f.hello(s, wire.SegmentState{Segment: g.ID, First: 1, Last: 10, Tip: g.Chain(10)})
	if len(w.Held) != 1 || w.Held[0].Held != 4 || w.Held[0].Chain != g.Chain(4) || !w.Held[0].Header || w.Epoch != 2 {
		t.Errorf("welcome %+v", w)
	}
	c.batch(g.Batch(5, 7), w.Epoch)
	c.receipt(f, g, 10)
	f.Whole(g.ID, 10)
}

func TestNewerConnectionWins(t *testing.T) {
	f := start(t, sqlite.Options{})
	s := f.Enrolled()
	g := s.Segment().Scans(2)
	old, one := f.hello(s)
	fresh, two := f.hello(s)
	old.refused(wire.RefuseEpoch)
	fresh.batch(g.Batch(1, 1), two.Epoch)
	fresh.receipt(f, g, 1)
	fresh.batch(g.Batch(2, 2), one.Epoch) // replayed from the old connection
	fresh.refused(wire.RefuseEpoch)
	f.Whole(g.ID, 1)
}

func TestStrangerAndRevoked(t *testing.T) {
	f := start(t, sqlite.Options{})
	s, other := f.Enrolled(), f.Enrolled()
	stranger := storetest.NewStation(t, f.Vault.Keys())
	for name, hello := range map[string]wire.Hello{
		"an unknown key": {Version: 1, Station: s.ID, Program: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			c := f.dial(stranger.Key)
			c.send(wire.TypeHello, hello)
			c.refused(wire.RefuseUnknown)
		})
	}
	c := f.dial(s.Key)
	c.send(wire.TypeHello, wire.Hello{Version: 1, Station: other.ID})
	c.refused(wire.RefuseUnknown)

	lost, _ := f.hello(s)
	if err := f.RevokeStation(context.Background(), s.ID, store.Lost, time.Now()); err != nil {
		t.Fatal(err)
	}
	f.gateway.Drop(s.ID, wire.RefuseRevoked, "lost")
	lost.refused(wire.RefuseRevoked)
	c = f.dial(s.Key)
	c.send(wire.TypeHello, wire.Hello{Version: 1, Station: s.ID, Unsent: 5})
	c.refused(wire.RefuseRevoked)

	if err := f.RevokeStation(context.Background(), other.ID, store.Retired, time.Now()); err != nil {
		t.Fatal(err)
	}
	g := other.Segment().Scans(1)
	rest, w := f.hello(other)
	if w.Manifest != nil {
		t.Error("a retired station still gets lists")
	}
	rest.batch(g.Batch(1, 1), w.Epoch)
	rest.receipt(f, g, 1)
	c = f.dial(other.Key)
	c.send(wire.TypeHello, wire.Hello{Version: 1, Station: other.ID})
	c.refused(wire.RefuseRetired)
}

func TestBadBatches(t *testing.T) {
	f := start(t, sqlite.Options{})
	s, other := f.Enrolled(), f.Enrolled()
	g := s.Segment().Scans(6)
	c, w := f.hello(s)

	forged := g.Batch(1, 2)
	forged.Sig = append([]byte(nil), forged.Sig...)
	forged.Sig[3] ^= 1
	c.batch(forged, w.Epoch)
	if r := c.refused(wire.RefuseChain); r.Segment != g.ID {
		t.Errorf("refusal %+v", r)
	}
	broken := g.Batch(1, 2)
	broken.Records = [][]byte{g.Records[1], g.Records[0]}
	broken.Sign(s.Key)
	c.batch(broken, w.Epoch)
	c.refused(wire.RefuseChain)

	header := g.Batch(1, 2)
	header.Header = &record.SignedHeader{Body: g.Header.Body, Sig: make([]byte, 64)}
	c.batch(header, w.Epoch)
	c.refused(wire.RefuseSegment)

	foreign := other.Segment().Scans(1)
	stolen := foreign.Batch(1, 1) // another station's segment, signed by this one
	stolen.Sign(s.Key)
	c.batch(stolen, w.Epoch)
	c.refused(wire.RefuseSegment)

	c.batch(g.Batch(1, 6), w.Epoch) // the talk went on
	c.receipt(f, g, 6)
	f.Whole(g.ID, 6)
	if got := f.All(store.Query{}); len(got) != 6 {
		t.Errorf("%d records stored", len(got))
	}
}

func TestBrokenFrames(t *testing.T) {
	f := start(t, sqlite.Options{})
	s := f.Enrolled()
	g := s.Segment().Scans(3)
	whole, err := wire.Marshal(wire.TypeBatch, g.Batch(1, 3))
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{0, 1, 2, 10, len(whole) / 2, len(whole) - 1} {
		c, _ := f.hello(s)
		if err := c.ws.WriteMessage(websocket.BinaryMessage, whole[:cut]); err != nil {
			t.Fatal(err)
		}
		c.refused(wire.RefuseFrame)
	}
	c, _ := f.hello(s)
	c.ws.WriteMessage(websocket.TextMessage, []byte("<html>"))
	c.refused(wire.RefuseFrame)
	c = f.dial(s.Key)
	c.ws.WriteMessage(websocket.BinaryMessage, []byte("GET / HTTP/1.1"))
	c.refused(wire.RefuseFrame)
	c, w := f.hello(s)
	c.send(wire.Type(99), map[int]int{1: 1}) // of a newer station: ignored
	c.batch(g.Batch(1, 3), w.Epoch)
	c.receipt(f, g, 3)
}

func TestEnrolment(t *testing.T) {
	f := start(t, sqlite.Options{})
	ctx := context.Background()
	now := time.Now()
	token := [10]byte{1, 2, 3}
	made, err := f.AddStation(ctx, store.NewStation{Prefix: "46", Name: "Làn 1", Post: "P1", Issuer: true, Token: token, Created: now, Expires: now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	s, thief := storetest.NewStation(t, f.Vault.Keys()), storetest.NewStation(t, f.Vault.Keys())
	signing := thief.Key.Public().(ed25519.PublicKey)
	ask := func(dial, claim ed25519.PrivateKey, token [10]byte) *talk {
		c := f.dial(dial)
		key := claim.Public().(ed25519.PublicKey)
		c.send(wire.TypeHello, wire.Hello{Version: 1, Clock: clockNow(), Enrol: &wire.EnrolRequest{
			Key: key, Name: "laptop", MAC: wire.EnrolMAC(token, key, f.Vault.Keys().Hash()), Signing: signing,
		}})
		return c
	}
	ask(s.Key, s.Key, [10]byte{9}).refused(wire.RefuseCode)
	ask(thief.Key, s.Key, token).refused(wire.RefuseCode) // a proof overheard and used from elsewhere
	for range 2 {
		var w wire.Welcome
		ask(s.Key, s.Key, token).next(&w, wire.TypeWelcome)
		if w.Enrolled == nil || w.Enrolled.Station != made.ID || w.Enrolled.Post != "P1" || w.Enrolled.Office.Hash() != f.Vault.Keys().Hash() || len(w.Enrolled.Issuer) == 0 {
			t.Fatalf("enrolled %+v", w.Enrolled)
		}
	}
	ask(thief.Key, thief.Key, token).refused(wire.RefuseCode)
	keys, err := f.CardKeys(ctx)
	if err != nil || len(keys) != 1 || keys[0].Station != made.ID || keys[0].First != 460001_000000 || keys[0].Last != 460001_999999 {
		t.Errorf("issuing keys %+v, %v", keys, err)
	}
	s.ID = made.ID
	if _, w := f.hello(s); w.Epoch != 1 {
		t.Errorf("after enrolment: %+v", w)
	}
	for range 10 {
		ask(thief.Key, thief.Key, [10]byte{8}).next(&wire.Refusal{}, wire.TypeRefusal)
	}
	ask(thief.Key, thief.Key, [10]byte{8}).refused(wire.RefuseBusy)
}

func TestListsArePushedAndServed(t *testing.T) {
	f := start(t, sqlite.Options{})
	ctx := context.Background()
	if err := f.lists.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	s := f.Enrolled()
	c, w := f.hello(s)
	first, err := w.Manifest.Open(f.Vault.Keys().Sign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.AddOfficer(ctx, store.Officer{Name: "Lan", Role: "steward", PIN: "p"}); err != nil {
		t.Fatal(err)
	}
	if err := f.lists.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	for {
		var sm wire.SignedManifest
		c.next(&sm, wire.TypeManifest)
		m, err := sm.Open(f.Vault.Keys().Sign)
		if err != nil {
			t.Fatal(err)
		}
		if m.Serial < first.Serial {
			t.Fatalf("serial %d after %d", m.Serial, first.Serial)
		}
		for _, l := range m.Lists {
			if l.Name != wire.ListOfficers || m.Serial == first.Serial {
				continue
			}
			c.send(wire.TypeWant, wire.Want{List: l.Name, Version: l.Version})
			var chunk wire.Chunk
			c.next(&chunk, wire.TypeChunk)
			var list wire.OfficerList
			if err := wire.DecodeList(chunk.Data, &list); err != nil || len(list.Officers) != 1 || uint64(len(chunk.Data)) != l.Size {
				t.Errorf("officers %+v, %v", list, err)
			}
			c.send(wire.TypeWant, wire.Want{List: l.Name, Version: l.Version, Offset: l.Size + 1})
			c.next(&chunk, wire.TypeChunk)
			if len(chunk.Data) != 0 {
				t.Error("data beyond the end")
			}
			return
		}
	}
}

func TestBrowsersShareThePort(t *testing.T) {
	f := start(t, sqlite.Options{})
	c := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	defer c.CloseIdleConnections()
	r, err := c.Get("https://" + f.address + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if b, _ := io.ReadAll(r.Body); !strings.Contains(string(b), "a page") || r.TLS.PeerCertificates[0].PublicKeyAlgorithm.String() != "ECDSA" {
		t.Errorf("answer %q", b)
	}
	noKey := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: wire.ServerName}}}
	if _, err := noKey.Get("https://" + f.address + wire.Path); err == nil {
		t.Error("a station without a key was let in")
	}
}

func TestFullDisk(t *testing.T) {
	f := start(t, sqlite.Options{MaxPages: 120})
	s := f.Enrolled()
	g := s.Segment()
	for range 400 {
		g.Add(record.KindNote, 0, record.Note{Text: random(2000)})
	}
	c, w := f.hello(s)
	var held uint64
	for first := uint64(1); ; first += 20 {
		if first > 400 {
			t.Fatal("the disk never filled")
		}
		c.batch(g.Batch(first, first+19), w.Epoch)
		var r record.Receipt
		if c.next(&anything{receipt: &r}, wire.TypeReceipt, wire.TypeRefusal) == wire.TypeRefusal {
			break
		}
		held = first + 19
	}
	if held == 0 {
		t.Fatal("nothing was held before the disk was full")
	}
	p, err := f.Progress(context.Background(), s.ID, []record.SegmentID{g.ID})
	if err != nil || p[0].Held < held {
		t.Errorf("held %+v (%v) after a receipt for %d", p, err, held)
	}
	a := f.Send(g.Deliver(381, 400))
	if !errors.Is(a.Err, store.ErrDisk) {
		t.Errorf("full disk: %+v, want ErrDisk", a)
	}
}

// anything decodes nothing.
type anything struct{ receipt *record.Receipt }

func (*anything) UnmarshalCBOR([]byte) error { return nil }

func random(n int) string {
	var b strings.Builder
	for x := uint64(time.Now().UnixNano()); b.Len() < n; x = x*6364136223846793005 + 1442695040888963407 {
		b.WriteByte('!' + byte(x>>33%90))
	}
	return b.String()
}
