package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quachot/kiosk/journal"
	"quachot/kiosk/station/stationtest"
)

// A closed journal is proven with the station's key; without the key it says so.
func TestCheckVerifiesSignatures(t *testing.T) {
	dir, _ := stationtest.Enrol(t)
	if code, _, stderr := kiosk(t, "046203005678", "--data", dir, "lane"); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	check := func(name string, wantCode int, signatures bool) {
		t.Helper()
		code, stdout, stderr := kiosk(t, "", "--data", dir, "check", "--json")
		r := lines[journal.Report](t, stdout)
		if code != wantCode || len(r) != 1 || r[0].OK != (wantCode == 0) || r[0].Signatures != signatures {
			t.Errorf("%s: exit %d, want %d; %s%s", name, code, wantCode, stdout, stderr)
		}
	}
	check("as it is", 0, true)

	file := filepath.Join(dir, "station.cbor")
	own, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := stationtest.Enrol(t)
	stranger, err := os.ReadFile(filepath.Join(other, "station.cbor"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name       string
		file       []byte
		code       int
		signatures bool
	}{
		{"another station's journal", stranger, 1, true},
		{"the station's file cut", own[:len(own)/2], 0, false},
		{"the station's file gone", nil, 0, false},
	} {
		if err := os.WriteFile(file, c.file, 0o600); err != nil {
			t.Fatal(err)
		}
		if c.file == nil {
			os.Remove(file)
		}
		check(c.name, c.code, c.signatures)
	}
	if code, stdout, _ := kiosk(t, "", "--data", dir, "check"); code != 0 || !strings.Contains(stdout, "signatures were not checked") {
		t.Errorf("for people, without the station's file: exit %d, %s", code, stdout)
	}
}
