package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"quachot/internal/record"
)

// FuzzCopy reads any bytes as a copy file and as frames.
func FuzzCopy(f *testing.F) {
	o := newOffice(f)
	d := makeDamageSet(f, o, 5)
	b, err := os.ReadFile(filepath.Join(d.dir, copyDir, "00000001"+copyExt))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:len(b)-7])
	f.Add(bytes.Replace(b, []byte{frameMark0}, []byte{frameMark1}, 3))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		g := newGathered(func(record.ID) bool { return true })
		total := 0
		lost := readFrames(b, func(fr frame) {
			total += frameHead + len(fr.payload)
			g.frame(fr)
		})
		if total+lost > len(b) || total+lost < len(bytes.TrimRight(b, "\x00")) {
			t.Errorf("%d bytes in frames and %d lost of %d", total, lost, len(b))
		}
		if _, _, err := readCopy(bytes.NewReader(b), "460001", g.frame); err != nil {
			t.Error(err)
		}
		g.order()
	})
}

// A frame that ends in zeros at the end of a file is whole.
func TestFrameOfZeros(t *testing.T) {
	b := appendFrame(nil, frameState, make([]byte, 40))
	for _, after := range []int{0, 1, 100} {
		n := 0
		if lost := readFrames(append(bytes.Clone(b), make([]byte, after)...), func(fr frame) { n += len(fr.payload) }); n != 40 || lost != 0 {
			t.Errorf("with %d zeros after it: %d bytes read, %d lost", after, n, lost)
		}
	}
}

// FuzzSalvage looks for rows in any bytes.
func FuzzSalvage(f *testing.F) {
	o := newOffice(f)
	d := makeDamageSet(f, o, 5)
	b, size := d.used(f)
	for at := 0; at < size; at += 4096 {
		f.Add(b[at:min(size, at+4096)])
	}
	v, err := newVault([32]byte{4})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g := newGathered(func(record.ID) bool { return true })
		salvagePage(b, g.salvaged(v, time.Unix(0, 0)), 2)
		g.settle()
		g.order()
	})
}

// BenchmarkAppend is one record at a time; beside it stands bbolt's own Update
// of one row of the same size.
func BenchmarkAppend(b *testing.B) {
	j := newOffice(b).openJournal(b.TempDir(), newClock())
	it := note("0123456789")
	for b.Loop() {
		if _, err := j.Append(b.Context(), it); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rec/s")
}

// BenchmarkAppendEight has eight scanners feeding one journal.
func BenchmarkAppendEight(b *testing.B) {
	j := newOffice(b).openJournal(b.TempDir(), newClock())
	b.SetParallelism(4) // times GOMAXPROCS
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := j.Append(b.Context(), note("0123456789")); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rec/s")
}

func BenchmarkUpdate(b *testing.B) {
	db, err := openDB(filepath.Join(b.TempDir(), "peer.db"), false)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(makeLayout); err != nil {
		b.Fatal(err)
	}
	var n uint64
	for b.Loop() {
		n++
		if err := putPeer(db, n); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rec/s")
}

// BenchmarkOpen opens a journal of 200,000 records, in-process check included.
func BenchmarkOpen(b *testing.B) {
	o, dir := newOffice(b), b.TempDir()
	j := o.openJournal(dir, newClock())
	items := make([]Item, 5000)
	for i := range items {
		items[i] = note("0123456789 %d", i)
	}
	for range 40 {
		if _, err := j.Append(b.Context(), items...); err != nil {
			b.Fatal(err)
		}
	}
	j.Close()
	for b.Loop() {
		o.openJournal(dir, newClock(), withChild).Close()
	}
}

func putPeer(db *bbolt.DB, n uint64) error {
	return db.Update(func(tx *bbolt.Tx) error {
		b := tableRecords.of(tx)
		b.FillPercent = 0.95
		return b.Put(recordKey(1, n), make([]byte, 90))
	})
}
