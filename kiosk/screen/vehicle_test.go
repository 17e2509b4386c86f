package screen

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
)

// keys are the keys of a text.
func keys(text string) []Key {
	var all []Key
	for _, r := range text {
		all = append(all, Key(r))
	}
	return all
}

func (b *bench) type1(h Doing, text string) { b.work(h, keys(text)...) }

// A lorry of five: one before F4, four after; all may pass, so Enter is enough.
func TestLorryWithFive(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.scan(of(record.Pass, "A"))
	b.work(h, KeyVehicle)
	b.wantPage("vehicle")
	b.type1(h, "75c12345")
	b.work(h, KeyEnter, "4", "2") // lorry, goods
	b.type1(h, "LX-7")
	b.scan(of(record.Pass, "B")) // while the form is open
	if rows := b.wantPage("vehicle").Table.Rows; len(rows) != 2 || !strings.HasPrefix(rows[1][1], "B") {
		t.Errorf("aboard: %v, want A and B", rows)
	}
	b.work(h, KeyEnter)
	b.wantPage("")
	for _, name := range []string{"C", "D", "E"} {
		b.scan(of(record.Pass, name))
		b.pass(stayQueued)
	}
	v := b.State().Vehicle
	if v == nil || v.Plate != "75C-123.45" || v.Verdict != record.Pass || len(v.Aboard) != 5 || !strings.Contains(v.Detail, "Xe tải · Vận chuyển hàng hóa · luồng xanh LX-7 · 5 người") {
		t.Fatalf("strip %+v", v)
	}
	b.work(h, KeyEnter)
	p := h.last(t)
	if len(h.passages) != 1 || len(p.Earlier) != 5 || p.Party != 5 || p.Plate != "75C12345" || p.Vehicle != "truck" || p.Purpose != "goods" || p.Permit != "LX-7" || p.Decision != record.LetThrough {
		t.Errorf("passages %+v, want one of five", h.passages)
	}
	s := b.State()
	if s.Vehicle != nil || s.Panel != nil || !strings.Contains(s.Notice, "75C-123.45") || s.Rows[0].Decided != "» cho qua" {
		t.Errorf("the lane is not free: %+v, notice %q", s.Vehicle, s.Notice)
	}
}

// The vehicle takes scans only until it is closed.
func TestNextScanIsNotAboard(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle, KeyVehicle) // plate not readable
	b.scan(of(record.Pass, "A"))
	b.work(h, KeyEnter)
	b.scan(of(record.Check, "B"))
	if p := b.State().Panel; p == nil || p.Question == "" {
		t.Error("the next one is not asked about")
	}
	b.work(h, "3")
	if len(h.passages) != 2 || len(h.passages[0].Earlier) != 1 || h.passages[1].Plate != "" {
		t.Errorf("passages %+v", h.passages)
	}
}

func TestWorstAboardDecides(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle, KeyVehicle)
	for _, v := range []record.Verdict{record.Pass, record.Check, record.Stop} {
		b.scan(of(v, v.String()))
		b.pass(stayQueued)
	}
	b.work(h, "1", "3") // nobody aboard is decided about alone
	if len(h.passages) != 0 {
		t.Fatalf("decided alone: %+v", h.passages)
	}
	if v := b.State().Vehicle; v.Verdict != record.Stop {
		t.Errorf("strip's verdict %v, want stop", v.Verdict)
	}
	b.work(h, KeyEnter)
	page := b.wantPage("vehicle-end")
	if len(page.Table.Rows) != 3 || page.Aside.Level != Bad {
		t.Errorf("page %+v", page)
	}
	b.scan(of(record.Pass, "late")) // belongs to the next, unless the officer goes on scanning
	b.work(h, "1", "1")
	p, ok := b.top().(*override)
	if !ok {
		t.Fatal("a stop aboard goes through without a supervisor")
	}
	b.carryOut(h, p.agreed(b.Model, Officer{ID: "12"}))
	if got := h.last(t); len(got.Earlier) != 3 || got.Party != 3 || got.Override != "12" || got.Reason != "identity" {
		t.Errorf("passage %+v", got)
	}
	b.wantName("late")
}

