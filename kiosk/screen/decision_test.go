package screen

import (
	"errors"
	"strings"
	"testing"
	"time"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
)

// wantPage checks which page is on top; "" = the lane.
func (b *bench) wantPage(want string) *Page {
	b.t.Helper()
	p := b.State().Page
	switch {
	case p == nil && want != "":
		b.t.Errorf("no page is open, want %q", want)
	case p != nil && p.Name != want:
		b.t.Errorf("page %q is open, want %q", p.Name, want)
	}
	if p == nil {
		return &Page{}
	}
	return p
}

// last is the last passage that was written.
func (h *hands) last(t *testing.T) record.Passage {
	t.Helper()
	if len(h.passages) == 0 {
		t.Fatal("no passage was written")
	}
	return h.passages[len(h.passages)-1]
}

func TestOneKeyDecides(t *testing.T) {
	for _, c := range []struct {
		keys []Key
		want record.Decision
		why  string
	}{
		{[]Key{"1", "1"}, record.LetThrough, "identity"},
		{[]Key{"1", "3"}, record.LetThrough, "tested"},
		{[]Key{"1", KeyEnter}, record.LetThrough, "identity"},
		{[]Key{"1", "0", "b", "a", "f", " ", "m", "e", "s", KeyEnter}, record.LetThrough, "Bà mé"},
		{[]Key{"3"}, record.TurnedBack, ""},
		{[]Key{"4"}, record.ToTest, ""}, // the office named no place: at once
		{[]Key{"5"}, record.ToQuarantine, ""},
	} {
		b, h := newBench(t), &hands{}
		r := b.scan(of(record.Check, "A"))
		b.work(h, c.keys...)
		b.wantPage("")
		got := h.last(t)
		if got.Decision != c.want || got.Reason != c.why || got.Earlier[0] != r.ID || got.Way != record.In {
			t.Errorf("%v: %+v, want %v because %q", c.keys, got, c.want, c.why)
		}
		if d := b.State().Panel.Decided; !strings.HasPrefix(d, "» ") {
			t.Errorf("%v: the panel says %q", c.keys, d)
		}
	}
}

func TestPassNeedsNoKey(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.scan(of(record.Pass, "A"))
	b.work(h, "1", "3", "4", "5", KeyEnter)
	if len(h.did) != 0 {
		t.Errorf("keys on a pass did %q", h.did)
	}
}

// The reason used last comes first, so that a repeated case is 1 1, and then Enter.
func TestTheLastReasonComesFirst(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.scan(of(record.Check, "A"))
	b.work(h, "1", "4")
	b.pass(stayAlone)
	b.scan(of(record.Check, "B"))
	b.work(h, "1")
	page := b.wantPage("reasons")
	if first := page.Choices[0]; first.Text != "Người cư trú trong vùng" || !first.Marked || page.Choices[1].Marked {
		t.Errorf("choices %+v, want the last reason first and marked", page.Choices)
	}
	b.work(h, "1")
	if got := h.last(t).Reason; got != "local" {
		t.Errorf("reason %q, want local", got)
	}
}

func TestStopNeedsASupervisor(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.SetStatus(Status{Duty: Duty{Officers: 2, On: Officer{ID: "7", Role: "steward"}}}, b.at)
	b.on.officer = Officer{ID: "7", Role: "steward"}
	b.scan(of(record.Stop, "A"))
	b.work(h, "1")
	if a := b.wantPage("reasons").Aside; a.Level != Bad {
		t.Errorf("the reasons of a stop do not say that a supervisor is needed: %+v", a)
	}
	b.current.Watch = &wire.WatchDetails{}
	if a := b.wantPage("reasons").Aside; a.Level == Bad {
		t.Error("a watch-list hit is red to the street")
	}
	b.work(h, "8")
	if lead := b.wantPage("override").Lead; lead != "Theo lệnh cấp trên" {
		t.Errorf("the supervisor reads %q", lead)
	}
	if len(h.passages) != 0 {
		t.Fatalf("written before the supervisor agreed: %+v", h.passages)
	}
	b.work(h, KeyEscape)
	b.wantPage("")
	if p := b.State().Panel; len(h.passages) != 0 || p.Question == "" {
		t.Errorf("nobody agreed, and %+v was written; the panel asks %q", h.passages, p.Question)
	}
}

