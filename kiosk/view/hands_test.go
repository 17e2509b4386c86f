package view

import (
	"context"
	"errors"
	"time"

	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/lane"
	"quachot/kiosk/screen"
)

// hands is a Doing that always succeeds, for pages that ask for something.
type hands struct {
	seq  uint64
	fail error // of what proves an officer, and of printing
}

var _ screen.Doing = (*hands)(nil)

func (h *hands) next() (record.ID, error) {
	h.seq++
	return record.ID{Seq: 1000 + h.seq}, nil
}

func (h *hands) Scan(context.Context, string) screen.Result {
	return screen.Result{Err: errors.New("not here")}
}
func (h *hands) Decide(context.Context, record.Passage) (record.ID, error) { return h.next() }
func (h *hands) SetDirection(context.Context, record.Direction) error      { return nil }
func (h *hands) Try(record.Declaration) checkpoint.Outcome                 { return check() }
func (h *hands) Plate(string) checkpoint.Outcome                           { return checkpoint.Outcome{} }
func (h *hands) Meter() lane.Meter                                         { return shift() }
func (h *hands) Declare(context.Context, record.Declaration) (screen.Result, error) {
	id, err := h.next()
	return screen.Result{Outcome: check(), ID: id, At: noon, Durable: true}, err
}
func (h *hands) Incident(context.Context, record.Incident) (record.ID, error) { return h.next() }
func (h *hands) Note(context.Context, string, *record.ID) (record.ID, error)  { return h.next() }
func (h *hands) SetPurpose(context.Context, string) error                     { return nil }
func (h *hands) Move(context.Context, record.Place) error                     { return nil }
func (h *hands) Login(_ context.Context, who screen.Credentials) (wire.Officer, error) {
	return wire.Officer{ID: "HUE-0417", Name: "Trần Thị Lý", Role: "officer"}, h.fail
}
func (h *hands) Handover(context.Context, string) error { return h.fail }
func (h *hands) Lock(context.Context, bool) error       { return nil }
func (h *hands) Print(context.Context, screen.Paper) (string, error) {
	return "HP LaserJet", h.fail
}

func (h *hands) Counts() map[string]uint64 {
	return map[string]uint64{"passages": 1204, "scans": 1236, "pass": 1032, "check": 138, "stop": 21, "unreadable": 45,
		"let-through": 121, "turned-back": 17, "to-test": 12, "to-quarantine": 4, "declarations": 88, "incidents": 2, "notes": 3,
		"cards": 6, "repeats": 51, "unsent": 212}
}

func (h *hands) Places() []wire.CarePlace {
	return []wire.CarePlace{
		{Code: "Q1", Name: "Trung tâm cách ly Đại học Huế, ký túc xá Trường Bia", Kind: "quarantine", Address: "Phường An Cựu", Phone: "0234 3823 456", Free: 34},
		{Code: "Q2", Name: "Trường Cao đẳng Nghề Huế", Kind: "quarantine", Address: "27 Hoàng Quốc Việt", Free: 12},
		{Code: "Q3", Name: "Bệnh viện Dã chiến số 1", Kind: "quarantine", Free: 0},
		{Code: "T1", Name: "Trạm y tế Phường Phú Bài", Kind: "test", Phone: "0234 3861 234"},
		{Code: "T2", Name: "Bệnh viện Trung ương Huế, cơ sở 2", Kind: "test", Address: "Phong Điền"},
	}
}

// shift is a morning at a lane.
func shift() lane.Meter {
	m := lane.Meter{Since: noon.Add(-8 * time.Hour), PerMinute: 38, Total: lane.Hour{Scans: 1236, Declarations: 88, PerPerson: 4100 * time.Millisecond}}
	m.Total.Verdicts = [record.Unreadable + 1]uint64{0, 1032, 138, 21, 45}
	for i := range 9 {
		h := lane.Hour{Start: noon.Truncate(time.Hour).Add(time.Duration(i-8) * time.Hour), Scans: uint64(53 + 10*i)}
		n := uint64(i)
		h.Verdicts = [record.Unreadable + 1]uint64{0, 40 + 30*n - 3*n*n, 10 + n, 3, n}
		m.Hours = append(m.Hours, h)
	}
	return m
}
