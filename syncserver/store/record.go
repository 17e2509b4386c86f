package store

import (
	"encoding/json"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
)

// Record is one record with what the office knows around it.
type Record struct {
	N       uint64 // order of arrival, from 1, never given twice
	Station string
	Post    string // code
	Lane    string
	record.ID
	Kind        record.Kind // 0 while pending, except PendingKind
	At          time.Time   // by the station's wall clock; zero while pending
	Corrected   time.Time   // the best guess of the true time
	Uncertainty time.Duration
	Received    time.Time
	Officer     string
	Verdict     record.Verdict // of scans; else 0
	Way         record.Direction
	Pending     string // empty = read
	Body        []byte // CBOR; empty while pending
}

// Entry is the record's content for record.Entry's methods.
func (r Record) Entry() record.Entry { return record.Entry{Kind: r.Kind, Body: r.Body} }

// JSON is the body with its field names, null while pending.
func (r Record) JSON() (json.RawMessage, error) {
	if len(r.Body) == 0 {
		return json.RawMessage("null"), nil
	}
	return r.Entry().JSON()
}

// Query chooses records; zero fields choose all.
type Query struct {
	After   uint64 // only N above
	Kind    record.Kind
	Station string
	Pending bool // only pending ones
	Limit   int
}

// NewLink is one link between two documents of a person.
type NewLink struct {
	ID uint64
	Of [2]identity.Document
}

// Card is one of our cards.
type Card struct {
	Number    uint64
	Token     []byte // SHA-256 of the COSE bytes
	Name      string
	Birth     string
	Sex       string
	Ward      string
	Documents []identity.Document
	Station   string // who issued it
	Step      string // the last step of its life
	Issued    time.Time
	Expires   time.Time
	Revoked   *Revocation
}