func TestGoOnScanning(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle, KeyVehicle)
	b.scan(of(record.Check, "A"))
	b.work(h, KeyEnter)
	b.scan(of(record.Pass, "B"))
	b.work(h, KeyEscape)
	b.pass(stayAlone)
	b.work(h, KeyEnter, "3")
	if got := h.last(t); len(got.Earlier) != 2 || got.Decision != record.TurnedBack {
		t.Errorf("passage %+v, want both turned back", got)
	}
}

func TestTakeOut(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle, KeyVehicle)
	b.scan(of(record.Pass, "A"))
	b.pass(stayQueued)
	b.scan(of(record.Stop, "F1"))
	b.pass(stayAlone)
	b.scan(of(record.Pass, "C"))
	b.pass(stayAlone)
	b.work(h, "+", "+", KeyDelete) // one person without a code stays
	b.work(h, KeyVehicle, KeyPageDown, KeyPageDown, KeyDelete)
	if rows := b.wantPage("vehicle").Table.Rows; len(rows) != 3 || rows[2][0] != "+1" {
		t.Errorf("aboard %v, want A, C and one without a code", rows)
	}
	b.work(h, KeyVehicle)
	b.wantName("F1") // decided about alone
	b.work(h, KeyEnter)
	if got := h.last(t); len(got.Earlier) != 2 || got.Party != 3 {
		t.Errorf("passage %+v, want two scans and a party of three", got)
	}
	b.work(h, "5")
	if got := h.last(t); got.Decision != record.ToQuarantine || len(got.Earlier) != 1 || got.Plate != "" {
		t.Errorf("passage %+v, want F1 alone", got)
	}
}

func TestDeleteTakesOutTheLast(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle, KeyVehicle)
	b.scan(of(record.Pass, "A"))
	b.pass(stayQueued)
	b.scan(of(record.Pass, "B"))
	b.work(h, KeyDelete)
	if v := b.State().Vehicle; len(v.Aboard) != 1 || !strings.HasPrefix(v.Aboard[0].Name, "A") {
		t.Errorf("aboard %+v, want A", v.Aboard)
	}
	b.work(h, KeyDelete, KeyDelete)
	if b.State().Vehicle != nil {
		t.Error("an empty vehicle stays open")
	}
}

func TestUndoneVehicleIsOpenAgain(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle, KeyVehicle)
	b.scan(of(record.Pass, "A"))
	b.pass(stayQueued)
	b.scan(of(record.Pass, "B"))
	b.work(h, KeyEnter)
	b.pass(time.Second)
	b.work(h, "Z")
	if u := h.last(t); !u.Undone || len(u.Earlier) != 2 || u.Corrects.Seq != 1001 {
		t.Errorf("passage %+v, want the slip", u)
	}
	if v := b.State().Vehicle; v == nil || len(v.Aboard) != 2 {
		t.Fatalf("strip %+v, want both aboard again", v)
	}
	b.scan(of(record.Pass, "C"))
	b.work(h, KeyEnter)
	if got := h.last(t); len(got.Earlier) != 3 || got.Corrects == nil || got.Undone {
		t.Errorf("passage %+v, want three, correcting the first", got)
	}
}

func TestPlateOnTheWatchList(t *testing.T) {
	b, h := newBench(t), &hands{plate: checkpoint.Outcome{
		Verdict: record.Stop, Reasons: []record.Reason{{Code: "watch_plate"}}, Watch: &wire.WatchDetails{Note: "gọi 113"},
	}}
	b.work(h, KeyVehicle)
	b.type1(h, "75c12345")
	b.work(h, KeyVehicle)
	b.scan(of(record.Pass, "A"))
	s := b.State()
	if s.Vehicle.Verdict != record.Stop || s.Vehicle.Word != "MỜI VÀO BÀN SỐ 2" {
		t.Errorf("strip %+v, want neutral words of a stop", s.Vehicle)
	}
	b.work(h, KeyEnter)
	p := b.wantPage("vehicle-end")
	if len(p.Text) == 0 || p.Text[0] != "gọi 113" || p.Aside.Level == Bad || !s.Vehicle.Neutral {
		t.Errorf("the officer reads %q, the street sees %+v", p.Text, p.Aside)
	}
}

