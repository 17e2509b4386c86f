package credential

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/card"
	"quachot/internal/identity"
)

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func load(t testing.TB, path string, v any) {
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// cardVectors is testdata/vietnam/own-card-claim169.json.
type cardVectors struct {
	KID     string `json:"kid"`
	Public  string `json:"public_key_hex"`
	Seed    string `json:"seed_hex"`
	Vectors []struct{ Name, Text, Expect string }
}

func loadCards(t testing.TB) (cardVectors, *Trusted) {
	var v cardVectors
	load(t, "testdata/vietnam/own-card-claim169.json", &v)
	if len(v.Vectors) != 5 {
		t.Fatalf("%d signed cards, want 5", len(v.Vectors))
	}
	return v, &Trusted{Cards: card.Keyring{{KID: []byte(v.KID), Public: unhex(t, v.Public)}}}
}

func TestSignedCards(t *testing.T) {
	v, trust := loadCards(t)
	now := time.Date(2021, 10, 1, 0, 0, 0, 0, time.UTC)
	want := map[string]struct {
		trust    Trust
		reason   string
		warnings []string
		number   string
		name     string
	}{
		"valid":            {Signed, "", nil, "46-0000123", "NGUYỄN THỊ MINH KHAI"},
		"tampered-payload": {Forged, BadSignature, nil, "46-0000123", "NGUYỄN THỊ MINH KHAI"},
		"wrong-key":        {Forged, BadSignature, nil, "46-0000123", "NGUYỄN THỊ MINH KHAI"},
		"expired":          {Signed, "", []string{WarnExpired}, "46-0000124", "NGUYỄN THỊ MINH KHAI"},
		"no-169":           {Signed, "", []string{WarnNoIdentity}, "46-0000125", ""},
	}
	for _, c := range v.Vectors {
		w, ok := want[c.Name]
		if !ok {
			t.Errorf("no expectation for %q", c.Name)
		}
		r := Read(c.Text, trust, now)
		if r.Kind != Card || r.Trust != w.trust || r.Reason != w.reason || !slices.Equal(r.Warnings, w.warnings) {
			t.Errorf("%s: %v %v %q %v, want card %v %q %v", c.Name, r.Kind, r.Trust, r.Reason, r.Warnings, w.trust, w.reason, w.warnings)
		}
		if r.CardNumber != w.number || r.Name != w.name || r.TokenHash == [32]byte{} || string(r.KeyID) != v.KID {
			t.Errorf("%s: number %q name %q kid %q", c.Name, r.CardNumber, r.Name, r.KeyID)
		}
		if len(r.Documents) != 0 {
			t.Errorf("%s: documents %v; a card carries none", c.Name, r.Documents)
		}
		if r := Read(c.Text, nil, now); r.Trust != Undecided || w.name != "" && (r.Kind != Claim169 || r.Reason != UnknownKey) {
			t.Errorf("%s without keys: %v %v %q, want claim169 unknown unknown_key", c.Name, r.Kind, r.Trust, r.Reason)
		}
	}
}

// claimVector is one file of testdata/claim169.
type claimVector struct {
	Name, Category string
	QR             string `json:"qr_data"`
	Signing        struct {
		Algorithm string
		Public    string `json:"public_key_hex"`
	} `json:"signing_key"`
	Encryption struct {
		Key string `json:"symmetric_key_hex"`
	} `json:"encryption_key"`
	Claim map[string]any `json:"expected_claim169"`
	Meta  struct {
		Issuer                         string
		ExpiresAt, IssuedAt, NotBefore int64
	} `json:"expected_cwt_meta"`
}

func claimVectors(t testing.TB) []claimVector {
	files, err := filepath.Glob("testdata/claim169/test-vectors/*/*.json")
	if err != nil || len(files) != 18 {
		t.Fatalf("%d vectors, %v, want 18", len(files), err)
	}
	var all []claimVector
	for _, f := range files {
		var v claimVector
		load(t, f, &v)
		all = append(all, v)
	}
	return all
}

// key is the vector's public key as a trusted JWK without a kid, as the vectors
// have none; nil when the vector is not signed.
func (v claimVector) key(t testing.TB) []JWK {
	switch v.Signing.Algorithm {
	case "EdDSA":
		return []JWK{{Public: ed25519.PublicKey(unhex(t, v.Signing.Public))}}
	case "ES256":
		k, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), unhex(t, v.Signing.Public))
		if err != nil {
			t.Fatal(err)
		}
		return []JWK{{Public: k}}
	}
	return nil
}

func TestClaim169Vectors(t *testing.T) {
	type want struct {
		kind   Kind
		trust  Trust
		reason string
	}
	wants := map[string]want{
		"ed25519-signed":    {Claim169, Signed, ""},
		"ecdsa-p256-signed": {Claim169, Signed, ""},
		"encrypted-aes256":  {Claim169, Undecided, Encrypted},
		"encrypted-signed":  {Claim169, Undecided, Encrypted},
		"bad-base45":        {Unknown, Undecided, Garbage},
		"bad-zlib":          {Unknown, Undecided, Garbage},
		"missing-169":       {Unknown, Undecided, NotSupported},
		"not-cose":          {Unknown, Undecided, Malformed},
	}
	now := time.Unix(1_760_000_000, 0)
	for _, v := range claimVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			w, ok := wants[v.Name]
			if !ok {
				w = want{Claim169, Undecided, Unsigned}
			}
			r := Read(v.QR, &Trusted{JWKs: v.key(t)}, now)
			if r.Kind != w.kind || r.Trust != w.trust || r.Reason != w.reason {
				t.Fatalf("%v %v %q, want %v %v %q", r.Kind, r.Trust, r.Reason, w.kind, w.trust, w.reason)
			}
			if r.Kind == Claim169 && r.Reason != Encrypted {
				v.compare(t, r)
			}
			if got, want := slices.Contains(r.Warnings, WarnExpired), v.Name == "expired"; got != want {
				t.Errorf("expired = %v, want %v", got, want)
			}
			if got, want := slices.Contains(r.Warnings, WarnNotYetValid), v.Name == "not-yet-valid"; got != want {
				t.Errorf("not yet valid = %v, want %v", got, want)
			}
		})
	}
}

