package credential

import (
	"crypto/ed25519"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/card"
)

// ownCards signs cards as an office would.
type ownCards struct {
	private ed25519.PrivateKey
	trust   *Trusted
	number  string
}

func newOwnCards(t testing.TB, first, last uint64) ownCards {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	n := must(card.NewNumber("460012", 123))
	key := card.Key{KID: []byte("k1"), Public: public, First: first, Last: last, From: testNow.AddDate(0, -1, 0), Until: testNow.AddDate(0, 1, 0)}
	return ownCards{private, &Trusted{Cards: card.Keyring{key}}, string(n)}
}

func (o ownCards) claims() card.Claims {
	return card.Claims{
		Number: o.number, Name: "Nguyễn Thị Minh Khai", Birth: "1987-01-18", Sex: "F", Ward: "19768",
		Issued: testNow.Add(-time.Hour), Expires: testNow.AddDate(1, 0, 0),
	}
}

// texts is the card in both alphabets.
func texts(t testing.TB, cose []byte) []string {
	t.Helper()
	a, err := card.Base45(cose)
	if err != nil {
		t.Fatal(err)
	}
	b, err := card.Digits(cose)
	if err != nil {
		t.Fatal(err)
	}
	return []string{a, b}
}

func TestOwnCardInBothAlphabets(t *testing.T) {
	o := newOwnCards(t, 460012000001, 460012000999)
	for _, text := range texts(t, must(card.Sign(o.private, []byte("k1"), o.claims()))) {
		r := Read(" \ufeff"+text+" \t\r\n", o.trust, testNow)
		if r.Kind != Card || r.Trust != Signed || r.Reason != "" || len(r.Warnings) > 0 {
			t.Errorf("%v %v %q %v, want a signed card", r.Kind, r.Trust, r.Reason, r.Warnings)
		}
		if r.CardNumber != o.number || r.Name != "Nguyễn Thị Minh Khai" || r.Birth != "1987-01-18" || r.Sex != "F" || r.Ward != "19768" ||
			!r.Issued.Equal(testNow.Add(-time.Hour)) || !r.Expires.Equal(testNow.AddDate(1, 0, 0)) {
			t.Errorf("read %+v", r)
		}
	}
}

func TestCardsThatDoNotCount(t *testing.T) {
	o := newOwnCards(t, 460012000001, 460012000999)
	_, stranger, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	with := func(edit func(*card.Claims)) []byte {
		c := o.claims()
		edit(&c)
		return must(card.Sign(o.private, []byte("k1"), c))
	}
	good := with(func(*card.Claims) {})
	for _, c := range []struct {
		name     string
		cose     []byte
		trust    Trust
		reason   string
		warnings []string
	}{
		{"from tomorrow", with(func(c *card.Claims) { c.Issued = testNow.Add(25 * time.Hour) }), Signed, "", []string{WarnNotYetValid}},
		{"from a clock an hour ahead", with(func(c *card.Claims) { c.Issued = testNow.Add(time.Hour) }), Signed, "", nil},
		{"expired", with(func(c *card.Claims) { c.Expires = testNow.Add(-time.Second) }), Signed, "", []string{WarnExpired}},
		{"never expires", with(func(c *card.Claims) { c.Expires = time.Time{} }), Signed, "", nil},
		{"number of another station", with(func(c *card.Claims) { c.Number = string(must(card.NewNumber("460013", 1))) }), Undecided, KeyRange, nil},
		{"issued before the key's time", with(func(c *card.Claims) { c.Issued = testNow.AddDate(0, -2, 0) }), Undecided, KeyRange, nil},
		{"unknown kid", must(card.Sign(stranger, []byte("k2"), o.claims())), Undecided, UnknownKey, nil},
		{"another's key under our kid", must(card.Sign(stranger, []byte("k1"), o.claims())), Forged, BadSignature, nil},
		{"signature removed", must(cbor.Marshal(removeSignature(t, good))), Forged, Unsigned, nil},
		{"signature changed", append(good[:len(good)-1:len(good)-1], good[len(good)-1]^1), Forged, BadSignature, nil},
	} {
		for _, text := range texts(t, c.cose) {
			r := Read(text, o.trust, testNow)
			if r.Kind != Card || r.Trust != c.trust || r.Reason != c.reason || !slices.Equal(r.Warnings, c.warnings) {
				t.Errorf("%s: %v %v %q %v, want card %v %q %v", c.name, r.Kind, r.Trust, r.Reason, r.Warnings, c.trust, c.reason, c.warnings)
			}
		}
	}
}

func removeSignature(t testing.TB, cose []byte) any {
	var m []any
	if err := cbor.Unmarshal(cose[1:], &m); err != nil {
		t.Fatal(err)
	}
	m[3] = []byte{}
	return cbor.Tag{Number: 18, Content: m}
}

