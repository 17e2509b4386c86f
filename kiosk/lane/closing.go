package lane

import (
	"context"
	"fmt"
	"time"

	"quachot/internal/record"
	"quachot/kiosk/journal"
)

// weigh says what a decision changes in the counts: the decision itself, one it
// corrects, and who is now gone through. Read is when the first of the people
// it closes was read, people how many it closes that were open.
func (l *Lane) weigh(c *closing) (read time.Time, people int, steps []step) {
	read = l.d.Clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	steps = append(steps, step{decisionCounter(c.passage.Decision), 1})
	through := c.passage.Decision == record.LetThrough
	known := l.known(c.scans)
	went := 0
	for _, s := range known {
		if !s.done {
			people++
			if s.at.Before(read) {
				read = s.at
			}
		}
		went += toInt(through) - toInt(s.through)
	}
	if through { // those without a scan: children in a car, a paper form
		c.through = max(0, max(int(min(c.passage.Party, 1000)), toInt(len(c.scans) == 0))-len(c.scans))
		c.through += len(c.scans) - len(known)
	}
	went += c.through
	if old := l.corrected(c.passage.Corrects); old != nil && !old.undone {
		steps = append(steps, step{decisionCounter(old.passage.Decision), -1})
		went -= old.through
	}
	return read, people, append(steps, step{countPassages, went})
}

// settle notes a decision that was saved. The caller holds mu.
func (l *Lane) settle(c *closing, read time.Time, people int) {
	for _, s := range l.known(c.scans) {
		s.done, s.through = true, c.passage.Decision == record.LetThrough
	}
	if old := l.corrected(c.passage.Corrects); old != nil {
		old.undone = true
	}
	l.passages = latest(append(l.passages, c))
	if people > 0 {
		l.closed(read, l.d.Clock.Now(), people)
	}
}

// corrected is the decision id names; nil when there is none. The caller holds mu.
func (l *Lane) corrected(id *record.ID) *closing {
	if id == nil {
		return nil
	}
	for i := len(l.passages) - 1; i >= 0; i-- {
		if l.passages[i].id == *id {
			return l.passages[i]
		}
	}
	return nil
}

// undo takes a decision back by a record of its own. The scans are open again.
func (l *Lane) undo(ctx context.Context, p record.Passage) (Decided, error) {
	l.mu.Lock()
	old := l.corrected(p.Corrects)
	if old == nil || old.undone {
		l.mu.Unlock()
		return Decided{}, ErrUndo
	}
	// The scans in full: if its segment ended meanwhile, it would have to correct
	// two records.
	back := record.Passage{
		Decision: old.passage.Decision, Corrects: p.Corrects, Undone: true, Way: old.passage.Way, Reason: p.Reason, Earlier: old.scans,
	}
	went := -old.through
	for _, s := range l.known(old.scans) {
		went += toInt(s.verdict == record.Pass) - toInt(s.through)
	}
	l.mu.Unlock()

	counted, uncount := l.count(step{decisionCounter(old.passage.Decision), -1}, step{countPassages, went})
	state := append(counted, l.stay(old.passage.Stay, old.scans, true)...)
	saved, err := l.save(ctx, journal.Item{Kind: record.KindPassage, Body: back, State: state})
	if err != nil {
		uncount()
		return Decided{}, fmt.Errorf("save that the decision is taken back: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	old.undone = true
	for _, s := range l.known(old.scans) {
		s.through = s.verdict == record.Pass
		s.done = s.through
	}
	return Decided{Saved: saved}, nil
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
