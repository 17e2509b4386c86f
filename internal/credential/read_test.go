package credential

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"quachot/internal/card"
)

func TestRecognisedByName(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       Kind
		reason     string
	}{
		{"VDS-NC vaccination", `{"data":{"hdr":{"t":"icao.vacc","v":1,"is":"UTO"},"msg":{}},"sig":{"alg":"ES256","cer":"","sigvl":""}}`, VDSNC, NotSupported},
		{"VDS-NC test", `{"data":{"hdr":{"t":"icao.test","v":1,"is":"UTO"},"msg":{}},"sig":{"alg":"ES256"}}`, VDSNC, NotSupported},
		{"half a VDS-NC", `{"data":{"hdr":{"t":"icao.vacc","v":1,"is":"UTO"},"msg":{`, Unknown, Truncated},
		{"VDS-NC without signature", `{"data":{"hdr":{"t":"icao.vacc","v":1,"is":"UTO"}}}`, Unknown, Garbage},
		{"other JSON", `{"data":1}`, Unknown, Garbage},
		{"IDB", "NDB1ABCDEFG", VDS, NotSupported},
		{"IDB of a resident", "RDB1ABCDEFG", VDS, NotSupported},
		{"VDS", "\xdc\x03\xd9\xc5\xca\xc8\xa7\x3a", VDS, NotSupported},
		{"VDS version 3", "\xdc\x02\xd9\xc5", VDS, NotSupported},
		{"VDS as Latin-1 text", "Ü\x03ÙÅÊ", VDS, NotSupported},
		{"a word with Ü", "Übung", Unknown, Garbage},
		{"DIVOC", "PK\x03\x04\x14\x00\x00\x00", DIVOC, NotSupported},
		{"a word with PK", "PKO", Unknown, Garbage},
		{"link", "https://qr.tokhaiyte.vn/?id=1", URL, Link},
		{"upper case link", "HTTP://QR.PCCOVID.GOV.VN/X", URL, Link},
		{"link with |", "https://example.org/a|b|c|d|e|$", URL, Link},
		{"other scheme", "ftp://example.org", Unknown, Garbage},
	} {
		r := Read(c.text, nil, testNow)
		if r.Kind != c.kind || r.Trust != Undecided || r.Reason != c.reason {
			t.Errorf("%s: %v %v %q, want %v unknown %q", c.name, r.Kind, r.Trust, r.Reason, c.kind, c.reason)
		}
	}
	if r := Read("HTTPS://Example.ORG:8080/Path", nil, testNow); r.Fields["url"] != "HTTPS://Example.ORG:8080/Path" || r.Fields["host"] != "Example.ORG" {
		t.Errorf("link kept as %v", r.Fields)
	}
}

func TestBadInput(t *testing.T) {
	megabyte := strings.Repeat("046187001234|", 1<<20/13)
	for _, c := range []struct{ name, text, reason string }{
		{"nothing", "", Empty},
		{"line end", "\r\n", Empty},
		{"blanks", " \t ", Empty},
		{"NUL first", "\x00046187001234", Empty},
		{"1 MB line", megabyte, TooLarge},
		{"1 MB of digits", strings.Repeat("7", 1<<20), TooLarge},
		{"one byte too long", strings.Repeat("7", MaxScan+1), TooLarge},
		{"as long as allowed", strings.Repeat("x", MaxScan), Garbage},
		{"many fields", strings.Repeat("|", MaxScan), Garbage},
		{"words", "xin chào", Garbage},
		{"binary", "\x01\x02\xff\xfe\x80", Garbage},
		{"invalid UTF-8 only", "\xff\xff", Garbage},
		{"half a CCCD", "046187001234|191234567|Nguyễn Thị", Truncated},
		{"half a masked QRQG", "******001234|NGUYEN", Truncated},
		{"half a QRQG", "C1234567|NGUYEN THI|1987-01", Truncated},
		{"half a BHYT", "DN4460123456789|4e677579", Truncated},
		{"digits between the forms", strings.Repeat("1", 100), Truncated},
		{"other health prefix", "HC2:NCFOXN", NotSupported},
		{"HC1 of nothing", "HC1:", Truncated},
		{"HC1 of lower case", "HC1:ncfoxn", Garbage},
		{"start of Base45", "NCF", Truncated},
		{"deep JSON", strings.Repeat(`{"data":`, 900), Garbage},
	} {
		if r := Read(c.text, nil, testNow); r.Kind != Unknown || r.Trust != Undecided || r.Reason != c.reason {
			t.Errorf("%s: %v %v %q, want unknown unknown %q", c.name, r.Kind, r.Trust, r.Reason, c.reason)
		}
	}
	if got := Read("", &Trusted{}, testNow); !reflect.DeepEqual(got, Reading{Reason: Empty}) {
		t.Errorf("an empty scan gives %+v", got)
	}
}

// TestRandomBytes: a million random and damaged bytes prove nothing.
func TestRandomBytes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	seeds := seedTexts(t)
	for i := range 4000 {
		b := make([]byte, rnd.IntN(400))
		for j := range b {
			b[j] = byte(rnd.Uint32())
		}
		if i%2 == 0 { // damage a real one
			b = []byte(seeds[rnd.IntN(len(seeds))])
			for range 1 + rnd.IntN(4) {
				b[rnd.IntN(len(b))] = byte(rnd.Uint32())
			}
		}
		checkReading(t, string(b), Read(string(b), nil, testNow))
	}
}

