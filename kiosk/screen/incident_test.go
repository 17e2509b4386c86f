package screen

import (
	"errors"
	"strings"
	"testing"
	"time"

	"quachot/internal/record"
)

func TestIncidentAboutTheLastPassage(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle)
	b.type1(h, "75c12345")
	b.work(h, KeyVehicle)
	r := b.scan(of(record.Pass, "A"))
	b.work(h, KeyEnter)
	b.work(h, KeyIncident, "1")
	b.type1(h, "chayj luoon")
	b.work(h, KeyEnter)
	b.wantPage("")
	if len(h.incident) != 1 {
		t.Fatalf("incidents %+v", h.incident)
	}
	if got := h.incident[0]; got.What != "ran-post" || got.Text != "Chạy luôn" || got.Plate != "75C12345" || len(got.Earlier) != 1 || got.Earlier[0] != r.ID {
		t.Errorf("incident %+v", got)
	}
	if n := b.State().Notice; n != "Đã ghi: Vượt chốt" {
		t.Errorf("notice %q", n)
	}
}

func TestNoteNamesThePassage(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.scan(of(record.Check, "A"))
	b.work(h, "3")
	b.pass(time.Second)
	b.work(h, KeyIncident, "7", KeyEnter) // a note says something
	b.wantPage("incident")
	b.type1(h, "say")
	b.work(h, KeyEnter)
	if got := h.did[len(h.did)-1]; got != `note "Say" about 1001` {
		t.Errorf("did %q, want a note about the passage", got)
	}
}

func TestIncidentOfNobody(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyIncident, "5", KeyEnter, KeyEnter)
	if len(h.incident) != 1 || h.incident[0].What != "device" || len(h.incident[0].Earlier) != 0 {
		t.Errorf("incidents %+v", h.incident)
	}
}

// What was typed is not lost when the disk fails.
func TestIncidentNotSaved(t *testing.T) {
	b, h := newBench(t), &hands{fail: errors.New("ổ đĩa đầy")}
	b.work(h, KeyIncident, "6")
	b.type1(h, "abc")
	b.work(h, KeyEnter, KeyEnter)
	p := b.wantPage("incident")
	if !strings.Contains(p.Error, "ổ đĩa đầy") || p.Fields[0].Text != "Abc" {
		t.Errorf("page %+v, want the fault and the text", p)
	}
	h.fail = nil
	b.work(h, KeyEnter)
	b.wantPage("")
	if len(h.incident) != 1 {
		t.Errorf("incidents %+v", h.incident)
	}
}
