package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"quachot/hardware/scanner"
	"quachot/internal/record"
	"quachot/kiosk/journal"
	"quachot/kiosk/lane"
)

// answerLine is one output line of `kiosk lane` for a scan; at is unix ms.
type answerLine struct {
	Segment string   `json:"segment"`
	Seq     uint64   `json:"seq"`
	At      int64    `json:"at"`
	Kind    string   `json:"kind"`
	Trust   string   `json:"trust"`
	Verdict string   `json:"verdict"`
	Reasons []string `json:"reasons"`
	Name    string   `json:"name"`
	Card    string   `json:"card"`
	Keys    []string `json:"keys"`
	MS      float64  `json:"ms"` // from the code's last byte to here
	// The rest is absent in the common case.
	Why     string `json:"why,omitempty"`     // code of what the reading lacks
	Repeat  bool   `json:"repeat,omitempty"`  // the same code within 2.5 s: counted in the record named
	Unsaved bool   `json:"unsaved,omitempty"` // in memory only, and tried again
	Error   string `json:"error,omitempty"`
}

func scanLine(r lane.Result, err error, took time.Duration) answerLine {
	a := answerLine{
		Segment: r.ID.Segment.String(), Seq: r.ID.Seq, At: r.At.UnixMilli(),
		Kind: r.Reading.Kind.String(), Trust: r.Reading.Trust.String(), Verdict: r.Verdict.String(),
		Name: r.Reading.Name, Card: r.Reading.CardNumber, Why: r.Reading.Reason,
		Reasons: []string{}, Keys: []string{},
		MS:     float64(took.Microseconds()) / 1000,
		Repeat: r.Repeat, Unsaved: !r.Durable,
	}
	for _, reason := range r.Reasons {
		a.Reasons = append(a.Reasons, reason.Code)
	}
	for _, k := range r.Keys {
		a.Keys = append(a.Keys, k.Match.String())
	}
	if err != nil {
		a.Error, a.Segment, a.At, a.Unsaved = err.Error(), "", 0, true
	}
	return a
}

// savedLine answers {"decide":...} and {"declare":...}.
type savedLine struct {
	Segment string   `json:"segment"`
	Seq     uint64   `json:"seq"`
	At      int64    `json:"at"`
	Kind    string   `json:"kind"`
	Reasons []string `json:"reasons,omitempty"` // what the lists say of the plate
	Unsaved bool     `json:"unsaved,omitempty"`
}

type errorLine struct {
	Error string `json:"error"`
}

// order is a line that is no scan but an officer's act. Exactly one is set.
type order struct {
	decide, declare json.RawMessage
}

// parseOrder tells an order from a scan: an object whose only key is decide or
// declare. Some credentials are JSON too (ICAO VDS-NC), and stay scans.
func parseOrder(code scanner.Code) (order, bool) {
	text := bytes.TrimSpace([]byte(code.Text))
	if code.Truncated || len(text) == 0 || text[0] != '{' {
		return order{}, false
	}
	var keys map[string]json.RawMessage
	if json.Unmarshal(text, &keys) != nil || len(keys) != 1 {
		return order{}, false
	}
	o := order{decide: keys["decide"], declare: keys["declare"]}
	return o, o.decide != nil || o.declare != nil
}

// obey writes down what an order says and gives the line to answer.
func (d *desk) obey(ctx context.Context, o order) any {
	var saved journal.Saved
	var found []string
	var err error
	kind := record.KindPassage
	if o.decide != nil {
		p := record.Passage{Way: d.way}
		if err = strict(o.decide, &p); err == nil {
			var decided lane.Decided
			decided, err = d.lane.Decide(ctx, p)
			saved = decided.Saved
			for _, r := range decided.Found {
				found = append(found, r.Code)
			}
		}
	} else {
		kind = record.KindDeclaration
		var x record.Declaration
		if err = strict(o.declare, &x); err == nil {
			var declared lane.Declared
			declared, err = d.lane.Declare(ctx, x)
			saved = declared.Saved
		}
	}
	if err != nil {
		return errorLine{Error: err.Error()}
	}
	return savedLine{saved.ID.Segment.String(), saved.ID.Seq, saved.At.UnixMilli(), kind.String(), found, !saved.Durable}
}

// strict refuses unknown fields: a misspelt one would be lost without a word.
func strict(b []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("not understood, nothing was written down: %w", err)
	}
	return nil
}
