package argon2id

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"golang.org/x/crypto/argon2"
)

// The same keys as golang.org/x/crypto, for every length of input, for memories
// down to the smallest, and in memory that was used before.
func TestKeyIsThatOfXCrypto(t *testing.T) {
	if !fast {
		t.Skip("no AVX2: x/crypto itself does the work")
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, kib := range []uint32{8, 12, 64, 508, 512, 516, 1024, 8192} {
		m := New(kib)
		rounds := 40
		if kib > 1024 {
			rounds = 6
		}
		for range rounds {
			password, salt := random(r, r.IntN(200)), random(r, r.IntN(64))
			want := argon2.IDKey(password, salt, 1, kib, 1, Size)
			if got := m.Key(password, salt); !bytes.Equal(got, want) {
				t.Fatalf("%d KiB, password %x, salt %x: got %x, want %x", kib, password, salt, got, want)
			}
		}
	}
}

func FuzzKey(f *testing.F) {
	f.Add([]byte("\x01046187001234"), []byte("0123456789abcdef\x01"))
	f.Add([]byte{}, []byte{})
	m := New(64)
	f.Fuzz(func(t *testing.T, password, salt []byte) {
		want := argon2.IDKey(password, salt, 1, 64, 1, Size)
		if got := m.Key(password, salt); !bytes.Equal(got, want) {
			t.Fatalf("got %x, want %x", got, want)
		}
	})
}

func random(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func BenchmarkKey(b *testing.B) {
	m := New(8192)
	for b.Loop() {
		m.Key([]byte("046187001234"), []byte("0123456789abcdef"))
	}
}

func BenchmarkXCrypto(b *testing.B) {
	for b.Loop() {
		argon2.IDKey([]byte("046187001234"), []byte("0123456789abcdef"), 1, 8192, 1, Size)
	}
}
