package gateway_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/syncserver/gateway"
	"quachot/syncserver/proof"
	"quachot/syncserver/publish"
	"quachot/syncserver/store"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/store/storetest"
	"quachot/syncserver/vault"
)

// childDir makes the test program an office that serves until it is killed.
const childDir = "QUACHOT_TEST_OFFICE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := serveChild(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func serveChild(dir string) error {
	v, _, err := vault.Open(dir, 0)
	if err != nil {
		return err
	}
	s, err := sqlite.Open(context.Background(), dir, sqlite.Options{Opener: v.NewOpener()})
	if err != nil {
		return err
	}
	lists, err := publish.Open(context.Background(), publish.Config{Store: s, Vault: v})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	certificate, err := gateway.BrowserCertificate(dir, nil, time.Now())
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return gateway.New(gateway.Config{Store: s, Vault: v, Lists: lists}).Serve(context.Background(), l, certificate)
}

// child is one life of the office.
type child struct {
	cmd     *exec.Cmd
	address string
}

func startChild(t *testing.T, dir string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0])}
	c.cmd.Env = append(os.Environ(), childDir+"="+dir)
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the office did not start: %v", err)
	}
	c.address = strings.TrimSpace(line)
	return c
}

func (c *child) kill() {
	c.cmd.Process.Kill()
	c.cmd.Wait()
}

// TestKilledWhileUploading kills the office again and again while three
// stations send, in pieces and out of order. Whatever it signed a receipt for is
// there afterwards, everything is there once at the end, and the checker agrees.
func TestKilledWhileUploading(t *testing.T) {
	lives := 12
	if testing.Short() {
		lives = 4
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	v, segments := prepare(t, dir)
	ledger := map[record.SegmentID]uint64{}
	for range lives {
		c := startChild(t, dir)
		life := time.Duration(20+chance.IntN(400)) * time.Millisecond
		timer := time.AfterFunc(life, func() { c.cmd.Process.Kill() })
		for _, g := range segments {
			upload(v, c.address, g, chance.IntN(2) == 0, ledger)
		}
		timer.Stop()
		c.kill()
		audit(t, dir, v, ledger)
	}
	c := startChild(t, dir)
	for _, g := range segments {
		upload(v, c.address, g, false, ledger)
	}
	c.kill()
	final(t, dir, v, segments)
}

const perSegment = 3000

// lane is one station's segment to send.
type lane struct {
	*storetest.Segment
	station *storetest.Station
}

func prepare(t *testing.T, dir string) (*vault.Vault, []lane) {
	t.Helper()
	v, _, err := vault.Open(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	o := reopen(t, dir, v)
	defer o.Close()
	var all []lane
	for range 3 {
		s := o.Enrolled()
		all = append(all, lane{s.Segment().Scans(perSegment), s})
	}
	return v, all
}

func reopen(t *testing.T, dir string, v *vault.Vault) *storetest.Office {
	t.Helper()
	s, err := sqlite.Open(context.Background(), dir, sqlite.Options{Opener: v.NewOpener()})
	if err != nil {
		t.Fatal(err)
	}
	return &storetest.Office{Store: s, T: t, Vault: v}
}

// upload sends what the office does not hold until all is held or the link
// breaks, and writes every receipt into the ledger.
func upload(v *vault.Vault, address string, g lane, shuffle bool, ledger map[record.SegmentID]uint64) error {
	d := websocket.Dialer{TLSClientConfig: wire.StationTLS(g.station.Key, func() [][]byte { return [][]byte{v.Keys().TLS} }), Subprotocols: []string{wire.Subprotocol}}
	ws, _, err := d.Dial("wss://"+address+wire.Path, nil)
	if err != nil {
		return err
	}
	defer ws.Close()
	ws.SetReadDeadline(time.Now().Add(30 * time.Second))
	hello := wire.Hello{Version: 1, Station: g.station.ID, Clock: clockNow(), Unsent: 1, Full: true, Segments: []wire.SegmentState{{Segment: g.ID, First: 1, Last: perSegment}}}
	if err := write(ws, wire.TypeHello, hello); err != nil {
		return err
	}
	var w wire.Welcome
	if err := readFrame(ws, wire.TypeWelcome, &w); err != nil {
		return err
	}
	next := uint64(1)
	if len(w.Held) > 0 {
		next = w.Held[0].Held + 1
	}
	batches := cut(g, next, shuffle)
	sent := make(chan error, 1)
	go func() {
		for _, b := range batches {
			b.Epoch = w.Epoch
			if err := write(ws, wire.TypeBatch, b); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for range batches {
		var r record.Receipt
		if err := readFrame(ws, wire.TypeReceipt, &r); err != nil {
			ws.Close()
			return errors.Join(err, <-sent)
		}
		if r.Verify(v.Keys().Sign) && r.Chain == g.Chain(r.Held) {
			ledger[g.ID] = max(ledger[g.ID], r.Held)
		}
	}
	return <-sent
}

func cut(g lane, next uint64, shuffle bool) []wire.Batch {
	var all []wire.Batch
	for next <= perSegment {
		last := min(next+rand.Uint64N(60), perSegment)
		all = append(all, g.Batch(next, last))
		next = last + 1
	}
	if shuffle {
		rand.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	}
	return all
}

func write(ws *websocket.Conn, t wire.Type, body any) error {
	frame, err := wire.Marshal(t, body)
	if err != nil {
		return err
	}
	return ws.WriteMessage(websocket.BinaryMessage, frame)
}

func readFrame(ws *websocket.Conn, want wire.Type, body any) error {
	for {
		_, frame, err := ws.ReadMessage()
		if err != nil {
			return err
		}
		t, raw, err := wire.Unmarshal(frame)
		if err != nil {
			return err
		}
		if t == want {
			return wire.Into(raw, body)
		}
	}
}

// audit compares what was confirmed with what is there after the kill.
func audit(t *testing.T, dir string, v *vault.Vault, ledger map[record.SegmentID]uint64) {
	t.Helper()
	o := reopen(t, dir, v)
	defer o.Close()
	rows := map[record.ID]int{}
	for _, r := range o.All(store.Query{}) {
		rows[r.ID]++
	}
	for id, held := range ledger {
		for seq := uint64(1); seq <= held; seq++ {
			if n := rows[record.ID{Segment: id, Seq: seq}]; n != 1 {
				t.Fatalf("record %d of %s is there %d times; the receipt said %d are held", seq, id, n, held)
			}
		}
	}
	for id, n := range rows {
		if n != 1 {
			t.Fatalf("record %d of %s is there %d times", id.Seq, id.Segment, n)
		}
	}
}

func final(t *testing.T, dir string, v *vault.Vault, segments []lane) {
	t.Helper()
	o := reopen(t, dir, v)
	defer o.Close()
	for _, g := range segments {
		o.Whole(g.ID, perSegment)
	}
	report, err := proof.Check(context.Background(), o.Store)
	if err != nil || !report.OK || len(report.Stations) != 3 || report.Stations[0].Records != perSegment {
		t.Errorf("checker: %+v, %v", report, err)
	}
}
