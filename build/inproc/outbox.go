package inproc

import (
	"crypto/ed25519"
	"crypto/rand"
	"sync"
	"time"

	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
)

// Outbox is a station's journal in memory: one segment of real, sealed, chained
// records, for measures with more stations than disks. It stands for the real
// journal only toward the uplink; it keeps nothing.
type Outbox struct {
	mu      sync.Mutex // guards what follows
	segment journal.Segment
	records [][]byte
	before  []record.Chain
	codec   *seal.Codec
	changed chan struct{}
}

// NewOutbox begins a segment of a station for an office.
func NewOutbox(station string, key ed25519.PrivateKey, office wire.OfficeKeys) (*Outbox, error) {
	var id record.SegmentID
	rand.Read(id[:])
	secret := seal.NewKey()
	h := record.Header{Version: 1, Segment: id, Station: station, Wall: time.Now().UnixMilli(), SinceBoot: 1, Dict: seal.CurrentDict, Program: "bench"}
	for _, to := range []seal.Recipient{office.Seal, office.Recovery} {
		w, err := seal.Wrap(secret, id, to)
		if err != nil {
			return nil, err
		}
		h.Keys = append(h.Keys, w)
	}
	signed, err := record.SignHeader(h, key)
	if err != nil {
		return nil, err
	}
	codec, err := seal.NewCodec(secret, id, seal.CurrentDict)
	if err != nil {
		return nil, err
	}
	return &Outbox{segment: journal.Segment{Header: signed, ID: id, First: 1, Tip: signed.Chain()}, codec: codec, changed: make(chan struct{}, 1)}, nil
}

// Append adds a record and wakes the uplink.
func (x *Outbox) Append(kind record.Kind, body any) error {
	plain, err := record.Encode(kind, time.Second, body)
	if err != nil {
		return err
	}
	x.mu.Lock()
	sealed := x.codec.Seal(x.segment.Last+1, plain)
	x.before = append(x.before, x.segment.Tip)
	x.records = append(x.records, sealed)
	x.segment.Last++
	x.segment.Tip = x.segment.Tip.Next(sealed)
	x.mu.Unlock()
	select {
	case x.changed <- struct{}{}:
	default:
	}
	return nil
}

// Segments implements uplink.Outbox, as do all methods below.
func (x *Outbox) Segments() []journal.Segment {
	x.mu.Lock()
	defer x.mu.Unlock()
	return []journal.Segment{x.segment}
}

// Read gives consecutive records.
func (x *Outbox) Read(_ record.SegmentID, from uint64, maxRecords, maxBytes int) (journal.Run, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if from == 0 || from > x.segment.Last {
		return journal.Run{}, journal.ErrSegment
	}
	run := journal.Run{First: from, Before: x.before[from-1], Tip: x.before[from-1]}
	for size, i := 0, from-1; i < uint64(len(x.records)) && len(run.Records) < maxRecords && (size == 0 || size < maxBytes); i++ {
		run.Records = append(run.Records, x.records[i])
		run.Tip = run.Tip.Next(x.records[i])
		size += len(x.records[i])
	}
	return run, nil
}

// Receive takes receipts.
func (x *Outbox) Receive(all ...record.Receipt) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, r := range all {
		if r.Segment == x.segment.ID {
			x.segment.Held, x.segment.Kept = max(x.segment.Held, r.Held), max(x.segment.Kept, r.Kept)
		}
	}
	return nil
}

// Lower goes back.
func (x *Outbox) Lower(_ record.SegmentID, held uint64) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.segment.Held, x.segment.Kept = held, min(held, x.segment.Kept)
	return nil
}

// Changed receives after Append.
func (x *Outbox) Changed() <-chan struct{} { return x.changed }

// Urgent is never anything.
func (x *Outbox) Urgent() []record.ID { return nil }

// Counts tells what is delivered.
func (x *Outbox) Counts() journal.Counts {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.segment
	return journal.Counts{Head: s.Last, Held: s.Held, Kept: s.Kept, Unsent: s.Last - s.Held, Health: journal.HealthOK}
}
