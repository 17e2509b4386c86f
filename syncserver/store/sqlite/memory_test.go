package sqlite_test

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"quachot/internal/record"
	"quachot/syncserver/store"
	"quachot/syncserver/store/storetest"
)

// TestNothingGrowsWithRecords stores load after load, in new segments and over
// many days, and looks at what stays in memory and at the files left open.
func TestNothingGrowsWithRecords(t *testing.T) {
	loads, each := 12, 2000
	if testing.Short() {
		t.Skip("stores 24,000 records")
	}
	o := open(t)
	s := o.Enrolled()
	var first, last uint64
	var files int
	for load := range loads {
		s.Boot[1] = byte(load) // so that the wall clock tells the time
		s.Start = s.Start.AddDate(0, 0, -6)
		g := s.Segment()
		s.Boot[1] = 0xff
		for k := range each { // five days a load, sixty in all
			g.Add(record.KindScan, k%5*24*3600, record.Scan{Direction: record.In, Verdict: record.Pass, Card: uint64(load*each + k)})
		}
		for from := 1; from <= each; from += 500 {
			o.Held(g.Deliver(uint64(from), uint64(from+499)), uint64(from+499))
		}
		last = heap()
		if load == 5 { // more day files were used by now than stay open
			first, files = last, openFiles(t)
		}
	}
	if grown := int64(last) - int64(first); grown > 1<<20 {
		t.Errorf("the heap grew from %d to %d kB over %d records", first>>10, last>>10, each*(loads-6))
	}
	if now := openFiles(t); files > 0 && now > files+8 {
		t.Errorf("%d files open, %d before", now, files)
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// openFiles counts this process's open database files; 0 where that is not told.
func openFiles(t *testing.T) int {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	n := 0
	for _, fd := range fds {
		if to, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && strings.Contains(to, ".db") {
			n++
		}
	}
	return n
}

// TestRecordsStream reads 20,000 records without holding them: what lives while
// reading does not depend on how many were read.
func TestRecordsStream(t *testing.T) {
	if testing.Short() {
		t.Skip("stores 20,000 records")
	}
	o := open(t)
	g := o.Enrolled().Segment()
	for k := range 20_000 {
		g.Add(record.KindNote, k, record.Note{Text: strings.Repeat("a note of some length ", 10)})
	}
	for from := uint64(1); from <= 20_000; from += 1000 {
		o.Held(g.Deliver(from, from+999), from+999)
	}
	*g = storetest.Segment{} // its own copy must not count
	var low, high, n uint64
	for r, err := range o.Records(t.Context(), store.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; r.N != n {
			t.Fatalf("record %d comes as number %d", r.N, n)
		}
		if n%5000 == 1000 {
			h := heap()
			if low == 0 {
				low = h
			}
			high = max(high, h)
		}
	}
	if n != 20_000 || high > low+2<<20 {
		t.Errorf("%d records; the heap went from %d to %d kB while reading", n, low>>10, high>>10)
	}
}
