package command

import (
	"time"

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
	MS      float64  `json:"ms"` // from the code's last byte to here; in a queue, from the answer before
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

// savedLine answers an order.
type savedLine struct {
	Segment string   `json:"segment"`
	Seq     uint64   `json:"seq"`
	At      int64    `json:"at"`
	Kind    string   `json:"kind"`
	Verdict string   `json:"verdict,omitempty"` // of a declaration
	Reasons []string `json:"reasons,omitempty"` // what lists and rules say: of the plate, of the person declared
	Twice   bool     `json:"twice,omitempty"`   // a paper form of this number was entered today already
	Unsaved bool     `json:"unsaved,omitempty"`
}

type errorLine struct {
	Error string `json:"error"`
}

func savedAs(kind record.Kind, s journal.Saved) savedLine {
	return savedLine{Segment: s.ID.Segment.String(), Seq: s.ID.Seq, At: s.At.UnixMilli(), Kind: kind.String(), Unsaved: !s.Durable}
}

func codes(reasons []record.Reason) (all []string) {
	for _, r := range reasons {
		all = append(all, r.Code)
	}
	return all
}
