package screen

import (
	"context"
	"strings"
	"testing"
	"time"

	"quachot/internal/credential"
	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/journal"
	"quachot/kiosk/uplink"
)

var noon = time.Date(2021, 11, 22, 12, 0, 0, 0, time.UTC)

// bench plays a lane against a model and keeps what it asked for.
type bench struct {
	*Model
	t       *testing.T
	at      time.Time
	seq     uint64
	effects []Effect
}

func newBench(t *testing.T) *bench {
	b := &bench{Model: NewModel(text.Load("vi"), record.In, noon), t: t, at: noon}
	b.SetStatus(Status{Post: "P1", Counts: journal.Counts{Health: journal.HealthOK}}, noon)
	return b
}

func (b *bench) do(e []Effect) []Effect {
	b.effects = append(b.effects, e...)
	return e
}

func (b *bench) pass(d time.Duration) { b.at = b.at.Add(d); b.do(b.Tick(b.at)) }

// scan sends one code through a lane that answers at once.
func (b *bench) scan(o checkpoint.Outcome) Result {
	b.seq++
	r := Result{Outcome: o, ID: record.ID{Seq: b.seq}, At: b.at, Durable: true}
	b.do(b.Scan(Scan{Texts: []string{"code"}, At: b.at}, b.at))
	b.do(b.Judged(r, b.at))
	return r
}

func (b *bench) press(k Key) []Effect { return b.do(b.Key(k, false, b.at)) }

// work presses keys and lets h do all that comes of them.
func (b *bench) work(h Doing, keys ...Key) {
	for _, k := range keys {
		b.carryOut(h, b.press(k))
	}
}

// carryOut does effects, and what comes of those.
func (b *bench) carryOut(h Doing, effects []Effect) {
	for len(effects) > 0 {
		e := effects[0]
		effects = effects[1:]
		var more []Effect
		switch {
		case e.Work != nil:
			if told := e.Work(context.Background(), h); told != nil {
				more = told(b.Model, b.at)
			}
		case e.Decide != nil:
			id, err := h.Decide(context.Background(), e.Decide.Passage)
			if err != nil {
				id = record.ID{}
			}
			more = b.Decided(e.Decide.Scan, id, b.at)
		}
		effects = append(effects, b.do(more)...)
	}
}

func of(v record.Verdict, name string) checkpoint.Outcome {
	return checkpoint.Outcome{Verdict: v, Reading: credential.Reading{Kind: credential.Card, Trust: credential.Signed, Name: name, Birth: "1990-01-02"}}
}

func (b *bench) wantName(want string) {
	b.t.Helper()
	got := ""
	if p := b.State().Panel; p != nil {
		got = p.Name
	}
	if got != want {
		b.t.Errorf("on show: %q, want %q", got, want)
	}
}

func TestVerdictInWords(t *testing.T) {
	for _, c := range []struct {
		verdict     record.Verdict
		word, sound string
		open        bool
	}{
		{record.Pass, "MỜI QUA", "pass", false},
		{record.Check, "KIỂM TRA THÊM", "check", true},
		{record.Stop, "DỪNG LẠI", "stop", true},
		{record.Unreadable, "KHÔNG ĐỌC ĐƯỢC", "unreadable", false},
	} {
		b := newBench(t)
		b.scan(of(c.verdict, "A"))
		p := b.State().Panel
		if p == nil || p.Word != c.word || p.Name != "A" || p.Person != "1990" {
			t.Errorf("%v: panel %+v, want %q", c.verdict, p, c.word)
			continue
		}
		if asks := p.Question != ""; asks != c.open {
			t.Errorf("%v asks for a decision: %v, want %v", c.verdict, asks, c.open)
		}
		if got := b.effects[len(b.effects)-1].Sound; got != c.sound {
			t.Errorf("%v sounds %q, want %q", c.verdict, got, c.sound)
		}
	}
}

func TestScansDuringADecisionAreQueuedAndCounted(t *testing.T) {
	b := newBench(t)
	b.scan(of(record.Check, "A"))
	b.scan(of(record.Pass, "B"))
	b.scan(of(record.Pass, "C"))
	b.wantName("A")
	if q := b.State().Queue; q != "+2 đang chờ" {
		t.Errorf("queue %q, want +2", q)
	}
	b.press("1")
	b.press("1")
	b.pass(stayQueued)
	b.wantName("B")
	b.pass(stayQueued)
	b.wantName("C")
	if q := b.State().Queue; q != "" {
		t.Errorf("queue %q, want none", q)
	}
	b.pass(stayAlone)
	b.wantName("")
	if rows := b.State().Rows; len(rows) != 3 || !strings.HasPrefix(rows[0].Name, "C") || rows[2].Decided != "» cho qua" {
		t.Errorf("rows %+v, want C, B and A let through", rows)
	}
}

