package record

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/credential"
	"quachot/internal/identity"
)

func testKey(b byte) (ed25519.PublicKey, ed25519.PrivateKey) {
	priv := ed25519.NewKeyFromSeed(append(make([]byte, 31), b))
	return priv.Public().(ed25519.PublicKey), priv
}

var scan = Scan{
	Direction: In, Reading: credential.CCCD, Trust: credential.Unverified, Verdict: Check,
	Reasons:   []Reason{{Code: "unverified"}},
	Documents: []identity.Document{{Kind: identity.CCCD, Number: "046187001234"}},
	Name:      "Nguyễn Thị Minh Khai", Birth: "1987-01-18", Sex: "F", Card: 4690010000017,
}

func TestEntryRoundTrip(t *testing.T) {
	plain, err := Encode(KindScan, 1500*time.Millisecond+9, scan)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Decode(plain)
	if err != nil {
		t.Fatal(err)
	}
	var got Scan
	if err := e.Into(&got); err != nil {
		t.Fatal(err)
	}
	if e.Kind != KindScan || e.Offset != 1500*time.Millisecond || !reflect.DeepEqual(got, scan) {
		t.Errorf("got %v %v %+v", e.Kind, e.Offset, got)
	}
}

// A newer station's keys and kinds are kept and shown, not dropped.
func TestUnknownKeys(t *testing.T) {
	body, err := cbor.Marshal(map[int]any{1: 1, 2: 10, 3: 2, 4: 2, 6: uint64(4690010000017), 99: map[int]any{1: "x"}, 100: []byte{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []Kind{KindScan, KindPerson, 77} {
		plain, err := Encode(kind, 0, cbor.RawMessage(body))
		if err != nil {
			t.Fatal(err)
		}
		e, err := Decode(plain)
		if err != nil {
			t.Fatal(err)
		}
		if string(e.Body) != string(body) {
			t.Errorf("%s: body was changed", kind)
		}
		b, err := e.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), `"key_99":{"1":"x"}`) || kind == KindScan && !strings.Contains(string(b), `"card":4690010000017`) {
			t.Errorf("%s: %s", kind, b)
		}
	}
}

// What a scanner read reaches the office even when it is no UTF-8.
func TestBrokenText(t *testing.T) {
	plain, err := Encode(KindScan, 0, Scan{Name: "Nguy\xe3\x81n \xff"})
	if err != nil {
		t.Fatal(err)
	}
	e, err := Decode(plain)
	if err != nil {
		t.Fatal(err)
	}
	b, err := e.JSON()
	if err != nil || !json.Valid(b) {
		t.Errorf("%s, %v", b, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, plain := range map[string][]byte{
		"empty": {}, "no array": {0x01}, "kind 0": {0x83, 0, 0, 0xa0}, "two elements": {0x82, 1, 0}, "trailing": {0x83, 1, 0, 0xa0, 0},
		"huge": make([]byte, MaxPlain+1), "deep": append([]byte{0x83, 1, 0}, append([]byte(strings.Repeat("\x81", 100)), 0)...),
	} {
		if _, err := Decode(plain); err == nil {
			t.Errorf("%s: decoded", name)
		}
	}
	if _, err := Encode(KindNote, 0, Note{Text: strings.Repeat("x", MaxPlain)}); err == nil {
		t.Error("encoded more than may be decoded")
	}
}

func TestHeader(t *testing.T) {
	pub, priv := testKey(1)
	h := Header{Version: HeaderVersion, Segment: SegmentID{1}, Station: "460001", Wall: 5, Program: "x", Parent: &Position{Seq: 4}}
	s, err := SignHeader(h, priv)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Open(pub)
	if err != nil || !reflect.DeepEqual(got, h) {
		t.Errorf("got %+v, %v", got, err)
	}
	other, _ := testKey(2)
	if _, err := s.Open(other); !errors.Is(err, ErrSignature) {
		t.Errorf("another key: %v", err)
	}
	s.Body[len(s.Body)-1] ^= 1
	if _, err := s.Open(pub); !errors.Is(err, ErrSignature) {
		t.Errorf("changed: %v", err)
	}
	h.Version++
	s, _ = SignHeader(h, priv)
	if _, err := s.Open(pub); !errors.Is(err, ErrVersion) {
		t.Errorf("newer: %v", err)
	}
}

func TestReceipt(t *testing.T) {
	pub, priv := testKey(1)
	r := Receipt{Station: "460001", Segment: SegmentID{1}, Held: 5, Kept: 4, Chain: Chain{9}}
	r.Sign(priv)
	if !r.Verify(pub) {
		t.Error("own signature refused")
	}
	for i, change := range []func(*Receipt){
		func(r *Receipt) { r.Station = "460002" }, func(r *Receipt) { r.Segment[3]++ }, func(r *Receipt) { r.Held++ },
		func(r *Receipt) { r.Kept++ }, func(r *Receipt) { r.Chain[1]++ }, func(r *Receipt) { r.Sig = r.Sig[:10] },
	} {
		bad := r
		bad.Sig = append([]byte(nil), r.Sig...)
		if change(&bad); bad.Verify(pub) {
			t.Errorf("change %d is not noticed", i)
		}
	}
}

// A placeholder proves in its place, and nowhere else, and only with a signature.
func TestFollow(t *testing.T) {
	pub, priv := testKey(1)
	seg := SegmentID{7}
	records := [][]byte{[]byte("one"), []byte("two"), []byte("three")}
	var start Chain
	whole, err := Follow(start, seg, 1, records, pub)
	if err != nil || whole != start.Next(records[0]).Next(records[1]).Next(records[2]) {
		t.Fatalf("%x, %v", whole, err)
	}
	lost := Placeholder(ID{Segment: seg, Seq: 2}, start.Next(records[0]).Next(records[1]), priv)
	run := [][]byte{records[0], lost, records[2]}
	if got, err := Follow(start, seg, 1, run, pub); err != nil || got != whole {
		t.Errorf("with placeholder: %x, %v; want %x", got, err, whole)
	}
	if !Damaged(lost) || Damaged(records[0]) {
		t.Error("placeholders are not told from records")
	}
	if _, err := Follow(start, seg, 2, run, pub); !errors.Is(err, ErrSignature) {
		t.Errorf("at another place: %v", err)
	}
	if _, err := Follow(start, SegmentID{8}, 1, run, pub); !errors.Is(err, ErrSignature) {
		t.Errorf("in another segment: %v", err)
	}
	other, _ := testKey(2)
	if _, err := Follow(start, seg, 1, run, other); !errors.Is(err, ErrSignature) {
		t.Errorf("another signer: %v", err)
	}
	lost[len(lost)-1] ^= 1
	if _, err := Follow(start, seg, 1, run, pub); !errors.Is(err, ErrSignature) {
		t.Errorf("changed: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	plain, err := Encode(KindScan, time.Second, scan)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(plain)
	f.Add([]byte{0x83, 1, 0, 0xa0})
	f.Add([]byte{0x83, 12, 0, 0xa1, 0x05, 0xf9, 0x7e, 0x00})
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := Decode(b)
		if err != nil {
			return
		}
		j, err := e.JSON()
		if err == nil && !json.Valid(j) {
			t.Errorf("%s is no JSON", j)
		}
		again, err := Encode(e.Kind, e.Offset, cbor.RawMessage(e.Body))
		if err != nil && len(b) < MaxPlain-16 {
			t.Errorf("decoded but cannot be encoded: %v", err)
		}
		if back, err := Decode(again); err == nil && string(back.Body) != string(e.Body) {
			t.Error("body was changed")
		}
	})
}

func FuzzHeader(f *testing.F) {
	pub, priv := testKey(1)
	s, err := SignHeader(Header{Version: 1, Segment: SegmentID{1}, Station: "460001", Parent: &Position{}}, priv)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Body, s.Sig)
	f.Add([]byte{0xa0}, []byte{})
	f.Fuzz(func(t *testing.T, body, sig []byte) {
		h := SignedHeader{Body: body, Sig: sig}
		h.Open(pub)
		if got, err := h.Read(); err == nil && (got.Version == 0 || got.Segment == SegmentID{}) {
			t.Errorf("read %+v", got)
		}
	})
}
