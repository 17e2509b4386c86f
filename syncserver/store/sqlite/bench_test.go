package sqlite_test

import (
	"testing"

	"quachot/syncserver/store"
)

// BenchmarkIngest is durable records a second, in batches of 500, eight under
// way: opened, stored, in the day files and the cursor moved.
func BenchmarkIngest(b *testing.B) {
	const batch, segments = 500, 4
	o := open(b)
	s := o.Enrolled()
	var work []store.Delivery
	for len(work)*batch < b.N*batch {
		g := s.Segment().Scans(batch * segments)
		for i := range uint64(segments) {
			work = append(work, g.Deliver(i*batch+1, (i+1)*batch))
		}
	}
	b.ResetTimer()
	under := make(chan (<-chan store.Answer), 8)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for a := range under {
			if got := <-a; got.Err != nil {
				b.Error(got.Err)
			}
		}
	}()
	for i := range b.N {
		under <- o.Ingest(b.Context(), work[i])
	}
	close(under)
	<-done
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "records/s")
}
