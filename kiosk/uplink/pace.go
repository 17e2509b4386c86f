package uplink

import "time"

// Sizes of a batch in bytes, and how long one should take on the link.
const (
	smallestBatch = 4 << 10
	startBatch    = 32 << 10
	largestBatch  = 512 << 10
	batchTime     = 2 * time.Second
	inFlight      = 4 // batches sent and not yet confirmed
)

// pace measures the link from confirmed batches and says how large the next
// should be. The zero value starts in the middle.
type pace struct {
	size int
	last time.Time // when the last batch was confirmed
}

// batch is the size in bytes to aim at.
func (p *pace) batch() int {
	if p.size == 0 {
		p.size = startBatch
	}
	return p.size
}

// confirmed takes in one batch: its bytes, when it was sent, and that it was
// confirmed now. The time of a batch that queued behind another starts when
// that one was confirmed. A batch smaller than asked for was short of records,
// not of link: it may only raise the size.
func (p *pace) confirmed(bytes int, sent, now time.Time) {
	if p.last.After(sent) {
		sent = p.last
	}
	p.last = now
	took := max(now.Sub(sent), time.Millisecond)
	fits := int(float64(bytes) * batchTime.Seconds() / took.Seconds())
	size := p.batch()
	if fits < size && bytes < size/2 {
		return
	}
	p.size = min(max((size+fits)/2, size/4, smallestBatch), size*2, largestBatch)
}
