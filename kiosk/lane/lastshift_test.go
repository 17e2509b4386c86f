package lane

import "testing"

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
