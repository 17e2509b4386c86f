package training

import (
	"crypto/ed25519"
	"testing"
	"time"

	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/wire"
	"quachot/kiosk/checkpoint"
	"quachot/kiosk/lists"
)

var now = time.Date(2021, 11, 22, 12, 0, 0, 0, time.UTC)

// Each citizen teaches what the lesson says, at a lane that has no lists of its own.
func TestSamplesTeachTheirLesson(t *testing.T) {
	deriver := identity.NewDeriver([16]byte{1}, 0)
	extra, err := Lists(deriver.Derive, now)
	if err != nil {
		t.Fatal(err)
	}
	store, err := lists.Open(t.TempDir()+"/lists.db", officeKeys(t))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	store.Extend(extra)
	all, err := Samples()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		verdict record.Verdict
		reason  string
	}{
		"pass": {record.Pass, ""}, "check": {record.Check, ""},
		"revoked": {record.Stop, "revoked"}, "expired": {record.Stop, "expired"}, "forged": {record.Stop, "bad_signature"},
		"watch": {record.Stop, "watch"}, "unreadable": {record.Unreadable, ""},
	}
	if len(all) != len(want) {
		t.Errorf("%d citizens, want %d", len(all), len(want))
	}
	for _, s := range all {
		got := checkpoint.Judge(checkpoint.Input{
			Text: s.Code, Now: now, Direction: record.In, Lists: store.Snapshot(), Derive: deriver.DeriveAll,
		})
		w := want[s.Name]
		found := w.reason == ""
		for _, r := range got.Reasons {
			found = found || r.Code == w.reason
		}
		if got.Verdict != w.verdict || !found {
			t.Errorf("%s: %v %v, want %v with %q", s.Name, got.Verdict, got.Reasons, w.verdict, w.reason)
		}
		if s.Name == "watch" && (got.Watch == nil || got.Watch.Reason != "f1") {
			t.Errorf("the hit tells nothing: %+v", got.Watch)
		}
	}
}

// In earnest nobody trusts a card of training.
func TestCardsOfTrainingCountNowhereElse(t *testing.T) {
	all, err := Samples()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if r := credential.Read(s.Code, &credential.Trusted{}, now); r.Trust == credential.Signed {
			t.Errorf("%s is taken for signed: %+v", s.Name, r)
		}
	}
}

// officeKeys are those of an office that never said anything.
func officeKeys(t *testing.T) wire.OfficeKeys {
	t.Helper()
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return wire.OfficeKeys{Sign: public}
}
