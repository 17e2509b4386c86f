package screen

import (
	"errors"
	"testing"

	"github.com/zalando/go-keyring"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/lane"
	"quachot/kiosk/station"
	"quachot/kiosk/station/stationtest"
)

// The screen's hands on a real station: what a page asks for is on record, and
// the status tells of it.
func TestHands(t *testing.T) {
	keyring.MockInitWithError(errors.New("no keyring in tests"))
	dir, office := stationtest.Enrol(t)
	s, err := station.Open(dir, station.Options{Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	keys := s.Deriver.Derive(identity.NewDocument(identity.CCCD, "046203005678"))
	office.Give(s.Lists, 1, map[string]any{
		wire.ListWatch:    wire.WatchList{Entries: []wire.WatchEntry{{Match: keys.Match, Details: []byte{1}, Nonce: make([]byte, 12)}}},
		wire.ListOfficers: wire.OfficerList{Officers: []wire.Officer{{ID: "S01", Name: "Lê Sỹ", Role: "supervisor"}}},
		wire.ListSettings: wire.Settings{Posts: []wire.Post{{Code: "PB1", Name: "Phú Bài 1", Kind: "patrol"}}},
		wire.ListPlaces:   wire.PlaceList{Places: []wire.CarePlace{{Code: "KCL1", Name: "KTX Tây Lộc", Kind: "quarantine"}}},
		wire.ListRules:    wire.RuleList{},
	})
	h := Hands{Lane: s.NewLane(record.In), Station: s}
	ctx := t.Context()

	got := h.Scan(ctx, "046203005678||Trần Văn Bình|19092003|Nam|Thôn 3, Phú Mậu, Huế|11032021")
	if got.Verdict != record.Stop || !got.Durable || got.Err != nil {
		t.Fatalf("%+v", got)
	}
	let := record.Passage{Decision: record.LetThrough, Earlier: []record.ID{got.ID}}
	if _, err := h.Decide(ctx, let); !errors.Is(err, lane.ErrOverride) {
		t.Errorf("a stop was let through: %v", err)
	}
	let.Override = "S01"
	id, err := h.Decide(ctx, let)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Decide(ctx, record.Passage{Undone: true, Corrects: &id}); err != nil {
		t.Error(err)
	}
	declared, err := h.Declare(ctx, record.Declaration{
		Name: "Trần Văn Bình", Documents: []identity.Document{{Kind: identity.CCCD, Number: "046203005678"}}, Earlier: []record.ID{got.ID},
	})
	if err != nil || declared.Verdict != record.Stop || declared.ID == (record.ID{}) {
		t.Errorf("declared %+v, %v", declared, err)
	}
	if err := errors.Join(h.SetPurpose(ctx, "freight"), h.Move(ctx, record.Place{At: &[2]float64{16.4, 107.7}})); err != nil {
		t.Error(err)
	}
	if places := h.Places(); len(places) != 1 || places[0].Code != "KCL1" {
		t.Errorf("places %+v", places)
	}

	st := h.Status()
	if st.Kind != "patrol" || st.Place != "16.40000, 107.70000" || st.Purpose != "freight" || st.Province != "46" || st.Post != "Phú Bài 1" {
		t.Errorf("status %+v", st)
	}
	if st.Meter.Total.Scans != 1 || st.Meter.Total.Declarations != 1 || st.Meter.Total.Decisions[record.LetThrough] != 0 {
		t.Errorf("meter %+v", st.Meter.Total)
	}
	entries := map[string]int{}
	for _, l := range st.Lists {
		entries[l.Name] = l.Entries
	}
	for name, want := range map[string]int{wire.ListWatch: 1, wire.ListOfficers: 1, wire.ListPlaces: 1, wire.ListRules: 0, wire.ListSettings: -1} {
		if n, ok := entries[name]; !ok || n != want {
			t.Errorf("list %s has %d entries (%v), want %d", name, n, ok, want)
		}
	}
}
