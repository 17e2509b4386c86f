package credential

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/base45"
	"quachot/internal/identity"
)

func TestMadeDCC(t *testing.T) {
	ec := newSigner(t, p256())
	ps := newSigner(t, must(rsa.GenerateKey(rand.Reader, 2048)))
	stranger := p256()
	p384 := newSigner(t, must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)))
	trust := &Trusted{Certs: []*x509.Certificate{ec.cert, ps.cert, p384.cert}}
	good := vaccination(nil)
	header := func(s signer, alg int64) map[int64]any { return map[int64]any{1: alg, 4: s.kid} }

	for _, c := range []struct {
		name   string
		text   string
		kind   Kind
		trust  Trust
		reason string
	}{
		{"ES256, tag 18", hc1(message{header(ec, algES256), nil, good, []byte{0xd2}}.sign(t, ec.key)), DCC, Signed, ""},
		{"blanks of a scanner", " " + hc1(message{header(ec, algES256), nil, good, []byte{0xd2}}.sign(t, ec.key)) + " \t\n", DCC, Signed, ""},
		{"PS256, no tag", hc1(message{header(ps, algPS256), nil, good, nil}.sign(t, ps.key)), DCC, Signed, ""},
		{"tags 61 and 18", hc1(message{header(ec, algES256), nil, good, []byte{0xd8, 0x3d, 0xd2}}.sign(t, ec.key)), DCC, Signed, ""},
		{"alg unprotected", hc1(message{map[int64]any{4: ec.kid}, map[int64]any{1: algES256}, good, []byte{0xd2}}.sign(t, ec.key)), DCC, Signed, ""},
		{"nothing protected", hc1(message{nil, map[int64]any{1: algES256, 4: ec.kid}, good, []byte{0xd2}}.sign(t, ec.key)), DCC, Signed, ""},
		{"protected alg wins", hc1(message{header(ec, algPS256), map[int64]any{1: algES256}, good, []byte{0xd2}}.sign(t, ec.key)), DCC, Forged, AlgMismatch},
		{"protected kid wins", hc1(message{map[int64]any{1: algES256, 4: []byte("stranger")}, map[int64]any{4: ec.kid}, good, nil}.sign(t, ec.key)), DCC, Undecided, UnknownKey},
		{"no kid", hc1(message{map[int64]any{1: algES256}, nil, good, nil}.sign(t, ec.key)), DCC, Undecided, UnknownKey},
		{"another's key under this kid", hc1(message{header(ec, algES256), nil, good, nil}.sign(t, stranger)), DCC, Forged, BadSignature},
		{"RSA alg under an EC key", hc1(message{header(ec, algPS256), nil, good, nil}.sign(t, ps.key)), DCC, Forged, AlgMismatch},
		{"EdDSA under an EC key", hc1(message{header(ec, algEdDSA), nil, good, nil}.sign(t, ec.key)), DCC, Forged, AlgMismatch},
		{"ES256 under P-384", hc1(message{header(p384, algES256), nil, good, nil}.sign(t, ec.key)), DCC, Forged, AlgMismatch},
		{"critical header", hc1(message{map[int64]any{1: algES256, 2: []int64{99}, 4: ec.kid}, nil, good, nil}.sign(t, ec.key)), DCC, Undecided, NotSupported},
		{"no certificate inside", hc1(message{header(ec, algES256), nil, must(cbor.Marshal(map[int64]any{1: "VN"})), nil}.sign(t, ec.key)), Unknown, Undecided, Malformed},
		{"not a map inside", hc1(message{header(ec, algES256), nil, []byte{0x01}, nil}.sign(t, ec.key)), Unknown, Undecided, Malformed},
	} {
		r := Read(c.text, trust, testNow)
		if r.Kind != c.kind || r.Trust != c.trust || r.Reason != c.reason {
			t.Errorf("%s: %v %v %q, want %v %v %q", c.name, r.Kind, r.Trust, r.Reason, c.kind, c.trust, c.reason)
		}
	}
}