func TestOverrideIsInTheRecord(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.scan(of(record.Stop, "A"))
	b.work(h, "1", "8")
	p, ok := b.top().(*override)
	if !ok {
		t.Fatal("no supervisor is asked")
	}
	b.carryOut(h, p.agreed(b.Model, Officer{ID: "12"}))
	b.wantPage("")
	if got := h.last(t); got.Override != "12" || got.Reason != "ordered" || got.Decision != record.LetThrough {
		t.Errorf("passage %+v, want the override of 12", got)
	}
	for _, k := range []Key{"3", "4", "5"} { // no supervisor for what is stricter
		b.pass(stayAlone)
		b.scan(of(record.Stop, "B"))
		b.work(h, k)
		b.wantPage("")
	}
	if len(h.passages) != 4 {
		t.Errorf("%d passages, want 4", len(h.passages))
	}
}

// Half a code comes as hasty keys: on no page may it decide anything.
func TestHastyKeysDecideOnNoPage(t *testing.T) {
	places := []wire.CarePlace{{Code: "Q1", Kind: "quarantine"}, {Code: "T1", Kind: "test"}}
	for name, open := range map[string][]Key{
		"reasons": {"1"}, "places": {"5"}, "incident": {KeyIncident}, "settings": {KeySettings}, "purpose": {KeySettings, "3"},
		"vehicle": {KeyVehicle}, "vehicle-end": {KeyVehicle, KeyVehicle, KeyEnter},
	} {
		b, h := newBench(t), &hands{places: places}
		b.scan(of(record.Check, "A"))
		b.work(h, open...)
		b.wantPage(name)
		before := len(h.did)
		for _, k := range []Key{"1", "2", "3", "4", "5", "Z", "+", KeyDelete, KeyEscape, KeyEnter, KeyVehicle, KeyEnter, KeyEnter} {
			b.carryOut(h, b.do(b.Key(k, true, b.at)))
		}
		b.wantPage(name)
		if len(h.did) != before {
			t.Errorf("%s: hasty keys did %q", name, h.did[before:])
		}
	}
}

// Scans behind a page are judged and wait; nothing is lost and nothing decided.
func TestScansQueueBehindPages(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.scan(of(record.Check, "A"))
	b.work(h, "1")
	for _, name := range []string{"B", "C", "D"} {
		b.scan(of(record.Pass, name))
		b.pass(time.Minute)
	}
	b.wantName("A")
	b.wantPage("reasons")
	if q := b.State().Queue; q != "+3 đang chờ" {
		t.Errorf("queue %q, want +3", q)
	}
	b.work(h, KeyEscape)
	b.wantName("A") // the page took a while; the decision still has its time
	b.work(h, "3")
	for _, name := range []string{"B", "C", "D"} {
		b.pass(stayQueued)
		b.wantName(name)
	}
}

// A page left open for hours: what waits behind it is bounded, on disk, and said
// to be undecided.
func TestQueueIsBounded(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyHelp)
	for i := range 20_000 {
		b.scan(of(record.Verdict(1+i%3), "A"))
		b.effects = b.effects[:0]
	}
	if len(b.queue) != mostQueued || len(b.past) != keepPast {
		t.Errorf("%d wait, %d are remembered", len(b.queue), len(b.past))
	}
	total := 0
	for _, n := range b.tally {
		total += n
	}
	if total != 20_000-mostQueued {
		t.Errorf("%d counted, want all but those that wait", total)
	}
	if s := b.State(); !s.Alarm {
		t.Errorf("notice %q: want that some were not shown", s.Notice)
	}
}

func TestFailedDecisionIsOpenAgain(t *testing.T) {
	b, h := newBench(t), &hands{fail: errors.New("disk")}
	b.scan(of(record.Check, "A"))
	b.work(h, "3")
	s := b.State()
	if s.Panel == nil || s.Panel.Question == "" || !s.Alarm || !strings.Contains(s.Notice, "Chưa ghi") {
		t.Errorf("panel %+v, notice %q: want the decision open and a fault said", s.Panel, s.Notice)
	}
	h.fail = nil
	b.work(h, "3")
	if got := h.last(t); got.Decision != record.TurnedBack || got.Corrects != nil {
		t.Errorf("passage %+v, want a plain one", got)
	}
}

