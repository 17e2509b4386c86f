package view

import (
	"context"
	"time"

	"quachot/internal/badge"
	"quachot/internal/record"
	"quachot/internal/text"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
	"quachot/kiosk/screen"
)

// dutyStates are the pages of duty as the model makes them, with the longest
// names there are.
func dutyStates(lang string) map[string]screen.State {
	all := map[string]screen.State{}
	put := func(name string, s *sample) { all["duty-"+name] = s.m.State() }

	s := newDuty(lang)
	s.scan(0, pass()).scan(time.Second, stop()).keys("2", "Enter", "0", "0", "0", "0", "Enter")
	put("login-wrong", s)
	put("nobody", s.key(0, screen.KeyEscape))

	s = newDuty(lang).keys("2", "Enter", "2", "2", "2", "2", "Enter")
	put("idle", s.scan(0, check()).pass(14*time.Minute+20*time.Second))
	put("handover", s.keys("F9"))
	b, _ := badge.New("C017")
	s.keys("2", "2", "2", "2", "Enter").m.Scan(screen.Scan{Texts: []string{b.Text()}}, s.now)
	put("handover-badge", s.keys("1", "2", "3", "4", "5", "6"))
	put("handover-done", s.keys("Enter"))

	s = newDuty(lang).keys("2", "Enter", "2", "2", "2", "2", "Enter")
	put("lock", s.pass(15*time.Minute).scan(0, pass()))
	return all
}

// pass lets time go by.
func (s *sample) pass(d time.Duration) *sample {
	s.now = s.now.Add(d)
	s.work(s.m.Tick(s.now))
	return s
}

// newDuty is a lane whose office has named officers, with nobody on duty.
func newDuty(lang string) *sample {
	s := newSample(lang)
	hai := screen.Officer{ID: "C002", Name: "Nguyễn Phước Tường Hải Đăng", Role: duty.Steward}
	status := screen.Status{
		Post: "Chốt Phú Bài 1", Lane: "2", ListsAsOf: noon.Add(-12 * time.Minute),
		Duty: screen.Duty{Officers: 3, Idle: 15 * time.Minute, Last: &screen.LastShift{
			Officer: screen.Officer{ID: "C017", Name: "Công Tằng Tôn Nữ Ngọc Ánh"}, Next: hai,
			From: noon.Add(-16 * time.Hour), To: noon.Add(-8 * time.Hour), Counts: fakeHands{}.Counts(),
		}},
	}
	s.m = screen.NewModel(text.Load(lang), record.In, noon)
	s.m.SetStatus(status, noon)
	return s
}

// keys types, and does what is asked for.
func (s *sample) keys(all ...screen.Key) *sample {
	for _, k := range all {
		s.work(s.m.Key(k, false, s.now))
	}
	return s
}

func (s *sample) work(effects []screen.Effect) {
	for _, e := range effects {
		if e.Work == nil {
			continue
		}
		if told := e.Work(context.Background(), fakeHands{}); told != nil {
			s.work(told(s.m, s.now))
		}
	}
}

// fakeHands log everybody in whose PIN is not 0000.
type fakeHands struct{ screen.Doing }

func (fakeHands) Login(_ context.Context, who screen.Credentials) (wire.Officer, error) {
	o := wire.Officer{ID: "C002", Name: "Nguyễn Phước Tường Hải Đăng", Role: duty.Steward}
	if who.Badge != "" {
		o = wire.Officer{ID: "C017", Name: "Công Tằng Tôn Nữ Ngọc Ánh", Role: duty.Supervisor}
	}
	if who.PIN == "0000" {
		return o, &duty.PINError{ID: o.ID, For: 20 * time.Second}
	}
	return o, nil
}

func (fakeHands) Handover(context.Context, string) error { return nil }
func (fakeHands) Lock(context.Context, bool) error       { return nil }
func (fakeHands) Counts() map[string]uint64 {
	return map[string]uint64{
		"passages": 1204, "scans": 1318, "pass": 1102, "check": 171, "stop": 6, "unreadable": 39, "let-through": 140, "turned-back": 31,
		"to-test": 4, "to-quarantine": 2, "declarations": 88, "incidents": 1, "cards": 12, "unsent": 212,
	}
}