// Nobody presses a key, people come: the screen must go on, and say so.
func TestOpenDecisionGivesWayInTheEnd(t *testing.T) {
	b := newBench(t)
	b.scan(of(record.Stop, "A"))
	b.pass(time.Hour)
	b.wantName("A")
	b.scan(of(record.Pass, "B"))
	b.wantName("B")
	if rows := b.State().Rows; len(rows) != 1 || rows[0].Decided != "chưa quyết định" {
		t.Errorf("rows %+v, want A undecided", rows)
	}
}

func TestDecisionIsWrittenOnceAndUndone(t *testing.T) {
	b, h := newBench(t), &hands{}
	r := b.scan(of(record.Check, "A"))
	b.work(h, "3", "3", "1")
	if len(h.passages) != 1 || h.passages[0].Decision != record.TurnedBack || h.passages[0].Earlier[0] != r.ID {
		t.Fatalf("passages %+v, want one about the scan", h.passages)
	}
	b.pass(3 * time.Second)
	b.work(h, "Z")
	if p := b.State().Panel; p == nil || p.Question == "" {
		t.Fatal("Z did not open the decision again")
	}
	undone := h.passages[len(h.passages)-1]
	if len(h.passages) != 2 || !undone.Undone || undone.Corrects == nil || undone.Corrects.Seq != 1001 || undone.Decision != record.TurnedBack {
		t.Fatalf("passages %+v, want a record of the slip", h.passages)
	}
	b.work(h, "1", "1")
	if again := h.passages[len(h.passages)-1]; again.Corrects == nil || again.Corrects.Seq != 1001 || again.Decision != record.LetThrough || again.Undone {
		t.Fatalf("passage %+v, want a decision that corrects the first", again)
	}
	b.pass(undoFor + time.Second)
	b.work(h, "Z")
	if p := b.State().Panel; len(h.passages) != 3 || p != nil && p.Question != "" {
		t.Error("Z after ten seconds opened the decision again")
	}
}

// The person decided about is gone from the screen, the next one is on it.
func TestUndoBehindTheNextScan(t *testing.T) {
	b := newBench(t)
	r := b.scan(of(record.Check, "A"))
	b.press("3")
	b.Decided(r.ID, record.ID{Seq: 77}, b.at)
	b.pass(time.Second)
	b.scan(of(record.Pass, "B"))
	b.wantName("B")
	b.press("Z")
	b.wantName("A")
	b.press("1")
	b.press("1")
	b.pass(stayQueued)
	b.wantName("B")
	if n := b.tally[record.Pass]; n != 1 {
		t.Errorf("B counted %d times, want once", n)
	}
}

func TestHastyKeysDecideNothing(t *testing.T) {
	b := newBench(t)
	b.scan(of(record.Stop, "A"))
	for _, k := range []Key{"1", "3", "4", "5", "Z", KeyEscape, KeyDirection, KeyNumber, KeyEnter} {
		if e := b.Key(k, true, b.at); len(e) != 0 {
			t.Errorf("hasty %s did %+v", k, e)
		}
	}
	b.wantName("A")
	if s := b.State(); s.Field != nil || s.Header.Out {
		t.Errorf("half a code changed the screen: %+v", s)
	}
	b.press(KeyClose)
	if e := b.Key(KeyEnter, true, b.at); len(e) != 0 {
		t.Errorf("half a code ended the program: %+v", e)
	}
}

func TestNumberField(t *testing.T) {
	b := newBench(t)
	b.press(KeyNumber)
	for _, r := range "46 0012-1|~ầ" {
		b.press(Key(r))
	}
	b.press(KeyBackspace)
	if f := b.State().Field; f == nil || f.Text != "46 0012-" {
		t.Fatalf("field %+v, want 46 0012-", f)
	}
	b.scan(of(record.Pass, "A")) // a scan leaves the field alone
	if f := b.State().Field; f == nil || f.Text != "46 0012-" {
		t.Fatalf("after a scan the field is %+v", f)
	}
	b.press("7")
	e := b.press(KeyEnter)
	if len(e) != 1 || e[0].Judge == nil || e[0].Judge.Texts[0] != "46 0012-7" || !e[0].Judge.Typed {
		t.Fatalf("effects %+v, want the number judged", e)
	}
	if b.State().Field != nil {
		t.Error("the field stayed open")
	}
	b.press(KeyNumber)
	if e := b.press(KeyEnter); len(e) != 0 {
		t.Errorf("an empty number gave %+v", e)
	}
	b.press(KeyEscape)
	if b.State().Field != nil {
		t.Error("Escape did not close the field")
	}
}

