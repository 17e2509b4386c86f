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
//	meta      "version" -> guarded uint32 (in every version to come too)     "anchor" -> guarded CBOR of anchor
//	segments  ordinal (4) -> guarded CBOR of record.SignedHeader
//	records   ordinal (4) || seq (4) -> guarded row
//	tips      ordinal (4) -> guarded last (4) || chain at last (32)
//	receipts  ordinal (4) -> guarded CBOR of receipt
//	gone      segment id (16) -> guarded ordinal: pruned, never to be taken from a copy again
//	state     bucket (8) || key (16), both HMAC -> see state.go
//
// row = chain before the record (32) || sealed record. Ordinals count segments
// in the order this journal got them. Guarded = CRC32C (4) over the table's tag,
// key and value, then the value: bbolt has no checksum over its data pages, and
// by it a single damaged record is told from its neighbours, and a row is known
// for what it is in the raw bytes of a file whose tree is broken (salvage.go).
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

// table is a bucket whose values are guarded.
type table struct {
	name []byte
	tag  byte // goes into the checksum, so that a value is known for what it is
}

var (
	tableMeta     = table{[]byte("meta"), 1}
	tableSegments = table{[]byte("segments"), 2}
	tableRecords  = table{[]byte("records"), 3}
	tableTips     = table{[]byte("tips"), 4}
	tableReceipts = table{[]byte("receipts"), 5}
	tableGone     = table{[]byte("gone"), 6}
	bucketState   = []byte("state")
	keyVersion    = []byte("version")
	keyAnchor     = []byte("anchor")

	bucketNames = [][]byte{tableMeta.name, tableSegments.name, tableRecords.name, tableTips.name, tableReceipts.name, tableGone.name, bucketState}
)

func (t table) of(tx *bbolt.Tx) *bbolt.Bucket { return tx.Bucket(t.name) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errGuard = errors.New("damaged: checksum does not fit")

// guard is the stored form of value under key.
func (t table) guard(key []byte, value ...[]byte) []byte {
	n := guardSize
	for _, v := range value {
		n += len(v)
	}
	b := make([]byte, guardSize, n)
	for _, v := range value {
		b = append(b, v...)
	}
	binary.BigEndian.PutUint32(b, t.sum(key, b[guardSize:]))
	return b
}

// unguard is the value under key, or errGuard.
func (t table) unguard(key, stored []byte) ([]byte, error) {
	if len(stored) < guardSize {
		return nil, errGuard
	}
	value := stored[guardSize:]
	if t.sum(key, value) != binary.BigEndian.Uint32(stored) {
		return nil, errGuard
	}
	return value, nil
}

func (t table) sum(key, value []byte) uint32 {
	sum := crc32.Checksum([]byte{t.tag}, castagnoli)
	return crc32.Update(crc32.Update(sum, castagnoli, key), castagnoli, value)
}

func segmentKey(ordinal uint32) []byte { return binary.BigEndian.AppendUint32(nil, ordinal) }

func recordKey(ordinal uint32, seq uint64) []byte {
	return binary.BigEndian.AppendUint32(segmentKey(ordinal), uint32(seq))
}

func ordinalOf(recordKey []byte) uint32 { return binary.BigEndian.Uint32(recordKey) }

// row is one record as stored: sealed, with the chain value before it.
type row struct {
	before record.Chain
	sealed []byte
}

func (r row) after() record.Chain { return r.before.Next(r.sealed) }

func parseRow(key, stored []byte) (row, error) {
	v, err := tableRecords.unguard(key, stored)
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
	v, err := tableTips.unguard(key, stored)
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

// put stores a small value as guarded CBOR.
func (t table) put(tx *bbolt.Tx, key []byte, v any) error {
	raw, err := marshal(v)
	if err != nil {
		return fmt.Errorf("encode %T: %w", v, err)
	}
	return t.of(tx).Put(key, t.guard(key, raw))
}

// parse reads what put stored.
func (t table) parse(key, stored []byte, v any) error {
	raw, err := t.unguard(key, stored)
	if err != nil {
		return err
	}
	return unmarshal(raw, v)
}

var errNoLayout = errors.New("not every bucket is there")

// probeLayout spares a sound file the write that makeLayout is: a full disk must
// not keep a journal from opening.
func probeLayout(tx *bbolt.Tx) error {
	if err := checkVersion(tx); err != nil {
		return err
	}
	for _, name := range bucketNames {
		if tx.Bucket(name) == nil {
			return errNoLayout
		}
	}
	return nil
}

// makeLayout creates the buckets of an empty file and checks the version of
// one that is not; ErrNewer and ErrCorrupt.
func makeLayout(tx *bbolt.Tx) error {
	if err := checkVersion(tx); err != nil {
		return err
	}
	for _, name := range bucketNames {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	return tableMeta.of(tx).Put(keyVersion, versionValue(version))
}

// versionValue is guarded too: one flipped bit must not make a file look newer.
func versionValue(n uint32) []byte {
	return tableMeta.guard(keyVersion, binary.BigEndian.AppendUint32(nil, n))
}

// checkVersion accepts an empty file and one of this version.
func checkVersion(tx *bbolt.Tx) error {
	meta := tableMeta.of(tx)
	if meta == nil {
		if k, _ := tx.Cursor().First(); k != nil {
			return fmt.Errorf("%w: no meta bucket", ErrCorrupt)
		}
		return nil
	}
	v, err := tableMeta.unguard(keyVersion, meta.Get(keyVersion))
	if err != nil || len(v) != 4 {
		return fmt.Errorf("%w: no version", ErrCorrupt)
	}
	if n := binary.BigEndian.Uint32(v); n > version {
		return fmt.Errorf("%w: version %d, this program knows %d", ErrNewer, n, version)
	}
	return nil
}
