package screen

import (
	"errors"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"quachot/internal/pin"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
	"quachot/kiosk/station"
	"quachot/kiosk/station/stationtest"
)

// A whole change of officers on a real station: who is on duty, what is counted,
// and what waits for the office is not touched.
func TestHandsOnDuty(t *testing.T) {
	keyring.MockInitWithError(errors.New("no keyring in tests"))
	dir, office := stationtest.Enrol(t)
	s, err := station.Open(dir, station.Options{Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	h := Hands{Station: s, Lane: s.NewLane(record.In)}
	if d := h.duty(); d.Officers != 0 || d.On != (Officer{}) || d.Last != nil || d.Idle != 15*time.Minute {
		t.Errorf("a new station: %+v", d)
	}
	verifier, err := pin.MakePIN("1111")
	if err != nil {
		t.Fatal(err)
	}
	office.Give(s.Lists, 1, map[string]any{
		wire.ListOfficers: wire.OfficerList{Officers: []wire.Officer{
			{ID: "C001", Name: "An", Role: duty.Steward, PIN: verifier}, {ID: "C002", Name: "Bình", Role: duty.Steward, PIN: verifier},
		}},
		wire.ListSettings: wire.Settings{IdleMin: 3},
	})
	ctx := t.Context()
	if _, err := h.Login(ctx, Credentials{ID: "2", PIN: "1111", Only: true}); err != nil || h.Lane.Officer() != "" {
		t.Errorf("a proof alone: %v, on duty %q", err, h.Lane.Officer())
	}
	if o, err := h.Login(ctx, Credentials{ID: "1", PIN: "1111"}); err != nil || o.ID != "C001" || h.Lane.Officer() != "C001" {
		t.Fatalf("login: %+v, %v", o, err)
	}
	if r := h.Scan(ctx, "046187001234"); r.Err != nil {
		t.Fatal(r.Err)
	}
	if err := errors.Join(h.Lock(ctx, true), h.Lock(ctx, false)); err != nil {
		t.Fatal(err)
	}
	if r := h.Scan(ctx, "046187001235"); r.Err != nil || !r.Durable {
		t.Errorf("a scan after the lock: %+v", r)
	}
	before := s.Journal.Counts()
	if err := h.Handover(ctx, "C002"); err != nil {
		t.Fatal(err)
	}
	after := s.Journal.Counts()
	if after.Unsent < before.Unsent || !after.OldestUnsent.Equal(before.OldestUnsent) || after.Held != before.Held {
		t.Errorf("the queue was touched: %+v, then %+v", before, after)
	}
	d := h.duty()
	if d.Officers != 2 || d.On != (Officer{"C002", "Bình", duty.Steward}) || d.Idle != 3*time.Minute {
		t.Errorf("duty %+v", d)
	}
	if l := d.Last; l == nil || l.Officer.Name != "An" || l.Next.Name != "Bình" || l.Counts["scans"] != 2 || l.To.Before(l.From) {
		t.Errorf("last shift %+v", d.Last)
	}
	if r, err := s.Journal.Check(); err != nil || !r.OK {
		t.Errorf("the journal: %+v, %v", r, err)
	}
}
