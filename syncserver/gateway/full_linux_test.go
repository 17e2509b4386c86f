package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/sys/unix"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/syncserver/proof"
	"quachot/syncserver/store/sqlite"
	"quachot/syncserver/store/storetest"
)

// TestRealDiskFillsWhileStationsSend fills a small disk to the last byte while
// three stations send. They are refused with "disk", what they have a receipt
// for is stored, and all goes on by itself when there is room again.
func TestRealDiskFillsWhileStationsSend(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("a small disk can only be mounted by root")
	}
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=40m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(disk, unix.MNT_DETACH) }) // after the office's own end
	f := startIn(t, filepath.Join(disk, "office"), sqlite.Options{})
	var senders []*sender
	for range 3 {
		s := f.Enrolled()
		g := s.Segment()
		for k := range 1500 {
			g.Add(record.KindNote, k, record.Note{Text: random(1000)})
		}
		senders = append(senders, &sender{office: f, station: s, Segment: g})
	}
	each(senders, func(s *sender) { s.send(300) })
	for _, s := range senders {
		if s.held != 300 || s.refused != "" {
			t.Fatalf("on an empty disk: held %d, refused %q, %v", s.held, s.refused, s.err)
		}
	}
	filler := filepath.Join(disk, "filler")
	var filling sync.WaitGroup
	filling.Go(func() { fill(t, filler) }) // while they send
	each(senders, func(s *sender) { s.send(1500) })
	filling.Wait()
	fill(t, filler+"2") // what the stations left, or gave back
	each(senders, func(s *sender) { s.send(1500) })
	for _, s := range senders {
		if s.refused != wire.RefuseDisk {
			t.Errorf("on a full disk: refused %q, held %d, %v", s.refused, s.held, s.err)
		}
		s.receipted(t)
	}
	for _, path := range []string{filler, filler + "2"} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	each(senders, func(s *sender) { s.send(1500) })
	for _, s := range senders {
		if s.held != 1500 || s.refused != "" {
			t.Errorf("with room again: held %d, refused %q, %v", s.held, s.refused, s.err)
		}
		f.Whole(s.ID, 1500)
	}
	if r, err := proof.Check(context.Background(), f.Store); err != nil || !r.OK {
		t.Errorf("checker: %+v, %v", r, err)
	}
}

// sender is one station with what it was told.
type sender struct {
	*storetest.Segment
	office  *office
	station *storetest.Station
	held    uint64 // by receipts, never forgotten
	refused string // the last connection's refusal
	err     error
}

func each(all []*sender, do func(*sender)) {
	var wg sync.WaitGroup
	for _, s := range all {
		wg.Go(func() { do(s) })
	}
	wg.Wait()
}

// send is one connection that brings records up to last.
func (s *sender) send(last uint64) {
	s.refused = ""
	s.err = s.talk(last)
}

func (s *sender) talk(last uint64) error {
	keys := s.office.Vault.Keys()
	d := websocket.Dialer{TLSClientConfig: wire.StationTLS(s.station.Key, func() [][]byte { return [][]byte{keys.TLS} }), Subprotocols: []string{wire.Subprotocol}}
	ws, _, err := d.Dial("wss://"+s.office.address+wire.Path, nil)
	if err != nil {
		return err
	}
	defer ws.Close()
	ws.SetReadDeadline(time.Now().Add(30 * time.Second))
	hello := wire.Hello{Version: 1, Station: s.station.ID, Clock: clockNow(), Unsent: 1, Full: true, Segments: []wire.SegmentState{{Segment: s.ID, First: 1, Last: last}}}
	if err := write(ws, wire.TypeHello, hello); err != nil {
		return err
	}
	var epoch, next uint64
	for {
		_, frame, err := ws.ReadMessage()
		if err != nil {
			return err
		}
		kind, body, err := wire.Unmarshal(frame)
		if err != nil {
			return err
		}
		switch kind {
		case wire.TypeWelcome:
			var w wire.Welcome
			if err := wire.Into(body, &w); err != nil {
				return err
			}
			epoch, next = w.Epoch, 1
			if len(w.Held) > 0 {
				next = w.Held[0].Held + 1
			}
			if next <= s.held {
				return fmt.Errorf("the office holds %d after a receipt for %d", next-1, s.held)
			}
		case wire.TypeReceipt:
			var r record.Receipt
			if err := wire.Into(body, &r); err != nil {
				return err
			}
			if !r.Verify(keys.Sign) || r.Chain != s.Chain(r.Held) {
				return errors.New("a receipt that is not good")
			}
			s.held, next = max(s.held, r.Held), r.Held+1
		case wire.TypeRefusal:
			var r wire.Refusal
			if err := wire.Into(body, &r); err != nil {
				return err
			}
			s.refused = r.Code
			return nil
		default:
			continue
		}
		if next > last {
			return nil
		}
		b := s.Batch(next, min(next+24, last))
		b.Epoch = epoch
		if err := write(ws, wire.TypeBatch, b); err != nil {
			return err
		}
	}
}

// receipted wants everything that has a receipt to be there, once.
func (s *sender) receipted(t *testing.T) {
	t.Helper()
	there := s.office.Seqs(s.ID)
	for i := range s.held {
		if i >= uint64(len(there)) || there[i] != i+1 {
			t.Fatalf("a receipt for %d, and there are %d records", s.held, len(there))
		}
	}
}

// fill takes what is left of a disk.
func fill(t *testing.T, path string) {
	f, err := os.Create(path)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	for size := 1 << 20; size > 0; size /= 16 {
		for err = nil; err == nil; {
			_, err = f.Write(bytes.Repeat([]byte{1}, size))
		}
		if !errors.Is(err, unix.ENOSPC) {
			t.Error(err)
		}
	}
}
