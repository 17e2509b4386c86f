package lane

import (
	"fmt"
	"testing"

	"quachot/internal/identity"
	"quachot/internal/record"
)

// Codes are answered in the order they came, whatever is prepared beside them,
// and those taken in are answered after the queue is closed.
func TestQueueKeepsTheOrder(t *testing.T) {
	p := newPost(t)
	q := NewQueue[int](p.Lane)
	const n = 30
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("046203%06d||Trần Văn Bình|19092003|Nam|Phú Mậu, Huế|11032021", i)
	}
	go func() {
		for i, s := range texts {
			q.Put(s, i)
		}
		q.Close()
	}()
	var order []int
	q.Run(func(i int) {
		p.scan(texts[i])
		order = append(order, i)
	})
	for i, got := range order {
		if got != i {
			t.Fatalf("answered %v, want them in order", order)
		}
	}
	scans := bodies[record.Scan](p.journal)
	if len(order) != n || len(scans) != n {
		t.Errorf("%d answered, %d on record, want %d", len(order), len(scans), n)
	}
	for i, s := range scans {
		if s.Documents[0].Number != fmt.Sprintf("046203%06d", i) {
			t.Errorf("record %d is of %v", i, s.Documents)
		}
	}
}

// Preparing derives what the scan will want, and leaves no other trace.
func TestPrepareDerivesAhead(t *testing.T) {
	p := newPost(t)
	p.publish(identity.NewDocument(identity.CCCD, "046203005678")) // by whatever kind
	var asked [][]identity.Document
	derived := make(chan struct{}, 1)
	p.derive = func(docs []identity.Document) []identity.Keys {
		asked = append(asked, docs)
		derived <- struct{}{}
		return p.deriver.DeriveAll(docs)
	}
	p.Prepare("046187001234|NGUYEN THI MINH KHAI|1987-01-18|0|162900000000001234|<2<<0912345678")
	<-derived
	if len(asked[0]) != 3 {
		t.Errorf("derived %v, want CCCD, QID and phone", asked[0])
	}
	if k := p.journal.kinds(); len(k) != 0 || len(p.reads) != 0 {
		t.Errorf("wrote %v, %d reads", k, len(p.reads))
	}
}

// However many wait, only so many are prepared at once, and nobody waits for it.
func TestPrepareIsBounded(t *testing.T) {
	p := newPost(t)
	hold, entered := make(chan struct{}), make(chan struct{}, 100)
	p.derive = func(docs []identity.Document) []identity.Keys {
		entered <- struct{}{}
		<-hold
		return make([]identity.Keys, len(docs))
	}
	for i := range 3 * preparing {
		p.Prepare(fmt.Sprintf("046203%06d||Trần Văn Bình|19092003|Nam|Phú Mậu, Huế|11032021", i))
	}
	for range preparing {
		<-entered
	}
	if len(entered) != 0 {
		t.Errorf("%d too many under way", len(entered))
	}
	close(hold)
}
