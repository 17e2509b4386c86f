package card

import (
	"bytes"
	"compress/zlib"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/veraison/go-cose"

	"quachot/internal/base45"
)

func newKey(t testing.TB, seed byte) (ed25519.PrivateKey, Key) {
	t.Helper()
	priv := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32))
	return priv, Key{KID: []byte{seed}, Public: priv.Public().(ed25519.PublicKey)}
}

func claims(t testing.TB, counter uint32) Claims {
	t.Helper()
	n, err := NewNumber("460012", counter)
	if err != nil {
		t.Fatal(err)
	}
	return Claims{
		Number: string(n), Name: "Đỗ Thị Kiều Trinh", Birth: "1990", Sex: "F", Ward: "19768",
		Issued: day("2021-09-27"), Expires: day("2022-03-31"),
	}
}

func sign(t testing.TB, priv ed25519.PrivateKey, kid []byte, c Claims) []byte {
	t.Helper()
	cose, err := Sign(priv, kid, c)
	if err != nil {
		t.Fatal(err)
	}
	return cose
}

func TestBothAlphabetsCarryTheSameToken(t *testing.T) {
	priv, key := newKey(t, 1)
	for _, c := range []Claims{claims(t, 1), claims(t, MaxCounter), {Number: "1", Issued: day("2021-01-01")}, khai()} {
		cose := sign(t, priv, key.KID, c)
		for name, write := range map[string]func([]byte) (string, error){"base45": Base45, "digits": Digits} {
			text, err := write(cose)
			if err != nil {
				t.Fatal(err)
			}
			if !Recognise(text) {
				t.Errorf("%s: %q is not recognised", name, text)
			}
			back, err := Decode(text)
			if err != nil || !bytes.Equal(back, cose) {
				t.Fatalf("%s: got %x, %v, want %x", name, back, err, cose)
			}
			token, err := Verify(back, Keyring{key})
			if err != nil || token.Claims != c {
				t.Errorf("%s: got %+v, %v, want %+v", name, token.Claims, err, c)
			}
			if token.Hash != sha256.Sum256(cose) {
				t.Errorf("%s: the hash is not the one of the token's bytes", name)
			}
		}
	}
}

