package screen

import (
	"os"
	"strings"
	"testing"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
)

func TestSettingsAreKept(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeySettings, "1", "6", "7")
	if want := (Prefs{Sunny: true, Typing: "vni", Lang: "en"}); h.prefs != want {
		t.Errorf("kept %+v, want %+v", h.prefs, want)
	}
	s := b.State()
	if !s.Sunny || s.Page.Title != "Settings" || b.method() != vni {
		t.Errorf("theme %v, title %q, typing %v", s.Sunny, s.Page.Title, b.method())
	}
	again := newBench(t)
	again.Prefer(h.prefs)
	if s := again.State(); !s.Sunny || s.Title != "SHOW YOUR QR CODE TO THE SCANNER" && !strings.Contains(s.Title, "QR") {
		t.Errorf("the next start shows %q, sunny %v", s.Title, s.Sunny)
	}
	b.work(h, "7", "6", "6", "1")
	if want := (Prefs{Lang: "vi"}); h.prefs != want {
		t.Errorf("kept %+v, want %+v", h.prefs, want)
	}
}

// Lines of the menu that cannot be chosen say why, and do nothing.
func TestSettingsThatAreOff(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeySettings)
	off := map[Key]string{}
	for _, c := range b.wantPage("settings").Choices {
		if c.Off {
			off[c.Key] = c.Detail
		}
	}
	if off["4"] == "" || off["5"] == "" {
		t.Errorf("off: %v, want the move and the reprint, with why", off)
	}
	b.work(h, "4", "5")
	b.wantPage("settings")
	if len(h.did)+len(h.prints) != 0 {
		t.Errorf("did %q", h.did)
	}
}

func TestPurpose(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeySettings, "3", "2")
	b.wantPage("")
	if got := b.State().Header.Purpose; got != "Vận chuyển hàng hóa" {
		t.Errorf("the header says %q", got)
	}
	b.work(h, KeySettings, "3", KeyDelete)
	if got := strings.Join(h.did, "|"); got != "purpose goods|purpose " || b.State().Header.Purpose != "" {
		t.Errorf("did %q, header %q", got, b.State().Header.Purpose)
	}
	h.fail = os.ErrPermission
	b.work(h, KeySettings, "3", "1")
	if p := b.wantPage("purpose"); p.Error == "" {
		t.Error("a purpose that was not saved is not told")
	}
}

func TestPatrolMoves(t *testing.T) {
	hue := [2]float64{16.46, 107.59}
	status := Status{Kind: "patrol", Post: "Tổ 1", Posts: []wire.Post{{Code: "P1", Name: "Cầu Trường Tiền", At: &hue}, {Code: "P2", Name: "Chợ Đông Ba"}}}
	for _, c := range []struct {
		typed, enter string
		want, header string
	}{
		{"", "Find:2", "move Chợ Đông Ba", "Tổ 1 · Chợ Đông Ba"},
		{"tien", "Enter", "move Cầu Trường Tiền [16.46 107.59]", "Tổ 1 · Cầu Trường Tiền"},
		{"ddaamf saam", "Enter", "move Đầm sâm", "Tổ 1 · Đầm sâm"},
		{"16.5, 107.6", "Enter", "move  [16.5 107.6]", "Tổ 1 · 16.50000, 107.60000"},
		{"bai 16.5 107.6", "Enter", "move Bai [16.5 107.6]", "Tổ 1 · Bai"},
	} {
		b, h := newBench(t), &hands{}
		b.SetStatus(status, b.at)
		b.work(h, "p")
		b.wantPage("move")
		b.type1(h, c.typed)
		if c.enter != "" {
			b.work(h, Key(c.enter))
		}
		b.wantPage("")
		if got := strings.Join(h.did, "|"); got != c.want {
			t.Errorf("%q did %q, want %q", c.typed, got, c.want)
		}
		if got := b.State().Header.Post; got != c.header {
			t.Errorf("%q: the header says %q, want %q", c.typed, got, c.header)
		}
	}
	b, h := newBench(t), &hands{}
	b.work(h, "p")
	b.wantPage("") // no patrol
}

