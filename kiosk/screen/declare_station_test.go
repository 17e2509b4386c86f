package screen

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/internal/wire"
	"quachot/kiosk/station"
	"quachot/kiosk/station/stationtest"
)

// A person without a card at a real station in a level 3 area: the rules ask for
// a declaration, the form makes one, and the rules are content, also at the next
// scan. Then a paper form with its decision.
func TestDeclarationAtARealStation(t *testing.T) {
	keyring.MockInitWithError(errors.New("no keyring in tests"))
	dir, office := stationtest.Enrol(t)
	s, err := station.Open(dir, station.Options{Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	office.Give(s.Lists, 1, map[string]any{wire.ListSettings: wire.Settings{
		Levels: map[string]uint8{"": 3}, Stations: map[string]string{s.Identity.Station: "P1"},
		Posts: []wire.Post{{Code: "P1", Name: "Chốt 1", Kind: "road"}},
	}})
	h := Hands{Station: s, Lane: s.NewLane(record.In)}
	now := time.Now()
	b := &bench{Model: NewModel(text.Load("vi"), record.In, now), t: t, at: now}
	b.SetStatus(h.Status(), now)

	scan := func() Result {
		r := h.Scan(t.Context(), "046203005678||Trần Văn Bình|19092003|Nam|Phú Mậu, Thành phố Huế|11032021")
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		b.do(b.Judged(r, now))
		return r
	}
	asks := func(reasons []record.Reason) bool {
		return slices.Contains(reasons, record.Reason{Code: "rule", Arg: "declaration-72h"})
	}
	r := scan()
	if !asks(r.Reasons) {
		t.Fatalf("reasons %+v, want the rule about declarations", r.Reasons)
	}
	b.work(h, "2")
	b.types(h, "0912345678")
	b.work(h, KeyEnter)
	b.types(h, "da nang")
	b.work(h, KeyEnter, KeyDeclare)
	if b.pageName() != "" {
		t.Fatalf("page %+v", b.State().Page)
	}
	p := b.State().Panel
	if p == nil || p.Name != "Trần Văn Bình" || asks(b.current.Reasons) || b.current.ID != r.ID {
		t.Fatalf("panel %+v of %+v, want the same scan, content with the declaration", p, b.current)
	}
	b.press(KeyEscape)
	if again := h.Scan(t.Context(), "046203005678"); again.Err != nil || asks(again.Reasons) {
		t.Errorf("the next scan: %+v, %v; want the declaration to be known", again.Reasons, again.Err)
	}

	b.work(h, KeyPaper)
	b.types(h, "a21-000007")
	b.work(h, KeyEnter)
	b.types(h, now.AddDate(0, 0, -1).Format("02012006"))
	b.work(h, KeyEnter)
	b.types(h, "0640")
	b.work(h, KeyEnter)
	b.types(h, "191234567")
	b.work(h, KeyEnter)
	b.types(h, "lee a")
	b.work(h, "Field:decision", "3")
	if page := b.State().Page; page == nil || page.Error != "" || b.paper.count != 1 || b.paper.number != "A21-000008" {
		t.Fatalf("page %+v after the paper form", page)
	}
	counts := h.Counts()
	if counts["declarations"] != 2 || counts["turned-back"] != 1 {
		t.Errorf("counts %+v, want two declarations and one turned back", counts)
	}
	if r, err := s.Journal.Check(); err != nil || !r.OK {
		t.Errorf("the journal: %+v, %v", r, err)
	}
}
