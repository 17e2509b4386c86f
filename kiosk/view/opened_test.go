package view

import (
	"errors"
	"time"

	"quachot/kiosk/screen"
)

// openPages are the lane's pages as an officer opens them, by their names.
func openPages(lang string) map[string]screen.State {
	all := map[string]screen.State{}
	add := func(name string, s *sample) { all[name] = s.m.State() }
	fresh := func() *sample { return newSample(lang) }
	add("help", fresh().key(0, screen.KeyHelp))
	add("meter", fresh().key(0, screen.KeyMeter))
	add("sync", sampleOf(lang, syncing).key(0, screen.KeySync))
	add("settings", fresh().key(0, screen.KeySettings))
	add("purpose", fresh().key(0, screen.KeySettings, "3"))
	add("selftest", fresh().key(0, screen.KeySettings, "8"))
	add("incident", fresh().scan(0, pass()).key(time.Second, screen.KeyIncident))
	add("reasons", fresh().scan(0, check()).key(time.Second, "1"))
	add("override", sampleOf(lang, attended).scan(0, stop()).key(time.Second, "1", screen.KeyEnter))
	add("quarantine", fresh().scan(0, watch()).key(time.Second, "5"))
	add("test-places", fresh().scan(0, check()).key(time.Second, "4"))
	add("declare", fresh().scan(0, check()).key(time.Second, "2"))
	add("declare-ward", fresh().scan(0, check()).key(time.Second, "2", screen.KeyEnter).word("phu bai"))
	add("declare-symptoms", fresh().scan(0, check()).key(time.Second, "2", screen.KeyTab, screen.KeyTab, screen.KeyTab, screen.KeyTab, screen.KeyTab).word("h"))
	add("declare-end", fresh().scan(0, check()).key(time.Second, "2", screen.KeyTab, screen.KeyTab, screen.KeyTab, screen.KeyTab,
		screen.KeyTab, screen.KeyTab, screen.KeyTab, screen.KeyTab, screen.KeyTab))
	add("declare-empty", fresh().key(0, screen.KeyDeclare))
	add("paper", fresh().key(0, screen.KeyPaper))
	add("vehicle-form", fresh().key(0, screen.KeyVehicle).word("75A12345").scan(time.Second, pass()).scan(time.Second, check()))
	add("vehicle-lane", fresh().key(0, screen.KeyVehicle).word("75A12345").key(0, screen.KeyVehicle).
		scan(time.Second, pass()).scan(time.Second, check()).scan(time.Second, pass()))
	add("login", sampleOf(lang, guarded))
	refused := sampleOf(lang, guarded)
	refused.hands.fail = errors.New("wrong pin")
	add("login-refused", refused.word("0417").key(0, screen.KeyEnter).word("123456").key(0, screen.KeyEnter))
	add("duty", sampleOf(lang, attended).key(0, screen.KeyDuty))
	add("handover", sampleOf(lang, attended).key(0, screen.KeyDuty).word("123456").key(0, screen.KeyEnter))
	add("lock", sampleOf(lang, attended).key(0, screen.KeyDuty, screen.KeyDuty))
	place := fresh().status(func(s *screen.Status) { s.Kind, s.Inside, s.Post = "place", 128, "Chợ Đông Ba" })
	add("place", place)
	patrol := fresh().status(func(s *screen.Status) { s.Kind, s.Place = "patrol", "Cầu Trường Tiền" })
	add("move", patrol.key(0, screen.KeySettings, "4"))
	training := fresh()
	training.m.Train()
	add("training-page", training.key(0, screen.KeySettings))
	add("training-samples", training.key(0, "9"))
	return all
}

// guarded is a station whose office has named officers; attended has one on duty.
func guarded(s *screen.Status) {
	s.Officer = ""
	s.Duty = screen.Duty{Officers: 12, Idle: 15 * time.Minute, Last: &screen.LastShift{
		Officer: screen.Officer{ID: "HUE-0311", Name: "Lê Văn Tám", Role: "officer"}, From: noon.Add(-14 * time.Hour), To: noon.Add(-6 * time.Hour),
		Counts: (&hands{}).Counts()}}
}

func attended(s *screen.Status) {
	guarded(s)
	s.Officer = "Nguyễn Văn Hải"
	s.Duty.On = screen.Officer{ID: "HUE-0417", Name: "Nguyễn Văn Hải", Role: "supervisor"}
}

// syncing is a station that has lists and an office that does not answer.
func syncing(s *screen.Status) {
	s.Lists = []screen.ListState{{Name: "revoked", Version: 812, Entries: 1204}, {Name: "watch", Version: 4410, Entries: 18_233},
		{Name: "officers", Version: 14, Entries: 12}, {Name: "keys", Version: 3, Entries: 5}, {Name: "rules", Version: 9, Entries: 21}, {Name: "places", Entries: -1}}
	s.Link.ErrorCode, s.Link.LastError, s.Link.NextTry = "unreachable", "no route", noon.Add(40*time.Second)
}