func TestPatrolIsOfferedWhereItStoodLately(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.SetStatus(Status{Kind: "patrol"}, b.at)
	for _, name := range []string{"mot", "hai", "mot"} {
		b.work(h, "p")
		b.type1(h, name)
		b.work(h, KeyEnter)
	}
	b.work(h, "p")
	var names []string
	for _, c := range b.wantPage("move").Fields[0].Options {
		names = append(names, c.Text)
	}
	if got := strings.Join(names, ","); got != "Mot,Hai" {
		t.Errorf("offered %s", got)
	}
}

// At a place people scan by themselves: nobody is asked, nobody decides.
func TestPlaceServesItself(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.SetStatus(Status{Kind: "place", Inside: 1204}, b.at)
	s := b.State()
	if s.Kind != "place" || s.Inside != "Đang ở trong: 1.204 người" || s.Title != "MỜI QUÉT MÃ RỒI VÀO" {
		t.Errorf("waiting: %q, %q", s.Title, s.Inside)
	}
	b.scan(of(record.Pass, "B"))
	if b.pass(stayPlace); b.State().Panel != nil {
		t.Error("a pass stays long")
	}
	b.scan(of(record.Stop, "A"))
	b.work(h, "1", "3", "4", "5", KeyVehicle)
	if s := b.State(); len(h.did) != 0 || s.Panel.Question != "" || s.Page != nil {
		t.Errorf("keys decided: %q, %+v", h.did, s.Page)
	}
	b.pass(stayAlone)
	if s := b.State(); s.Panel != nil || s.Rows[0].Decided != "" {
		t.Errorf("the verdict stays, or somebody is missed: %+v", s.Rows)
	}
}

func TestLodging(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.SetStatus(Status{Kind: "lodging"}, b.at)
	guest := of(record.Pass, "A")
	guest.Keys = []identity.Keys{{Match: identity.Match{1}}}
	b.scan(guest)
	b.work(h, KeyEnter, KeyEnter)
	b.type1(h, "p12")
	b.work(h, KeyEnter, KeyBackspace, "3", KeyEnter)
	if got := h.last(t).Stay; got == nil || got.Room != "P12" || got.Nights != 3 || got.Left {
		t.Fatalf("stay %+v, want three nights in P12", got)
	}
	b.pass(stayAlone)
	b.scan(guest)
	b.work(h, KeyEnter)
	if c := b.wantPage("stay").Choices[1]; !c.Marked || c.Detail != "phòng P12" {
		t.Errorf("choice %+v, want to check out of P12", c)
	}
	b.work(h, KeyEnter)
	if got := h.last(t).Stay; got.Room != "P12" || !got.Left {
		t.Errorf("stay %+v, want its end", got)
	}
	b.pass(stayAlone)
	b.scan(guest)
	b.work(h, KeyEnter, "2") // the officer knows better
	if got := h.last(t).Stay; !got.Left {
		t.Errorf("stay %+v, want its end", got)
	}
}

func TestStaysAreBounded(t *testing.T) {
	var s stays
	for i := range 3 * mostStays {
		s.set([]identity.Keys{{Match: identity.Match{byte(i), byte(i >> 8)}}}, "1")
	}
	if len(s.rooms) != mostStays || len(s.order) != mostStays {
		t.Errorf("%d rooms, %d in order, want %d", len(s.rooms), len(s.order), mostStays)
	}
}

func TestLodgingAfterACheck(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.SetStatus(Status{Kind: "lodging"}, b.at)
	b.scan(of(record.Check, "A"))
	b.work(h, "1", "1")
	b.pass(time.Second)
	b.work(h, KeyEnter, "1", "7", KeyEnter, KeyEnter)
	if got := h.last(t); got.Stay == nil || got.Stay.Room != "7" || got.Stay.Nights != 1 || got.Reason != "identity" || got.Corrects == nil {
		t.Errorf("passage %+v, want the stay with the reason, in place of the first", got)
	}
}
