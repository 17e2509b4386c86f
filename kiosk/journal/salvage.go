package journal

import (
	"encoding/binary"
	"fmt"
	"os"
)

// Salvage reads the rows out of the raw bytes of a bbolt file whose tree may be
// broken. It looks at every place where a page can begin, takes it for a leaf
// page if it can be one, and passes on each key and value in it. Whoever gets
// them believes only what its checksum, or for state its seal, proves. Pages
// that bbolt had freed may still hold rows: of records these are as good as any,
// for a record never changes.
//
// A leaf page is {id 8, flags 2, count 2, overflow 4} and count times {flags 4,
// pos 4, key size 4, value size 4}, little endian; pos counts from its own
// element. A small bucket stands as a value of its own: {root 8 = 0, sequence
// 8} and a leaf page.
const (
	pageStep       = 4096 // or a multiple of it
	pageHeadSize   = 16
	pageElemSize   = 16
	pageLeafFlag   = 0x02
	elemBucketFlag = 0x01
	inlineHeadSize = 16
)

func salvage(path string, f func(key, value []byte)) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("salvage records: %w", err)
	}
	for at := 0; at < len(b); at += pageStep {
		salvagePage(b[at:], f, 2)
	}
	return nil
}

// salvagePage takes the leaf page at the start of b, if there is one.
func salvagePage(b []byte, f func(key, value []byte), depth int) {
	if len(b) < pageHeadSize || depth == 0 || binary.LittleEndian.Uint16(b[8:]) != pageLeafFlag {
		return
	}
	count := int(binary.LittleEndian.Uint16(b[10:]))
	for i := range count {
		at := pageHeadSize + i*pageElemSize
		if at+pageElemSize > len(b) {
			return
		}
		e := b[at:]
		pos, ksize, vsize := uint64(binary.LittleEndian.Uint32(e[4:])), uint64(binary.LittleEndian.Uint32(e[8:])), uint64(binary.LittleEndian.Uint32(e[12:]))
		if pos < pageElemSize || ksize == 0 || pos+ksize+vsize > uint64(len(e)) {
			continue
		}
		key, value := e[pos:pos+ksize], e[pos+ksize:pos+ksize+vsize]
		if binary.LittleEndian.Uint32(e)&elemBucketFlag == 0 {
			f(key, value)
			continue
		}
		if len(value) > inlineHeadSize && binary.LittleEndian.Uint64(value) == 0 {
			salvagePage(value[inlineHeadSize:], f, depth-1)
		}
	}
}
