package gateway

import (
	"testing"
	"time"

	"quachot/internal/wire"
)

// FuzzHello feeds a stranger's first frame to what reads it.
func FuzzHello(f *testing.F) {
	whole, err := wire.Marshal(wire.TypeHello, wire.Hello{Version: 1, Station: "460001", Segments: []wire.SegmentState{{First: 1, Last: 9}},
		Enrol: &wire.EnrolRequest{Key: make([]byte, 32), MAC: make([]byte, 32)}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("<html>login</html>"))
	f.Add([]byte{0x82, 1, 0xa0})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, frame []byte) {
		h, err := decodeHello(frame)
		if err != nil {
			return
		}
		now := time.UnixMilli(1795374721414)
		exchange(h.Clock, now.Add(-time.Second), now)
	})
}
