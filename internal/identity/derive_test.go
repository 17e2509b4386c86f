package identity

import (
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"testing"
)

func testSalt() (salt [16]byte) {
	for i := range salt {
		salt[i] = byte(i)
	}
	return salt
}

// The vectors were made by another program (Python cryptography 48, Argon2id
// and HKDF of OpenSSL). They may never change: every list is made with them.
func TestDeriveVectors(t *testing.T) {
	tests := []struct {
		doc         Document
		epoch       uint8
		match, open string
	}{
		{Document{CCCD, "046187001234"}, 1, "1d07139b14818fa107fb1ba32ddbe847", "7a262822e0efcabd76f0aea5a3ba1eb6ce2226d38731d51cd824f662cf5f957f"},
		{Document{Card, "4600120001230"}, 1, "b1c9c0d00dd0e1aa03e9097dfbd10989", "6655f0c62be34ab368ea0c067867e7f3195f9af1f7d2ac95a3023855de10376a"},
		{Document{CCCD, "046187001234"}, 2, "84da39974348f7fa6ac039ad00666413", "35fac49f80351d9098fd24b01bb2cf8f0110a8c28c0ac8f8689de1d230169be2"},
		{Document{Plate, "75C12345"}, 1, "204917c925461fcf0eb6ca4f4caa832f", "c4b6a8817aca6697557c3e45ec9f848cead9c73b42c61324b165a7624e48ae2a"},
	}
	for _, test := range tests {
		k := NewDeriver(testSalt(), test.epoch).Derive(test.doc)
		if got := k.Match.String(); got != test.match {
			t.Errorf("%s epoch %d: match %s, want %s", test.doc, test.epoch, got, test.match)
		}
		if got := hex.EncodeToString(k.Open[:]); got != test.open {
			t.Errorf("%s epoch %d: open %s, want %s", test.doc, test.epoch, got, test.open)
		}
	}
}

func TestDeriveAllKeepsTheOrder(t *testing.T) {
	d := NewDeriver(testSalt(), 1)
	docs := []Document{{CCCD, "1"}, {CMND, "1"}, {CCCD, "2"}, {CCCD, "1"}, {Card, "1"}}
	keys := d.DeriveAll(docs)
	if len(keys) != len(docs) {
		t.Fatalf("%d keys for %d documents", len(keys), len(docs))
	}
	seen := map[Match]int{}
	for i, doc := range docs {
		if keys[i] != NewDeriver(testSalt(), 1).Derive(doc) {
			t.Errorf("%s has the keys of another", doc)
		}
		seen[keys[i].Match]++
	}
	if len(seen) != 4 || seen[keys[0].Match] != 2 {
		t.Errorf("kinds and numbers are not told apart: %v", seen)
	}
	if got := d.DeriveAll(nil); len(got) != 0 {
		t.Errorf("keys of no documents: %v", got)
	}
}

func TestDeriveByManyAtOnce(t *testing.T) {
	d := NewDeriver(testSalt(), 1)
	want := d.Derive(Document{CCCD, "0"})
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 6 {
				doc := Document{CCCD, fmt.Sprint((worker + i) % 4)}
				k := d.Derive(doc)
				if doc.Number == "0" && k != want {
					t.Error("another answer for the same document")
				}
			}
		})
	}
	wg.Wait()
}

func TestCacheIsBoundedAndKeepsTheLatest(t *testing.T) {
	c := newLRU(3)
	doc := func(i int) Document { return Document{CCCD, fmt.Sprint(i)} }
	for i := range 3 {
		c.put(doc(i), Keys{Match: Match{byte(i)}})
	}
	c.get(doc(0)) // 1 is now the one not asked for longest
	c.put(doc(3), Keys{})
	c.put(doc(3), Keys{})
	for i, want := range []bool{true, false, true, true} {
		if _, ok := c.get(doc(i)); ok != want {
			t.Errorf("document %d remembered: %v, want %v", i, ok, want)
		}
	}
	if len(c.byDoc) != 3 || c.order.Len() != 3 {
		t.Errorf("%d and %d entries, want 3", len(c.byDoc), c.order.Len())
	}
}

func TestTheSecondTimeComesFromMemory(t *testing.T) {
	d := NewDeriver(testSalt(), 1)
	doc := Document{CCCD, "046187001234"}
	d.Derive(doc)
	marked := Keys{Match: Match{0xff}} // a wrong answer that only memory can give
	d.cache.byDoc[doc].Value = lruEntry{doc, marked}
	if d.Derive(doc) != marked {
		t.Error("derived again")
	}
}

func TestDetails(t *testing.T) {
	d := NewDeriver(testSalt(), 1)
	keys := d.DeriveAll([]Document{{CCCD, "046187001234"}, {CCCD, "046187001235"}})
	nonce, sealed, err := SealDetails(keys[0], []byte("gọi trạm y tế"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := OpenDetails(keys[0], nonce, sealed)
	if err != nil || string(plain) != "gọi trạm y tế" {
		t.Fatalf("got %q, %v", plain, err)
	}
	nonce2, _, err := SealDetails(keys[0], nil)
	if err != nil || string(nonce) == string(nonce2) {
		t.Error("the nonce was used twice")
	}
	moved := keys[0]
	moved.Match = keys[1].Match
	broken := append([]byte{sealed[0] ^ 1}, sealed[1:]...)
	for name, open := range map[string]func() ([]byte, error){
		"another document": func() ([]byte, error) { return OpenDetails(keys[1], nonce, sealed) },
		"another entry":    func() ([]byte, error) { return OpenDetails(moved, nonce, sealed) },
		"damaged":          func() ([]byte, error) { return OpenDetails(keys[0], nonce, broken) },
		"short nonce":      func() ([]byte, error) { return OpenDetails(keys[0], nonce[:3], sealed) },
		"nothing":          func() ([]byte, error) { return OpenDetails(keys[0], nil, nil) },
	} {
		if _, err := open(); !errors.Is(err, ErrDetails) {
			t.Errorf("%s: got %v, want ErrDetails", name, err)
		}
	}
}

func BenchmarkDerive(b *testing.B) {
	d := NewDeriver(testSalt(), 1)
	i := 0
	for b.Loop() {
		i++
		d.Derive(Document{CCCD, fmt.Sprint(i)})
	}
}

// Whoever wants a document that is being derived waits for it and does not
// derive it again.
func TestOneDerivationAtATime(t *testing.T) {
	d := NewDeriver([16]byte{1}, 0)
	doc := NewDocument(CCCD, "046187001234")
	run, first := d.begin(doc)
	if !first {
		t.Fatal("nobody derives it yet")
	}
	waiting := make(chan Keys)
	go func() { waiting <- d.Derive(doc) }()
	if again, first := d.begin(doc); first || again != run {
		t.Error("it is derived a second time")
	}
	d.finish(doc, run, Keys{Match: Match{7}})
	if k := <-waiting; k.Match != (Match{7}) {
		t.Errorf("the one who waited got %v", k)
	}
	if k := d.Derive(doc); k.Match != (Match{7}) || len(d.under) != 0 {
		t.Errorf("afterwards %v, %d under way", k, len(d.under))
	}
}