func TestDirection(t *testing.T) {
	b := newBench(t)
	if e := b.press(KeyDirection); len(e) != 1 || e[0].Direction != record.Out {
		t.Fatalf("effects %+v, want out", e)
	}
	if h := b.State().Header; h.Direction != "RA" || !h.Out {
		t.Errorf("header %+v, want RA", h)
	}
}

func TestClosingIsAsked(t *testing.T) {
	b := newBench(t)
	b.press(KeyClose)
	if n := b.State().Notice; !strings.Contains(n, "Thoát") {
		t.Errorf("notice %q, want a question", n)
	}
	b.press(KeyEscape)
	if e := b.press(KeyEnter); len(e) != 0 {
		t.Errorf("after Escape Enter gave %+v", e)
	}
	b.press(KeyClose)
	if e := b.press(KeyEnter); len(e) != 1 || !e[0].Quit {
		t.Errorf("effects %+v, want the end", e)
	}
}

func TestInputMethodIsSaidUntilACleanScan(t *testing.T) {
	b := newBench(t)
	b.Scan(Scan{Texts: []string{"Ư"}, InputMethod: true}, b.at)
	if s := b.State(); !s.Alarm || !strings.Contains(s.Notice, "Bộ gõ") {
		t.Errorf("notice %q, want the input method", s.Notice)
	}
	b.Scan(Scan{Texts: []string{"U"}}, b.at)
	if s := b.State(); s.Notice != "" {
		t.Errorf("notice %q after a clean scan", s.Notice)
	}
}

func TestWatchListHitIsNeutralToTheStreet(t *testing.T) {
	b := newBench(t)
	o := of(record.Stop, "A")
	o.Reasons = []record.Reason{{Code: "watch"}}
	o.Watch = &wire.WatchDetails{Reason: "f0", Note: "gọi bác sĩ"}
	b.scan(o)
	p := b.State().Panel
	if p.Word != "MỜI VÀO BÀN SỐ 2" || len(p.Reasons) != 0 {
		t.Errorf("the street reads %q, %v", p.Word, p.Reasons)
	}
	if got := strings.Join(p.Private, "|"); got != "Ca bệnh (F0)|gọi bác sĩ" {
		t.Errorf("the officer reads %q", got)
	}
	if b.effects[len(b.effects)-1].Sound != "watch" {
		t.Error("it sounds like any other stop")
	}
	b.pass(time.Second)
	b.press(KeyEscape)
	if w := b.State().Rows[0].Word; strings.Contains(w, "DỪNG") {
		t.Errorf("its row says %q to the street", w)
	}
}

func TestRepeatIsCountedNotShownAgain(t *testing.T) {
	b := newBench(t)
	r := b.scan(of(record.Pass, "A"))
	n := len(b.effects)
	r.Repeat = true
	b.Scan(Scan{Texts: []string{"code"}}, b.at)
	b.do(b.Judged(r, b.at))
	if p := b.State().Panel; p.Repeats != "Quét lại ×2" {
		t.Errorf("repeats %q", p.Repeats)
	}
	if len(b.effects) != n {
		t.Errorf("a repeat gave %+v", b.effects[n:])
	}
}

func TestNotSavedIsSaid(t *testing.T) {
	b := newBench(t)
	b.Judged(Result{Outcome: of(record.Pass, "A"), At: b.at}, b.at)
	if p := b.State().Panel; p.Unsaved != "CHƯA GHI" {
		t.Errorf("unsaved %q, want CHƯA GHI", p.Unsaved)
	}
}

