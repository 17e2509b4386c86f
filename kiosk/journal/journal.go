package journal

import (
	"context"
	"errors"

	"quachot/internal/record"
)

var errSoon = errors.New("not yet")

// Journal is an open journal. Its methods are safe for concurrent use.
type Journal struct{ changed chan struct{} }

// Open opens or makes the journal in dir.
func Open(dir string, o Options) (*Journal, error) { return nil, errSoon }

// Close writes what waits and lets go of the directory.
func (j *Journal) Close() error { return nil }

// Append writes items in one commit.
func (j *Journal) Append(ctx context.Context, items ...Item) ([]Saved, error) { return nil, errSoon }

// Get reads one key of a state bucket.
func (j *Journal) Get(bucket string, key []byte) ([]byte, bool) { return nil, false }

// Each calls f with every live key of a bucket until it returns false.
func (j *Journal) Each(bucket string, f func(key, value []byte) bool) {}

// Roll starts a new segment with the next record.
func (j *Journal) Roll(why string) error { return errSoon }

// Segments lists what the journal has, oldest first.
func (j *Journal) Segments() []Segment { return nil }

// Read gives records of one segment.
func (j *Journal) Read(seg record.SegmentID, from uint64, maxRecords, maxBytes int) (Run, error) {
	return Run{}, errSoon
}

// Receive takes the office's receipts.
func (j *Journal) Receive(r ...record.Receipt) error { return errSoon }

// Lower says that the office went back.
func (j *Journal) Lower(seg record.SegmentID, held uint64) error { return errSoon }

// Changed wakes the uplink.
func (j *Journal) Changed() <-chan struct{} { return j.changed }

// Counts tells how the journal stands.
func (j *Journal) Counts() Counts { return Counts{} }

// Check proves the open journal.
func (j *Journal) Check() (Report, error) { return Report{}, errSoon }

// Probe is what the child runs.
func Probe(dir string) error { return errSoon }

// ProbeCode is the exit code by which the child tells what Probe found.
func ProbeCode(err error) int { return 1 }

// CheckOptions say how `kiosk check` looks at a journal.
type CheckOptions struct{}

// Report is the answer of `kiosk check`.
type Report struct {
	OK bool `json:"ok"`
}

// Check proves a journal that no process has open.
func Check(dir string, o CheckOptions) (Report, error) { return Report{}, errSoon }