// TestCardAlgorithms: the key says the algorithm, the protected header must
// agree, and for our cards nothing else is asked.
func TestCardAlgorithms(t *testing.T) {
	o := newOwnCards(t, 0, 0)
	payload := must(cbor.Marshal(map[int64]any{2: o.number, 6: testNow.Unix(), 169: map[int64]any{4: "Lê Văn Ba", 8: "19800101"}}))
	kid := []byte("k1")
	for _, c := range []struct {
		name   string
		m      message
		trust  Trust
		reason string
	}{
		{"-8", message{map[int64]any{1: -8, 4: kid}, nil, payload, []byte{0xd2}}, Signed, ""},
		{"-19", message{map[int64]any{1: -19, 4: kid}, nil, payload, []byte{0xd2}}, Signed, ""},
		{"ES256", message{map[int64]any{1: -7, 4: kid}, nil, payload, []byte{0xd2}}, Forged, AlgMismatch},
		{"none", message{map[int64]any{4: kid}, nil, payload, []byte{0xd2}}, Forged, AlgMismatch},
		{"alg unprotected", message{map[int64]any{4: kid}, map[int64]any{1: -8}, payload, []byte{0xd2}}, Forged, AlgMismatch},
		{"kid unprotected", message{map[int64]any{1: -8}, map[int64]any{4: kid}, payload, []byte{0xd2}}, Undecided, UnknownKey},
	} {
		text := must(card.Base45(c.m.sign(t, o.private)))
		if r := Read(text, o.trust, testNow); r.Kind != Card || r.Trust != c.trust || r.Reason != c.reason {
			t.Errorf("alg %s: %v %v %q, want card %v %q", c.name, r.Kind, r.Trust, r.Reason, c.trust, c.reason)
		}
	}
}

// TestForeignClaim169: tokens of others count under a trusted JWK of their kid,
// with the algorithm of the key in the protected header, old and new number.
func TestForeignClaim169(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, stranger, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	trust := &Trusted{JWKs: []JWK{{KID: "inji-1", Public: public}}}
	payload := must(cbor.Marshal(map[int64]any{1: "https://id.example.org", 169: map[int64]any{1: "A-1", 5: "Lê", 7: "Ba", 9: 3}}))
	for _, c := range []struct {
		name   string
		alg    int64
		key    ed25519.PrivateKey
		kid    string
		trust  Trust
		reason string
	}{
		{"EdDSA", -8, private, "inji-1", Signed, ""},
		{"Ed25519", -19, private, "inji-1", Signed, ""},
		{"another algorithm", -7, private, "inji-1", Forged, AlgMismatch},
		{"another key", -8, stranger, "inji-1", Forged, BadSignature},
		{"another kid", -8, private, "inji-2", Undecided, UnknownKey},
		{"another kid of nobody", -8, stranger, "inji-3", Undecided, UnknownKey},
		{"no kid, another key", -8, stranger, "", Undecided, UnknownKey},
	} {
		header := map[int64]any{1: c.alg, 4: []byte(c.kid)}
		text := must(card.Base45(message{header, nil, payload, []byte{0xd2}}.sign(t, c.key)))
		r := Read(text, trust, testNow)
		if r.Kind != Claim169 || r.Trust != c.trust || r.Reason != c.reason || r.Name != "Lê Ba" || r.Sex != "" || r.Fields["gender"] != "other" {
			t.Errorf("%s: %v %v %q %+v, want claim169 %v %q", c.name, r.Kind, r.Trust, r.Reason, r, c.trust, c.reason)
		}
	}
	for kid, want := range map[string]Trust{"inji-1": Forged, "inji-2": Undecided} {
		cose := must(cbor.Marshal(removeSignature(t, message{map[int64]any{1: -8, 4: []byte(kid)}, nil, payload, []byte{0xd2}}.sign(t, private))))
		if r := Read(must(card.Base45(cose)), trust, testNow); r.Trust != want || r.Reason != Unsigned {
			t.Errorf("signature removed under %s: %v %q, want %v unsigned", kid, r.Trust, r.Reason, want)
		}
	}
	unprotected := message{map[int64]any{4: []byte("inji-1")}, map[int64]any{1: -8}, payload, []byte{0xd2}}
	if r := Read(must(card.Base45(unprotected.sign(t, private))), trust, testNow); r.Trust == Signed {
		t.Error("an unprotected alg counts for HC1 only")
	}
}

