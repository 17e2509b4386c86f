package sqlite

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/syncserver/store"
)

// plan is what a group changes: rows by day file, then all of office.db.
type plan struct {
	rows    map[string][]row // by day
	moves   []move
	touched map[record.SegmentID]*segment
	places  []placeOf
	pending []pendingOf
	links   []linkOf
	cards   []store.Card
	stored  map[string]int // new records by station
	late    []record.SegmentID
	homes   map[string]string // post by station
	next    uint64            // the cursor after it; 0 = does not move

	// Of a retry: records that are not pending as before, and rows that leave
	// their day.
	resolved []record.ID
	stale    map[string][]uint64 // n by day
}

type row struct {
	store.Record
	day string
}

// move gives rows that are in the day files already another context.
type move struct {
	segment record.SegmentID
	days    []string
	place   place
	until   uint64 // seq of the next context; 0 = none
}

type placeOf struct {
	segment record.SegmentID
	place
}

type pendingOf struct {
	record.ID
	station, why, day string
}

type linkOf struct {
	a, b identity.Document
	why  string
}

func newPlan() *plan {
	return &plan{rows: map[string][]row{}, touched: map[record.SegmentID]*segment{}, stored: map[string]int{}, stale: map[string][]uint64{}, homes: map[string]string{}}
}

// apply brings what stands in the raw files into the day files and then, in one
// commit, into office.db. Doing it again changes nothing.
func (w *writer) apply(ctx context.Context, added []*arrival) error {
	if len(added) == 0 {
		return nil
	}
	p := newPlan()
	for _, a := range added {
		if err := w.plan(ctx, p, a); err != nil {
			return err
		}
	}
	for id, g := range p.touched {
		if err := w.catchUp(ctx, id, g); err != nil {
			return err
		}
	}
	if err := w.save(ctx, p); err != nil {
		return err
	}
	for _, id := range p.late {
		if _, err := w.retry(ctx, id, store.PendingHeader); err != nil {
			return err
		}
	}
	return nil
}

// save writes the day files, each in one commit, and then office.db.
func (w *writer) save(ctx context.Context, p *plan) error {
	days := slices.Sorted(maps.Keys(p.rows))
	for day := range p.stale {
		days = addDay(days, day)
	}
	for _, m := range p.moves {
		for _, day := range m.days {
			days = addDay(days, day)
		}
	}
	for _, day := range days {
		if err := w.saveDay(ctx, day, p); err != nil {
			return fmt.Errorf("write records of %s: %w", day, err)
		}
	}
	if err := w.saveOffice(ctx, p); err != nil {
		return fmt.Errorf("move the cursor: %w", err)
	}
	for _, g := range p.touched {
		g.moved, g.forked = 0, false
	}
	return nil
}

// plan adds one arrival.
func (w *writer) plan(ctx context.Context, p *plan, a *arrival) error {
	id := a.batch.Segment
	g, err := w.segment(ctx, id)
	if err != nil {
		return err
	}
	p.touched[id] = g
	if g.station == "" {
		g.station, g.first = a.station, a.exchange.Received
	}
	if a.batch.Header != nil {
		g.setHeader(a.batch.Header)
		w.s.remember(a.batch.Header)
		p.late = append(p.late, id)
	}
	if len(a.batch.Records) == 0 {
		return nil
	}
	g.highest = max(g.highest, a.batch.Last())
	g.rawDays = addDay(g.rawDays, a.day)
	p.next = max(p.next, a.n+uint64(len(a.batch.Records)))
	g.advance(a)
	if a.opened == nil || (g.header != nil && a.opened[0].Pending == store.PendingHeader) {
		a.opened = w.s.o.Opener.Open(g.header, a.batch.First, a.batch.Records)
	}
	for i, o := range a.opened {
		seq := a.batch.First + uint64(i)
		if !contains(a.fresh, seq) {
			continue
		}
		p.stored[a.station]++
		if err := w.planRecord(ctx, p, g, a, i, o); err != nil {
			return err
		}
	}
	return nil
}

