package command

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"quachot/internal/card"
	"quachot/internal/pin"
	"quachot/internal/wire"
	"quachot/kiosk/station"
	"quachot/kiosk/station/stationtest"
)

// The journal's checker is a child of the running program, which is this test.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "journal-probe" {
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, NoWindow))
	}
	keyring.MockInitWithError(errors.New("no keyring in tests"))
	os.Exit(m.Run())
}

// kiosk runs one command line.
func kiosk(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(args, strings.NewReader(stdin), &out, &errs, NoWindow)
	return code, out.String(), errs.String()
}

// lines decodes JSON lines.
func lines[T any](t *testing.T, text string) (all []T) {
	t.Helper()
	for dec := json.NewDecoder(strings.NewReader(text)); dec.More(); {
		var v T
		if err := dec.Decode(&v); err != nil {
			t.Fatalf("%v in %q", err, text)
		}
		all = append(all, v)
	}
	return all
}

func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		says string // on stderr
	}{
		{[]string{"--help"}, 0, ""},
		{[]string{"bogus"}, 2, "Nothing was done"},
		{[]string{"lane", "--direction", "up"}, 2, "Nothing was done"},
		{[]string{"lane", "--scanner", "telepathy"}, 2, "Nothing was changed"},
		{[]string{"lane", "--scanner", "stdin", "--scanner", "stdin"}, 2, "named twice"},
		{[]string{"lane", "--officer", "h1"}, 2, "belong together"},
		{[]string{"lane"}, 2, "kiosk enrol CODE"},
		{[]string{"status", "--json"}, 2, "kiosk enrol CODE"},
		{[]string{"sync"}, 2, "kiosk enrol CODE"},
		{[]string{"enrol", "XIN-CHAO"}, 2, "not an enrolment code"},
		{[]string{"journal-probe", filepath.Join(dir, "nothing")}, -1, ""},
		{[]string{}, 2, "no window"},
	} {
		args := c.args
		if len(args) == 0 || args[0] != "journal-probe" {
			args = append([]string{"--data", dir}, args...)
		}
		code, stdout, stderr := kiosk(t, "", args...)
		if code != c.code && c.code >= 0 || !strings.Contains(stderr, c.says) {
			t.Errorf("kiosk %v: exit %d, want %d; %s", c.args, code, c.code, stderr)
		}
		if c.code == 2 && stdout != "" {
			t.Errorf("kiosk %v: stdout %q beside an error", c.args, stdout)
		}
	}
}

func TestLane(t *testing.T) {
	dir, _ := stationtest.Enrol(t)
	input := []string{
		"046203005678||Trần Văn Bình|19092003|Nam|Thôn 3, Phú Mậu, Thành phố Huế|11032021",
		"",
		`{"decide":{"scans":[2],"decision":"let-through","plate":"75A12345"}}`,
		`{"declare":{"name":"Nguyễn Thị Ửng","phone":"0912345678","from":"19768","symptoms":["fever"]}}`,
		`{"decide":{"scans":[2],"decision":"fly"}}`,
		`{"decide":{"scan":[2]}}`,
		`{"data":{"hdr":{"t":"icao.vacc"}}}`,
	}
	code, stdout, stderr := kiosk(t, strings.Join(input, "\r\n"), "--data", dir, "lane", "--direction", "out")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	got := lines[answerLine](t, stdout)
	if len(got) != 6 {
		t.Fatalf("%d lines, want 6:\n%s", len(got), stdout)
	}
	scan := got[0]
	if scan.Kind != "cccd" || scan.Trust != "unverified" || scan.Verdict != "check" || scan.Name != "Trần Văn Bình" || scan.Seq != 2 || len(scan.Keys) != 1 || scan.MS <= 0 || scan.At == 0 {
		t.Errorf("scan: %+v", scan)
	}
	if got[1].Kind != "passage" || got[1].Seq != 3 || got[2].Kind != "declaration" || got[2].Seq != 4 || got[2].Segment != scan.Segment {
		t.Errorf("orders: %+v, %+v", got[1], got[2])
	}
	if !strings.Contains(got[3].Error, "fly") || !strings.Contains(got[4].Error, "scan") {
		t.Errorf("bad orders: %+v, %+v", got[3], got[4])
	}
	if got[5].Seq != 5 || got[5].Verdict != "unreadable" && got[5].Verdict != "check" {
		t.Errorf("a credential that is JSON: %+v", got[5])
	}
	if !strings.Contains(stdout, `"reasons":["unverified",`) || !strings.Contains(stdout, `"card":""`) {
		t.Errorf("fields of the contract: %s", stdout)
	}
}

