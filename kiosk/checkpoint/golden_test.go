package checkpoint

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	"quachot/internal/card"
	"quachot/internal/credential"
	"quachot/internal/identity"
	"quachot/internal/record"
	"quachot/internal/rules"
)

// goldenLists trust the key of the golden cards.
type goldenLists struct {
	fakeLists
	key card.Key
}

func (g *goldenLists) Trusted() *credential.Trusted {
	return &credential.Trusted{Cards: card.Keyring{g.key}}
}

// The cards that other implementations signed and checked.
func TestGoldenCards(t *testing.T) {
	var file struct {
		KID     string `json:"kid"`
		Public  string `json:"public_key_hex"`
		Vectors []struct{ Name, Text string }
	}
	load(t, "own-card-claim169.json", &file)
	lists := &goldenLists{
		fakeLists: fakeLists{asOf: listsAt},
		key:       card.Key{KID: []byte(file.KID), Public: must(hex.DecodeString(file.Public))},
	}
	want := map[string]struct {
		verdict record.Verdict
		code    string
	}{
		"valid":            {record.Pass, ""},
		"tampered-payload": {record.Stop, "bad_signature"},
		"wrong-key":        {record.Stop, "bad_signature"},
		"expired":          {record.Stop, "expired"},
		"no-169":           {record.Check, "no_identity"},
	}
	for _, v := range file.Vectors {
		got := Judge(Input{Text: v.Text, Now: noon, Lists: lists, Derive: derive})
		code := ""
		if len(got.Reasons) > 0 {
			code = got.Reasons[0].Code
		}
		w, ok := want[v.Name]
		if !ok {
			t.Errorf("vector %q is not in the table", v.Name)
		}
		if got.Verdict != w.verdict || code != w.code {
			t.Errorf("%s: %v %q, want %v %q (%+v)", v.Name, got.Verdict, code, w.verdict, w.code, got.Reading)
		}
	}
}

// Nothing a citizen shows without a signature is green, or a stop, by itself.
func TestVietnameseSamplesAreAmber(t *testing.T) {
	var samples []struct{ Text string }
	load(t, "samples.json", &samples)
	if len(samples) < 12 {
		t.Fatalf("%d samples", len(samples))
	}
	for _, s := range samples {
		got := Judge(Input{Text: s.Text, Now: noon, Lists: &fakeLists{asOf: listsAt}, Derive: derive})
		if got.Verdict != record.Check || len(got.Keys) == 0 {
			t.Errorf("%.40q: %v %v, %d keys", s.Text, got.Verdict, got.Reasons, len(got.Keys))
		}
	}
}

func load(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever is scanned gets one verdict, and green only with a signature.
func FuzzJudge(f *testing.F) {
	f.Add(token(issuer, "k1", nil), int64(0))
	f.Add(token(someone, "k9", nil), int64(-1<<40))
	f.Add(cccd, int64(1<<33))
	f.Add("https://example.org", int64(5))
	f.Add("\x00\xff{|", int64(1))
	recent := func(identity.Match) (Seen, bool) { return Seen{At: noon}, true }
	declared := func(identity.Match) (record.Declaration, time.Time, bool) {
		return record.Declaration{Birth: "2000", From: "19768", Symptoms: []string{"fever"}, Tests: []string{"negative"}}, noon, true
	}
	f.Fuzz(func(t *testing.T, text string, off int64) {
		lists := &fakeLists{asOf: listsAt, stale: [3]uint{1, 2, 3}}
		now := noon.Add(time.Duration(off % int64(200*365*24*time.Hour)))
		got := Judge(Input{Text: text, Now: now, Lists: lists, Derive: derive, Recent: recent, Rules: rules.Default(), Level: uint8(off) % 5, Declared: declared})
		if got.Verdict < record.Pass || got.Verdict > record.Unreadable {
			t.Errorf("verdict %v", got.Verdict)
		}
		if got.Verdict == record.Pass && got.Reading.Trust != credential.Signed {
			t.Errorf("green for %v %v", got.Reading.Kind, got.Reading.Trust)
		}
		if got.Verdict != record.Pass && len(got.Reasons) == 0 {
			t.Errorf("%v without a reason", got.Verdict)
		}
		if got.Verdict == record.Unreadable && len(got.Keys) > 0 {
			t.Error("keys of nobody")
		}
	})
}