func TestPlateField(t *testing.T) {
	for text, c := range map[string]struct{ fault, help string }{
		"75c12345":  {"", "Ô tô · Thừa Thiên Huế"},
		"75h112345": {"", "Xe máy · Thừa Thiên Huế"},
		"tm1234":    {"", "Xe quân đội"},
		"80011ng01": {"", "Xe ngoại giao, tổ chức nước ngoài"},
		"12":        {"", ""},
	} {
		b, h := newBench(t), &hands{}
		b.work(h, KeyVehicle)
		b.type1(h, text)
		f := b.wantPage("vehicle").Fields[0]
		if !strings.HasPrefix(f.Error, c.fault) || c.fault == "" && f.Error != "" {
			t.Errorf("%s: fault %q, want %q", text, f.Error, c.fault)
		}
		if c.help != "" && !strings.HasPrefix(f.Help, c.help) {
			t.Errorf("%s: help %q, want %q", text, f.Help, c.help)
		}
	}
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle)
	b.type1(h, "ab123")
	b.work(h, KeyEnter)
	if f := b.wantPage("vehicle").Fields[0]; !f.Focus || f.Error == "" {
		t.Errorf("a plate of another country is let by: %+v", f)
	}
	b.work(h, KeyVehicle) // as it is
	b.scan(of(record.Pass, "A"))
	b.work(h, KeyEnter)
	if got := h.last(t).Plate; got != "AB123" {
		t.Errorf("plate %q, want AB123", got)
	}
}

// The same card twice is one person; both scans are closed.
func TestAboardTwiceIsOnePerson(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle, KeyVehicle)
	for range 2 {
		o := of(record.Pass, "A")
		o.Keys = []identity.Keys{{Match: identity.Match{1}}}
		b.scan(o)
		b.pass(stayQueued)
	}
	b.work(h, KeyEnter)
	if got := h.last(t); len(got.Earlier) != 2 || got.Party != 1 {
		t.Errorf("passage %+v, want two scans of one person", got)
	}
}

// Enter while the last scan is still being judged waits for it.
func TestEnterWaitsForTheLastScan(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle, KeyVehicle)
	b.scan(of(record.Pass, "A"))
	b.Scan(Scan{Texts: []string{"B"}, At: b.at}, b.at)
	b.work(h, KeyEnter)
	if len(h.passages) != 0 {
		t.Fatal("closed without the scan under way")
	}
	b.carryOut(h, b.Judged(Result{Outcome: of(record.Pass, "B"), ID: record.ID{Seq: 9}, At: b.at, Durable: true}, b.at))
	if got := h.last(t); len(got.Earlier) != 2 {
		t.Errorf("passage %+v, want both", got)
	}
}

func TestVehicleOfNobodyIsNotClosed(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle, KeyVehicle, "+", KeyEnter)
	if s := b.State(); len(h.passages) != 0 || s.Vehicle == nil || !s.Alarm {
		t.Errorf("closed with nobody scanned: %+v", h.passages)
	}
}

// A vehicle that was forgotten, 20,000 scans of one shift: memory stays bounded.
func TestBounds(t *testing.T) {
	b, h := newBench(t), &hands{}
	b.work(h, KeyVehicle, KeyVehicle)
	for i := range 20_000 {
		o := of(record.Verdict(1+i%3), fmt.Sprint(i))
		b.scan(o)
		b.pass(stayAlone)
		b.work(h, "3")
		b.effects = b.effects[:0]
		h.passages, h.did = h.passages[:0], h.did[:0]
	}
	if n := len(b.vehicle.aboard); n != mostAboard {
		t.Errorf("%d aboard, want %d", n, mostAboard)
	}
	if len(b.past) > keepPast || len(b.acts) > keepActs || len(b.queue) > 1 || len(b.judging) != 0 {
		t.Errorf("kept %d verdicts, %d decisions, %d waiting", len(b.past), len(b.acts), len(b.queue))
	}
}
