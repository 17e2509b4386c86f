package screen

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"quachot/internal/pin"
	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
	"quachot/kiosk/station"
	"quachot/kiosk/station/stationtest"
)

// seen is a real station's hands that show what was decided.
type seen struct {
	Hands
	said []string
	errs []error
}

func (s *seen) Decide(ctx context.Context, p record.Passage) (record.ID, error) {
	id, err := s.Hands.Decide(ctx, p)
	s.said = append(s.said, fmt.Sprintf("%s of %d, party %d, plate %q, override %q, place %q, undone %v",
		p.Decision, len(p.Earlier), p.Party, p.Plate, p.Override, p.Place, p.Undone))
	if err != nil {
		s.errs = append(s.errs, err)
	}
	return id, err
}

func (s *seen) Print(context.Context, Paper) (string, error) { return "", errors.New("no printer") }

// A morning at a real station: what the screen asks for is what the lane takes,
// and the counts of the shift tell it.
func TestDecisionsAtARealStation(t *testing.T) {
	keyring.MockInitWithError(errors.New("no keyring in tests"))
	dir, office := stationtest.Enrol(t)
	s, err := station.Open(dir, station.Options{Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	verifier, err := pin.MakePIN("1111")
	if err != nil {
		t.Fatal(err)
	}
	office.Give(s.Lists, 1, map[string]any{
		wire.ListOfficers: wire.OfficerList{Officers: []wire.Officer{
			{ID: "C001", Name: "An", Role: duty.Steward, PIN: verifier}, {ID: "C009", Name: "Chỉ huy", Role: duty.Supervisor, PIN: verifier},
		}},
		wire.ListPlaces: wire.PlaceList{Places: []wire.CarePlace{{Code: "Q1", Kind: "quarantine", Name: "Khu 1", Free: 4}}},
		wire.ListRules: wire.RuleList{Rules: []wire.Rule{
			{ID: "old", When: "reading.birth_year == 1950", Verdict: "stop", ReasonVI: "dừng", ReasonEN: "stop"},
		}},
	})
	h := &seen{Hands: Hands{Station: s, Lane: s.NewLane(record.In)}}
	now := time.Now()
	b := &bench{Model: NewModel(text.Load("vi"), record.In, now), t: t, at: now}
	b.SetStatus(h.Status(), now)
	if _, err := h.Login(t.Context(), Credentials{ID: "1", PIN: "1111"}); err != nil {
		t.Fatal(err)
	}
	b.SetStatus(h.Status(), now)
	b.pages, b.on.officer = nil, h.Status().Duty.On

	number := 0
	scan := func(birth string) {
		number++
		text := fmt.Sprintf("0462030%05d||Trần Văn Bình|%s|Nam|Phú Mậu, Thành phố Huế|11032021", number, birth)
		r := h.Scan(t.Context(), text)
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		b.do(b.Judged(r, b.at))
		b.pass(stayQueued)
	}
	next := func() { b.pass(stayAlone) }

	scan("19092003")
	b.work(h, "1", "1")
	next()
	scan("19092003")
	b.work(h, "3", "Z", "4")
	next()
	scan("19092003")
	b.work(h, "5", KeyEnter)
	next()
	scan("19091950") // the rule says stop
	if b.current.Verdict != record.Stop {
		t.Fatalf("verdict %v, want stop by the rule", b.current.Verdict)
	}
	b.work(h, "1", "8")
	b.type1(h, "9")
	b.work(h, KeyEnter)
	b.type1(h, "1111")
	b.work(h, KeyEnter)
	next()
	r, err := h.Declare(t.Context(), record.Declaration{Name: "LÊ THỊ C", Source: "spoken"}) // somebody without a code
	if err != nil {
		t.Fatal(err)
	}
	b.carryOut(h, b.declared(nil, record.Declaration{Name: "LÊ THỊ C"}, r))
	b.work(h, "1", "1")
	next()
	scan("19092003") // a lorry, its driver first
	b.work(h, KeyVehicle)
	b.type1(h, "75c12345")
	b.work(h, KeyEnter, "4", KeyVehicle)
	scan("19092003")
	scan("19092003")
	b.work(h, "+", KeyEnter, "1", "6")

	want := []string{
		`let-through of 1, party 0, plate "", override "", place "", undone false`,
		`turned-back of 1, party 0, plate "", override "", place "", undone false`,
		`turned-back of 1, party 0, plate "", override "", place "", undone true`,
		`to-test of 1, party 0, plate "", override "", place "", undone false`,
		`to-quarantine of 1, party 0, plate "", override "", place "Q1", undone false`,
		`let-through of 1, party 0, plate "", override "C009", place "", undone false`,
		`let-through of 1, party 0, plate "", override "", place "", undone false`, // as declared
		`let-through of 3, party 4, plate "75C12345", override "", place "", undone false`,
	}
	for i := range max(len(want), len(h.said)) {
		got, w := "nothing", "nothing"
		if i < len(h.said) {
			got = h.said[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if got != w {
			t.Errorf("decision %d:\n got %s\nwant %s", i+1, got, w)
		}
	}
	if len(h.errs) != 0 {
		t.Errorf("the lane refused: %v", h.errs)
	}
	counts := h.Counts()
	for name, n := range map[string]uint64{"let-through": 4, "turned-back": 0, "to-test": 1, "to-quarantine": 1, "passages": 7} {
		if counts[name] != n {
			t.Errorf("%s: %d, want %d (all: %v)", name, counts[name], n, counts)
		}
	}
	if r, err := s.Journal.Check(); err != nil || !r.OK {
		t.Errorf("the journal: %+v, %v", r, err)
	}
}
