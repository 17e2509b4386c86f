package uplink

import (
	"testing"

	"github.com/gorilla/websocket"

	"quachot/internal/record"
	"quachot/internal/wire"
)

// Half a frame, a page or a word in the middle of the talk cost the link and
// nothing else: the next link brings everything over, once.
func TestBrokenAnswers(t *testing.T) {
	receipt, err := wire.Marshal(wire.TypeReceipt, record.Receipt{Station: "460001", Segment: record.SegmentID{1}, Held: 10})
	if err != nil {
		t.Fatal(err)
	}
	for name, message := range map[string]struct {
		kind  int
		bytes []byte
	}{
		"half a receipt":     {websocket.BinaryMessage, receipt[:len(receipt)/2]},
		"nothing":            {websocket.BinaryMessage, nil},
		"a page":             {websocket.TextMessage, []byte("<html><body>Đăng nhập</body></html>")},
		"a page as a frame":  {websocket.BinaryMessage, []byte("<html><body>Đăng nhập</body></html>")},
		"more than fits":     {websocket.BinaryMessage, make([]byte, wire.MaxFrame+1)},
		"a receipt of words": {websocket.BinaryMessage, must(wire.Marshal(wire.TypeReceipt, "held"))},
	} {
		t.Run(name, func(t *testing.T) {
			o, x := withManifest(t, newOffice(t)), newOutbox()
			x.add(t, 1, 300, 100)
			broken := false
			o.onBatch = func(ws *websocket.Conn, b wire.Batch) bool {
				o.store(b)
				if broken {
					return false
				}
				broken = true
				_ = ws.WriteMessage(message.kind, message.bytes) // the station hangs up
				return true
			}
			if err := drain(t, client(o.address(), x, noLists{})); err != nil {
				t.Fatal(err)
			}
			same(t, o, x)
			if n := len(o.hellos); n != 2 {
				t.Errorf("%d connections, want the broken one and another", n)
			}
		})
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}
