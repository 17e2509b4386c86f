package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"go.etcd.io/bbolt"

	"quachot/internal/record"
)

// The bbolt file. Numbers are big endian, so that keys sort.
//
//	meta      "version" -> uint32     "anchor" -> guarded CBOR of anchor
//	segments  ordinal (4) -> guarded CBOR of record.SignedHeader
//	records   ordinal (4) || seq (4) -> guarded row
//	tips      ordinal (4) -> guarded last (4) || chain at last (32)
//	receipts  ordinal (4) -> guarded CBOR of receipt
//	state     bucket (8) || key (16), both HMAC -> see state.go
//
// row = chain before the record (32) || sealed record. Ordinals count segments
// in the order this journal got them. Guarded = CRC32C (4) over key and value,
// then the value: bbolt has no checksum over its data pages, and by it a single
// damaged record is told from its neighbours, and a row is known for what it is
// in the raw bytes of a file whose tree is broken (salvage.go).
//
// The chain value stands in every row, not only in every 64th (design, section
// 4): it is what lets a placeholder take the place of exactly one lost record
// while all after it still prove. It costs 32 bytes of disk a record.
const (
	fileName   = "journal.db"
	lockName   = "journal.lock"
	copyDir    = "copy"
	version    = 1
	maxSeq     = 1 << 31
	chainSize  = len(record.Chain{})
	guardSize  = 4
	rowMinSize = guardSize + chainSize
)

var (
	bucketMeta     = []byte("meta")
	bucketSegments = []byte("segments")
	bucketRecords  = []byte("records")
	bucketTips     = []byte("tips")
	bucketReceipts = []byte("receipts")
	bucketState    = []byte("state")
	keyVersion     = []byte("version")
	keyAnchor      = []byte("anchor")
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errGuard = errors.New("damaged: checksum does not fit")

// guard is the stored form of value under key.
func guard(key []byte, value ...[]byte) []byte {
	n := guardSize
	for _, v := range value {
		n += len(v)
	}
	b := make([]byte, guardSize, n)
	for _, v := range value {
		b = append(b, v...)
	}
	sum := crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, b[guardSize:])
	binary.BigEndian.PutUint32(b, sum)
	return b
}

// unguard is the value under key, or errGuard.
func unguard(key, stored []byte) ([]byte, error) {
	if len(stored) < guardSize {
		return nil, errGuard
	}
	value := stored[guardSize:]
	if crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value) != binary.BigEndian.Uint32(stored) {
		return nil, errGuard
	}
	return value, nil
}

func segmentKey(ordinal uint32) []byte { return binary.BigEndian.AppendUint32(nil, ordinal) }

func recordKey(ordinal uint32, seq uint64) []byte {
	return binary.BigEndian.AppendUint32(segmentKey(ordinal), uint32(seq))
}

// row is one record as stored: sealed, with the chain value before it.
type row struct {
	before record.Chain
	sealed []byte
}

func (r row) after() record.Chain { return r.before.Next(r.sealed) }

func parseRow(key, stored []byte) (row, error) {
	v, err := unguard(key, stored)
	if err != nil {
		return row{}, err
	}
	if len(v) <= chainSize {
		return row{}, errGuard
	}
	return row{before: record.Chain(v[:chainSize]), sealed: v[chainSize:]}, nil
}

// tip is a segment's last record as the database has it.
type tip struct {
	last  uint64
	chain record.Chain
}

func (t tip) bytes() []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(t.last)), t.chain[:]...)
}

func parseTip(key, stored []byte) (tip, error) {
	v, err := unguard(key, stored)
	if err != nil {
		return tip{}, err
	}
	if len(v) != 4+chainSize {
		return tip{}, errGuard
	}
	return tip{last: uint64(binary.BigEndian.Uint32(v)), chain: record.Chain(v[4:])}, nil
}

// anchor is what pruning leaves: where the oldest segment that is still here
// goes on from, and the office's word that it keeps what is gone.
type anchor struct {
	Ordinal uint32          `cbor:"1,keyasint"` // every segment up to it is gone
	Last    record.Position `cbor:"2,keyasint"` // the last record that is gone
	Receipt record.Receipt  `cbor:"3,keyasint"` // that covers it
	Records uint64          `cbor:"4,keyasint"` // how many are gone, ever
}

// receipt is the office's latest word on a segment. Held can be lower than
// Word.Held after the office went back.
type receipt struct {
	Held uint64         `cbor:"1,keyasint"`
	Kept uint64         `cbor:"2,keyasint"`
	Word record.Receipt `cbor:"3,keyasint"`
}

// guarded CBOR, for small values.
func putCBOR(b *bbolt.Bucket, key []byte, v any) error {
	raw, err := marshal(v)
	if err != nil {
		return fmt.Errorf("encode %T: %w", v, err)
	}
	return b.Put(key, guard(key, raw))
}

func getCBOR(key, stored []byte, v any) error {
	raw, err := unguard(key, stored)
	if err != nil {
		return err
	}
	return unmarshal(raw, v)
}

// makeLayout creates the buckets of an empty file and checks the version of
// one that is not; ErrNewer and ErrCorrupt.
func makeLayout(tx *bbolt.Tx) error {
	if err := checkVersion(tx); err != nil {
		return err
	}
	for _, name := range [][]byte{bucketMeta, bucketSegments, bucketRecords, bucketTips, bucketReceipts, bucketState} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	return tx.Bucket(bucketMeta).Put(keyVersion, binary.BigEndian.AppendUint32(nil, version))
}

// checkVersion accepts an empty file and one of this version.
func checkVersion(tx *bbolt.Tx) error {
	meta := tx.Bucket(bucketMeta)
	if meta == nil {
		if k, _ := tx.Cursor().First(); k != nil {
			return fmt.Errorf("%w: no meta bucket", ErrCorrupt)
		}
		return nil
	}
	v := meta.Get(keyVersion)
	if len(v) != 4 {
		return fmt.Errorf("%w: no version", ErrCorrupt)
	}
	if n := binary.BigEndian.Uint32(v); n > version {
		return fmt.Errorf("%w: version %d, this program knows %d", ErrNewer, n, version)
	}
	return nil
}
