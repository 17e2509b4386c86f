package journal

import "quachot/internal/record"

// maxUrgent bounds the urgent records remembered; the oldest are forgotten and
// go in their place like all others.
const maxUrgent = 1000

// urgent notes which of the saved items cannot wait, and wakes the uplink.
func (j *Journal) urgent(items []Item, saved []Saved) {
	var ids []record.ID
	for i, s := range saved {
		if items[i].Urgent && s.Durable {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	j.mu.Lock()
	j.hurried = append(j.hurried, ids...)
	j.hurried = j.hurried[max(0, len(j.hurried)-maxUrgent):]
	j.mu.Unlock()
	j.wake()
}

// Urgent are the records of this run of the program that cannot wait and that
// the office does not hold in their place yet, oldest first.
func (j *Journal) Urgent() []record.ID {
	j.mu.Lock()
	defer j.mu.Unlock()
	var left []record.ID
	for _, id := range j.hurried {
		if s, ok := j.byID[id.Segment]; ok && s.held < id.Seq {
			left = append(left, id)
		}
	}
	j.hurried = left
	return append([]record.ID(nil), left...)
}
