package e2e

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"quachot/internal/card"
	"quachot/syncserver/vault"
)

// printed is a card as the office made it, with the text a scanner reads.
type printed struct{ number, text string }

// cose are the signed bytes of the card.
func (p printed) cose(t *testing.T) []byte { return must(t)(card.Decode(p.text)) }

// must gives the value of a call that has to work.
func must(t *testing.T) func([]byte, error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

func base45(t *testing.T, cose []byte) string {
	t.Helper()
	text, err := card.Base45(cose)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// issue prints cards at the office and reads them back from their pictures.
func (s *site) issue(rows ...string) []printed {
	s.t.Helper()
	dir := s.t.TempDir()
	people := filepath.Join(dir, "people.csv")
	if err := os.WriteFile(people, []byte("name,dob,sex,document,ward\n"+strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
		s.t.Fatal(err)
	}
	out := s.run("issue", "--people", people, "--out", dir, "--format", "png")
	var cards []printed
	for dec := json.NewDecoder(strings.NewReader(out.Stdout)); dec.More(); {
		var c struct{ Number, File string }
		if err := dec.Decode(&c); err != nil {
			s.t.Fatalf("%v in %s", err, out.Stdout)
		}
		if c.File == "" { // the summary
			continue
		}
		var read struct{ Text, Error string }
		seen := s.kiosk("decode", filepath.Join(dir, c.File))
		unmarshal(s.t, seen.Stdout, &read)
		if seen.Code != 0 || !card.Recognise(read.Text) {
			s.t.Fatalf("the printed card %s reads as %q: %s", c.File, read.Text, read.Error)
		}
		cards = append(cards, printed{c.Number, read.Text})
	}
	if len(cards) != len(rows) {
		s.t.Fatalf("%d cards for %d people: %s", len(cards), len(rows), out.Stdout)
	}
	return cards
}

// scan works a lane in data for as long as the lines last.
func (s *site) scan(data string, lines ...string) []answer {
	s.t.Helper()
	out := s.kioskIn(data, strings.Join(lines, "\n")+"\n", "lane")
	if out.Code != 0 {
		s.t.Fatalf("lane: exit %d: %s", out.Code, out.Stderr)
	}
	var all []answer
	for dec := json.NewDecoder(strings.NewReader(out.Stdout)); dec.More(); {
		var a answer
		if err := dec.Decode(&a); err != nil {
			s.t.Fatal(err)
		}
		all = append(all, a)
	}
	if len(all) != len(lines) {
		s.t.Fatalf("%d answers to %d lines:\n%s", len(all), len(lines), out.Stdout)
	}
	return all
}

// A station that was enrolled and then taken out of the network's reach knows
// good cards from the first scan on.
func TestListsComeWithTheEnrolment(t *testing.T) {
	s := newSite(t)
	good := s.issue("Nguyễn Thị Ửng,1987-01-18,Nữ,cccd:046187001234,19768")[0]
	data := filepath.Join(t.TempDir(), "second")
	out := s.kioskIn(data, "", "enrol", s.addStation("Làn 2"))
	var enrolled struct{ Lists []struct{ Name string } }
	unmarshal(t, out.Stdout, &enrolled)
	if out.Code != 0 || len(enrolled.Lists) < 3 {
		t.Errorf("enrol: exit %d, %s%s", out.Code, out.Stdout, out.Stderr)
	}
	s.network.answerHTML()
	if a := s.scan(data, good.text)[0]; a.Verdict != "pass" || len(a.Reasons) > 0 {
		t.Errorf("first scan: %+v", a)
	}
}

// Everything bad that can be held before the scanner gets its verdict, and the
// verdict is a record at the office.
func TestBadCardsReachTheOffice(t *testing.T) {
	s := newSite(t)
	good := s.issue("Nguyễn Thị Ửng,1987-01-18,Nữ,cccd:046187001234,19768")[0]
	keys, _, err := vault.Open(s.office.Data, time.Now().Unix())
	if err != nil {
		t.Fatal(err)
	}
	token, err := card.Verify(good.cose(t), nil)
	kid := token.KID
	if token.Claims.Name == "" {
		t.Fatalf("the office's card: %+v, %v", token, err)
	}
	sign := func(key ed25519.PrivateKey, kid []byte, change func(*card.Claims)) string {
		c := token.Claims
		change(&c)
		return base45(t, must(t)(card.Sign(key, kid, c)))
	}
	as := func(*card.Claims) {}
	stranger := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize))
	half := len(good.text) / 2
	cases := []struct {
		name, text, verdict string
		reasons             []string
	}{
		{"a good card", good.text, "pass", nil},
		{"tampered with", base45(t, bytes.Replace(good.cose(t), []byte("Ửng"), []byte("Ứng"), 1)), "stop", []string{"bad_signature"}},
		{"forged under our key's name", sign(stranger, kid, as), "stop", []string{"bad_signature"}},
		{"signed by nobody we know", sign(stranger, []byte("k9"), as), "check", []string{"unknown_key"}},
		{"another algorithm named", base45(t, otherAlg(t, good.cose(t))), "stop", []string{"alg_mismatch"}},
		{"from tomorrow", sign(keys.Cards, kid, func(c *card.Claims) { c.Issued = c.Issued.Add(24 * time.Hour) }), "stop", []string{"not_yet_valid"}},
		{"expired", sign(keys.Cards, kid, func(c *card.Claims) { c.Expires = c.Issued.Add(-time.Minute); c.Issued = c.Issued.Add(-time.Hour) }), "stop", []string{"expired"}},
		{"half a card", good.text[:half], "unreadable", []string{"truncated"}},
		{"a scan in the middle of a scan", good.text[:half] + good.text, "unreadable", nil},
		{"two scans without an end between", good.text + good.text, "unreadable", nil},
		{"garbage", "xin chào", "unreadable", []string{"garbage"}},
		{"binary", "\x01\x02\xff\xfe\x80", "unreadable", nil},
		{"a megabyte", strings.Repeat("x", 1<<20), "unreadable", []string{"too_large"}},
		{"a login page", "<html><body>Đăng nhập</body></html>", "unreadable", []string{"garbage"}},
		{"a good document after all that", citizen(7), "check", []string{"unverified"}},
	}
	var texts []string
	for _, c := range cases {
		texts = append(texts, c.text)
	}
	s.sync() // the office's issuing key comes with the lists
	saved := ledger{}
	for i, a := range s.scan(s.data, texts...) {
		c := cases[i]
		if a.Verdict != c.verdict || c.reasons != nil && !slices.Equal(a.Reasons[:min(len(a.Reasons), len(c.reasons))], c.reasons) {
			t.Errorf("%s: %s %v, want %s %v", c.name, a.Verdict, a.Reasons, c.verdict, c.reasons)
		}
		saved.note(t, a)
	}
	s.sync()
	saved.compare(t, s.records(""))
	if n := len(s.records("scan")); n != len(cases) {
		t.Errorf("%d scans at the office, want %d", n, len(cases))
	}
	s.wholeBothEnds()
}

// otherAlg names ES256 in the protected header of a token.
func otherAlg(t *testing.T, cose []byte) []byte {
	t.Helper()
	eddsa, es256 := []byte{0x01, 0x27, 0x04}, []byte{0x01, 0x26, 0x04} // alg, then kid
	if bytes.Count(cose, eddsa) != 1 {
		t.Fatalf("no protected header with EdDSA and kid in %x", cose)
	}
	return bytes.Replace(cose, eddsa, es256, 1)
}

// A patient known to the office by CCCD alone is stopped when he holds our card
// before the scanner, and a revoked card is stopped too.
func TestWatchedAndRevokedAreStopped(t *testing.T) {
	s := newSite(t)
	cards := s.issue("Nguyễn Thị Ửng,1987-01-18,Nữ,cccd:046187001234,19768", "Trần Văn Bình,2003-09-19,Nam,cccd:046203005678,19774")
	watched, revoked := cards[0], cards[1]
	digits := func(p printed) string {
		text, err := card.Digits(p.cose(t))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	saved := ledger{}
	want := func(step string, lines []string, verdicts ...string) {
		t.Helper()
		s.sync()
		for i, a := range s.scan(s.data, lines...) {
			saved.note(t, a)
			if got := strings.Join(append([]string{a.Verdict}, a.Reasons...), " "); !strings.HasPrefix(got, verdicts[i]) {
				t.Errorf("%s, scan %d: %s, want %s", step, i, got, verdicts[i])
			}
		}
	}
	want("before", []string{watched.text, revoked.text}, "pass", "pass")
	s.run("watch", "add", "cccd:046187001234", "--reason", "f0", "--note", "gọi 115")
	s.run("card", "revoke", revoked.number)
	want("after", []string{digits(watched), watched.number, "046187001234", digits(revoked), revoked.number},
		"stop watch", "stop watch", "stop watch", "stop revoked", "stop revoked")
	s.run("watch", "add", "plate:75A-123.45", "--reason", "wanted")
	s.sync()
	vehicle := s.scan(s.data, citizen(5), `{"decide":{"decision":"turned-back","plate":"75a12345"}}`)
	if !slices.Equal(vehicle[1].Reasons, []string{"watch_plate"}) {
		t.Errorf("a watched plate: %+v", vehicle[1])
	}
	saved.note(t, vehicle[1])
	s.run("watch", "remove", "cccd:046187001234")
	want("taken off the list", []string{watched.text}, "pass recent")
	s.sync()
	if passages := s.records("passage"); len(passages) != 1 || !strings.Contains(string(passages[0].Body), "watch_plate") {
		t.Errorf("passages at the office: %+v", passages)
	}
	saved.compare(t, s.records(""))
	if out, err := s.office.Run(t.Context(), "watch", "remove", "cccd:046187001234"); err == nil || out.Code != 2 {
		t.Errorf("removed twice: exit %d, %v", out.Code, err)
	}
}

// What the office says of people and stations holds at the lane: officers log in
// with their PIN, a lost station is refused and keeps what it has.
func TestOfficersAndRevokedStations(t *testing.T) {
	s := newSite(t)
	pin := filepath.Join(t.TempDir(), "pin")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(pin, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("271828\n")
	var officer struct{ ID, Name, Role string }
	unmarshal(t, s.run("officer", "add", "Hồ Thị Lan", "--role", "steward", "--pin-file", pin).Stdout, &officer)
	if list := s.run("officer", "list").Stdout; officer.ID == "" || !strings.Contains(list, "Hồ Thị Lan") || strings.Contains(list, "argon2") {
		t.Errorf("officer %+v, list %s", officer, list)
	}
	s.sync()
	out := s.kioskIn(s.data, citizen(1)+"\n", "lane", "--officer", officer.ID, "--pin-file", pin)
	if out.Code != 0 {
		t.Fatalf("login: exit %d: %s", out.Code, out.Stderr)
	}
	write("314159")
	if out := s.kioskIn(s.data, citizen(2)+"\n", "lane", "--officer", officer.ID, "--pin-file", pin); out.Code != 2 || out.Stdout != "" {
		t.Errorf("wrong PIN: exit %d, %s", out.Code, out.Stdout)
	}
	s.sync()
	scans := s.records("scan")
	if len(scans) != 1 || scans[0].Officer != officer.ID || scans[0].Post != "PB1" {
		t.Errorf("scans at the office: %+v", scans)
	}
	if got := s.records("shift"); len(got) != 3 {
		t.Errorf("%d shift records, want login, logout and the wrong PIN", len(got))
	}
	after := s.run("records", "--after", fmt.Sprint(scans[0].N), "--kind", "shift").Stdout
	if strings.Count(after, "\n") != 2 || !strings.Contains(after, `"logout"`) || !strings.Contains(after, `"refused"`) {
		t.Errorf("records after the scan: %s", after)
	}

	s.run("station", "revoke", "460001", "--reason", "lost")
	s.scan(s.data, citizen(3)) // a lost station's lane works on, and keeps it all
	refused := s.kiosk("sync", "--timeout", "10s")
	var status struct {
		Unsent uint64
		Code   string `json:"error_code"`
	}
	unmarshal(t, refused.Stdout, &status)
	if refused.Code != 1 || status.Code != "refused" || status.Unsent == 0 {
		t.Errorf("sync of a lost station: exit %d, %s%s", refused.Code, refused.Stdout, refused.Stderr)
	}
	if got := s.records("scan"); len(got) != 1 {
		t.Errorf("%d scans at the office after the loss was reported", len(got))
	}
	if list := s.run("station", "list").Stdout; !strings.Contains(list, `"station":"460001"`) || !strings.Contains(list, `"state":"lost"`) {
		t.Errorf("station list: %s", list)
	}
	if out, err := s.office.Run(t.Context(), "station", "revoke", "460999", "--reason", "lost"); err == nil || out.Code != 2 {
		t.Errorf("a station that is none: exit %d, %v", out.Code, err)
	}
}
