package journal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// A state row, in the database and in the copies:
//
//	key    HMAC-SHA256(bucket)[:8] || HMAC-SHA256(bucket, key)[:16]
//	value  version (8) || nonce (12) || AES-256-GCM of CBOR{key, value, until}
//
// Both keys are derived from the store key. Version is (ordinal, seq) of the
// record the change belongs to: of two copies of a row the higher one counts.
// A value of version alone is a deletion (copies only).
const (
	stateBucketSize = 8
	stateKeySize    = stateBucketSize + 16
	stateMinSize    = 8 + 12 + 16
)

// stateRow is one sealed change.
type stateRow struct {
	key   [stateKeySize]byte
	value []byte // version alone = deletion
}

func (r stateRow) version() uint64 { return binary.BigEndian.Uint64(r.value) }
func (r stateRow) gone() bool      { return len(r.value) == 8 }

type statePlain struct {
	Key   []byte `cbor:"1,keyasint"`
	Value []byte `cbor:"2,keyasint"`
	Until int64  `cbor:"3,keyasint,omitempty"` // unix ms; 0 = for ever
}

// vault seals the station's readable state under the store key.
type vault struct {
	aead cipher.AEAD
	mac  []byte
}

func newVault(key [32]byte) (*vault, error) {
	derive := func(use string) []byte {
		m := hmac.New(sha256.New, key[:])
		m.Write([]byte("quachot state 1 " + use))
		return m.Sum(nil)
	}
	block, err := aes.NewCipher(derive("seal"))
	if err != nil {
		return nil, fmt.Errorf("make state cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("make state cipher: %w", err)
	}
	return &vault{aead: aead, mac: derive("name")}, nil
}

func (v *vault) bucket(name string) []byte {
	m := hmac.New(sha256.New, v.mac)
	m.Write([]byte{0})
	m.Write([]byte(name))
	return m.Sum(nil)[:stateBucketSize]
}

func (v *vault) key(bucket string, key []byte) (k [stateKeySize]byte) {
	copy(k[:], v.bucket(bucket))
	m := hmac.New(sha256.New, v.mac)
	m.Write([]byte{1})
	m.Write(k[:stateBucketSize])
	m.Write(key)
	copy(k[stateBucketSize:], m.Sum(nil))
	return k
}

func (v *vault) seal(p Put, version uint64, now time.Time) (stateRow, error) {
	r := stateRow{key: v.key(p.Bucket, p.Key), value: binary.BigEndian.AppendUint64(nil, version)}
	if p.Value == nil {
		return r, nil
	}
	plain := statePlain{Key: p.Key, Value: p.Value}
	if p.Keep > 0 {
		plain.Until = now.Add(p.Keep).UnixMilli()
	}
	raw, err := marshal(plain)
	if err != nil {
		return r, fmt.Errorf("encode state: %w", err)
	}
	nonce := make([]byte, v.aead.NonceSize())
	rand.Read(nonce)
	r.value = append(r.value, nonce...)
	r.value = v.aead.Seal(r.value, nonce, raw, r.bind())
	return r, nil
}

// bind is the additional data: the row's key and version.
func (r stateRow) bind() []byte { return append(append([]byte(nil), r.key[:]...), r.value[:8]...) }

var errState = errors.New("state row cannot be opened")

// open gives the value; false when it is deleted or its time is over.
func (v *vault) open(r stateRow, now time.Time) (statePlain, bool, error) {
	if len(r.value) == 8 {
		return statePlain{}, false, nil
	}
	if len(r.value) < stateMinSize {
		return statePlain{}, false, errState
	}
	raw, err := v.aead.Open(nil, r.value[8:20], r.value[20:], r.bind())
	if err != nil {
		return statePlain{}, false, errState
	}
	var p statePlain
	if err := unmarshal(raw, &p); err != nil {
		return statePlain{}, false, errState
	}
	if p.Until != 0 && now.UnixMilli() >= p.Until {
		return p, false, nil
	}
	if p.Value == nil {
		p.Value = []byte{}
	}
	return p, true, nil
}

func (r stateRow) put(b *bbolt.Bucket) error {
	if r.gone() {
		return b.Delete(r.key[:])
	}
	return b.Put(r.key[:], r.value)
}