// compare holds the reading against what the vector says is inside.
func (v claimVector) compare(t *testing.T, r Reading) {
	t.Helper()
	text := func(key string) string { s, _ := v.Claim[key].(string); return s }
	if r.Name != text("fullName") {
		t.Errorf("name %q, want %q", r.Name, text("fullName"))
	}
	if got, want := strings.ReplaceAll(r.Birth, "-", ""), strings.ReplaceAll(text("dateOfBirth"), "-", ""); got != want {
		t.Errorf("birth %q, want %q", got, want)
	}
	if id := text("id"); id != "" && !slices.Contains(r.Documents, identity.NewDocument(identity.Foreign, id)) {
		t.Errorf("documents %v, want %q", r.Documents, id)
	}
	if r.Fields["iss"] != v.Meta.Issuer || r.Expires.Unix() != v.Meta.ExpiresAt || r.Issued.Unix() != v.Meta.IssuedAt {
		t.Errorf("iss %q exp %v iat %v, want %+v", r.Fields["iss"], r.Expires, r.Issued, v.Meta)
	}
	if r.Phone != text("phone") || r.Fields["email"] != text("email") || r.Fields["nationality"] != text("nationality") {
		t.Errorf("phone %q email %q nationality %q, want %v", r.Phone, r.Fields["email"], r.Fields["nationality"], v.Claim)
	}
}

// TestEncryptedVectorsInside opens the two encrypted vectors as their addressee
// would and reads what is inside: the program itself holds no such key.
func TestEncryptedVectorsInside(t *testing.T) {
	for _, v := range claimVectors(t) {
		if v.Encryption.Key == "" {
			continue
		}
		s := scan{trust: &Trusted{JWKs: v.key(t)}, now: time.Unix(1_760_000_000, 0)}
		plain := decrypt(t, v)
		if v.Signing.Algorithm == "" { // the bare claims
			c, err := parseClaims(plain)
			if err != nil {
				t.Fatal(err)
			}
			v.compare(t, claim169(sign1{}, c, s))
			continue
		}
		r := foreignToken(plain, s)
		if r.Kind != Claim169 || r.Trust != Signed || r.Reason != "" {
			t.Errorf("%s: %v %v %q, want claim169 signed", v.Name, r.Kind, r.Trust, r.Reason)
		}
		v.compare(t, r)
	}
}

// decrypt opens a COSE_Encrypt0 with AES-256-GCM (RFC 9052, section 5.3).
func decrypt(t *testing.T, v claimVector) []byte {
	b, err := card.Decode(v.QR)
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		_         struct{} `cbor:",toarray"`
		Protected []byte
		Header    struct {
			Nonce []byte `cbor:"5,keyasint"`
		}
		Cipher []byte
	}
	if err := cbor.Unmarshal(b[1:], &m); err != nil {
		t.Fatal(err)
	}
	additional, err := cbor.Marshal([]any{"Encrypt0", m.Protected, []byte{}})
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(unhex(t, v.Encryption.Key))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, m.Header.Nonce, m.Cipher, additional)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// vietnamSample is one of testdata/vietnam/samples.json, all invented people.
type vietnamSample struct {
	Format, Name, Text string
	Expect             map[string]any
}

func vietnamSamples(t testing.TB) []vietnamSample {
	var samples []vietnamSample
	load(t, "testdata/vietnam/samples.json", &samples)
	if len(samples) != 12 {
		t.Fatalf("%d samples, want 12", len(samples))
	}
	return samples
}

func TestVietnameseSamples(t *testing.T) {
	kinds := map[string]Kind{"cccd": CCCD, "qrqg": QRQG, "bhyt15": BHYT, "bhyt10": BHYT}
	now := time.Date(2025, 6, 1, 0, 0, 0, 0, vietnam)
	for _, s := range vietnamSamples(t) {
		t.Run(s.Name, func(t *testing.T) {
			r := Read(s.Text, nil, now)
			if r.Kind != kinds[s.Format] || r.Trust != Unverified || r.Reason != Unsigned {
				t.Fatalf("%v %v %q, want %v unverified unsigned", r.Kind, r.Trust, r.Reason, kinds[s.Format])
			}
			for key, want := range s.Expect {
				if got := s.got(key, r); got != want {
					t.Errorf("%s = %q, want %q", key, got, want)
				}
			}
			for _, w := range []string{WarnBirthYear, WarnSex, WarnProvince, WarnNumber, WarnGarbled} {
				if expected := w == WarnBirthYear && s.Expect["warn"] == "year"; slices.Contains(r.Warnings, w) != expected {
					t.Errorf("warning %s = %v, want %v", w, !expected, expected)
				}
			}
		})
	}
}

// got is what the reading has for one word of the sample's expectation.
func (s vietnamSample) got(key string, r Reading) any {
	switch key {
	case "dob":
		return r.Birth
	case "sex":
		return r.Sex
	case "name":
		return r.Name
	case "phone":
		return r.Phone
	case "doc_masked":
		return slices.Contains(r.Warnings, WarnMasked) && !slices.ContainsFunc(r.Documents, func(d identity.Document) bool { return d.Kind == identity.CCCD })
	case "warn":
		if slices.Contains(r.Warnings, WarnBirthYear) {
			return "year"
		}
	}
	return r.Fields[key]
}