// planRecord adds the row of one record and what follows from it.
func (w *writer) planRecord(ctx context.Context, p *plan, g *segment, a *arrival, i int, o store.Opened) error {
	id := record.ID{Segment: a.batch.Segment, Seq: a.batch.First + uint64(i)}
	r := row{Record: store.Record{N: a.n + uint64(i), Station: a.station, ID: id, Pending: o.Pending, Received: a.received()}}
	r.Corrected = r.Received
	if o.Pending == "" || o.Pending == store.PendingKind {
		w.fill(p, g, a, &r, o)
	}
	at, _, err := w.inherit(ctx, g, id.Seq)
	if err != nil {
		return err
	}
	r.Post, r.Lane, r.Officer = at.post, at.lane, at.officer
	if r.Way == 0 {
		r.Way = at.way
	}
	if r.Post == "" {
		if r.Post, err = w.homePost(ctx, p, a.station); err != nil {
			return err
		}
	}
	r.day = store.Day(r.Corrected)
	g.days = addDay(g.days, r.day)
	p.rows[r.day] = append(p.rows[r.day], r)
	if r.Pending != "" {
		p.pending = append(p.pending, pendingOf{id, a.station, r.Pending, r.day})
	}
	return nil
}

// fill adds what an opened record says.
func (w *writer) fill(p *plan, g *segment, a *arrival, r *row, o store.Opened) {
	r.Kind, r.Body = o.Entry.Kind, o.Entry.Body
	if g.header != nil && r.Kind != record.KindDamaged {
		r.At, r.Corrected, r.Uncertainty = store.Correct(*g.header, o.Entry.Offset, a.exchange)
	}
	if o.Pending != "" {
		return
	}
	var err error
	switch r.Kind {
	case record.KindScan:
		var b record.Scan
		if err = o.Entry.Into(&b); err == nil {
			r.Verdict, r.Way = b.Verdict, b.Direction
			if b.Trust != credential.Forged { // a forger's word links nobody
				p.link(b.Documents, "scan "+r.ID.Segment.String())
			}
		}
	case record.KindPassage:
		var b record.Passage
		if err = o.Entry.Into(&b); err == nil {
			r.Way = b.Way
		}
	case record.KindDeclaration:
		var b record.Declaration
		if err = o.Entry.Into(&b); err == nil {
			p.link(b.Documents, "declaration "+r.ID.Segment.String())
		}
	case record.KindCard:
		var b record.CardStep
		if err = o.Entry.Into(&b); err == nil {
			p.card(a.station, b, r.Corrected)
		}
	case record.KindContext:
		var b record.Context
		if err = o.Entry.Into(&b); err == nil {
			p.context(g, a, r.ID, b)
		}
	}
	if err != nil {
		r.Pending = store.PendingKind
	}
}

func (p *plan) context(g *segment, a *arrival, id record.ID, b record.Context) {
	at := place{seq: id.Seq, officer: b.Officer, post: b.Post, lane: b.Lane, way: b.Direction}
	next := g.addPlace(at)
	p.places = append(p.places, placeOf{id.Segment, at})
	if g.highest > a.batch.Last() { // later records may be in the day files already
		p.moves = append(p.moves, move{segment: id.Segment, days: slices.Clone(g.days), place: at, until: next})
	}
}

// link ties each document to the first.
func (p *plan) link(docs []identity.Document, why string) {
	for i := 1; i < len(docs) && i < store.MaxLinks; i++ {
		if docs[0] != docs[i] {
			p.links = append(p.links, linkOf{docs[0], docs[i], why})
		}
	}
}

func (p *plan) card(station string, b record.CardStep, at time.Time) {
	p.cards = append(p.cards, store.Card{Number: b.Card, Token: b.Token, Name: b.Name, Birth: b.Birth, Sex: b.Sex, Ward: b.Ward,
		Station: station, Step: b.Step, Issued: at})
	docs := append([]identity.Document{CardDocument(b.Card)}, b.Documents...)
	if b.Old != 0 {
		docs = append(docs, CardDocument(b.Old))
	}
	p.link(docs, "card "+b.Step)
}

// CardDocument is one of our cards as a document of its holder.
func CardDocument(number uint64) identity.Document {
	return identity.Document{Kind: identity.Card, Number: fmt.Sprintf("%013d", number)}
}

// homePost is where the station belongs when its records do not say.
func (w *writer) homePost(ctx context.Context, p *plan, station string) (string, error) {
	if post, ok := p.homes[station]; ok {
		return post, nil
	}
	s, err := w.s.Station(ctx, station)
	if err != nil && !isNotFound(err) {
		return "", err
	}
	p.homes[station] = s.Post
	return s.Post, nil
}
