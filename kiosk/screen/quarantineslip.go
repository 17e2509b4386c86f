package screen

import (
	"context"
	"fmt"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/vietnam/units"
)

// handOver prints the slips of a decision that sends somebody away, when it is on
// disk. One that does not print changes nothing about the decision.
func (m *Model) handOver(a *act) []Effect {
	if a.p.Decision != record.ToTest && a.p.Decision != record.ToQuarantine {
		return nil
	}
	var effects []Effect
	m.slips = nil
	for _, s := range a.on.scans {
		p := Paper{Name: "handover-slip", Data: m.slipData(a, s)}
		m.slips = append(m.slips, p)
		effects = append(effects, printing(p))
	}
	return effects
}

// reprint prints the last slips again.
func (m *Model) reprint() []Effect {
	var effects []Effect
	for _, p := range m.slips {
		effects = append(effects, printing(p))
	}
	return effects
}

// printing prints p and says where it comes out, or that it does not.
func printing(p Paper) Effect {
	return Effect{Work: func(ctx context.Context, do Doing) func(*Model, time.Time) []Effect {
		where, err := do.Print(ctx, p)
		return func(m *Model, _ time.Time) []Effect {
			if err != nil {
				m.say("slip.failed", true, "why", err.Error())
				return nil
			}
			m.say("slip.printed", false, "where", where)
			return nil
		}
	}}
}

// slipData is what stands on the slip of one person; see [Paper].
func (m *Model) slipData(a *act, s *shown) map[string]string {
	r := s.Reading
	data := map[string]string{
		"decision": a.p.Decision.String(), "name": r.Name, "birth": r.Birth, "document": m.documentOf(s),
		"at": a.at.Format(time.RFC3339), "post": m.status.Post, "lane": m.status.Lane, "officer": m.status.Officer,
	}
	if a.id != nil {
		data["record"] = fmt.Sprintf("%x/%d", a.id.Segment[:], a.id.Seq)
	}
	if to := a.on.to; to != nil {
		data["place"], data["address"], data["phone"] = to.Name, to.Address, to.Phone
	}
	if s.told != nil {
		data["from"] = m.wardName(s.told.From)
		data["name"] = orElse(data["name"], s.told.Name)
		data["birth"] = orElse(data["birth"], s.told.Birth)
	}
	if len(s.Reasons) > 0 && s.Watch == nil { // why somebody is watched is not for a paper
		data["reason"] = m.reason(s.Reasons[0])
	}
	for name, v := range data {
		if v == "" {
			delete(data, name)
		}
	}
	return data
}

// documentOf is kind and number of the document that was shown.
func (m *Model) documentOf(s *shown) string {
	documents := s.Reading.Documents
	if s.Reading.CardNumber != "" {
		documents = []identity.Document{identity.NewDocument(identity.Card, s.Reading.CardNumber)}
	}
	if len(documents) == 0 && s.told != nil {
		documents = s.told.Documents
	}
	if len(documents) == 0 {
		return ""
	}
	return m.words.T("document."+documents[0].Kind.String()) + " " + documents[0].Number
}

// wardName is a ward, district or province and where it lies; an unknown code is itself.
func (m *Model) wardName(code string) string {
	u, ok := units.Of(code, m.now)
	if !ok {
		return code
	}
	return joined(", ", u.Name, u.Place())
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