// TestHalfACard: any cut of a card is unreadable.
func TestHalfACard(t *testing.T) {
	o := newOwnCards(t, 0, 0)
	for _, text := range texts(t, must(card.Sign(o.private, []byte("k1"), o.claims()))) {
		for n := 3; n < len(text); n++ {
			r := Read(text[:n], o.trust, testNow)
			if r.Trust == Signed || r.Trust == Forged || r.Kind == Card {
				t.Fatalf("first %d of %d characters: %v %v %q", n, len(text), r.Kind, r.Trust, r.Reason)
			}
			if n > len(text)/3 && r.Reason != Truncated {
				t.Fatalf("first %d of %d characters: %q, want truncated", n, len(text), r.Reason)
			}
		}
		if r := Read(text+text, o.trust, testNow); r.Trust == Signed { // a scan in the middle of a scan
			t.Errorf("twice the text is a signed card")
		}
		if r := Read(text[:len(text)/2]+text, o.trust, testNow); r.Kind == Card {
			t.Errorf("a scan in the middle of a scan is a card")
		}
	}
}

// TestInputMethodIsNoticed: Telex and the like between a keyboard scanner and
// this program spoil Base45, and the officer must learn why.
func TestInputMethodIsNoticed(t *testing.T) {
	cards, trust := loadCards(t)
	spoilt := strings.NewReplacer("WR", "ƯR", "AA", "Â", "DD", "Đ", "W", "Ư", "OO", "Ô")
	for _, text := range []string{cards.Vectors[0].Text, dccCases(t)[0].Prefix} {
		if r := Read(spoilt.Replace(text), trust, testNow); r.Kind != Unknown || r.Reason != InputMethod {
			t.Errorf("%.12s...: %v %q, want unknown input_method", text, r.Kind, r.Reason)
		}
	}
	if r := Read("NCF: CỘNG HÒA", trust, testNow); r.Reason != Garbage {
		t.Errorf("a few words: %q, want garbage", r.Reason)
	}
}

func TestTypedCardNumber(t *testing.T) {
	n := must(card.NewNumber("460012", 123))
	for _, typed := range []string{string(n), n.Grouped(), " " + n.Grouped() + "\r\n", strings.ReplaceAll(n.Grouped(), " ", "-"), strings.ReplaceAll(n.Grouped(), " ", ".")} {
		r := Read(typed, nil, testNow)
		if r.Kind != CardNumber || r.Trust != Unverified || r.CardNumber != string(n) {
			t.Errorf("%q: %v %v %q, want card-number unverified %s", typed, r.Kind, r.Trust, r.CardNumber, n)
		}
	}
	wrong := []byte(n)
	wrong[12] = '0' + (wrong[12]-'0'+1)%10
	if r := Read(string(wrong), nil, testNow); r.Kind != Unknown || r.Reason != BadCheckDigit {
		t.Errorf("%s: %v %q, want unknown bad_check_digit", wrong, r.Kind, r.Reason)
	}
}

func TestLine(t *testing.T) {
	o := newOwnCards(t, 0, 0)
	text := must(card.Base45(must(card.Sign(o.private, []byte("k1"), o.claims()))))
	var l struct {
		Kind, Trust, Reason string
		Warnings            []string
		Fields              map[string]any
	}
	unmarshal := func(r Reading) map[string]any {
		b, err := json.Marshal(Line(r))
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]any
		l.Fields, l.Warnings = nil, nil
		if json.Unmarshal(b, &l) != nil || json.Unmarshal(b, &members) != nil {
			t.Fatalf("line %s", b)
		}
		return members
	}
	members := unmarshal(Read(text, o.trust, testNow))
	if l.Kind != "card" || l.Trust != "signed" || l.Reason != "" || l.Warnings == nil || len(l.Warnings) > 0 || len(members) != 5 {
		t.Errorf("line %v", members)
	}
	for name, want := range map[string]any{
		"name": "Nguyễn Thị Minh Khai", "birth": "1987-01-18", "sex": "F", "ward": "19768", "card": o.number,
		"key_id": "6b31", "issued": "2022-03-01T07:00:00Z", "expires": "2023-03-01T08:00:00Z",
	} {
		if l.Fields[name] != want {
			t.Errorf("%s = %v, want %v", name, l.Fields[name], want)
		}
	}
	unmarshal(Read("046187001234|191234567|Nguyễn Thị Minh Khai|18011990|Nữ|Huế|25042021", nil, testNow))
	if !slices.Equal(l.Warnings, []string{WarnBirthYear}) || l.Fields["issued"] != "2021-04-25" {
		t.Errorf("line %+v", l)
	}
	if d, _ := l.Fields["documents"].([]any); len(d) != 2 || d[0] != "cccd:046187001234" || d[1] != "cmnd:191234567" {
		t.Errorf("documents %v", l.Fields["documents"])
	}
	if members := unmarshal(Reading{}); l.Kind != "unknown" || l.Trust != "unknown" || len(l.Fields) != 0 || members["warnings"] == nil {
		t.Errorf("line of nothing: %v", members)
	}
}
