package seal

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestWrap(t *testing.T) {
	office, err := NewPrivate()
	if err != nil {
		t.Fatal(err)
	}
	other, _ := NewPrivate()
	k, segment := NewKey(), [16]byte{1, 2, 3}
	w, err := Wrap(k, segment, office.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParsePrivate(office.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Unwrap(w, segment); err != nil || got != k {
		t.Errorf("unwrap = %x, %v", got, err)
	}
	if len(w.Enc) != 32 || len(w.Key) != 48 {
		t.Errorf("wrapped key has %d + %d bytes, want 32 + 48", len(w.Enc), len(w.Key))
	}
	if _, err := other.Unwrap(w, segment); !errors.Is(err, ErrRecipient) {
		t.Errorf("another recipient: %v", err)
	}
	if _, err := office.Unwrap(w, [16]byte{9}); err == nil {
		t.Error("unwrapped for another segment")
	}
	w.Key[3] ^= 1
	if _, err := office.Unwrap(w, segment); err == nil {
		t.Error("unwrapped a changed key")
	}
	bad := office.Recipient()
	bad.ID[0] ^= 1
	if _, err := Wrap(k, segment, bad); err == nil {
		t.Error("wrapped for a recipient whose id is not its key's")
	}
}

func TestSealRoundTrip(t *testing.T) {
	c, err := NewCodec(NewKey(), [16]byte{7}, CurrentDict)
	if err != nil {
		t.Fatal(err)
	}
	random := make([]byte, 3000)
	rand.NewChaCha8([32]byte{}).Read(random)
	for name, plain := range map[string][]byte{
		"empty": {}, "one": {8}, "text": []byte(strings.Repeat("Thừa Thiên Huế ", 9)), "random": random,
		"300": bytes.Repeat([]byte("ab"), 150), "100k": bytes.Repeat([]byte("abc"), 33000), "max": make([]byte, MaxPlain),
	} {
		sealed := c.Seal(5, plain)
		got, err := c.Open(5, sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%s: opened %d bytes, %v; want %d", name, len(got), err, len(plain))
		}
		if len(sealed) > len(plain)+1+Overhead {
			t.Errorf("%s: %d bytes sealed to %d", name, len(plain), len(sealed))
		}
		if _, err := c.Open(6, sealed); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: opened under another seq: %v", name, err)
		}
	}
}

func TestSealRefusesBombs(t *testing.T) {
	c, _ := NewCodec(NewKey(), [16]byte{7}, CurrentDict)
	sealed := c.Seal(1, make([]byte, MaxPlain+1))
	if _, err := c.Open(1, sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("inflated more than %d bytes: %v", MaxPlain, err)
	}
}

func TestUnknownDictionary(t *testing.T) {
	for _, n := range []uint8{0, 200} {
		if _, err := NewCodec(NewKey(), [16]byte{}, n); !errors.Is(err, ErrDictionary) {
			t.Errorf("dictionary %d: %v", n, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	c, err := NewCodec(Key{1}, [16]byte{7}, CurrentDict)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.Seal(1, []byte("hello hello hello hello hello hello")), true)
	f.Add([]byte{}, false)
	f.Add([]byte{stored, 1, 2}, false)
	f.Add([]byte{0x21, 5, 0, 0, 0}, false)
	f.Fuzz(func(t *testing.T, b []byte, whole bool) {
		if whole {
			c.Open(1, b)
			return
		}
		// Below the cipher, as if an attacker knew the key.
		if plain, err := c.pack.unpack(b); err == nil && len(plain) > MaxPlain {
			t.Errorf("inflated to %d bytes", len(plain))
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	c, err := NewCodec(Key{1}, [16]byte{7}, CurrentDict)
	if err != nil {
		b.Fatal(err)
	}
	for name, plain := range map[string]string{"26": "abcdefghijklmnopqrstuvwxyz", "190": strings.Repeat("Thôn 3, Phú Mậu, Thành phố Huế ", 5)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c.Seal(1, []byte(plain))
			}
		})
	}
}