func TestQuarantinePlaces(t *testing.T) {
	places := []wire.CarePlace{
		{Code: "T", Kind: "test", Name: "Trạm"},
		{Code: "ALL", Kind: "quarantine", Name: "Khu chung", Free: 90},
		{Code: "FULL", Kind: "quarantine", Name: "Khu phường", Serves: []string{"19753"}},
		{Code: "WARD", Kind: "quarantine", Name: "Trường", Serves: []string{"19753"}, Free: 2},
		{Code: "PROV", Kind: "quarantine", Name: "Ký túc xá", Serves: []string{"46"}, Free: 50},
		{Code: "FAR", Kind: "quarantine", Name: "Nơi khác", Serves: []string{"01"}, Free: 200},
	}
	b, h := newBench(t), &hands{places: places}
	scan := func() Result {
		o := of(record.Check, "HỒ THỊ B")
		o.Reading.Ward = "19753" // Phường Đông Ba, Huế
		return b.scan(o)
	}
	scan()
	b.work(h, "5")
	var order []string
	for _, c := range b.wantPage("places").Choices {
		order = append(order, c.Text)
	}
	if got := strings.Join(order, ","); got != "Trường,Ký túc xá,Khu chung,Nơi khác,Khu phường" {
		t.Errorf("places %s", got)
	}
	b.work(h, KeyDown, KeyUp, KeyEnter)
	if got := h.last(t); got.Place != "WARD" || got.Decision != record.ToQuarantine {
		t.Errorf("passage %+v, want the ward's place", got)
	}
	if len(h.prints) != 1 || h.prints[0].Name != "handover-slip" {
		t.Fatalf("printed %+v, want a slip", h.prints)
	}
	for k, want := range map[string]string{"name": "HỒ THỊ B", "place": "Trường", "decision": "to-quarantine", "record": "00000000000000000000000000000000/1001"} {
		if got := h.prints[0].Data[k]; got != want {
			t.Errorf("slip's %s is %q, want %q", k, got, want)
		}
	}
	if d := b.State().Panel.Decided; d != "» đưa đi cách ly: Trường" {
		t.Errorf("the panel says %q", d)
	}
	// The second bed goes too, then the place is full, whatever the list says.
	b.pass(stayAlone)
	scan()
	b.work(h, "5", "1")
	b.pass(stayAlone)
	scan()
	b.work(h, "5")
	if first := b.wantPage("places").Choices[0].Text; first != "Ký túc xá" {
		t.Errorf("the first place is %s, want one with a free bed", first)
	}
	b.work(h, "2")
	if got := h.last(t).Place; got != "ALL" {
		t.Errorf("2 chose %s", got)
	}
	b.work(h, "Z")
	if len(b.slips) != 0 || b.sent["ALL"] != 0 {
		t.Errorf("after the undo: slips %v, sent %v", b.slips, b.sent)
	}
}

// Esc comes before the list of places: nothing is decided behind the officer.
func TestEscBeforeThePlacesCame(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.scan(of(record.Check, "A"))
	fetching := b.press("5")
	b.wantPage("places")
	b.work(h, KeyEscape)
	b.carryOut(h, fetching)
	if p := b.State().Panel; len(h.passages) != 0 || p.Question == "" {
		t.Errorf("decided %+v", h.passages)
	}
}

func TestSlipThatDoesNotPrintChangesNothing(t *testing.T) {
	b, h := newBench(t), &hands{places: []wire.CarePlace{{Code: "Q", Kind: "quarantine", Name: "Khu 1", Free: 3}}, paper: errors.New("hết giấy")}
	b.scan(of(record.Check, "A"))
	b.work(h, "5", "1")
	s := b.State()
	if len(h.passages) != 1 || !s.Alarm || !strings.Contains(s.Notice, "hết giấy") || !strings.Contains(s.Notice, "Quyết định đã ghi") {
		t.Errorf("passages %d, notice %q", len(h.passages), s.Notice)
	}
	h.paper = nil
	b.work(h, KeySettings, "5")
	if len(h.prints) != 1 {
		t.Errorf("printed %d slips again, want 1", len(h.prints))
	}
}

