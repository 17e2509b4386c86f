package view

import (
	"context"
	"maps"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"quachot/internal/card"
	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/journal"
	"quachot/kiosk/screen"
	"quachot/kiosk/uplink"
)

var noon = time.Date(2021, 11, 22, 14, 32, 10, 0, time.UTC)

// a lane with people in it: every state of the screen by name.
type sample struct {
	m     *screen.Model
	now   time.Time
	seq   uint64
	hands hands
}

func newSample(lang string) *sample { return sampleOf(lang, func(*screen.Status) {}) }

// sampleOf is a lane whose first status is changed.
func sampleOf(lang string, change func(*screen.Status)) *sample {
	s := &sample{m: screen.NewModel(text.Load(lang), record.In, noon), now: noon}
	s.status(change)
	return s
}

func (s *sample) scan(after time.Duration, o checkpoint.Outcome) *sample {
	s.now = s.now.Add(after)
	s.seq++
	s.m.Scan(screen.Scan{Texts: []string{"x"}, At: s.now}, s.now)
	s.do(s.m.Judged(screen.Result{Outcome: o, ID: record.ID{Seq: s.seq}, At: s.now, Durable: true}, s.now))
	return s
}

// status gives the station's condition, changed by what a screen is about.
func (s *sample) status(change func(*screen.Status)) *sample {
	st := screen.Status{
		Post: "Chốt Phú Bài 1", Lane: "2", Officer: "Nguyễn Văn Hải", Deployment: "Huế",
		Counts:    journal.Counts{Head: 1416, Held: 1204, Unsent: 212, OldestUnsent: noon.Add(-3 * time.Hour), Health: journal.HealthOK},
		Link:      uplink.State{LastContact: noon.Add(-3 * time.Hour)},
		ListsAsOf: noon.Add(-12 * time.Minute), Stale: [3]uint{24, 72, 168}, Call: "trạm y tế Phú Bài 0234 3861 234",
		Meter: shift(),
	}
	change(&st)
	s.do(s.m.SetStatus(st, s.now))
	return s
}

// do carries out what the model asks for, with hands that always succeed.
func (s *sample) do(effects []screen.Effect) {
	for _, e := range effects {
		switch {
		case e.Work != nil:
			if told := e.Work(context.Background(), &s.hands); told != nil {
				s.do(told(s.m, s.now))
			}
		case e.Decide != nil:
			s.do(s.m.Decided(e.Decide.Scan, record.ID{Seq: 1000 + s.seq}, s.now))
		}
	}
}

func (s *sample) key(after time.Duration, keys ...screen.Key) *sample {
	s.now = s.now.Add(after)
	for _, k := range keys {
		s.do(s.m.Key(k, false, s.now))
	}
	return s
}

// word types a text.
func (s *sample) word(text string) *sample {
	for _, r := range text {
		s.key(100*time.Millisecond, screen.Key(r))
	}
	return s
}

func cardNumber() string {
	n, err := card.NewNumber("460012", 123)
	if err != nil {
		panic(err)
	}
	return string(n)
}

func pass() checkpoint.Outcome {
	return checkpoint.Outcome{Verdict: record.Pass, Reading: credential.Reading{
		Kind: credential.Card, Trust: credential.Signed, Name: "TRẦN VĂN BÌNH", Birth: "1990-03-02", Sex: "M", CardNumber: cardNumber(),
	}, Last: &checkpoint.Seen{At: noon.Add(-6 * time.Hour), Direction: record.Out, Verdict: record.Pass, Lane: "1"}}
}

func check() checkpoint.Outcome {
	return checkpoint.Outcome{Verdict: record.Check, Reading: credential.Reading{
		Kind: credential.CCCD, Trust: credential.Unverified, Name: "NGUYỄN THỊ ỬNG", Birth: "1987-01-18", Sex: "F",
		Documents: []identity.Document{identity.NewDocument(identity.CCCD, "046187001234")}, Warnings: []string{"province"},
	}, Reasons: []record.Reason{{Code: "unverified"}, {Code: "recent", Arg: "24"}},
		Last: &checkpoint.Seen{At: noon.Add(-24 * time.Minute), Direction: record.In, Lane: "2"}}
}

func stop() checkpoint.Outcome {
	o := pass()
	o.Verdict, o.Reading.Name, o.Last = record.Stop, "LÊ THỊ NGỌC ÁNH", nil
	o.Reasons = []record.Reason{{Code: "revoked"}, {Code: "expired", Arg: "2021-11-01"}}
	return o
}

func watch() checkpoint.Outcome {
	o := check()
	o.Verdict, o.Reading.Name = record.Stop, "HỒ VĂN SẴN"
	o.Reasons = append([]record.Reason{{Code: "watch"}}, o.Reasons...)
	o.Watch = &wire.WatchDetails{Reason: "f1", Note: "Tiếp xúc ca bệnh 12/11 tại chợ Phú Bài, chưa xét nghiệm lần 2"}
	return o
}

func unreadable() checkpoint.Outcome {
	return checkpoint.Outcome{Verdict: record.Unreadable, Reading: credential.Reading{Reason: "truncated"},
		Reasons: []record.Reason{{Code: "truncated"}}}
}

