package command

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"quachot/hardware/scanner"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
	"quachot/kiosk/lane"
	"quachot/kiosk/station"
	"quachot/kiosk/station/stationtest"
)

// Every order is answered with the record it made, and an undone decision names
// the one it takes back.
func TestOrders(t *testing.T) {
	dir, _ := stationtest.Enrol(t)
	in := []string{
		"046203005678||Trần Văn Bình|19092003|Nam|Thôn 3, Phú Mậu, Huế|11032021",
		`{"declare":{"name":"Trần Văn Bình","documents":["cccd:046 203 005678"],"symptoms":["fever"],"scans":[2],"form":"HN 7","source":"paper","happened_at":1633064400000}}`,
		`{"declare":{"name":"Lê A","documents":[{"kind":1,"number":"046203005679"}],"form":"hn-7"}}`,
		`{"decide":{"decision":"to-quarantine","place":"KCL1","party":2,"vehicle":"car","purpose":"home","permit":"LX1","stay":{"room":"2","nights":1}}}`,
		`{"incident":{"what":"ran-post","text":"không dừng","plate":"75A-123.45"}}`,
		`{"note":{"text":"xe màu xanh"}}`,
	}
	code, stdout, stderr := kiosk(t, strings.Join(in, "\n"), "--data", dir, "lane")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	got := lines[savedLine](t, stdout)
	want := []string{"cccd", "declaration", "declaration", "passage", "incident", "note"}
	if len(got) != len(want) {
		t.Fatalf("%d answers, want %d:\n%s", len(got), len(want), stdout)
	}
	for i, kind := range want {
		if got[i].Kind != kind || got[i].Seq != uint64(i+2) || got[i].At == 0 || got[i].Unsaved {
			t.Errorf("answer %d: %+v, want a %s", i, got[i], kind)
		}
	}
	if got[1].Twice || !got[2].Twice || got[1].Verdict == "" {
		t.Errorf("declarations %+v, %+v: want a verdict, and the form's second time said", got[1], got[2])
	}
}

func TestOrdersRefused(t *testing.T) {
	dir, _ := stationtest.Enrol(t)
	in := []string{
		"garbage",
		`{"decide":{"decision":"let-through","found":[{"code":"x"}]}}`,
		`{"decide":{"decision":"let-through","override":"S01","pin":"1234"}}`,
		`{"decide":{"undone":true,"corrects":{"segment":"00000000000000000000000000000001","seq":4}}}`,
		`{"decide":{"decision":"let-through","happened":5}}`,
		`{"declare":{"name":"A","verdict":1}}`,
		`{"declare":{"name":"A","documents":["046203005678"]}}`,
		`{"declare":{"name":"A","documents":[{"kind":1,"number":"1","x":1}]}}`,
		`{"declare":{"name":"A","happened_at":99999999999999}}`,
		`{"incident":{"text":"no word for it"}}`,
		`{"note":{"text":""}}`,
		`{"note":"text"}`,
	}
	_, stdout, _ := kiosk(t, strings.Join(in, "\n"), "--data", dir, "lane")
	got := lines[errorLine](t, stdout)
	if len(got) != len(in) {
		t.Fatalf("%d answers to %d lines:\n%s", len(got), len(in), stdout)
	}
	for i, g := range got[1:] {
		if g.Error == "" {
			t.Errorf("taken: %s", in[i+1])
		}
	}
}

// An override is proven by the PIN of the officer it names, and by a supervisor's.
func TestOverrideNeedsThePIN(t *testing.T) {
	var asked duty.Credentials
	d := &desk{login: func(_ context.Context, c duty.Credentials) (wire.Officer, error) {
		asked = c
		return wire.Officer{}, errors.New("wrong PIN")
	}}
	d.lane = newLane(t)
	o, ok := parseOrder(scanner.Code{Text: `{"decide":{"decision":"let-through","override":"S01","pin":"4321"}}`})
	if !ok {
		t.Fatal("no order")
	}
	answer, refused := d.obey(t.Context(), o).(errorLine)
	if !refused || !strings.Contains(answer.Error, "wrong PIN") || !strings.Contains(answer.Error, "Nothing was written down") {
		t.Errorf("%+v", answer)
	}
	if want := (duty.Credentials{ID: "S01", PIN: "4321", Role: duty.Supervisor, Only: true}); asked != want {
		t.Errorf("asked for %+v, want %+v", asked, want)
	}
}

func FuzzOrder(f *testing.F) {
	for _, s := range []string{
		`{"decide":{"decision":"let-through","stay":{"room":"1"}}}`, `{"declare":{"name":"A","documents":["cccd:1",{"kind":1}]}}`,
		`{"incident":{"what":"other"}}`, `{"note":{"text":"a","corrects":{"segment":"","seq":1}}}`, `{"note":null}`, `{`, `{"decide":[]}`,
	} {
		f.Add(s)
	}
	d := &desk{lane: newLane(f), login: func(context.Context, duty.Credentials) (wire.Officer, error) {
		return wire.Officer{}, errors.New("no")
	}}
	f.Fuzz(func(t *testing.T, s string) {
		if o, ok := parseOrder(scanner.Code{Text: s}); ok {
			if _, err := json.Marshal(d.obey(t.Context(), o)); err != nil {
				t.Error(err)
			}
		}
	})
}

func newLane(t testing.TB) *lane.Lane {
	t.Helper()
	dir, _ := stationtest.Enrol(t)
	s, err := station.Open(dir, station.Options{Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.NewLane(record.In)
}
