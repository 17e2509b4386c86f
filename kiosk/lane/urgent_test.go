package lane

import (
	"testing"

	"quachot/internal/identity"
	"quachot/internal/record"
)

// What cannot wait behind a backlog: a person or vehicle on the watch-list, a
// symptom, a contact with a case; nothing else.
func TestUrgent(t *testing.T) {
	p := newPost(t)
	p.publish(identity.NewDocument(identity.CCCD, "046203005678"), identity.NewDocument(identity.Plate, "75A12345"))
	urgent := func(what string, want bool) {
		t.Helper()
		if got := p.journal.records[len(p.journal.records)-1].item.Urgent; got != want {
			t.Errorf("%s: urgent %v, want %v", what, got, want)
		}
	}
	p.scan("garbage")
	urgent("an unreadable code", false)
	p.scan("046203005678||Trần Văn Bình|19092003|Nam|Phú Mậu, Huế|11032021")
	urgent("a person on the watch-list", true)
	for what, d := range map[string]record.Declaration{
		"a symptom": {Name: "Hồ Thị B", Symptoms: []string{"fever"}},
		"a contact": {Name: "Hồ Thị B", Contact: true},
		"neither":   {Name: "Hồ Thị B"},
	} {
		if _, err := p.Declare(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		urgent(what, what != "neither")
	}
	for plate, want := range map[string]bool{"75A-123.45": true, "75A-999.99": false} {
		if _, err := p.Decide(t.Context(), record.Passage{Decision: record.TurnedBack, Plate: plate}); err != nil {
			t.Fatal(err)
		}
		urgent("the vehicle "+plate, want)
	}
}
