package sqlite_test

import (
	"context"
	"testing"

	"quachot/internal/record"
	"quachot/syncserver/store"
)

// FuzzRecord sends any bytes as a record's content, sealed by an enrolled
// station: it is stored, readable or pending, and the next one comes through.
func FuzzRecord(f *testing.F) {
	for kind := record.Kind(1); kind < 15; kind++ {
		b, err := record.Encode(kind, 5, map[int]any{1: 1, 2: "x"})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("garbage"))
	o := open(f)
	s := o.Enrolled()
	var after uint64
	f.Fuzz(func(t *testing.T, plain []byte) {
		g := s.In(t).Segment().AddPlain(plain).Scans(1)
		if a := o.Send(g.Deliver(1, 2)); a.Err != nil || a.Held != 2 {
			t.Fatalf("held %d, %v", a.Held, a.Err)
		}
		for r, err := range o.Records(context.Background(), store.Query{After: after}) {
			if err != nil {
				t.Fatal(err)
			}
			after = r.N
			if r.Segment == g.ID && r.Pending == "" {
				r.JSON() // must not panic; an error is shown as pending
			}
		}
	})
}