func TestDeclarationOpensTheWay(t *testing.T) {
	b, h := newBench(t), &hands{}
	r := b.scan(of(record.Check, "A"))
	b.carryOut(h, b.declared(b.current, record.Declaration{Name: "A", To: "19753"}, Result{Outcome: of(record.Pass, "A"), ID: record.ID{Seq: 50}}))
	if got := h.last(t); got.Decision != record.LetThrough || got.Reason != "declared" || got.Earlier[0] != r.ID {
		t.Errorf("passage %+v, want let through for the declaration", got)
	}
	b.pass(stayAlone)
	b.scan(of(record.Check, "B"))
	b.carryOut(h, b.declared(b.current, record.Declaration{Name: "B"}, Result{Outcome: of(record.Stop, "B")}))
	if p := b.State().Panel; p.Verdict != record.Stop || p.Question == "" || len(h.passages) != 1 {
		t.Errorf("panel %+v, passages %d: want a stop that waits", p, len(h.passages))
	}
	// Nothing that is declared takes a stop away.
	b.carryOut(h, b.declared(b.current, record.Declaration{Name: "B"}, Result{Outcome: of(record.Pass, "B")}))
	if p := b.State().Panel; p.Verdict != record.Stop || len(h.passages) != 1 {
		t.Errorf("panel %+v, passages %d: want the stop to stay", p, len(h.passages))
	}
}

func TestPrivacy(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeySettings, "2", KeyEscape)
	if !h.prefs.Private {
		t.Error("the setting is not kept")
	}
	o := of(record.Check, "Trần Văn Bình")
	o.Reading.Kind, o.Reading.Documents = credential.CCCD, []identity.Document{identity.NewDocument(identity.CCCD, "046090001234")}
	o.Watch = &wire.WatchDetails{Note: "gọi 0234 3861 234"}
	b.scan(o)
	p := b.State().Panel
	if p.Name != "T. V. B." || strings.Contains(p.Person, "1990") || strings.Contains(p.Source, "046090") || strings.Contains(strings.Join(p.Private, " "), "0234") {
		t.Errorf("the public reads %+v", p)
	}
	b.work(h, "h")
	if p := b.State().Panel; p.Name != "Trần Văn Bình" || p.Person != "1990" || !strings.Contains(strings.Join(p.Private, " "), "0234") {
		t.Errorf("after H the officer reads %+v", p)
	}
	b.pass(revealFor)
	if p := b.State().Panel; p.Name != "T. V. B." {
		t.Errorf("five seconds later the public reads %q", p.Name)
	}
	b.pass(time.Second)
	b.work(h, KeyEscape)
	if r := b.State().Rows[0]; strings.Contains(r.Name, "Bình") || strings.Contains(r.Name, "1990") {
		t.Errorf("its row says %+v", r)
	}
}

func TestRulesSpeakTheirLists(t *testing.T) {
	b := newBench(t)
	b.SetStatus(Status{RuleText: func(id, lang string) string { return map[string]string{"x/vi": "khai báo quá 72 giờ"}[id+"/"+lang] }}, b.at)
	o := of(record.Check, "A")
	o.Reasons = []record.Reason{{Code: "rule", Arg: "x"}, {Code: "rule", Arg: "gone"}}
	b.scan(o)
	if got := strings.Join(b.State().Panel.Reasons, "|"); got != "Khai báo quá 72 giờ|Quy định gone" {
		t.Errorf("reasons %q", got)
	}
}

func TestSealIsTodaysAndThisDeployments(t *testing.T) {
	seals := map[string]bool{}
	for _, deployment := range []string{"a", "b"} {
		for day := range 3 {
			seals[seal(deployment, noon.AddDate(0, 0, day))] = true
		}
	}
	if len(seals) != 6 || len(seal("a", noon)) != 8 || seal("a", noon) != seal("a", noon.Add(time.Hour)) {
		t.Errorf("seals %v, want six different ones that hold for a day", seals)
	}
}
