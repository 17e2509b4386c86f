package lane

import (
	"testing"

	"quachot/internal/record"
)

// Whoever comes next sees what was handed over last, also after a restart.
func TestLastShiftIsKept(t *testing.T) {
	p := newPost(t)
	if got, ok := ReadLastShift(p.journal); ok {
		t.Errorf("a new station has a last shift: %+v", got)
	}
	if err := p.SetOfficer(t.Context(), "B01"); err != nil {
		t.Fatal(err)
	}
	p.scan(man)
	if _, ok := ReadLastShift(p.journal); ok {
		t.Error("a shift that goes on is called the last one")
	}
	if err := p.Handover(t.Context(), "B02"); err != nil {
		t.Fatal(err)
	}
	got, ok := ReadLastShift(p.journal)
	if !ok || got.Officer != "B01" || got.Next != "B02" || got.Counts["scans"] != 1 || got.Ended < got.Began || got.Began == 0 {
		t.Errorf("last shift %+v (%v)", got, ok)
	}
	if err := p.Handover(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if got, _ := ReadLastShift(p.journal); got.Officer != "B02" || got.Next != "" || got.Counts["scans"] != 0 {
		t.Errorf("last shift %+v", got)
	}
}

// The laptop died in a shift and somebody else logs in afterwards: the counts of
// the shift that nobody ended still reach the office.
func TestShiftCutShortIsEndedByTheNextLogin(t *testing.T) {
	p := newPost(t)
	if err := p.SetOfficer(t.Context(), "B01"); err != nil {
		t.Fatal(err)
	}
	p.scan(man)
	p.Lane = New(p.deps, record.In)
	if err := p.SetOfficer(t.Context(), "B02"); err != nil {
		t.Fatal(err)
	}
	shifts := bodies[record.Shift](p.journal)
	if len(shifts) != 3 || shifts[1].Officer != "B01" || shifts[1].Event != "logout" || shifts[1].Counts["scans"] != 1 || shifts[1].With != "" {
		t.Errorf("shifts %+v", shifts)
	}
	if got, _ := ReadLastShift(p.journal); got.Officer != "B01" || got.Next != "" || got.Counts["scans"] != 1 {
		t.Errorf("last shift %+v", got)
	}
	p.Lane = New(p.deps, record.In)
	if err := p.SetOfficer(t.Context(), "B02"); err != nil { // the same one goes on
		t.Fatal(err)
	}
	if shifts := bodies[record.Shift](p.journal); len(shifts) != 4 || shifts[3].Event != "login" {
		t.Errorf("shifts %+v", shifts)
	}
}