func TestDigitsAreTheDecimalOfOneAndTheZlibBytes(t *testing.T) {
	v := loadVectors(t)
	cose, err := Decode(v.text(t, "valid"))
	if err != nil {
		t.Fatal(err)
	}
	z, err := base45.Decode(v.text(t, "valid"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Digits(cose)
	if err != nil {
		t.Fatal(err)
	}
	want := new(big.Int).SetBytes(append([]byte{1}, z...)).String()
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// remake is the token with other parts, signed anew.
func remake(t *testing.T, priv ed25519.PrivateKey, protected, unprotected, payload any) []byte {
	t.Helper()
	enc := func(v any) []byte {
		b, err := encoder.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	s := sign1{Protected: enc(protected), Unprotected: enc(unprotected), Payload: enc(payload)}
	tbs, err := s.toBeSigned()
	if err != nil {
		t.Fatal(err)
	}
	s.Signature = ed25519.Sign(priv, tbs)
	return append([]byte{tagSign1}, enc(s)...)
}

func TestTheKeySaysTheAlgorithm(t *testing.T) {
	priv, key := newKey(t, 1)
	payload := map[int]any{2: "1", 6: 1632700800}
	none := map[int]any{}
	tests := []struct {
		name                   string
		protected, unprotected map[int]any
		want                   error
	}{
		{"EdDSA", map[int]any{1: -8, 4: key.KID}, none, nil},
		{"Ed25519 of RFC 9864", map[int]any{1: -19, 4: key.KID}, none, nil},
		{"ES256 under our key", map[int]any{1: -7, 4: key.KID}, none, ErrAlgorithm},
		{"HMAC under our key", map[int]any{1: 5, 4: key.KID}, none, ErrAlgorithm},
		{"no alg", map[int]any{4: key.KID}, none, ErrAlgorithm},
		{"alg unprotected", map[int]any{4: key.KID}, map[int]any{1: -8}, ErrAlgorithm},
		{"kid unprotected", map[int]any{1: -8}, map[int]any{4: key.KID}, ErrUnknownKey},
		{"kid of nobody", map[int]any{1: -8, 4: []byte("x")}, none, ErrUnknownKey},
		{"kid of nobody and other alg", map[int]any{1: -7, 4: []byte("x")}, none, ErrUnknownKey},
		{"empty kid", map[int]any{1: -8, 4: []byte{}}, none, ErrUnknownKey},
		{"critical header", map[int]any{1: -8, 2: []int{99}, 4: key.KID}, none, ErrMalformed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Verify(remake(t, priv, test.protected, test.unprotected, payload), Keyring{key})
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// A revoked card must not come back under another hash.
func TestHashIgnoresTheUnprotectedHeaderAndTheTags(t *testing.T) {
	priv, key := newKey(t, 1)
	protected, payload := map[int]any{1: -8, 4: key.KID}, map[int]any{2: "1"}
	plain := remake(t, priv, protected, map[int]any{}, payload)
	want, err := Verify(plain, Keyring{key})
	if err != nil {
		t.Fatal(err)
	}
	for name, cose := range map[string][]byte{
		"header added": remake(t, priv, protected, map[int]any{100: "x"}, payload),
		"no tag":       plain[1:],
		"tag 61":       append([]byte{0xd8, 0x3d}, plain...),
	} {
		got, err := Verify(cose, Keyring{key})
		if err != nil || got.Hash != want.Hash {
			t.Errorf("%s: got hash %x, %v, want %x", name, got.Hash, err, want.Hash)
		}
	}
}

func TestKeysWithOneKID(t *testing.T) {
	priv, key := newKey(t, 1)
	_, other := newKey(t, 2)
	other.KID = key.KID
	broken := Key{KID: key.KID, Public: []byte{1, 2, 3}}
	cose := sign(t, priv, key.KID, claims(t, 1))
	if _, err := Verify(cose, Keyring{broken, other, key}); err != nil {
		t.Errorf("the right key is last: %v", err)
	}
	if _, err := Verify(cose, Keyring{broken, other}); !errors.Is(err, ErrSignature) {
		t.Errorf("got %v, want ErrSignature", err)
	}
	if _, err := Verify(cose, Keyring{broken}); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("got %v, want ErrUnknownKey", err)
	}
}

func TestCertificateOfTheKey(t *testing.T) {
	priv, key := newKey(t, 1)
	first, last := Number(claims(t, 100).Number).Serial(), Number(claims(t, 199).Number).Serial()
	from, until := day("2021-09-27"), day("2021-10-27")
	tests := []struct {
		name    string
		counter uint32
		issued  time.Time
		want    error
	}{
		{"first card, first second", 100, from, nil},
		{"last card, last second", 199, until, nil},
		{"number below", 99, from, ErrRange},
		{"number above", 200, from, ErrRange},
		{"a second early", 150, from.Add(-time.Second), ErrRange},
		{"a second late", 150, until.Add(time.Second), ErrRange},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := key
			k.First, k.Last, k.From, k.Until = first, last, from, until
			c := claims(t, test.counter)
			c.Issued = test.issued
			token, err := Verify(sign(t, priv, key.KID, c), Keyring{k})
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if token.Number != c.Number || token.Name != c.Name {
				t.Errorf("the token is not filled: %+v", token)
			}
		})
	}
	for _, number := range []string{"460012-000150-3", "46-0000123", "0"} {
		k, c := key, claims(t, 150)
		k.First, k.Last, c.Number = first, last, number
		if _, err := Verify(sign(t, priv, key.KID, c), Keyring{k}); !errors.Is(err, ErrRange) {
			t.Errorf("number %q under a bounded key: got %v, want ErrRange", number, err)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	priv, key := newKey(t, 1)
	good := claims(t, 1)
	change := func(f func(*Claims)) Claims { c := good; f(&c); return c }
	tests := []struct {
		name string
		priv ed25519.PrivateKey
		kid  []byte
		c    Claims
	}{
		{"no key", nil, key.KID, good},
		{"no kid", priv, nil, good},
		{"long kid", priv, make([]byte, MaxKID+1), good},
		{"no number", priv, key.KID, change(func(c *Claims) { c.Number = "" })},
		{"no iat", priv, key.KID, change(func(c *Claims) { c.Issued = time.Time{} })},
		{"exp before iat", priv, key.KID, change(func(c *Claims) { c.Expires = c.Issued })},
		{"birth in words", priv, key.KID, change(func(c *Claims) { c.Birth = "18/01/1987" })},
		{"no such day", priv, key.KID, change(func(c *Claims) { c.Birth = "1987-02-30" })},
	}
	for _, test := range tests {
		if _, err := Sign(test.priv, test.kid, test.c); err == nil {
			t.Errorf("%s: signed", test.name)
		}
	}
}

func TestNamesAreSignedInNFC(t *testing.T) {
	priv, key := newKey(t, 1)
	c := claims(t, 1)
	c.Name = "Nguye\u0302\u0303n Thi\u0323 Hoa\u0300" // as a Mac or a phone sends it
	token, err := Verify(sign(t, priv, key.KID, c), Keyring{key})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Nguyễn Thị Hoà"; token.Name != want {
		t.Errorf("got %+q, want %+q", token.Name, want)
	}
}

// Others verify our cards with a library; go-cose stands for them.
func TestGoCoseAgrees(t *testing.T) {
	priv, key := newKey(t, 1)
	var msg cose.Sign1Message
	if err := msg.UnmarshalCBOR(sign(t, priv, key.KID, claims(t, 1))); err != nil {
		t.Fatal(err)
	}
	verifier, err := cose.NewVerifier(cose.AlgorithmEdDSA, key.Public)
	if err != nil {
		t.Fatal(err)
	}
	if err := msg.Verify(nil, verifier); err != nil {
		t.Error(err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	pack := func(b []byte) string {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		w.Write(b)
		w.Close()
		return base45.Encode(z.Bytes())
	}
	good := loadVectors(t).text(t, "valid")
	raw, _ := base45.Decode(good)
	tests := map[string]string{
		"empty":            "",
		"garbage":          "hello",
		"lower case":       strings.ToLower(good),
		"half a code":      good[:len(good)/2],
		"more after":       base45.Encode(append(raw, 0)),
		"zip bomb":         pack(make([]byte, maxInflated+1)),
		"1 MB":             strings.Repeat("A", 1<<20),
		"1 MB of digits":   strings.Repeat("1", 1<<20),
		"digits, no mark":  strings.Repeat("9", 300),
		"digits, zero":     strings.Repeat("0", 300),
		"adler wrong":      base45.Encode(append(bytes.Clone(raw[:len(raw)-1]), raw[len(raw)-1]^1)),
		"too few digits":   strings.Repeat("1", minDigits-1),
		"zlib, dictionary": base45.Encode([]byte{0x78, 0xbb, 1, 2, 3, 4, 5}),
	}
	for name, text := range tests {
		if _, err := Decode(text); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v, want ErrMalformed", name, err)
		}
	}
	if _, err := Decode(pack(make([]byte, maxInflated))); err != nil {
		t.Errorf("just below the bound: %v", err)
	}
}

func TestRecognise(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"NCFOXN", true}, {"6BF590", true}, {"Y9F000", true}, {"V7F000", true},
		{"NCFoxn", false}, {"NCF\n", false}, {"HC1:NCFOXN", false}, {"", false}, {"ABC", false},
		{strings.Repeat("1", 200), true}, {strings.Repeat("1", 700), true},
		{strings.Repeat("1", 199), false}, {strings.Repeat("1", 701), false}, {strings.Repeat("1", 200) + "A", false},
	}
	for _, test := range tests {
		if got := Recognise(test.text); got != test.want {
			t.Errorf("Recognise(%.20q...) = %v, want %v", test.text, got, test.want)
		}
	}
}

// claim169Vector is a test vector of the Claim 169 implementations.
type claim169Vector struct {
	Name    string `json:"name"`
	Text    string `json:"qr_data"`
	Signing *struct {
		Algorithm string `json:"algorithm"`
		Public    string `json:"public_key_hex"`
	} `json:"signing_key"`
	Want *struct {
		Name  string `json:"fullName"`
		Birth string `json:"dateOfBirth"`
	} `json:"expected_claim169"`
	Meta struct {
		Expires int64 `json:"expiresAt"`
	} `json:"expected_cwt_meta"`
}

func TestClaim169Vectors(t *testing.T) {
	files, _ := filepath.Glob("testdata/claim169/*/*.json")
	if len(files) != 18 {
		t.Fatalf("%d vectors, want 18", len(files))
	}
	want := map[string]error{ // the rest is ErrUnsigned
		"ed25519-signed": nil, "ecdsa-p256-signed": ErrUnknownKey,
		"encrypted-aes256": ErrMalformed, "encrypted-signed": ErrMalformed,
		"bad-base45": ErrMalformed, "bad-zlib": ErrMalformed, "not-cose": ErrMalformed,
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v claim169Vector
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		t.Run(v.Name, func(t *testing.T) {
			wantErr, special := want[v.Name]
			if !special {
				wantErr = ErrUnsigned
			}
			token, err := verifyText(t, v)
			if !errors.Is(err, wantErr) {
				t.Fatalf("got %v, want %v", err, wantErr)
			}
			if wantErr == ErrMalformed || v.Want == nil {
				return
			}
			if token.Name != v.Want.Name || token.Expires.Unix() != v.Meta.Expires {
				t.Errorf("got %q, %v, want %q, %d", token.Name, token.Expires, v.Want.Name, v.Meta.Expires)
			}
			if v.Name == "demographics-full" && token.Birth == "" {
				t.Error("the birth date is missing")
			}
		})
	}
}

// verifyText gives the vector's key the kid of its token: the vectors have none.
func verifyText(t *testing.T, v claim169Vector) (Token, error) {
	t.Helper()
	raw, err := Decode(v.Text)
	if err != nil {
		return Token{}, err
	}
	if v.Signing == nil || v.Signing.Algorithm != "EdDSA" {
		return Verify(raw, nil)
	}
	s, h, err := parseSign1(raw)
	if err != nil {
		return Token{}, err
	}
	h.KID = []byte("test")
	c, has, err := decodeClaims(s.Payload)
	if err != nil {
		return Token{}, err
	}
	return Token{Claims: c, Has169: has}, Keyring{{KID: h.KID, Public: unhex(t, v.Signing.Public)}}.check(s, h, c)
}

func FuzzDecode(f *testing.F) {
	v := loadVectors(f)
	for _, one := range v.Vectors {
		f.Add(one.Text)
		if raw, err := Decode(one.Text); err == nil {
			d, _ := Digits(raw)
			f.Add(d)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		raw, err := Decode(text)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatalf("%v is not ErrMalformed", err)
			}
			return
		}
		_, _ = Verify(raw, v.keyring(t))
	})
}

func FuzzVerify(f *testing.F) {
	v := loadVectors(f)
	genuine := map[string]bool{}
	for _, one := range v.Vectors {
		raw, err := Decode(one.Text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
		if s, _, err := parseSign1(raw); err == nil {
			genuine[string(s.Payload)] = true
		}
	}
	keys := v.keyring(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := Verify(raw, keys)
		if err != nil {
			return
		}
		s, _, _ := parseSign1(raw)
		if !genuine[string(s.Payload)] {
			t.Fatalf("verified what nobody signed: %x", raw)
		}
	})
}

// The decoder must not take what differs from a map with integer keys for one.
func TestPayloadOfOtherShapes(t *testing.T) {
	priv, key := newKey(t, 1)
	for name, payload := range map[string]any{
		"array":           []int{1, 2},
		"text":            "x",
		"sub is a number": map[int]any{2: 5},
		"exp is text":     map[int]any{2: "1", 4: "tomorrow"},
		"exp is negative": map[int]any{2: "1", 4: -5},
		"exp is huge":     map[int]any{2: "1", 4: uint64(1) << 63},
		"169 is text":     map[int]any{2: "1", 169: "x"},
		"same key twice":  cbor.RawMessage{0xa2, 0x02, 0x61, 0x31, 0x02, 0x61, 0x32},
	} {
		raw := remake(t, priv, map[int]any{1: -8, 4: key.KID}, map[int]any{}, payload)
		if _, err := Verify(raw, Keyring{key}); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v, want ErrMalformed", name, err)
		}
	}
	raw := remake(t, priv, map[int]any{1: -8, 4: key.KID}, map[int]any{},
		map[any]any{2: "1", 6: 1632700800.5, "x": 1, 169: map[int]any{21: 19768, 9: 7, 60: []int{1}}})
	token, err := Verify(raw, Keyring{key})
	if err != nil || token.Ward != "19768" || token.Issued != day("2021-09-27") || token.Sex != "" {
		t.Errorf("unknown and unusual fields: got %+v, %v", token, err)
	}
}