// Whatever comes down the line is answered, written down, and stops nothing.
func TestLaneBadInput(t *testing.T) {
	dir, _ := stationtest.Enrol(t)
	binary := make([]byte, 3000)
	for i := range binary {
		binary[i] = byte(i*7 + 1)
	}
	binary = bytes.ReplaceAll(binary, []byte("\n"), []byte{0})
	bad := []string{
		strings.Repeat("A", 1<<20), string(binary), "\xff\xfe\x00\x01", "046203005678||Trần V", "{", `{"decide":`,
		strings.Repeat("9", 7000), "HC1:6BFOXN", "<html><script>alert(1)</script>", "\x1b[2J", "' OR 1=1 --",
		`{"decide":{},"x":` + strings.Repeat("[", 5000),
	}
	code, stdout, stderr := kiosk(t, strings.Join(bad, "\n")+"\n046203005678", "--data", dir, "lane")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	got := lines[answerLine](t, stdout)
	if len(got) != len(bad)+1 {
		t.Fatalf("%d answers to %d lines", len(got), len(bad)+1)
	}
	for i, a := range got[:len(bad)] {
		if a.Verdict != "unreadable" && a.Verdict != "check" || a.Seq != uint64(i)+2 || a.Unsaved || a.Error != "" {
			t.Errorf("line %d (%.20q): %+v", i, bad[i], a)
		}
	}
	if got[0].Verdict != "unreadable" || got[0].Why != "too_large" || got[1].Verdict != "unreadable" {
		t.Errorf("1 MB: %+v; binary: %+v", got[0], got[1])
	}
	if last := got[len(bad)]; last.Kind != "document" || last.Verdict != "check" {
		t.Errorf("after all that: %+v", last)
	}
	if code, stdout, stderr := kiosk(t, "", "--data", dir, "check", "--json"); code != 0 {
		t.Errorf("check: exit %d: %s%s", code, stdout, stderr)
	}
	st := lines[station.Status](t, second(kiosk(t, "", "--data", dir, "status", "--json")))
	if len(st) != 1 || st[0].Head != uint64(len(bad))+2 || st[0].Unsent != st[0].Head {
		t.Errorf("status: %+v", st)
	}
}

func second(_ int, stdout, _ string) string { return stdout }

// Window and lane exclude each other; the other subcommands reach the running
// program.
func TestTwoProgramsOneDirectory(t *testing.T) {
	dir, _ := stationtest.Enrol(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, answers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan int, 1)
	go func() {
		code := Main([]string{"--data", dir, "lane"}, r, answers, os.Stderr, NoWindow)
		answers.Close()
		ended <- code
	}()
	fmt.Fprintln(w, "046203005678")
	var a answerLine
	if err := json.NewDecoder(out).Decode(&a); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := kiosk(t, "046187001234", "--data", dir, "lane")
	if code != 2 || stdout != "" || !strings.Contains(stderr, "Another kiosk program") {
		t.Errorf("second lane: exit %d, %q, %s", code, stdout, stderr)
	}
	if code, stdout, stderr := kiosk(t, "", "--data", dir, "status"); code != 0 || lines[station.Status](t, stdout)[0].Head != 2 {
		t.Errorf("status of a running lane: exit %d, %s%s", code, stdout, stderr)
	}
	if code, _, stderr := kiosk(t, "", "--data", dir, "check"); code != 0 {
		t.Errorf("check of a running lane: exit %d, %s", code, stderr)
	}
	if code, _, stderr := kiosk(t, "", "--data", dir, "sync", "--until-empty", "--timeout", "200ms"); code != 1 || !strings.Contains(stderr, "2 records") {
		t.Errorf("sync of a running lane: exit %d, %s", code, stderr)
	}
	if code, stdout, _ := kiosk(t, "046187001234\nxyz", "--data", dir, "read", "-"); code != 0 || strings.Count(stdout, "\n") != 2 {
		t.Errorf("read beside a running lane: exit %d, %s", code, stdout)
	}
	w.Close()
	if code := <-ended; code != 0 {
		t.Errorf("the lane ended with %d", code)
	}
}

