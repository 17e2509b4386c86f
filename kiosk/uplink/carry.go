package uplink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"quachot/internal/bundle"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/journal"
)

// carriedBatch bounds the records' bytes in one batch of a bundle: a damaged
// sector costs one batch.
const carriedBatch = 256 << 10

// Carried is what a bundle took along.
type Carried struct {
	Records  uint64 `json:"records"`
	Segments int    `json:"segments"`
	Skipped  int    `json:"skipped,omitempty"` // segments that cannot be read now; the journal heals or marks them
}

// Export writes what the office does not hold yet into a bundle, as far as the
// journal goes at the beginning; all = everything that is still stored here.
// Nothing is marked as sent by it: only the office's receipt does that.
// progress, may be nil, hears how many records are written of how many.
func (c *Client) Export(ctx context.Context, to io.Writer, all bool, progress func(done, of uint64)) (Carried, error) {
	segments := c.c.Outbox.Segments()
	head := bundle.Head{
		Version: bundle.Version, From: bundle.FromStation, Deployment: c.c.Office.Deployment, Station: c.c.Station,
		Made: c.c.Clock.Now().UnixMilli(), Program: c.c.Program, Clock: clockNow(c.c.Clock), Serial: c.c.Lists.Serial(),
		Enrol: c.proof(),
	}
	if c.c.Versions != nil {
		head.Lists = c.c.Versions()
	}
	for _, seg := range segments {
		head.Unsent += seg.Last + 1 - min(seg.Last+1, first(seg, all))
	}
	var err error
	if head.Answer, err = bundle.AnswerTo(c.c.Key); err != nil {
		return Carried{}, err
	}
	if err := head.Sign(c.c.Key); err != nil {
		return Carried{}, err
	}
	w, err := bundle.NewWriter(to, head)
	if err != nil {
		return Carried{}, err
	}
	var done Carried
	for _, seg := range segments {
		if first(seg, all) > seg.Last {
			continue
		}
		done.Segments++
		err := c.carry(ctx, w, seg, first(seg, all), func(n int) {
			done.Records += uint64(n)
			if progress != nil {
				progress(done.Records, head.Unsent)
			}
		})
		if errors.Is(err, errUnreadable) {
			c.c.Log.Error("a segment cannot be read for a bundle", "segment", seg.ID.String(), "err", err)
			done.Skipped++
			continue
		}
		if err != nil {
			return done, err
		}
	}
	return done, w.End()
}

func first(seg journal.Segment, all bool) uint64 {
	if all {
		return max(seg.First, 1)
	}
	return max(seg.Held+1, seg.First, 1)
}

var errUnreadable = errors.New("the journal does not give the segment")

// carry writes one segment's batches.
func (c *Client) carry(ctx context.Context, w *bundle.Writer, seg journal.Segment, from uint64, wrote func(int)) error {
	header := &seg.Header
	for from <= seg.Last {
		if err := ctx.Err(); err != nil {
			return err
		}
		run, err := c.c.Outbox.Read(seg.ID, from, wire.MaxRecords, carriedBatch)
		if err != nil {
			return fmt.Errorf("%w: %w", errUnreadable, err)
		}
		if len(run.Records) == 0 {
			return errUnreadable
		}
		b := wire.Batch{Header: header, Segment: seg.ID, First: run.First, Records: run.Records, Before: run.Before, Tip: run.Tip}
		b.Sign(c.c.Key)
		if err := w.Put(wire.TypeBatch, b); err != nil {
			return err
		}
		from, header = b.Last()+1, nil
		wrote(len(run.Records))
	}
	return nil
}

// Received is what the office's bundle brought.
type Received struct {
	Made     time.Time // by the office's clock
	Receipts int
	Held     uint64 // records the office holds now
	Lists    bool   // the lists are those of the bundle, or newer
	Forks    int    // segments of which the office knows another history
}

// Take takes the receipts and lists that an office's bundle brings for this
// station. What was taken before an error counts. Errors wrap those of package
// bundle.
func (c *Client) Take(ctx context.Context, from io.Reader) (Received, error) {
	var got Received
	r, err := bundle.NewReader(from)
	if err != nil {
		return got, err
	}
	if err := r.Head.Verify(c.c.Office.Deployment); err != nil {
		return got, err
	}
	if r.Head.From != bundle.FromOffice || string(r.Head.Key) != string(c.c.Office.Sign) {
		return got, bundle.ErrStranger
	}
	got.Made = time.UnixMilli(r.Head.Made)
	o, err := r.Open(c.c.Office.Deployment, c.c.Station, c.c.Key)
	if err != nil {
		return got, err
	}
	for ctx.Err() == nil {
		t, body, err := o.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return got, err
		}
		if err := c.taken(t, body, &got); err != nil {
			return got, err
		}
	}
	counts := c.c.Outbox.Counts()
	got.Held = counts.Held
	c.update(func(*State) {})
	return got, ctx.Err()
}

// taken handles one frame of the office's answer.
func (c *Client) taken(t wire.Type, body []byte, got *Received) error {
	switch t {
	case wire.TypeWelcome:
		var welcome wire.Welcome
		if err := wire.Into(body, &welcome); err != nil || welcome.Enrolled == nil {
			return err
		}
		return c.known(*welcome.Enrolled)
	case wire.TypeReceipt:
		var receipt record.Receipt
		if err := wire.Into(body, &receipt); err != nil {
			return err
		}
		same, err := c.proven(receipt)
		if err != nil {
			return err
		}
		if !same {
			got.Forks++
			c.fork(receipt.Segment, fmt.Sprintf("a carried receipt with another chain at record %d", receipt.Held))
			return nil
		}
		got.Receipts++
		return c.c.Outbox.Receive(receipt)
	case wire.TypeManifest:
		var manifest wire.SignedManifest
		if err := wire.Into(body, &manifest); err != nil {
			return err
		}
		if m, err := manifest.Open(c.c.Office.Sign); err == nil {
			c.office.See(time.UnixMilli(m.AsOf), c.c.Clock.SinceBoot())
		}
		wants, err := c.c.Lists.Offer(manifest)
		got.Lists = err == nil && len(wants) == 0
		return err
	case wire.TypeChunk:
		var chunk wire.Chunk
		if err := wire.Into(body, &chunk); err != nil {
			return err
		}
		before := c.c.Lists.Serial()
		if _, err := c.c.Lists.Put(chunk); err != nil {
			return err
		}
		got.Lists = got.Lists || c.c.Lists.Serial() > before
	}
	return nil
}

// proven checks a receipt's signature and station, and says whether its chain
// value is that of our own journal.
func (c *Client) proven(r record.Receipt) (bool, error) {
	if !r.Verify(c.c.Office.Sign) || r.Station != c.c.Station {
		return false, fmt.Errorf("receipt of segment %s: %w", r.Segment, wire.ErrSignature)
	}
	if r.Held == 0 {
		return true, nil
	}
	for _, seg := range c.c.Outbox.Segments() {
		if seg.ID == r.Segment {
			return c.sameChain(seg, r.Held, r.Chain)
		}
	}
	return false, nil // a segment we never had
}
