package office

import (
	"fmt"
	"time"

	"quachot/internal/record"
)

// Record is one record as it stands in the store. At most one of the bodies is
// set; none for a kind this page does not tell about, or one that is pending.
type Record struct {
	N        uint64
	Received time.Time
	At       time.Time // corrected time of the record; zero = unknown
	Station  string
	Post     string // code
	PostName string // empty = Post is shown
	Lane     string
	Officer  string
	Kind     record.Kind // 0 while pending
	// Pending says why the record cannot be read yet; empty = it was read.
	Pending string

	Scan        *record.Scan
	Passage     *record.Passage
	Declaration *record.Declaration
	Card        *record.CardStep
	Shift       *record.Shift
	Context     *record.Context
	Incident    *record.Incident
	Clock       *record.ClockJump
	Note        *record.Note
}

// Fill sets Kind and the body that belongs to it; into is record.Entry.Into.
// A kind without a body here leaves all of them nil.
func (r *Record) Fill(kind record.Kind, into func(body any) error) error {
	r.Kind = kind
	body := r.body(kind)
	if body == nil {
		return nil
	}
	if err := into(body); err != nil {
		return fmt.Errorf("read body of record %d (%s): %w", r.N, kind, err)
	}
	return nil
}

func (r *Record) body(kind record.Kind) any {
	switch kind {
	case record.KindScan:
		r.Scan = new(record.Scan)
		return r.Scan
	case record.KindPassage:
		r.Passage = new(record.Passage)
		return r.Passage
	case record.KindDeclaration:
		r.Declaration = new(record.Declaration)
		return r.Declaration
	case record.KindCard:
		r.Card = new(record.CardStep)
		return r.Card
	case record.KindShift:
		r.Shift = new(record.Shift)
		return r.Shift
	case record.KindContext:
		r.Context = new(record.Context)
		return r.Context
	case record.KindIncident:
		r.Incident = new(record.Incident)
		return r.Incident
	case record.KindClock:
		r.Clock = new(record.ClockJump)
		return r.Clock
	case record.KindNote:
		r.Note = new(record.Note)
		return r.Note
	}
	return nil
}
