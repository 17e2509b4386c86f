package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"quachot/hardware/scanner"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/kiosk/duty"
)

// An order is a line that is no scan but an officer's act: a JSON object with
// one of these keys.
//
//	{"decide":{"decision":"let-through","reason":"...","purpose":"...","plate":"75A-123.45","vehicle":"lorry","party":5,
//	  "permit":"...","place":"...","stay":{"room":"204","nights":2},"form":"HN 0042","happened_at":1633064400000,
//	  "scans":[12,13],"override":"S01","pin":"..."}}
//	{"decide":{"undone":true,"corrects":{"segment":"...","seq":14}}}      takes a decision back
//	{"declare":{"name":"...","documents":[{"kind":1,"number":"046203005678"}],"symptoms":["fever"],"from":"19768", ...}}
//	{"incident":{"what":"ran-post","text":"...","plate":"..."}}
//	{"note":{"text":"...","corrects":{...}}}
//
// The fields are those of the records. A document may also be given as
// "cccd:046203005678". What the station says itself is refused: verdict,
// reasons, found.
type order struct {
	name string
	body json.RawMessage
}

// errStation is for fields that only the station may fill in.
var errStation = errors.New("found, verdict and reasons are what the station says, nothing was written down: leave them out")

// obeying are the orders that exist.
var obeying = map[string]func(d *desk, ctx context.Context, body json.RawMessage) (savedLine, error){
	"decide":   (*desk).decide,
	"declare":  (*desk).declare,
	"incident": (*desk).incident,
	"note":     (*desk).note,
}

// parseOrder tells an order from a scan: an object whose only key is an order's.
// Some credentials are JSON too (ICAO VDS-NC), and stay scans.
func parseOrder(code scanner.Code) (order, bool) {
	text := bytes.TrimSpace([]byte(code.Text))
	if code.Truncated || len(text) == 0 || text[0] != '{' {
		return order{}, false
	}
	var keys map[string]json.RawMessage
	if json.Unmarshal(text, &keys) != nil || len(keys) != 1 {
		return order{}, false
	}
	for name, body := range keys {
		if _, ok := obeying[name]; ok {
			return order{name, body}, true
		}
	}
	return order{}, false
}

// obey writes down what an order says and gives the line to answer.
func (d *desk) obey(ctx context.Context, o order) any {
	line, err := obeying[o.name](d, ctx, o.body)
	if err != nil {
		return errorLine{Error: err.Error()}
	}
	return line
}

func (d *desk) decide(ctx context.Context, body json.RawMessage) (savedLine, error) {
	x := struct {
		record.Passage
		PIN string `json:"pin"` // of the officer named in override
	}{Passage: record.Passage{Way: d.lane.Direction()}}
	if err := strict(body, &x); err != nil {
		return savedLine{}, err
	}
	if x.Found != nil {
		return savedLine{}, errStation
	}
	if x.Override != "" {
		who, err := d.login(ctx, duty.Credentials{ID: x.Override, PIN: x.PIN, Role: "supervisor", Only: true})
		if err != nil {
			return savedLine{}, fmt.Errorf("override: %w. Nothing was written down", err)
		}
		x.Override = who.ID
	}
	decided, err := d.lane.Decide(ctx, x.Passage)
	if err != nil {
		return savedLine{}, err
	}
	line := savedAs(record.KindPassage, decided.Saved)
	line.Reasons, line.Twice = codes(decided.Found), decided.Twice
	return line, nil
}

func (d *desk) declare(ctx context.Context, body json.RawMessage) (savedLine, error) {
	x := struct {
		record.Declaration
		Documents []document `json:"documents"`
	}{Declaration: record.Declaration{Way: d.lane.Direction()}}
	if err := strict(body, &x); err != nil {
		return savedLine{}, err
	}
	if x.Verdict != 0 || x.Reasons != nil {
		return savedLine{}, errStation
	}
	for _, doc := range x.Documents {
		x.Declaration.Documents = append(x.Declaration.Documents, identity.Document(doc))
	}
	declared, err := d.lane.Declare(ctx, x.Declaration)
	if err != nil {
		return savedLine{}, err
	}
	line := savedAs(record.KindDeclaration, declared.Saved)
	line.Verdict, line.Reasons, line.Twice = declared.Verdict.String(), codes(declared.Reasons), declared.Twice
	return line, nil
}

func (d *desk) incident(ctx context.Context, body json.RawMessage) (savedLine, error) {
	var x record.Incident
	if err := strict(body, &x); err != nil {
		return savedLine{}, err
	}
	saved, err := d.lane.Incident(ctx, x)
	return savedAs(record.KindIncident, saved), err
}

func (d *desk) note(ctx context.Context, body json.RawMessage) (savedLine, error) {
	var x record.Note
	if err := strict(body, &x); err != nil {
		return savedLine{}, err
	}
	saved, err := d.lane.Note(ctx, x.Text, x.Corrects)
	return savedAs(record.KindNote, saved), err
}

// document is a document number as an object or as KIND:NUMBER.
type document identity.Document

// UnmarshalJSON reads either form.
func (d *document) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		doc, err := identity.ParseDocument(s)
		*d = document(doc)
		return err
	}
	return strict(b, (*identity.Document)(d))
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