// checkReading is what holds for every reading of every text without keys.
func checkReading(t *testing.T, input string, r Reading) {
	t.Helper()
	if r.Trust == Signed || r.Trust == Forged {
		t.Fatalf("%q is %v without any key", input, r.Trust)
	}
	if r.Reason == "" {
		t.Fatalf("%q: no reason for %v", input, r.Trust)
	}
	if unread := r.Kind == Unknown; unread && len(r.Documents) > 0 {
		t.Fatalf("%q: unknown with documents %v", input, r.Documents)
	}
	facts := map[string]string{"name": r.Name, "birth": r.Birth, "sex": r.Sex, "address": r.Address, "ward": r.Ward, "phone": r.Phone, "card": r.CardNumber}
	for name, value := range r.Fields {
		facts["field "+name] = value
	}
	for _, d := range r.Documents {
		facts["document "+d.Kind.String()] = d.Number
	}
	for name, value := range facts {
		if !utf8.ValidString(value) || !norm.NFC.IsNormalString(value) || utf8.RuneCountInString(value) > maxFact || strings.ContainsFunc(value, unicode.IsControl) {
			t.Fatalf("%q: %s = %q is not fit to be kept", input, name, value)
		}
	}
	if len(r.Fields) > 40 || len(r.Documents) > 40 || len(r.KeyID) > maxKeyID {
		t.Fatalf("%q: %d fields, %d documents, key id of %d bytes", input, len(r.Fields), len(r.Documents), len(r.KeyID))
	}
	if r.Sex != "" && r.Sex != "M" && r.Sex != "F" || r.Birth != "" && isoDate(r.Birth) != r.Birth {
		t.Fatalf("%q: sex %q birth %q", input, r.Sex, r.Birth)
	}
	if _, err := json.Marshal(Line(r)); err != nil {
		t.Fatalf("%q: %v", input, err)
	}
}

// seedTexts are one text of every format there is.
func seedTexts(t testing.TB) []string {
	var seeds []string
	for _, s := range vietnamSamples(t) {
		seeds = append(seeds, s.Text)
	}
	for _, v := range claimVectors(t) {
		seeds = append(seeds, v.QR)
	}
	cards, _ := loadCards(t)
	for _, v := range cards.Vectors {
		cose, err := card.Decode(v.Text)
		if err != nil {
			t.Fatal(err)
		}
		seeds = append(seeds, v.Text, must(card.Digits(cose)))
	}
	for i, c := range dccCases(t) {
		if i%4 == 0 {
			seeds = append(seeds, c.Prefix)
		}
	}
	seeds = append(seeds, shcCard(t, p256(), map[string]any{"alg": "ES256", "zip": "DEF", "kid": "k"}, []byte(healthPayload)))
	return append(seeds, "046187001234", "4600120001237", "https://example.org", "NDB1A", "\xdc\x03A", "PK\x03\x04",
		`{"data":{"hdr":{"t":"icao.vacc"}},"sig":{}}`, "HC2:A", "c1234567", "\x00", "\ufeff\r\n")
}

// FuzzRead: any text, without keys.
func FuzzRead(f *testing.F) {
	for _, s := range seedTexts(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkReading(t, text, Read(text, nil, testNow))
	})
}

// FuzzMessage: the inside of tokens, beyond what zlib and Base45 let a mutated
// text reach.
func FuzzMessage(f *testing.F) {
	for _, c := range dccCases(f) {
		if b, why := unpackBase45(strings.TrimPrefix(c.Prefix, "HC1:")); why == "" {
			f.Add(b)
		}
	}
	for _, v := range claimVectors(f) {
		if b, err := card.Decode(v.QR); err == nil {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s := scan{trust: &Trusted{}, now: testNow}
		if m, err := parseSign1(b); err == nil {
			checkReading(t, string(b), dccReading(m, s).tidy())
		}
		checkReading(t, string(b), foreignToken(b, s).tidy())
		token, err := card.Verify(b, nil)
		if err != nil && ours(token, err, nil) {
			checkReading(t, string(b), cardReading(token, err, s).tidy())
		}
	})
}

// FuzzHealthCard: the JSON inside SMART Health Cards, and the JWS around it.
func FuzzHealthCard(f *testing.F) {
	f.Add([]byte(healthPayload), "eyJhbGciOiJFUzI1NiJ9.e30.AA")
	f.Add([]byte(`{"vc":{"credentialSubject":{"fhirBundle":{"entry":[{"resource":{"resourceType":"Observation","code":{"text":"PCR"},"valueCodeableConcept":{"coding":[{"code":"260415000"}]}}}]}}}}`), "..")
	f.Fuzz(func(t *testing.T, payload []byte, jws string) {
		s := scan{trust: &Trusted{}, now: testNow}
		if r, ok := readHealthCard(payload, s); ok {
			r.Reason = UnknownKey
			checkReading(t, string(payload), r.tidy())
		}
		checkReading(t, jws, shcReading(jws, s).tidy())
	})
}
