package duty

import (
	"encoding/base64"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"quachot/internal/pin"
	"quachot/internal/wire"
)

var morning = time.Date(2021, 10, 1, 0, 0, 0, 0, time.UTC)

func staff(t *testing.T) []wire.Officer {
	t.Helper()
	var all []wire.Officer
	for id, code := range map[string]string{"B01": "1234", "b02": "567890"} {
		all = append(all, wire.Officer{ID: id, Name: "officer " + id, Role: "steward", PIN: cheap(code)})
	}
	return append(all, wire.Officer{ID: "broken", PIN: "$2y$10$of another kind"})
}

// cheap is a verifier that costs little, for tests that try many PINs.
func cheap(code string) string {
	salt := []byte("salt of the test")
	hash := argon2.IDKey([]byte(code), salt, 1, 64, 1, 32)
	b64 := base64.RawStdEncoding.EncodeToString
	return "$argon2id$v=19$m=64,t=1,p=1$" + b64(salt) + "$" + b64(hash)
}

func TestLogin(t *testing.T) {
	all := staff(t)
	for _, tt := range []struct {
		name, id, pin string
		want          error
	}{
		{"right", "B01", "1234", nil},
		{"the other one", "b02", "567890", nil},
		{"small letters, blanks, a newline of a file", " b01 ", "1234\n", nil},
		{"wrong PIN", "B01", "1235", ErrPIN},
		{"somebody else's PIN", "B01", "567890", ErrPIN},
		{"no PIN", "B01", "", ErrPIN},
		{"unknown", "B99", "1234", ErrUnknown},
		{"nobody", "", "", ErrUnknown},
		{"an entry that cannot be used", "broken", "1234", pin.ErrVerifier},
	} {
		o, err := Login(all, Credentials{ID: tt.id, PIN: tt.pin}, morning, &Guard{})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if (err == nil) != (o.ID != "") {
			t.Errorf("%s: officer %+v with error %v", tt.name, o, err)
		}
	}
}

func TestDelaysGrow(t *testing.T) {
	all := staff(t)
	var g Guard
	now := morning
	wrong := func() error { _, err := Login(all, Credentials{ID: "B01", PIN: "0000"}, now, &g); return err }
	for i := range FreeTries {
		if err := wrong(); !errors.Is(err, ErrPIN) {
			t.Fatalf("try %d: %v, want ErrPIN at once", i+1, err)
		}
	}
	for _, want := range []time.Duration{5, 10, 20, 40, 80, 160, 320, 640, 900, 900} {
		want *= time.Second
		var wait *WaitError
		_, err := Login(all, Credentials{ID: "B01", PIN: "1234"}, now, &g) // the right PIN has to wait too
		if !errors.As(err, &wait) || wait.For != want {
			t.Fatalf("got %v, want a wait of %v", err, want)
		}
		now = now.Add(want - time.Millisecond)
		if err := wrong(); !errors.As(err, &wait) {
			t.Fatalf("a moment too early: %v", err)
		}
		now = now.Add(time.Millisecond)
		if err := wrong(); !errors.Is(err, ErrPIN) {
			t.Fatalf("after %v: %v, want ErrPIN", want, err)
		}
	}
	if _, err := Login(all, Credentials{ID: "b02", PIN: "567890"}, now, &g); err != nil {
		t.Errorf("another officer waits too: %v", err)
	}
	now = now.Add(MaxDelay)
	if _, err := Login(all, Credentials{ID: "B01", PIN: "1234"}, now, &g); err != nil {
		t.Fatalf("the right PIN after the delay: %v", err)
	}
	for i := range FreeTries {
		if err := wrong(); !errors.Is(err, ErrPIN) {
			t.Fatalf("try %d after a right PIN: %v, want free tries again", i+1, err)
		}
	}
}

func TestClockSetBackWaitsOnceMore(t *testing.T) {
	all := staff(t)
	var g Guard
	for range FreeTries {
		_, _ = Login(all, Credentials{ID: "B01", PIN: "0000"}, morning, &g)
	}
	lastYear := morning.AddDate(-1, 0, 0)
	var wait *WaitError
	if _, err := Login(all, Credentials{ID: "B01", PIN: "1234"}, lastYear, &g); !errors.As(err, &wait) || wait.For != FirstDelay {
		t.Errorf("got %v, want a wait of %v", err, FirstDelay)
	}
	if _, err := Login(all, Credentials{ID: "B01", PIN: "1234"}, lastYear.Add(FirstDelay), &g); err != nil {
		t.Errorf("after it: %v", err)
	}
}

func TestGuardSurvivesARestart(t *testing.T) {
	all := staff(t)
	kept := map[string]Tries{}
	g := Guard{Changed: func(id string, t Tries) { kept[id] = t }}
	for range FreeTries {
		_, _ = Login(all, Credentials{ID: "B01", PIN: "0000"}, morning, &g)
	}
	if kept["B01"].Wrong != FreeTries {
		t.Errorf("told of %d wrong PINs, want %d", kept["B01"].Wrong, FreeTries)
	}
	told := 0
	quiet := Guard{Changed: func(_ string, t Tries) { told += int(t.Wrong) }}
	if _, err := Login(all, Credentials{ID: "B01", PIN: "1234"}, morning, &quiet); err != nil || told != 0 {
		t.Errorf("a right PIN was told as %d wrong ones (%v)", told, err)
	}
	var again Guard
	for id, tries := range kept {
		again.Restore(id, tries)
	}
	var wait *WaitError
	if _, err := Login(all, Credentials{ID: "B01", PIN: "1234"}, morning, &again); !errors.As(err, &wait) {
		t.Errorf("a restart buys new tries: %v", err)
	}
	if _, err := Login(all, Credentials{ID: "B01", PIN: "1234"}, morning.Add(FirstDelay), &g); err != nil || kept["B01"].Wrong != 0 {
		t.Errorf("after a right PIN: %v, kept %+v", err, kept["B01"])
	}
}

// Tries made at the same moment do not slip through together.
func TestTriesAtOnce(t *testing.T) {
	all := staff(t)
	var g Guard
	var checked atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := Login(all, Credentials{ID: "B01", PIN: "0000"}, morning, &g); errors.Is(err, ErrPIN) {
				checked.Add(1)
			}
		})
	}
	wg.Wait()
	if n := checked.Load(); n != FreeTries {
		t.Errorf("%d PINs were checked, want %d", n, FreeTries)
	}
}
