package credential

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

func TestSHC(t *testing.T) {
	key, other := p256(), p256()
	trust := &Trusted{JWKs: []JWK{{KID: "k", Public: &other.PublicKey}, {KID: "k", Public: &key.PublicKey}}}
	header := func(alg, zip, kid string) map[string]any {
		h := map[string]any{"kid": kid}
		if alg != "" {
			h["alg"] = alg
		}
		if zip != "" {
			h["zip"] = zip
		}
		return h
	}
	good := shcCard(t, key, header("ES256", "DEF", "k"), []byte(healthPayload))
	for _, c := range []struct {
		name     string
		text     string
		kind     Kind
		trust    Trust
		reason   string
		warnings []string
	}{
		{"good", good, SHC, Signed, "", nil},
		{"upper case prefix", "SHC:/" + good[5:], SHC, Signed, "", nil},
		{"key not known", shcCard(t, key, header("ES256", "DEF", "k2"), []byte(healthPayload)), SHC, Undecided, UnknownKey, nil},
		{"no kid", shcCard(t, key, map[string]any{"alg": "ES256", "zip": "DEF"}, []byte(healthPayload)), SHC, Undecided, UnknownKey, nil},
		{"another's key", shcCard(t, p256(), header("ES256", "DEF", "k"), []byte(healthPayload)), SHC, Forged, BadSignature, nil},
		{"alg none", shcCard(t, key, header("none", "DEF", "k"), []byte(healthPayload)), SHC, Forged, AlgMismatch, nil},
		{"no alg", shcCard(t, key, header("", "DEF", "k"), []byte(healthPayload)), SHC, Forged, AlgMismatch, nil},
		{"HS256", shcCard(t, key, header("HS256", "DEF", "k"), []byte(healthPayload)), SHC, Forged, AlgMismatch, nil},
		{"not deflated", shcCard(t, key, header("ES256", "", "k"), []byte(healthPayload)), SHC, Signed, "", []string{WarnSchema}},
		{"no person", shcCard(t, key, header("ES256", "DEF", "k"), []byte(`{"vc":{"credentialSubject":{"fhirBundle":{"entry":[{"resource":{"resourceType":"Immunization"}}]}}}}`)), SHC, Signed, "", []string{WarnNoIdentity}},
		{"no health card", shcCard(t, key, header("ES256", "DEF", "k"), []byte(`{"iss":"x"}`)), Unknown, Undecided, Malformed, nil},
		{"not JSON", shcCard(t, key, header("ES256", "DEF", "k"), []byte("x")), Unknown, Undecided, Malformed, nil},
		{"zip bomb", shcCard(t, key, header("ES256", "DEF", "k"), []byte(strings.Repeat(" ", maxInflated+1))), Unknown, Undecided, TooLarge, nil},
		{"one of three", "shc:/1/3/" + good[5:], SHC, Undecided, Chunked, nil},
		{"letters", "shc:/56AB", Unknown, Undecided, Garbage, nil},
		{"nothing", "shc:/", Unknown, Undecided, Truncated, nil},
		{"signature removed", withoutSignature(good), SHC, Forged, Unsigned, nil},
	} {
		r := Read(c.text, trust, testNow)
		if r.Kind != c.kind || r.Trust != c.trust || r.Reason != c.reason || !slices.Equal(r.Warnings, c.warnings) {
			t.Errorf("%s: %v %v %q %v, want %v %v %q %v", c.name, r.Kind, r.Trust, r.Reason, r.Warnings, c.kind, c.trust, c.reason, c.warnings)
		}
	}
	if r := Read(withoutSignature(good), nil, testNow); r.Trust != Undecided || r.Reason != Unsigned {
		t.Errorf("no signature, no key: %v %q, want unknown unsigned", r.Trust, r.Reason)
	}
	for n := 5; n < len(good); n += 7 {
		if r := Read(good[:n], trust, testNow); r.Trust == Signed {
			t.Fatalf("first %d of %d digits are signed", n, len(good))
		}
	}
}

// withoutSignature keeps header and payload and the last dot.
func withoutSignature(text string) string {
	jws, _ := shcCharacters(text[5:])
	return shcDigits(jws[:strings.LastIndex(jws, ".")+1])
}

func TestSHCFacts(t *testing.T) {
	key := p256()
	r := Read(shcCard(t, key, map[string]any{"alg": "ES256", "zip": "DEF", "kid": "k"}, []byte(healthPayload)), nil, testNow)
	if r.Name != "Trần Văn Bình" || r.Birth != "2003-09-19" || r.Sex != "M" || r.Issued.Unix() != 1640995200 {
		t.Errorf("%q born %q sex %q issued %v", r.Name, r.Birth, r.Sex, r.Issued)
	}
	for name, want := range map[string]string{"doses": "2", "date": "2021-09-01", "vaccine": "208", "lot": "L2", "issuer": "Clinic B", "iss": "https://health.example.org"} {
		if r.Fields[name] != want {
			t.Errorf("%s = %q, want %q", name, r.Fields[name], want)
		}
	}
}

// TestSHCSignatureForm: DER, as some libraries write it, does not count.
func TestSHCSignatureForm(t *testing.T) {
	key := p256()
	text := shcCard(t, key, map[string]any{"alg": "ES256", "zip": "DEF", "kid": "k"}, []byte(healthPayload))
	jws, _ := shcCharacters(text[5:])
	signed := jws[:strings.LastIndex(jws, ".")]
	hash := sha256.Sum256([]byte(signed))
	der := must(ecdsa.SignASN1(rand.Reader, key, hash[:]))
	r := Read(shcDigits(signed+"."+base64.RawURLEncoding.EncodeToString(der)), &Trusted{JWKs: []JWK{{KID: "k", Public: &key.PublicKey}}}, testNow)
	if r.Trust != Forged || r.Reason != BadSignature {
		t.Errorf("DER signature: %v %q, want forged bad_signature", r.Trust, r.Reason)
	}
}

// TestSHCOfATest: an observation, a person named in one text, and members of
// types that the standard does not have.
func TestSHCOfATest(t *testing.T) {
	r, ok := readHealthCard([]byte(`{"vc":{"credentialSubject":{"fhirBundle":{"entry":[
		{"resource":{"resourceType":"Patient","name":[{"family":7},{"text":"Lê Văn Ba"}],"birthDate":1980,"gender":"other","identifier":[{"value":"P-1"}]}},
		{"resource":{"resourceType":"Patient","name":[{"text":"Another"}]}},
		{"resource":{"resourceType":"Observation","code":{"text":"PCR"},"effectiveDateTime":"2022-02-27T10:00:00Z","valueCodeableConcept":{"coding":[{"code":"260415000"}]}}},
		{"resource":3}]}}}}`), scan{trust: &Trusted{}, now: testNow})
	if !ok || r.Name != "Lê Văn Ba" || r.Sex != "" || len(r.Documents) != 1 || r.Documents[0].Number != "P1" {
		t.Errorf("%v, read %+v", ok, r)
	}
	if r.Fields["test_name"] != "PCR" || r.Fields["result"] != "Not detected" || r.Fields["date"] != "2022-02-27" {
		t.Errorf("fields %v", r.Fields)
	}
	if !slices.Equal(r.Warnings, []string{WarnBirthDate, WarnSchema}) {
		t.Errorf("warnings %v", r.Warnings)
	}
}