func TestDCCFacts(t *testing.T) {
	s := newSigner(t, p256())
	text := hc1(message{map[int64]any{1: algES256, 4: s.kid}, nil, vaccination(nil), nil}.sign(t, s.key))
	r := Read(text, &Trusted{Certs: []*x509.Certificate{s.cert}}, testNow)
	if r.Name != "Nguyễn Thị Minh Khai" || r.Birth != "1987-01-18" || !bytes.Equal(r.KeyID, s.kid) || len(r.Warnings) > 0 {
		t.Errorf("%q born %q kid %x warnings %v", r.Name, r.Birth, r.KeyID, r.Warnings)
	}
	if want := (identity.Document{Kind: identity.Foreign, Number: "URN:UVCI:01:VN:TEST#1"}); !slices.Equal(r.Documents, []identity.Document{want}) {
		t.Errorf("documents %v", r.Documents)
	}
	for name, want := range map[string]string{
		"type": "vaccination", "disease": "COVID-19", "vaccine": "SARS-CoV-2 mRNA vaccine", "product": "Comirnaty",
		"maker": "Biontech Manufacturing GmbH", "dose": "2", "doses": "2", "date": "2021-10-02", "country": "VN", "iss": "VN",
	} {
		if r.Fields[name] != want {
			t.Errorf("%s = %q, want %q", name, r.Fields[name], want)
		}
	}
}

// TestEveryDSCOfAKidIsTried: two certificates share a kid, the second signed.
func TestEveryDSCOfAKidIsTried(t *testing.T) {
	first, second := newSigner(t, p256()), newSigner(t, p256())
	trust := &Trusted{}
	trust.signers(nil)
	trust.byKID[[8]byte(second.kid)] = []*x509.Certificate{first.cert, second.cert}
	text := hc1(message{map[int64]any{1: algES256, 4: second.kid}, nil, vaccination(nil), nil}.sign(t, second.key))
	if r := Read(text, trust, testNow); r.Trust != Signed {
		t.Errorf("%v %q, want signed", r.Trust, r.Reason)
	}
}

func TestDCCKeyUsage(t *testing.T) {
	for usage, want := range map[string]Trust{
		"1.3.6.1.4.1.1847.2021.1.2":   Signed,
		"1.3.6.1.4.1.0.1847.2021.1.2": Signed,
		"1.3.6.1.4.1.1847.2021.1.1":   Undecided,
		"1.3.6.1.4.1.0.1847.2021.1.3": Undecided,
		"1.2.3.4":                     Signed, // names no kind of entry
	} {
		s := newSigner(t, p256(), usage)
		text := hc1(message{map[int64]any{1: algES256, 4: s.kid}, nil, vaccination(nil), nil}.sign(t, s.key))
		if r := Read(text, &Trusted{Certs: []*x509.Certificate{s.cert}}, testNow); r.Trust != want {
			t.Errorf("usage %s: %v %q, want %v", usage, r.Trust, r.Reason, want)
		}
	}
}

func TestDCCWarnings(t *testing.T) {
	s := newSigner(t, p256())
	trust := &Trusted{Certs: []*x509.Certificate{s.cert}}
	for want, edit := range map[string]func(claims map[int64]any, dcc map[string]any){
		WarnExpired:     func(c map[int64]any, _ map[string]any) { c[4] = testNow.Unix() - 1 },
		WarnNotYetValid: func(c map[int64]any, _ map[string]any) { c[6] = testNow.Unix() + 25*3600 },
		WarnSchema:      func(_ map[int64]any, d map[string]any) { d["r"] = d["v"] },
		WarnSignerDates: func(c map[int64]any, _ map[string]any) { c[6] = testNow.AddDate(-2, 0, 0).Unix() },
		WarnBirthDate:   func(_ map[int64]any, d map[string]any) { d["dob"] = "2030-01-01" },
	} {
		text := hc1(message{map[int64]any{1: algES256, 4: s.kid}, nil, vaccination(edit), nil}.sign(t, s.key))
		r := Read(text, trust, testNow)
		if r.Trust != Signed || !slices.Equal(r.Warnings, []string{want}) {
			t.Errorf("%v %v, want signed [%s]", r.Trust, r.Warnings, want)
		}
	}
	// exp as a fraction, and at its very second.
	text := hc1(message{map[int64]any{1: algES256, 4: s.kid}, nil, vaccination(func(c map[int64]any, _ map[string]any) {
		c[4] = float64(testNow.Unix()) + 0.5
	}), nil}.sign(t, s.key))
	if r := Read(text, trust, testNow); len(r.Warnings) != 0 || !r.Expires.Equal(testNow) {
		t.Errorf("at its last second: %v, expires %v", r.Warnings, r.Expires)
	}
}

