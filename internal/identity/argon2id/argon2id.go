// Package argon2id is Argon2id version 0x13 (RFC 9106) with one thread and one
// pass, in memory that is used again. The answers are those of
// golang.org/x/crypto/argon2, which its tests compare it with and which does the
// work where the processor has no AVX2.
//
// It exists because a lane derives one to four documents a scan: x/crypto takes
// fresh memory for each, whose clearing and collecting is a quarter of its time,
// and its block function has 128-bit registers; together that is half the time
// of a verdict.
package argon2id

import (
	"encoding/binary"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/blake2b"
)

// Size is the length of a key in bytes.
const Size = 32

const (
	blockWords = 128
	slices     = 4
	modeID     = 2
)

type block [blockWords]uint64

// Memory is what one derivation at a time works in. Make it with New.
type Memory struct {
	kib    uint32
	blocks []block // nil before the first use; one more than kib, for scratch
}

// New makes a Memory for derivations that cost kib KiB, a multiple of 4 and at
// least 8. It is taken from the system by the first Key and kept.
func New(kib uint32) *Memory { return &Memory{kib: kib} }

// Key derives 32 bytes from password and salt.
func (m *Memory) Key(password, salt []byte) []byte {
	if !fast {
		return argon2.IDKey(password, salt, 1, m.kib, 1, Size)
	}
	if m.blocks == nil {
		m.blocks = make([]block, m.kib+1)
	}
	h0 := m.firstHash(password, salt)
	for i := range uint32(2) {
		var b [8 * blockWords]byte
		longHash(b[:], binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(h0[:len(h0):len(h0)], i), 0))
		for k := range m.blocks[i] {
			m.blocks[i][k] = binary.LittleEndian.Uint64(b[8*k:])
		}
	}
	for slice := range uint32(slices) {
		m.fillSlice(slice)
	}
	var last [8 * blockWords]byte
	for k, v := range m.blocks[m.kib-1] {
		binary.LittleEndian.PutUint64(last[8*k:], v)
	}
	key := make([]byte, Size)
	longHash(key, last[:])
	return key
}

// firstHash is H0 of RFC 9106, section 3.2, without secret and associated data.
func (m *Memory) firstHash(password, salt []byte) []byte {
	var in []byte
	for _, n := range []uint32{1, Size, m.kib, 1, argon2.Version, modeID, uint32(len(password))} {
		in = binary.LittleEndian.AppendUint32(in, n)
	}
	in = append(in, password...)
	in = binary.LittleEndian.AppendUint32(in, uint32(len(salt)))
	in = append(in, salt...)
	in = append(in, make([]byte, 8)...) // no secret, no data
	sum := blake2b.Sum512(in)
	return sum[:]
}

// fillSlice fills a quarter of the memory. Where the references of the first
// half come from does not depend on the password, that of the second half does.
func (m *Memory) fillSlice(slice uint32) {
	scratch := &m.blocks[m.kib]
	length := m.kib / slices
	var in, zero, addresses block
	in[2], in[3], in[4], in[5] = uint64(slice), uint64(m.kib), 1, modeID
	for i := range length {
		at := slice*length + i
		independent := slice < slices/2
		if independent && i%blockWords == 0 {
			in[6]++
			fillBlock(&addresses, &in, &zero, scratch)
			fillBlock(&addresses, &addresses, &zero, scratch)
		}
		if at < 2 {
			continue // made from H0
		}
		random := m.blocks[at-1][0]
		if independent {
			random = addresses[i%blockWords]
		}
		fillBlock(&m.blocks[at], &m.blocks[at-1], &m.blocks[reference(random, at)], scratch)
	}
}

// reference picks one of the blocks before the one before at, the near ones
// more often (RFC 9106, section 3.4.2; with one lane and one pass the reference
// area is all that is filled).
func reference(random uint64, at uint32) uint32 {
	area := uint64(at - 1)
	x := random & 0xffffffff
	x = x * x >> 32
	return uint32(area - 1 - area*x>>32)
}

// longHash is H' of RFC 9106, section 3.3.
func longHash(out, in []byte) {
	in = append(binary.LittleEndian.AppendUint32(nil, uint32(len(out))), in...)
	if len(out) == Size {
		sum := blake2b.Sum256(in)
		copy(out, sum[:])
		return
	}
	for { // len(out) is a multiple of 32 here, so that the last sum fits
		sum := blake2b.Sum512(in)
		if len(out) == len(sum) {
			copy(out, sum[:])
			return
		}
		out = out[copy(out, sum[:len(sum)/2]):]
		in = sum[:]
	}
}
