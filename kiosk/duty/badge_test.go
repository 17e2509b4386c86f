package duty

import (
	"errors"
	"strings"
	"testing"
	"time"

	"quachot/internal/badge"
	"quachot/internal/wire"
)

func badged(t *testing.T) (o []wire.Officer, mine, old badge.Badge) {
	t.Helper()
	mine, err1 := badge.New("C001")
	old, err2 := badge.New("C001")
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return []wire.Officer{
		{ID: "C001", Name: "An", Role: Steward, PIN: cheap("1234"), Badge: mine.Hash()},
		{ID: "C002", Name: "Bình", Role: Supervisor, PIN: cheap("5678")},
	}, mine, old
}

func TestLoginByBadge(t *testing.T) {
	all, mine, old := badged(t)
	other, _ := badge.New("C002") // has no badge at the office
	gone, _ := badge.New("C009")
	for _, tt := range []struct {
		name string
		c    Credentials
		want error
	}{
		{"badge and PIN", Credentials{Badge: mine.Text() + "\r\n", PIN: "1234"}, nil},
		{"the badge alone", Credentials{Badge: mine.Text()}, ErrPIN},
		{"somebody else's PIN", Credentials{Badge: mine.Text(), PIN: "5678"}, ErrPIN},
		{"the badge before this one", Credentials{Badge: old.Text(), PIN: "1234"}, ErrBadge},
		{"a badge the office never made", Credentials{Badge: other.Text(), PIN: "5678"}, ErrBadge},
		{"an officer who is gone", Credentials{Badge: gone.Text(), PIN: "1234"}, ErrUnknown},
		{"half a badge", Credentials{Badge: mine.Text()[:40], PIN: "1234"}, ErrBadge},
		{"half a badge and the right number", Credentials{Badge: mine.Text()[:40], ID: "C001", PIN: "1234"}, ErrBadge},
		{"role enough", Credentials{ID: "C002", PIN: "5678", Role: Supervisor}, nil},
		{"role not enough", Credentials{Badge: mine.Text(), PIN: "1234", Role: Supervisor}, ErrRole},
		{"a wrong PIN says nothing of the role", Credentials{ID: "C001", PIN: "1", Role: Supervisor}, ErrPIN},
	} {
		o, err := Login(all, tt.c, morning, &Guard{})
		if !errors.Is(err, tt.want) || (err == nil) != (o.ID != "") {
			t.Errorf("%s: %+v, %v, want %v", tt.name, o, err, tt.want)
		}
		if err != nil && (strings.Contains(err.Error(), mine.Text()[10:40]) || strings.Contains(err.Error(), "1234")) {
			t.Errorf("%s: the error tells the secret: %v", tt.name, err)
		}
	}
}

// A pad has no letters.
func TestDigitsFindTheOfficer(t *testing.T) {
	all := []wire.Officer{{ID: "C001"}, {ID: "C010"}, {ID: "B010"}, {ID: "012"}, {ID: "C012"}, {ID: "C7X"}}
	for typed, want := range map[string]string{
		"1": "C001", "001": "C001", "c001": "C001", "0012": "C012", "012": "012",
		"10": "", "0": "", "": "", "7": "", "99": "",
	} {
		o, err := Find(all, Credentials{ID: typed})
		if o.ID != want || (want == "") != errors.Is(err, ErrUnknown) {
			t.Errorf("%q found %q (%v), want %q", typed, o.ID, err, want)
		}
	}
}

// A wrong PIN says how many tries are left, then how long to wait.
func TestWrongPINSaysWhatFollows(t *testing.T) {
	all, _, _ := badged(t)
	var g Guard
	now := morning
	for i, want := range []PINError{{"C001", 4, 0}, {"C001", 3, 0}, {"C001", 2, 0}, {"C001", 1, 0}, {"C001", 0, FirstDelay}, {"C001", 0, 2 * FirstDelay}} {
		_, err := Login(all, Credentials{ID: "C001", PIN: "0"}, now, &g)
		var got *PINError
		if !errors.As(err, &got) || *got != want {
			t.Errorf("try %d: %v, want %v", i+1, err, want)
		}
		now = now.Add(want.For + time.Millisecond)
	}
}

func TestRoles(t *testing.T) {
	acts := []Act{Work, Issue, Override, Settings, TakeOver, Leave, "unheard of"}
	for role, want := range map[string]string{
		Steward: "work", Issuer: "work issue", Supervisor: "work issue override settings take-over leave", "": "", "viewer": "",
	} {
		var can []string
		for _, a := range acts {
			if Can(role, a) {
				can = append(can, string(a))
			}
			if Can(role, a) && !Has(role, Needs(a)) {
				t.Errorf("%s may %s, but is less than %s", role, a, Needs(a))
			}
		}
		if got := strings.Join(can, " "); got != want {
			t.Errorf("%s may %q, want %q", role, got, want)
		}
	}
	for _, tt := range []struct {
		role, needed string
		want         bool
	}{
		{Steward, "", true}, {"", "", true}, {Steward, Steward, true}, {Issuer, Steward, true}, {Supervisor, Issuer, true},
		{Steward, Supervisor, false}, {"viewer", Steward, false}, {Supervisor, "admiral", false},
	} {
		if got := Has(tt.role, tt.needed); got != tt.want {
			t.Errorf("%q has %q: %v", tt.role, tt.needed, got)
		}
	}
}
