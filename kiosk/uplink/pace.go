package uplink

import "time"

// Sizes of a batch in bytes, and how long one should take on the link. The first
// batches are small: on 9.6 kbit/s, 4 KiB are out within 4 s; a fast link doubles
// the size with every confirmation.
const (
	smallestBatch = 512
	startBatch    = 4 << 10
	largestBatch  = 512 << 10
	batchTime     = 2 * time.Second
	inFlight      = 4 // batches sent and not yet confirmed
)

// pace measures the link from confirmed batches and says how large the next
// should be. It outlives a session: a link that is cut every few seconds would
// else begin anew each time. The zero value starts small.
type pace struct {
	size     int
	last     time.Time // when the last batch was confirmed
	confirms bool      // something was confirmed in this session
}

// begin is the start of a session.
func (p *pace) begin() { p.last, p.confirms = time.Time{}, false }

// cut is the end of a session with batches on their way. When not one of them
// was confirmed, they were too large for this link.
func (p *pace) cut() {
	if !p.confirms {
		p.size = max(p.batch()/4, smallestBatch)
	}
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
	p.last, p.confirms = now, true
	took := max(now.Sub(sent), time.Millisecond)
	fits := int(float64(bytes) * batchTime.Seconds() / took.Seconds())
	size := p.batch()
	if fits < size && bytes < size/2 {
		return
	}
	p.size = min(max((size+fits)/2, size/4, smallestBatch), size*2, largestBatch)
}
