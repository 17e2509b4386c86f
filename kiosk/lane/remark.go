package lane

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/kiosk/journal"
)

// ErrIncident is for an incident of no kind.
var ErrIncident = errors.New("an incident needs a word for what it is, such as ran-post")

// ErrNote is for an empty note.
var ErrNote = errors.New("a note needs words")

// Incident saves something that happened and is no passage. Its scans are named
// as in Decide, or not at all: whoever ran the post was not scanned.
func (l *Lane) Incident(ctx context.Context, i record.Incident) (journal.Saved, error) {
	if i.What = strings.TrimSpace(i.What); i.What == "" {
		return journal.Saved{}, ErrIncident
	}
	scans, err := l.named(i.Scans, i.Earlier)
	if err != nil {
		return journal.Saved{}, fmt.Errorf("incident: %w", err)
	}
	// In full: an incident cannot be corrected if its segment ends meanwhile.
	i.Scans, i.Earlier = nil, scans
	i.Plate = identity.NewDocument(identity.Plate, i.Plate).Number
	saved, err := l.saveCounted(ctx, countIncidents, journal.Item{Kind: record.KindIncident, Body: i})
	if err != nil {
		return saved, fmt.Errorf("save the incident: %w", err)
	}
	return saved, nil
}

// Note saves a remark; corrects names the record it is about, or is nil. It is
// how a scan or a declaration is corrected: nothing is ever edited.
func (l *Lane) Note(ctx context.Context, text string, corrects *record.ID) (journal.Saved, error) {
	if strings.TrimSpace(text) == "" {
		return journal.Saved{}, ErrNote
	}
	saved, err := l.saveCounted(ctx, countNotes, journal.Item{Kind: record.KindNote, Body: record.Note{Text: text, Corrects: corrects}})
	if err != nil {
		return saved, fmt.Errorf("save the note: %w", err)
	}
	return saved, nil
}

func (l *Lane) saveCounted(ctx context.Context, c counter, item journal.Item) (journal.Saved, error) {
	puts, undo := l.count(step{c, 1})
	item.State = append(item.State, puts...)
	saved, err := l.save(ctx, item)
	if err != nil {
		undo()
	}
	return saved, err
}
