package credential

import (
	"encoding/hex"
	"time"
)

// line is one line of `kiosk read`.
type line struct {
	Kind     Kind           `json:"kind"`
	Trust    Trust          `json:"trust"`
	Reason   string         `json:"reason"`
	Warnings []string       `json:"warnings"`
	Fields   map[string]any `json:"fields"`
}

// Line is r in the form of one output line of `kiosk read`; it marshals to
// {kind,trust,reason,warnings:[code],fields:{...}}. All facts are in fields,
// absent ones left out: name, birth, sex, address, ward, phone, documents
// (KIND:NUMBER), card, token and key_id (hex), issued and expires (RFC 3339; a
// document's own day of issue stays a day), and what Reading.Fields has.
func Line(r Reading) any {
	l := line{Kind: r.Kind, Trust: r.Trust, Reason: r.Reason, Warnings: []string{}, Fields: map[string]any{}}
	l.Warnings = append(l.Warnings, r.Warnings...)
	for name, value := range map[string]string{
		"name": r.Name, "birth": r.Birth, "sex": r.Sex, "address": r.Address,
		"ward": r.Ward, "phone": r.Phone, "card": r.CardNumber,
		"key_id": hex.EncodeToString(r.KeyID),
		"issued": moment(r.Issued), "expires": moment(r.Expires),
	} {
		if value != "" {
			l.Fields[name] = value
		}
	}
	if r.TokenHash != ([32]byte{}) {
		l.Fields["token"] = hex.EncodeToString(r.TokenHash[:])
	}
	var documents []string
	for _, d := range r.Documents {
		documents = append(documents, d.String())
	}
	if documents != nil {
		l.Fields["documents"] = documents
	}
	for name, value := range r.Fields {
		l.Fields[name] = value
	}
	return l
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
