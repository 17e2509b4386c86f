package wire

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"slices"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"

	"quachot/internal/record"
)

func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

func testBatch() Batch {
	b := Batch{Epoch: 7, Segment: record.SegmentID{1}, First: 3, Records: [][]byte{{1}, {2, 2}, {}}, Before: record.Chain{5}}
	b.Tip = b.Before
	for _, r := range b.Records {
		b.Tip = b.Tip.Next(r)
	}
	b.Sign(key(1))
	return b
}

func TestFrameRoundTrip(t *testing.T) {
	want := testBatch()
	frame, err := Marshal(TypeBatch, want)
	if err != nil {
		t.Fatal(err)
	}
	typ, raw, err := Unmarshal(frame)
	if err != nil || typ != TypeBatch {
		t.Fatalf("Unmarshal = %d, %v", typ, err)
	}
	var got Batch
	if err := Into(raw, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if err := got.Verify(public(key(1))); err != nil {
		t.Error(err)
	}
}

// A newer side may add keys to a body, elements to a frame, and frames.
func TestNewerFrames(t *testing.T) {
	frame := must(encoder.Marshal([]any{200, map[int]any{1: 5, 99: "new"}, "more"}))
	typ, raw, err := Unmarshal(frame)
	if err != nil || typ != 200 {
		t.Fatalf("Unmarshal = %d, %v", typ, err)
	}
	var w Want
	if err := Into(must(encoder.Marshal(map[int]any{1: "keys", 2: 5, 3: 6, 99: []int{1}})), &w); err != nil || w.Offset != 6 {
		t.Errorf("Into = %+v, %v", w, err)
	}
	_ = raw
}

func TestUnmarshalRefuses(t *testing.T) {
	good := must(Marshal(TypeBatch, testBatch()))
	cases := map[string][]byte{
		"empty":          {},
		"html":           []byte("<!DOCTYPE html><html><body>Đăng nhập</body></html>"),
		"no array":       must(cbor.Marshal("hello")),
		"one element":    must(cbor.Marshal([]int{3})),
		"type is text":   must(cbor.Marshal([]any{"3", 1})),
		"type too big":   must(cbor.Marshal([]any{300, 1})),
		"trailing bytes": append(slices.Clone(good), 0),
		"indefinite":     {0x9f, 0x03, 0xa0, 0xff},
		"too large":      make([]byte, MaxFrame+1),
		"huge array":     {0x9b, 0, 0, 0, 1, 0, 0, 0, 0},
	}
	for name, frame := range cases {
		if _, _, err := Unmarshal(frame); !errors.Is(err, ErrFrame) {
			t.Errorf("%s: %v, want ErrFrame", name, err)
		}
	}
	for n := range good {
		typ, raw, err := Unmarshal(good[:n])
		if err == nil {
			t.Fatalf("cut after %d of %d bytes: read as type %d, %x", n, len(good), typ, raw)
		}
	}
	var w Want
	if err := Into([]byte{0xa2, 0x01, 0x61, 'a', 0x01, 0x61, 'b'}, &w); !errors.Is(err, ErrFrame) {
		t.Errorf("key twice: %v, want ErrFrame", err)
	}
}

func TestBatchVerify(t *testing.T) {
	type batchCase struct {
		change func(*Batch)
		want   error
	}
	cases := map[string]batchCase{
		"as it is":         {func(*Batch) {}, nil},
		"a record changed": {func(b *Batch) { b.Records[1] = []byte{9} }, ErrChain},
		"records swapped":  {func(b *Batch) { b.Records[0], b.Records[1] = b.Records[1], b.Records[0] }, ErrChain},
		"one left out":     {func(b *Batch) { b.Records = b.Records[:2] }, ErrSignature},
		"moved":            {func(b *Batch) { b.First++ }, ErrSignature},
		"other segment":    {func(b *Batch) { b.Segment[0]++ }, ErrSignature},
		"other start":      {func(b *Batch) { b.Before[0]++ }, ErrChain},
		"other tip":        {func(b *Batch) { b.Tip[0]++ }, ErrSignature},
		"stranger":         {func(b *Batch) { b.Sign(key(2)) }, ErrSignature},
		"no signature":     {func(b *Batch) { b.Sig = nil }, ErrSignature},
		"empty":            {func(b *Batch) { b.Records = nil; b.Sign(key(1)) }, ErrFrame},
		"from 0":           {func(b *Batch) { b.First = 0; b.Sign(key(1)) }, ErrFrame},
		"past the end":     {func(b *Batch) { b.First = 1<<64 - 2; b.Sign(key(1)) }, ErrFrame},
		"too many":         {func(b *Batch) { b.Records = make([][]byte, MaxRecords+1); b.Sign(key(1)) }, ErrFrame},
	}
	lost := func(by ed25519.PrivateKey, seq uint64) func(*Batch) { // record 4 of the segment
		return func(b *Batch) {
			b.Records[1] = record.Placeholder(record.ID{Segment: b.Segment, Seq: seq}, b.Before.Next(b.Records[0]).Next(b.Records[1]), by)
			b.Sign(key(1))
		}
	}
	cases["a placeholder for a lost record"] = batchCase{lost(key(1), 4), nil}
	cases["a placeholder by a stranger"] = batchCase{lost(key(2), 4), ErrSignature}
	cases["a placeholder for another record"] = batchCase{lost(key(1), 5), ErrSignature}
	cases["a placeholder put in on the way"] = batchCase{func(b *Batch) { sig := b.Sig; lost(key(1), 4)(b); b.Sig = sig }, ErrSignature}
	cases["a record changed before a placeholder"] = batchCase{func(b *Batch) { lost(key(1), 4)(b); b.Records[0] = []byte{9} }, ErrSignature}
	cases["another start before a placeholder"] = batchCase{func(b *Batch) { lost(key(1), 4)(b); b.Before[0]++ }, ErrSignature}
	cases["a record changed behind a placeholder"] = batchCase{func(b *Batch) { lost(key(1), 4)(b); b.Records[2] = []byte{9}; b.Sign(key(1)) }, ErrChain}
	for name, c := range cases {
		b := testBatch()
		c.change(&b)
		if err := b.Verify(public(key(1))); !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := testBatch().Verify(nil); !errors.Is(err, ErrSignature) {
		t.Errorf("no key: %v", err)
	}
}

func testManifest(t testing.TB) (SignedManifest, Manifest) {
	entry, _, err := NewList(ListRevoked, 4, RevokedList{Cards: make([]uint64, 3*ChunkSize)})
	if err != nil {
		t.Fatal(err)
	}
	m := Manifest{Deployment: [16]byte{1}, Serial: 9, AsOf: 1, Lists: []ListEntry{entry}}
	s, err := SignManifest(m, key(3))
	if err != nil {
		t.Fatal(err)
	}
	return s, m
}

func TestManifest(t *testing.T) {
	s, want := testManifest(t)
	got, err := s.Open(public(key(3)))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if n := len(got.Lists[0].Chunks); n != 4 {
		t.Errorf("%d chunks, want 4", n)
	}
	if _, err := s.Open(public(key(4))); !errors.Is(err, ErrSignature) {
		t.Errorf("other key: %v", err)
	}
	for i := range s.Body {
		bad := SignedManifest{Body: slices.Clone(s.Body), Sig: s.Sig}
		bad.Body[i] ^= 1
		if _, err := bad.Open(public(key(3))); !errors.Is(err, ErrSignature) {
			t.Fatalf("byte %d changed: %v, want ErrSignature", i, err)
		}
	}
	want.Lists[0].Size += ChunkSize
	s, err = SignManifest(want, key(3))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(public(key(3))); !errors.Is(err, ErrFrame) {
		t.Errorf("chunks that do not cover the size: %v, want ErrFrame", err)
	}
}

func TestListOfManyPeople(t *testing.T) {
	w := WatchList{Entries: make([]WatchEntry, 200_000)}
	_, b, err := NewList(ListWatch, 1, w)
	if err != nil {
		t.Fatal(err)
	}
	var got WatchList
	if err := DecodeList(b, &got); err != nil || len(got.Entries) != 200_000 {
		t.Errorf("%d entries, %v", len(got.Entries), err)
	}
}

func TestEnrolMACBindsEverything(t *testing.T) {
	base := EnrolMAC([10]byte{1}, []byte("key"), [10]byte{2})
	for name, other := range map[string][]byte{
		"token":  EnrolMAC([10]byte{3}, []byte("key"), [10]byte{2}),
		"key":    EnrolMAC([10]byte{1}, []byte("kez"), [10]byte{2}),
		"office": EnrolMAC([10]byte{1}, []byte("key"), [10]byte{3}),
	} {
		if bytes.Equal(base, other) {
			t.Errorf("%s does not change the MAC", name)
		}
	}
}

func FuzzUnmarshal(f *testing.F) {
	f.Add(must(Marshal(TypeBatch, testBatch())))
	f.Add(must(Marshal(TypeHello, Hello{Version: 1, Segments: []SegmentState{{Last: 3}}, Enrol: &EnrolRequest{Key: []byte{1}}})))
	f.Add(must(Marshal(TypeRefusal, Refusal{Code: RefuseChain})))
	f.Add([]byte("<html>"))
	f.Fuzz(func(t *testing.T, frame []byte) {
		typ, raw, err := Unmarshal(frame)
		if err != nil {
			if !errors.Is(err, ErrFrame) {
				t.Errorf("%v does not wrap ErrFrame", err)
			}
			return
		}
		for _, v := range []any{new(Hello), new(Welcome), new(Batch), new(record.Receipt), new(SignedManifest), new(Want), new(Chunk), new(Refusal)} {
			if err := Into(raw, v); err != nil && !errors.Is(err, ErrFrame) {
				t.Errorf("type %d: %v does not wrap ErrFrame", typ, err)
			}
		}
		var b Batch
		if Into(raw, &b) == nil {
			_ = b.Verify(public(key(1)))
		}
	})
}

func FuzzManifest(f *testing.F) {
	s, _ := testManifest(f)
	f.Add(s.Body)
	f.Fuzz(func(t *testing.T, body []byte) {
		signed := SignedManifest{Body: body, Sig: ed25519.Sign(key(3), withContext(manifestContext, body))}
		m, err := signed.Open(public(key(3)))
		if err != nil && !errors.Is(err, ErrFrame) {
			t.Errorf("%v does not wrap ErrFrame", err)
		}
		for _, l := range m.Lists {
			if uint64(len(l.Chunks)) != chunks(l.Size) {
				t.Errorf("list %q: %d chunks for %d bytes", l.Name, len(l.Chunks), l.Size)
			}
		}
	})
}