// TestHalfADCC: any cut is unreadable, and told from garbage.
func TestHalfADCC(t *testing.T) {
	s := newSigner(t, p256())
	whole := hc1(message{map[int64]any{1: algES256, 4: s.kid}, nil, vaccination(nil), nil}.sign(t, s.key))
	trust := &Trusted{Certs: []*x509.Certificate{s.cert}}
	for n := 1; n < len(whole); n++ {
		if r := Read(whole[:n], trust, testNow); r.Kind != Unknown || r.Trust != Undecided || r.Reason != Truncated && n > 12 {
			t.Fatalf("first %d of %d characters: %v %v %q, want unknown truncated", n, len(whole), r.Kind, r.Trust, r.Reason)
		}
	}
	for i := 4; i < len(whole); i++ { // one wrong character
		wrong := []byte(whole)
		if wrong[i]++; wrong[i] == 'Z'+1 {
			wrong[i] = 'A'
		}
		if r := Read(string(wrong), trust, testNow); r.Trust == Signed {
			t.Fatalf("character %d changed: %v", i, r.Trust)
		}
	}
}

func TestInflationIsBounded(t *testing.T) {
	bomb := zlibOf(bytes.Repeat([]byte{0}, maxInflated+1))
	text := "HC1:" + base45.Encode(bomb)
	if len(text) > MaxScan {
		t.Fatalf("bomb of %d characters would not be looked at", len(text))
	}
	if r := Read(text, nil, testNow); r.Kind != Unknown || r.Reason != TooLarge {
		t.Errorf("zip bomb: %v %q, want unknown too_large", r.Kind, r.Reason)
	}
	if r := Read("HC1:"+base45.Encode(zlibOf(bytes.Repeat([]byte{0}, maxInflated))), nil, testNow); r.Reason != Malformed {
		t.Errorf("at the bound: %q, want malformed", r.Reason)
	}
}

// TestLongFactsAreCut: a stranger's certificate must not fill the journal.
func TestLongFactsAreCut(t *testing.T) {
	s := newSigner(t, p256())
	text := hc1(message{map[int64]any{1: algES256, 4: s.kid}, nil, vaccination(func(_ map[int64]any, d map[string]any) {
		d["nam"] = map[string]any{"fn": strings.Repeat("Nguyễn ", 5000)}
		d["v"].([]any)[0].(map[string]any)["is"] = strings.Repeat("x", 20000)
	}), nil}.sign(t, s.key))
	r := Read(text, nil, testNow)
	if n := len([]rune(r.Name)); n == 0 || n > maxFact {
		t.Errorf("name of %d characters", n)
	}
	if n := len(r.Fields["issuer"]); n != maxFact {
		t.Errorf("issuer of %d characters, want %d", n, maxFact)
	}
}

func TestValueSetsAreRead(t *testing.T) {
	for code, want := range map[string]string{
		"840539006": "COVID-19", "260373001": "Detected", "LP6464-4": "Nucleic acid amplification with probe detection",
		"EU/1/20/1507": "Spikevax", "ORG-100001699": "AstraZeneca AB", "no such code": "no such code",
	} {
		if got := displayName(code); got != want {
			t.Errorf("displayName(%q) = %q, want %q", code, got, want)
		}
	}
}
