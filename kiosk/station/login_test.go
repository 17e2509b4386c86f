package station_test

import (
	"errors"
	"testing"

	"quachot/internal/badge"
	"quachot/internal/pin"
	"quachot/internal/wire"
	"quachot/kiosk/duty"
	"quachot/kiosk/station"
	"quachot/kiosk/station/stationtest"
)

// Every refused login is a record, but for a code that was not read whole.
func TestLogin(t *testing.T) {
	noKeyring()
	dir, office := stationtest.Enrol(t)
	s := open(t, dir)
	defer s.Close()
	if _, err := s.Login(t.Context(), duty.Credentials{ID: "C001", PIN: "271828"}); !errors.Is(err, station.ErrNoOfficers) {
		t.Errorf("login without a list of officers: %v", err)
	}
	verifier, err1 := pin.MakePIN("271828")
	mine, err2 := badge.New("C001")
	old, err3 := badge.New("C001")
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	office.Give(s.Lists, 1, map[string]any{wire.ListOfficers: wire.OfficerList{Officers: []wire.Officer{
		{ID: "C001", Name: "Hải", Role: duty.Steward, PIN: verifier, Badge: mine.Hash()},
	}}})
	for _, tt := range []struct {
		name    string
		c       duty.Credentials
		err     error
		records uint64
	}{
		{"badge", duty.Credentials{Badge: mine.Text(), PIN: "271828"}, nil, 0},
		{"the badge before", duty.Credentials{Badge: old.Text(), PIN: "271828"}, duty.ErrBadge, 1},
		{"half a badge", duty.Credentials{Badge: mine.Text()[:30], PIN: "271828"}, duty.ErrBadge, 0},
		{"role", duty.Credentials{ID: "1", PIN: "271828", Role: duty.Supervisor}, duty.ErrRole, 1},
		{"wrong PIN", duty.Credentials{ID: "c001", PIN: "271829"}, duty.ErrPIN, 1},
		{"right again", duty.Credentials{ID: "c001", PIN: "271828", Only: true}, nil, 1}, // the tries are forgotten
		{"nobody", duty.Credentials{ID: "C9", PIN: "271828"}, duty.ErrUnknown, 0},
	} {
		before := s.Journal.Counts().Head
		o, err := s.Login(t.Context(), tt.c)
		if !errors.Is(err, tt.err) || (err == nil) != (o.ID == "C001") {
			t.Errorf("%s: %+v, %v, want %v", tt.name, o, err, tt.err)
		}
		if wrote := s.Journal.Counts().Head - before; wrote != tt.records {
			t.Errorf("%s: %d records, want %d", tt.name, wrote, tt.records)
		}
	}
}
