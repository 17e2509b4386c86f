package screen

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/zalando/go-keyring"

	"quachot/kiosk/station"
	"quachot/kiosk/station/stationtest"
)

// What the officer set is there at the next start; a damaged file costs the
// settings and nothing else.
func TestPrefsAreKept(t *testing.T) {
	keyring.MockInitWithError(errors.New("no keyring in tests"))
	dir, _ := stationtest.Enrol(t)
	s, err := station.Open(dir, station.Options{Probe: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if p, err := ReadPrefs(s); err != nil || p != (Prefs{}) {
		t.Errorf("a new station: %+v, %v", p, err)
	}
	want := Prefs{Sunny: true, Private: true, Lang: "en", Typing: "vni"}
	if err := (Hands{Station: s}).KeepPrefs(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if p, err := ReadPrefs(s); err != nil || p != want {
		t.Errorf("%+v, %v, want %+v", p, err, want)
	}
	if err := os.WriteFile(filepath.Join(dir, prefsFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if p, err := ReadPrefs(s); err == nil || p != (Prefs{}) {
		t.Errorf("a damaged file: %+v, %v", p, err)
	}
}