// states are the screens worth looking at, by name; a test may change its map.
func states(lang string) map[string]screen.State { return maps.Clone(made[lang]()) }

var made = map[string]func() map[string]screen.State{
	"vi": sync.OnceValue(func() map[string]screen.State { return makeStates("vi") }),
	"en": sync.OnceValue(func() map[string]screen.State { return makeStates("en") }),
}

func makeStates(lang string) map[string]screen.State {
	all := map[string]screen.State{}
	busy := func() *sample {
		return newSample(lang).scan(0, stop()).key(time.Second, "3").scan(8*time.Second, check()).
			key(time.Second, "1", screen.KeyEnter).scan(9*time.Second, pass())
	}
	all["waiting-first"] = newSample(lang).m.State()
	b := busy()
	b.m.Tick(b.now.Add(20 * time.Second))
	all["waiting"] = b.m.State()
	all["pass"] = busy().m.State()
	all["check"] = busy().scan(9*time.Second, check()).scan(time.Second, pass()).scan(time.Second, pass()).m.State()
	all["decided"] = busy().scan(9*time.Second, check()).key(time.Second, "4", screen.KeyEnter).m.State()
	all["stop"] = busy().scan(9*time.Second, stop()).m.State()
	all["watch"] = busy().scan(9*time.Second, watch()).m.State()
	u := busy().scan(9*time.Second, unreadable())
	u.m.Scan(screen.Scan{Texts: []string{"x"}, InputMethod: true}, u.now)
	all["unreadable-input-method"] = u.m.State()
	f := busy().key(20*time.Second, screen.KeyNumber)
	for _, r := range cardNumber() {
		f.key(0, screen.Key(r))
	}
	all["field"] = f.m.State()
	all["closing"] = busy().key(20*time.Second, screen.KeyClose).m.State()
	w := newSample(lang)
	w.m.Train()
	w.key(0, screen.KeyDirection)
	w.m.SetStatus(screen.Status{Post: "Chốt kiểm soát cửa ngõ phía Nam thị xã Hương Thủy – Quốc lộ 1A", Lane: "12",
		Counts: journal.Counts{Head: 12345, Held: 2345, Unsent: 10000, OldestUnsent: noon.Add(-80 * time.Hour), Health: journal.HealthFailing},
		Link:   uplink.State{LastContact: noon.Add(-80 * time.Hour)}, ListsAsOf: noon.Add(-200 * time.Hour), Stale: [3]uint{24, 72, 168}}, noon)
	o := check()
	o.Reading.Name = "NGUYỄN PHÚC HOÀNG THỤC QUYÊN TRẦN THỊ NGỌC DIỄM HẰNG"
	o.Reasons = append(o.Reasons, record.Reason{Code: "clock"}, record.Reason{Code: "unknown_key"}, record.Reason{Code: "lists_supervisor", Arg: "200"})
	w.now = noon
	w.m.Judged(screen.Result{Outcome: o, ID: record.ID{Seq: 9}, At: noon}, noon)
	all["worst"] = w.m.State()
	long := busy()
	o = unreadable()
	o.Reasons = []record.Reason{{Code: "input_method"}, {Code: "ambiguous"}, {Code: "key_usage"}}
	long.scan(9*time.Second, o).scan(time.Millisecond, pass()).scan(time.Millisecond, pass())
	all["unreadable-queue"] = long.m.State()
	o = watch()
	o.Reading.Name = "NGUYỄN PHÚC HOÀNG THỤC QUYÊN CÔNG TẰNG TÔN NỮ THỊ NGỌC DIỄM" // 60 letters
	o.Reasons = append(o.Reasons, record.Reason{Code: "lists_supervisor", Arg: "200"}, record.Reason{Code: "key_usage"})
	long = busy().scan(9*time.Second, o)
	long.scan(time.Millisecond, pass())
	all["watch-long"] = long.m.State()
	long = newSample(lang)
	long.m.SetStatus(screen.Status{Post: "Chốt Phú Bài 1", Lane: "Làn 1",
		Counts: journal.Counts{Head: 3, Unsent: 3, OldestUnsent: noon, Health: journal.HealthFull}}, noon)
	o = pass()
	o.Reading.Name = "NGUYỄN PHÚC HOÀNG THỤC QUYÊN CÔNG TẰNG TÔN NỮ THỊ NGỌC DIỄM"
	long.m.Scan(screen.Scan{Texts: []string{"x"}}, noon)
	long.m.Judged(screen.Result{Outcome: o, ID: record.ID{Seq: 9}, At: noon}, noon)
	long.m.Judged(screen.Result{Outcome: o, ID: record.ID{Seq: 9}, At: noon, Repeat: true}, noon)
	all["no-office-unsaved"] = long.m.State()
	for name, s := range dutyStates(lang) {
		all[name] = s
	}
	maps.Copy(all, pageStates(lang))
	maps.Copy(all, openPages(lang))
	return all
}

// board puts a state on a window of the given size.
func board(t *testing.T, s screen.State, w, h float32) fyne.Window {
	t.Helper()
	b := NewBoard()
	window := test.NewTempWindow(t, b)
	window.SetPadded(false)
	window.Resize(fyne.NewSize(w, h))
	b.Draw(s)
	return window
}
