package credential

import (
	"bufio"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"quachot/internal/base45"
)

// dccCase is one line of testdata/dcc/cases.jsonl.
type dccCase struct {
	File, Prefix, Cert, Clock, Desc string
	Expected                        map[string]bool
	JSON                            struct {
		Nam map[string]string
		Dob string
	}
}

func dccCases(t testing.TB) []dccCase {
	f, err := os.Open("testdata/dcc/cases.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var cases []dccCase
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c dccCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatalf("line %d: %v", len(cases)+1, err)
		}
		cases = append(cases, c)
	}
	if len(cases) != 66 {
		t.Fatalf("%d cases, want 66", len(cases))
	}
	return cases
}

// trusted holds the case's own certificate alone.
func (c dccCase) trusted(t testing.TB) *Trusted {
	if c.Cert == "" {
		return nil
	}
	der, err := base64.StdEncoding.DecodeString(c.Cert)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &Trusted{Certs: []*x509.Certificate{cert}}
}

// now is the case's validation clock; those without a zone are UTC.
func (c dccCase) now(t testing.TB) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999-0700"} {
		if at, err := time.Parse(layout, c.Clock); err == nil {
			return at
		}
	}
	t.Fatalf("clock %q", c.Clock)
	return time.Time{}
}

func TestDCCCases(t *testing.T) {
	tested := map[string]int{}
	for _, c := range dccCases(t) {
		t.Run(c.File, func(t *testing.T) {
			r := Read(c.Prefix, c.trusted(t), c.now(t))
			if want := strings.TrimSpace(c.JSON.Nam["fn"] + " " + c.JSON.Nam["gn"]); r.Kind == DCC && want != "" && (r.Name != want || !strings.HasPrefix(c.JSON.Dob, r.Birth)) {
				t.Errorf("%q born %q, want %q born %q", r.Name, r.Birth, want, c.JSON.Dob)
			}
			for key, want := range c.Expected {
				got, ok := c.got(key, r)
				if !ok {
					continue
				}
				tested[key]++
				if got != want {
					t.Errorf("%s = %v, want %v (%s)", key, got, want, c.Desc)
				}
			}
		})
	}
	want := map[string]int{
		"EXPECTEDUNPREFIX": 36, "EXPECTEDB45DECODE": 33, "EXPECTEDCOMPRESSION": 24, "EXPECTEDDECODE": 33, "EXPECTEDVERIFY": 40,
		"EXPECTEDEXPIRATIONCHECK": 27, "EXPECTEDKEYUSAGE": 10, "EXPECTEDSCHEMAVALIDATION": 35,
	}
	if !maps.Equal(tested, want) {
		t.Errorf("expectations tested %v, want %v", tested, want)
	}
}

// got is what our reading says of one expectation; false for those that are not
// about reading a text.
func (c dccCase) got(key string, r Reading) (value, ok bool) {
	text, prefixed := strings.CutPrefix(c.Prefix, "HC1:")
	switch key {
	case "EXPECTEDUNPREFIX":
		return prefixed && r.Reason != NoPrefix && r.Reason != NotSupported, true
	case "EXPECTEDB45DECODE":
		_, err := base45.Decode(text)
		return err == nil, true
	case "EXPECTEDCOMPRESSION":
		_, why := unpackBase45(text)
		return why == "", true
	case "EXPECTEDDECODE":
		return r.Kind == DCC && r.Reason != Malformed, true
	case "EXPECTEDVERIFY":
		return r.Trust == Signed, true
	case "EXPECTEDEXPIRATIONCHECK":
		return !slices.Contains(r.Warnings, WarnExpired) && !slices.Contains(r.Warnings, WarnNotYetValid), true
	case "EXPECTEDKEYUSAGE":
		return r.Trust == Signed && r.Reason != KeyUsage, true
	case "EXPECTEDSCHEMAVALIDATION":
		return !slices.Contains(r.Warnings, WarnSchema), true
	}
	return false, false
}
