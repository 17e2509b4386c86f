package screen

import (
	"context"
	"errors"
	"fmt"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/lane"
)

// hands is a Doing in memory: it notes what it was asked for, in words, and
// answers with what a test set. Every record gets the next number from 1001.
type hands struct {
	did      []string
	passages []record.Passage
	incident []record.Incident
	prints   []Paper
	seq      uint64

	fail    error // of everything that writes
	paper   error // of printing
	places  []wire.CarePlace
	plate   checkpoint.Outcome
	judged  Result // what a declaration makes of a person
	officer wire.Officer
	prefs   Prefs
}

func (h *hands) note(format string, args ...any) (record.ID, error) {
	h.did = append(h.did, fmt.Sprintf(format, args...))
	if h.fail != nil {
		return record.ID{}, h.fail
	}
	h.seq++
	return record.ID{Seq: 1000 + h.seq}, nil
}

func (h *hands) Scan(context.Context, string) Result { return Result{Err: errors.New("not here")} }

func (h *hands) Decide(_ context.Context, p record.Passage) (record.ID, error) {
	id, err := h.note("decide %s of %d", p.Decision, len(p.Earlier))
	if err == nil {
		h.passages = append(h.passages, p)
	}
	return id, err
}

func (h *hands) SetDirection(_ context.Context, d record.Direction) error {
	_, err := h.note("direction %s", d)
	return err
}

func (h *hands) Try(record.Declaration) checkpoint.Outcome { return h.judged.Outcome }
func (h *hands) Plate(string) checkpoint.Outcome           { return h.plate }
func (h *hands) Counts() map[string]uint64                 { return map[string]uint64{"scans": h.seq} }
func (h *hands) Meter() lane.Meter                         { return lane.Meter{} }

func (h *hands) Declare(_ context.Context, d record.Declaration) (Result, error) {
	id, err := h.note("declare %s", d.Name)
	r := h.judged
	r.ID, r.Err = id, err
	return r, err
}

func (h *hands) Incident(_ context.Context, i record.Incident) (record.ID, error) {
	id, err := h.note("incident %s %s", i.What, i.Text)
	if err == nil {
		h.incident = append(h.incident, i)
	}
	return id, err
}

func (h *hands) Note(_ context.Context, text string, corrects *record.ID) (record.ID, error) {
	about := uint64(0)
	if corrects != nil {
		about = corrects.Seq
	}
	return h.note("note %q about %d", text, about)
}

func (h *hands) SetPurpose(_ context.Context, p string) error {
	_, err := h.note("purpose %s", p)
	return err
}

func (h *hands) Move(_ context.Context, to record.Place) error {
	at := ""
	if to.At != nil {
		at = fmt.Sprint(" ", *to.At)
	}
	_, err := h.note("move %s%s", to.Name, at)
	return err
}

func (h *hands) Login(_ context.Context, who Credentials) (wire.Officer, error) {
	_, err := h.note("login %s", who.ID)
	return h.officer, err
}

func (h *hands) Handover(_ context.Context, next string) error {
	_, err := h.note("hand over to %s", next)
	return err
}

func (h *hands) Lock(_ context.Context, locked bool) error {
	_, err := h.note("lock %v", locked)
	return err
}

func (h *hands) Print(_ context.Context, what Paper) (string, error) {
	if h.paper != nil {
		return "", h.paper
	}
	h.prints = append(h.prints, what)
	return "the printer", nil
}

func (h *hands) Places() []wire.CarePlace { return h.places }

func (h *hands) KeepPrefs(_ context.Context, p Prefs) error {
	h.prefs = p
	return h.fail
}