func TestHeaderSaysTheWorstTrueThing(t *testing.T) {
	skew := int64(240_000)
	for _, c := range []struct {
		name   string
		status Status
		line   func(Header) Line
		want   string
		level  Level
	}{
		{"nothing yet", Status{}, func(h Header) Line { return h.Sync }, "Chưa có bản ghi", Quiet},
		{"all sent", Status{Counts: journal.Counts{Head: 1204, Held: 1204}}, func(h Header) Line { return h.Sync }, "Đã gửi hết · trung tâm giữ 1.204", Good},
		{"waiting", Status{Counts: journal.Counts{Head: 300, Held: 88, Unsent: 212, OldestUnsent: noon.Add(-3 * time.Hour)}},
			func(h Header) Line { return h.Sync }, "Chưa gửi 212, lâu nhất 3 giờ · trung tâm giữ 88", Warn},
		{"connected", Status{Link: uplink.State{Connected: true}}, func(h Header) Line { return h.Contact }, "Đang nối trung tâm", Good},
		{"never", Status{}, func(h Header) Line { return h.Contact }, "Chưa liên lạc được trung tâm", Warn},
		{"offline", Status{Link: uplink.State{LastContact: noon.Add(-time.Hour)}}, func(h Header) Line { return h.Contact }, "Mất mạng · liên lạc cuối 11:00 hôm nay", Warn},
		{"clock", Status{Link: uplink.State{Connected: true, SkewMS: &skew}}, func(h Header) Line { return h.Contact }, "Đồng hồ lệch 4 phút", Bad},
		{"no lists", Status{}, func(h Header) Line { return h.Lists }, "Chưa có danh sách", Bad},
		{"lists", Status{ListsAsOf: noon.Add(-12 * time.Minute)}, func(h Header) Line { return h.Lists }, "Danh sách 12 phút trước", Good},
		{"old lists", Status{ListsAsOf: noon.Add(-50 * time.Hour), Stale: [3]uint{12, 24, 48}}, func(h Header) Line { return h.Lists }, "Danh sách cũ 2 ngày: hỏi chỉ huy", Bad},
		{"full", Status{Counts: journal.Counts{Health: journal.HealthFull}}, func(h Header) Line { return h.Journal }, "CHƯA GHI · ổ đĩa đầy", Bad},
		{"failing", Status{Counts: journal.Counts{Health: journal.HealthFailing}}, func(h Header) Line { return h.Journal }, "CHƯA GHI · lỗi ổ đĩa", Bad},
		{"slow", Status{Counts: journal.Counts{Health: journal.HealthSlow}}, func(h Header) Line { return h.Journal }, "đang ghi", Warn},
		{"well", Status{Counts: journal.Counts{Health: journal.HealthOK}}, func(h Header) Line { return h.Journal }, "", Good},
	} {
		m := NewModel(text.Load("vi"), record.In, noon)
		m.SetStatus(c.status, noon)
		if got := c.line(m.State().Header); got.Text != c.want || got.Level != c.level {
			t.Errorf("%s: %+v, want %q at level %d", c.name, got, c.want, c.level)
		}
	}
}

func TestSlowScanIsSaid(t *testing.T) {
	b := newBench(t)
	b.Scan(Scan{Texts: []string{"x"}}, b.at)
	b.pass(slowAfter)
	if j := b.State().Header.Journal; j.Text != "đang ghi" {
		t.Errorf("header %+v, want that it is being saved", j)
	}
}

// Every key of the catalogue that this package asks for exists, in both languages.
func TestWordsExist(t *testing.T) {
	for _, lang := range text.Languages() {
		w := &missing{Catalogue: text.Load(lang)}
		for _, v := range []record.Verdict{record.Pass, record.Check, record.Stop, record.Unreadable} {
			m := NewModel(w, record.Out, noon)
			m.Train()
			m.SetStatus(Status{Lane: "2", Call: "x", Counts: journal.Counts{Head: 2, Unsent: 1}}, noon)
			o := of(v, "A")
			o.Last = &checkpoint.Seen{At: noon.Add(-48 * time.Hour), Direction: record.In, Lane: "1"}
			if v == record.Stop {
				o.Watch = &wire.WatchDetails{Reason: "unheard-of"}
			}
			m.Judged(Result{Outcome: o, ID: record.ID{Seq: 1}, At: noon}, noon)
			m.State()
			m.Key("1", false, noon)
			m.Decided(record.ID{Seq: 1}, record.ID{Seq: 2}, noon)
			m.State()
			m.Key(KeyNumber, false, noon)
			m.State()
			m.Key(KeyClose, false, noon)
			m.State()
		}
		for key := range w.keys {
			t.Errorf("%s: no text for %s", lang, key)
		}
	}
}

// missing notes the keys that have no text.
type missing struct {
	*text.Catalogue
	keys map[string]bool
}

func (m *missing) T(key string, args ...string) string {
	if !m.Has(key) {
		if m.keys == nil {
			m.keys = map[string]bool{}
		}
		m.keys[key] = true
	}
	return m.Catalogue.T(key, args...)
}

func TestLaneIsSaidOnce(t *testing.T) {
	for name, want := range map[string]string{
		"2": "làn 2", "Làn 1": "làn 1", "LÀN 3": "làn 3", "La\u0300n 1": "làn 1", "Lane 4": "làn 4", "Bắc": "làn Bắc", "Làng Cò": "làn Làng Cò",
	} {
		b := newBench(t)
		b.SetStatus(Status{Post: "P1", Lane: name}, noon)
		if got := b.State().Header.Lane; got != want {
			t.Errorf("%s: the header says %q, want %q", name, got, want)
		}
		o := of(record.Pass, "A")
		o.Last = &checkpoint.Seen{At: noon, Lane: name}
		b.scan(o)
		if got := b.State().Panel.Seen; !strings.HasSuffix(got, ", "+want) {
			t.Errorf("%s: the verdict says %q, want %q", name, got, want)
		}
	}
}
