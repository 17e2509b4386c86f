package command

import (
	"bufio"
	"encoding/json"
	"fmt"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/syncserver/store"
)

type recordsCmd struct {
	After   uint64 `help:"Only records with a higher n." placeholder:"N"`
	Kind    string `help:"Only this kind: scan, passage, declaration ..." placeholder:"K"`
	Station string `help:"Only of this station." placeholder:"ID"`
	Limit   int    `help:"At most so many." placeholder:"N"`
	Pending bool   `help:"Only those that cannot be read yet."`
	NoKeys  bool   `help:"Leave the identity keys out: they cost 5 ms for each new document."`
}

// recordLine is one line. at, at_corrected and received are unix ms; at is by
// the station's clock, null while that is not known; pending is empty, or why
// the record cannot be read yet.
type recordLine struct {
	N           uint64           `json:"n"`
	Station     string           `json:"station"`
	Post        string           `json:"post"`
	Lane        string           `json:"lane"`
	Segment     record.SegmentID `json:"segment"`
	Seq         uint64           `json:"seq"`
	Kind        string           `json:"kind"`
	At          *int64           `json:"at"`
	AtCorrected int64            `json:"at_corrected"`
	Uncertainty float64          `json:"uncertainty_s"`
	Received    int64            `json:"received"`
	Officer     string           `json:"officer"`
	Verdict     string           `json:"verdict"`
	Reasons     []string         `json:"reasons"`
	Keys        []string         `json:"keys"`
	Pending     string           `json:"pending"`
	Body        json.RawMessage  `json:"body"`
}

// keyChunk is how many records' keys are derived side by side.
const keyChunk = 64

func (r recordsCmd) Run(c *call) error {
	q := store.Query{After: r.After, Station: r.Station, Limit: r.Limit, Pending: r.Pending}
	if r.Kind != "" {
		kind, err := record.ParseKind(r.Kind)
		if err != nil {
			return err
		}
		q.Kind = kind
	}
	return c.withExisting(func(o *office) error {
		out := bufio.NewWriterSize(c.stdout, 64<<10)
		p := printer{o: o, json: json.NewEncoder(out), keys: !r.NoKeys}
		for rec, err := range o.store.Records(c.ctx, q) {
			if err != nil {
				return err
			}
			if err := p.add(rec); err != nil {
				return err
			}
		}
		if err := p.flush(); err != nil {
			return err
		}
		return out.Flush()
	})
}

// printer derives keys for a few records at a time, in parallel.
type printer struct {
	o    *office
	json *json.Encoder
	keys bool
	wait []store.Record
}

func (p *printer) add(r store.Record) error {
	p.wait = append(p.wait, r)
	if len(p.wait) < keyChunk {
		return nil
	}
	return p.flush()
}

func (p *printer) flush() error {
	var docs []identity.Document
	counts := make([]int, len(p.wait))
	for i, r := range p.wait {
		if p.keys {
			some := documents(r)
			counts[i] = len(some)
			docs = append(docs, some...)
		}
	}
	keys := p.o.lists.Deriver().DeriveAll(docs)
	for i, r := range p.wait {
		line, err := lineOf(r, keys[:counts[i]])
		if err != nil {
			return err
		}
		keys = keys[counts[i]:]
		if err := p.json.Encode(line); err != nil {
			return fmt.Errorf("write records: %w", err)
		}
	}
	p.wait = p.wait[:0]
	return nil
}

// documents are the documents a record is about.
func documents(r store.Record) []identity.Document {
	var docs []identity.Document
	var own uint64
	switch e := r.Entry(); {
	case r.Pending != "":
	case r.Kind == record.KindScan:
		var b record.Scan
		if e.Into(&b) == nil {
			docs, own = b.Documents, b.Card
		}
	case r.Kind == record.KindDeclaration:
		var b record.Declaration
		if e.Into(&b) == nil {
			docs = b.Documents
		}
	case r.Kind == record.KindCard:
		var b record.CardStep
		if e.Into(&b) == nil {
			docs, own = b.Documents, b.Card
		}
	}
	if own == 0 {
		return docs
	}
	card := identity.NewDocument(identity.Card, fmt.Sprintf("%013d", own))
	for _, d := range docs {
		if d == card {
			return docs
		}
	}
	return append([]identity.Document{card}, docs...)
}

func lineOf(r store.Record, keys []identity.Keys) (recordLine, error) {
	line := recordLine{
		N: r.N, Station: r.Station, Post: r.Post, Lane: r.Lane, Segment: r.Segment, Seq: r.Seq,
		AtCorrected: r.Corrected.UnixMilli(), Uncertainty: r.Uncertainty.Seconds(), Received: r.Received.UnixMilli(),
		Officer: r.Officer, Pending: r.Pending, Reasons: []string{}, Keys: []string{},
	}
	if r.Kind != 0 {
		line.Kind = r.Kind.String()
	}
	if !r.At.IsZero() {
		at := r.At.UnixMilli()
		line.At = &at
	}
	if r.Verdict != 0 {
		line.Verdict = r.Verdict.String()
	}
	if r.Kind == record.KindScan && r.Pending == "" {
		var b record.Scan
		if r.Entry().Into(&b) == nil {
			for _, reason := range b.Reasons {
				line.Reasons = append(line.Reasons, reason.Code)
			}
		}
	}
	for _, k := range keys {
		line.Keys = append(line.Keys, k.Match.String())
	}
	body, err := r.JSON()
	if err != nil { // a body this program cannot read in full is a finding, not an end
		body = json.RawMessage("null")
		if line.Pending == "" {
			line.Pending = store.PendingParse
		}
	}
	line.Body = body
	return line, nil
}
