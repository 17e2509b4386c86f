package bundle

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io"
	"testing"

	"quachot/internal/wire"
)

var deployment = [16]byte{1, 2}

func key(b byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, ed25519.SeedSize))
}

func head(t testing.TB, from string, priv ed25519.PrivateKey) Head {
	t.Helper()
	h := Head{Version: Version, From: from, Deployment: deployment, Station: "460012", Lists: map[string]uint64{"keys": 1, "watch": 2, "officers": 3}}
	if err := h.Sign(priv); err != nil {
		t.Fatal(err)
	}
	return h
}

// sample is a bundle of three frames.
func sample(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, head(t, FromStation, key(1)))
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		if err := w.Put(wire.TypeWant, wire.Want{List: "watch", Version: uint64(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read is every frame that a bundle gives, and how it ended.
func read(b []byte) (frames, damaged int, err error) {
	r, err := NewReader(bytes.NewReader(b))
	if err != nil {
		return 0, 0, err
	}
	for {
		_, _, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return frames, damaged, nil
		case errors.Is(err, ErrDamaged):
			damaged++
		case err != nil:
			return frames, damaged, err
		default:
			frames++
		}
	}
}

func TestCutAtEveryByte(t *testing.T) {
	whole := sample(t)
	if frames, damaged, err := read(whole); frames != 3 || damaged != 0 || err != nil {
		t.Fatalf("%d frames, %d damaged, %v", frames, damaged, err)
	}
	if _, _, err := read(nil); !errors.Is(err, ErrNotBundle) {
		t.Errorf("an empty file: %v", err)
	}
	for n := 1; n < len(whole); n++ {
		if _, _, err := read(whole[:n]); !errors.Is(err, ErrCut) {
			t.Errorf("cut at %d of %d: %v, want ErrCut", n, len(whole), err)
		}
	}
}

// One flipped bit costs at most what stands from there on; it is never unnoticed.
func TestFlippedBits(t *testing.T) {
	whole := sample(t)
	for n := range whole {
		b := bytes.Clone(whole)
		b[n] ^= 0x10
		frames, damaged, err := read(b)
		if err == nil && damaged == 0 {
			t.Errorf("bit at %d: unnoticed, %d frames", n, frames)
		}
	}
}

func TestMissingFrame(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, head(t, FromStation, key(1)))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Put(wire.TypeWant, wire.Want{}); err != nil {
		t.Fatal(err)
	}
	w.frames++ // says one more than there is
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := read(b.Bytes()); !errors.Is(err, ErrCut) {
		t.Errorf("a frame left out: %v, want ErrCut", err)
	}
}

func TestHeadIsProven(t *testing.T) {
	h := head(t, FromStation, key(1))
	if err := h.Verify(deployment); err != nil {
		t.Error(err)
	}
	if err := h.Verify([16]byte{9}); !errors.Is(err, ErrDeployment) {
		t.Errorf("another deployment: %v", err)
	}
	for name, change := range map[string]func(*Head){
		"station": func(h *Head) { h.Station = "460013" },
		"lists":   func(h *Head) { h.Lists["keys"] = 9 },
		"key":     func(h *Head) { h.Key = key(2).Public().(ed25519.PublicKey) },
		"no key":  func(h *Head) { h.Key = nil },
		"answer":  func(h *Head) { h.Answer.Public = []byte{1} },
	} {
		h := head(t, FromStation, key(1))
		change(&h)
		if err := h.Verify(deployment); !errors.Is(err, ErrStranger) {
			t.Errorf("%s changed: %v, want ErrStranger", name, err)
		}
	}
}

// Only the station a section is for reads it, and only whole and in order.
func TestSections(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, head(t, FromOffice, key(9)))
	if err != nil {
		t.Fatal(err)
	}
	for n, station := range []string{"460011", "460012"} {
		to, err := AnswerTo(key(byte(n + 1)))
		if err != nil {
			t.Fatal(err)
		}
		s, err := w.For(deployment, station, to)
		if err != nil {
			t.Fatal(err)
		}
		for v := range 2 {
			if err := s.Put(wire.TypeWant, wire.Want{List: station, Version: uint64(v)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b.Bytes(), []byte("460012\x02\x00")) {
		t.Error("a section stands in clear")
	}
	section := func(station string, priv ed25519.PrivateKey) (got []wire.Want, err error) {
		r, err := NewReader(bytes.NewReader(b.Bytes()))
		if err != nil {
			return nil, err
		}
		o, err := r.Open(deployment, station, priv)
		if err != nil {
			return nil, err
		}
		for {
			_, body, err := o.Next()
			if errors.Is(err, io.EOF) {
				return got, nil
			}
			if err != nil {
				return got, err
			}
			var w wire.Want
			if err := wire.Into(body, &w); err != nil {
				return got, err
			}
			got = append(got, w)
		}
	}
	for n, station := range []string{"460011", "460012"} {
		got, err := section(station, key(byte(n+1)))
		if err != nil || len(got) != 2 || got[0].List != station || got[1].Version != 1 {
			t.Errorf("station %s: %+v, %v", station, got, err)
		}
	}
	if got, err := section("460011", key(2)); err == nil || len(got) > 0 {
		t.Errorf("another station read it: %+v, %v", got, err)
	}
	if _, err := section("460099", key(1)); !errors.Is(err, ErrNotForUs) {
		t.Errorf("no section: %v", err)
	}
}

func FuzzReader(f *testing.F) {
	whole := sample(f)
	f.Add(whole)
	f.Add(whole[:len(whole)-9])
	f.Add([]byte(magic))
	f.Add([]byte(magic + "\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := NewReader(bytes.NewReader(b))
		if err != nil {
			return
		}
		_ = r.Head.Verify(deployment)
		if o, err := r.Open(deployment, "460012", key(1)); err == nil {
			for range len(b) {
				if _, _, err := o.Next(); err != nil {
					break
				}
			}
		}
	})
}
