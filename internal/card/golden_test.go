package card

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"
)

// vectors are the signed cards of testdata, made and checked by other programs.
type vectors struct {
	Seed    string `json:"seed_hex"`
	Public  string `json:"public_key_hex"`
	KID     string `json:"kid"`
	Vectors []struct{ Name, Text, COSE, Claims string }
}

func loadVectors(t testing.TB) vectors {
	t.Helper()
	b, err := os.ReadFile("testdata/own-card-claim169.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Vectors) != 5 {
		t.Fatalf("%d vectors, want 5", len(v.Vectors))
	}
	return v
}

func (v vectors) private(t testing.TB) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(unhex(t, v.Seed))
}

func (v vectors) keyring(t testing.TB) Keyring {
	return Keyring{{KID: []byte(v.KID), Public: unhex(t, v.Public)}}
}

func (v vectors) text(t testing.TB, name string) string {
	t.Helper()
	for _, one := range v.Vectors {
		if one.Name == name {
			return one.Text
		}
	}
	t.Fatalf("no vector %q", name)
	return ""
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

// khai is what the vector "valid" says.
func khai() Claims {
	return Claims{
		Number: "46-0000123", Issuer: "hue", Name: "NGUYỄN THỊ MINH KHAI",
		Birth: "1987-01-18", Sex: "F", Ward: "19768",
		Issued: day("2021-09-27"), Expires: day("2022-09-27"),
	}
}

func TestVectorsVerifyAsTheySay(t *testing.T) {
	v := loadVectors(t)
	want := map[string]error{
		"valid": nil, "tampered-payload": ErrSignature, "wrong-key": ErrSignature, "expired": nil, "no-169": nil,
	}
	for _, one := range v.Vectors {
		t.Run(one.Name, func(t *testing.T) {
			if !Recognise(one.Text) {
				t.Error("not recognised")
			}
			cose, err := Decode(one.Text)
			if err != nil {
				t.Fatal(err)
			}
			// The hex of the tampered vector is the one before tampering.
			if one.Name != "tampered-payload" && hex.EncodeToString(cose) != one.COSE {
				t.Errorf("COSE\n got %x\nwant %s", cose, one.COSE)
			}
			token, err := Verify(cose, v.keyring(t))
			if !errors.Is(err, want[one.Name]) {
				t.Fatalf("got error %v, want %v", err, want[one.Name])
			}
			if string(token.KID) != v.KID {
				t.Errorf("got kid %q, want %q", token.KID, v.KID)
			}
			checkClaims(t, one.Name, token)
		})
	}
}

func checkClaims(t *testing.T, name string, token Token) {
	t.Helper()
	want := khai()
	switch name {
	case "expired":
		want.Number, want.Expires = "46-0000124", day("2021-09-28")
	case "no-169":
		want = Claims{Number: "46-0000125", Issuer: "hue", Issued: want.Issued, Expires: want.Expires}
	case "tampered-payload":
		want.Ward = "19769"
	}
	if token.Claims != want {
		t.Errorf("claims\n got %+v\nwant %+v", token.Claims, want)
	}
	if token.Has169 != (name != "no-169") {
		t.Errorf("got Has169 %v", token.Has169)
	}
}

func TestSigningGivesTheVectorByteForByte(t *testing.T) {
	v := loadVectors(t)
	cose, err := Sign(v.private(t), []byte(v.KID), khai())
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(cose); got != v.Vectors[0].COSE {
		t.Fatalf("COSE\n got %s\nwant %s", got, v.Vectors[0].COSE)
	}
	text, err := Base45(cose)
	if err != nil {
		t.Fatal(err)
	}
	if want := v.text(t, "valid"); text != want {
		t.Errorf("text\n got %s\nwant %s", text, want)
	}
}