func TestOfficerLogsIn(t *testing.T) {
	dir, office := stationtest.Enrol(t)
	pinFile := filepath.Join(t.TempDir(), "pin")
	if err := os.WriteFile(pinFile, []byte("271828\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	lane := []string{"--data", dir, "lane", "--officer", "H1", "--pin-file", pinFile}
	if code, _, stderr := kiosk(t, "", lane...); code != 2 || !strings.Contains(stderr, "kiosk sync") {
		t.Errorf("without a list of officers: exit %d, %s", code, stderr)
	}
	verifier, err := pin.MakePIN("271828")
	if err != nil {
		t.Fatal(err)
	}
	s, err := station.Open(dir, station.Options{})
	if err != nil {
		t.Fatal(err)
	}
	office.Give(s.Lists, 1, map[string]any{wire.ListOfficers: wire.OfficerList{Officers: []wire.Officer{{ID: "h1", Role: "steward", PIN: verifier}}}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := kiosk(t, "046203005678", lane...)
	if code != 0 || len(lines[answerLine](t, stdout)) != 1 {
		t.Errorf("right PIN: exit %d, %s%s", code, stdout, stderr)
	}
	if err := os.WriteFile(pinFile, []byte("314159"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr := kiosk(t, "046203005678", lane...); code != 2 || stdout != "" || !strings.Contains(stderr, "PIN") {
		t.Errorf("wrong PIN: exit %d, %q, %s", code, stdout, stderr)
	}
}

func TestRead(t *testing.T) {
	code, stdout, stderr := kiosk(t, "", "--data", t.TempDir(), "read", "046187001234", "xyz")
	got := lines[struct{ Kind, Trust string }](t, stdout)
	if code != 0 || len(got) != 2 || got[0].Kind != "document" || got[1].Kind != "unknown" {
		t.Errorf("exit %d, %s%s", code, stdout, stderr)
	}
	if code, _, stderr := kiosk(t, "", "--data", t.TempDir(), "read", "--trust", filepath.Join(t.TempDir(), "none"), "x"); code != 2 || stderr == "" {
		t.Errorf("no such directory: exit %d, %s", code, stderr)
	}
}

// A key in the directory given by --trust counts beside the lists, and a forgery
// is a finding: exit 1.
func TestReadWithTrust(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, ed25519.SeedSize))
	trust := t.TempDir()
	jwk := fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","kid":"k1","x":%q}`, base64.RawURLEncoding.EncodeToString(key.Public().(ed25519.PublicKey)))
	if err := os.WriteFile(filepath.Join(trust, "issuer.jwk"), []byte(jwk), 0o600); err != nil {
		t.Fatal(err)
	}
	cose, err := card.Sign(key, []byte("k1"), card.Claims{Number: "4600120001237", Name: "NGUYỄN THỊ ỬNG", Issued: time.Now().AddDate(-2, 0, 0), Expires: time.Now().AddDate(-1, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	bent := bytes.Clone(cose)
	bent[len(bent)-1] ^= 1
	for _, c := range []struct {
		name  string
		cose  []byte
		args  []string
		code  int
		trust string
	}{
		{"no key", cose, nil, 0, "unknown"},
		{"good, expired", cose, []string{"--trust", trust}, 0, "signed"}, // expiry is a warning here
		{"forged", bent, []string{"--trust", trust}, 1, "forged"},
	} {
		text, err := card.Base45(c.cose)
		if err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr := kiosk(t, text+"\n", append([]string{"--data", t.TempDir(), "read", "-"}, c.args...)...)
		got := lines[struct {
			Trust    string
			Warnings []string
		}](t, stdout)
		if code != c.code || len(got) != 1 || got[0].Trust != c.trust || c.trust == "signed" && !slices.Contains(got[0].Warnings, "expired") {
			t.Errorf("%s: exit %d, %s%s", c.name, code, stdout, stderr)
		}
	}
}

func TestDecode(t *testing.T) {
	dir := t.TempDir()
	blank, text := filepath.Join(dir, "blank.png"), filepath.Join(dir, "text.png")
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(blank, b.Bytes(), 0o600), os.WriteFile(text, []byte("no picture"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file string
		code int
	}{{blank, 1}, {text, 2}, {filepath.Join(dir, "missing.png"), 2}} {
		code, stdout, _ := kiosk(t, "", "decode", c.file)
		got := lines[decodeLine](t, stdout)
		if code != c.code || len(got) != 1 || got[0].Error == "" || got[0].File != c.file {
			t.Errorf("%s: exit %d, want %d; %s", c.file, code, c.code, stdout)
		}
	}
}
