package journal

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"

	"quachot/internal/record"
)

// A copy file is a run of frames, each
//
//	0x51 0xC7 || type (1) || length (3, big endian) || CRC32C (4) || payload
//
// with the checksum over type, length and payload. A file is written once, from
// its beginning, by one process; it ends where the process did, perhaps in half
// a frame, and zeros may follow. The two marker bytes let a reader find the next good frame after a
// damaged one. Payloads:
//
//	1 info     the 8 bytes "QCJCOPY1", then the station number
//	2 header   ordinal (4) || CBOR of record.SignedHeader; comes before the
//	           segment's first record in each file
//	3 record   segment id (16) || seq (8) || chain before (32) || sealed record
//	4 state    key (24) || value, see state.go
//	5 anchor   CBOR of anchor
const (
	frameMark0  = 0x51
	frameMark1  = 0xc7
	frameHead   = 10
	frameMax    = 1<<24 - 1
	frameInfo   = 1
	frameHeader = 2
	frameRecord = 3
	frameState  = 4
	frameAnchor = 5
	copyMagic   = "QCJCOPY1"
)

type frame struct {
	kind    byte
	payload []byte
}

func appendFrame(b []byte, kind byte, payload ...[]byte) []byte {
	at, n := len(b), 0
	b = append(b, frameMark0, frameMark1, kind, 0, 0, 0, 0, 0, 0, 0)
	for _, p := range payload {
		b = append(b, p...)
		n += len(p)
	}
	b[at+3], b[at+4], b[at+5] = byte(n>>16), byte(n>>8), byte(n)
	binary.BigEndian.PutUint32(b[at+6:], frameSum(b[at+2:at+6], b[at+frameHead:]))
	return b
}

func frameSum(head, payload []byte) uint32 {
	return crc32.Update(crc32.Checksum(head, castagnoli), castagnoli, payload)
}

// parseFrame reads the frame at the start of b; false when there is none whole.
func parseFrame(b []byte) (frame, int, bool) {
	if len(b) < frameHead || b[0] != frameMark0 || b[1] != frameMark1 {
		return frame{}, 0, false
	}
	end := frameHead + (int(b[3])<<16 | int(b[4])<<8 | int(b[5]))
	if end > len(b) || frameSum(b[2:6], b[frameHead:end]) != binary.BigEndian.Uint32(b[6:]) {
		return frame{}, 0, false
	}
	return frame{kind: b[2], payload: b[frameHead:end]}, end, true
}

// readFrames calls f with every whole frame of b and returns how many bytes
// belong to none: half a frame at the end, or damage. Zeros at the end count as
// nothing.
func readFrames(b []byte, f func(frame)) (lost int) {
	for len(b) > 0 {
		if fr, n, ok := parseFrame(b); ok {
			f(fr)
			b = b[n:]
			continue
		}
		next := bytes.Index(b[1:], []byte{frameMark0, frameMark1})
		if next < 0 {
			return lost + len(bytes.TrimRight(b, "\x00"))
		}
		lost += next + 1
		b = b[next+1:]
	}
	return lost
}

// readCopy reads a whole copy file. ok is false when it is none of this
// station's: another program's file, or a stick that belongs elsewhere.
func readCopy(r io.Reader, station string, f func(frame)) (lost int, ok bool, err error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return 0, false, err
	}
	first, n, whole := parseFrame(b)
	if !whole || first.kind != frameInfo || string(first.payload) != copyMagic+station {
		return len(b), false, nil
	}
	return readFrames(b[n:], f), true, nil
}

// copyRecord is the payload of a record frame.
type copyRecord struct {
	id record.ID
	row
}

func parseCopyRecord(p []byte) (copyRecord, bool) {
	const fixed = 16 + 8 + chainSize
	if len(p) <= fixed {
		return copyRecord{}, false
	}
	id := record.ID{Segment: record.SegmentID(p[:16]), Seq: binary.BigEndian.Uint64(p[16:])}
	if id.Seq == 0 || id.Seq >= maxSeq {
		return copyRecord{}, false
	}
	return copyRecord{id: id, row: row{before: record.Chain(p[24:fixed]), sealed: p[fixed:]}}, true
}

func appendCopyRecord(b []byte, id record.ID, r row) []byte {
	return appendFrame(b, frameRecord, id.Segment[:], binary.BigEndian.AppendUint64(nil, id.Seq), r.before[:], r.sealed)
}

func appendCopyHeader(b []byte, ordinal uint32, h record.SignedHeader) []byte {
	raw, err := marshal(h)
	if err != nil { // two byte strings always encode
		panic("journal: encode segment header: " + err.Error())
	}
	return appendFrame(b, frameHeader, segmentKey(ordinal), raw)
}

func parseCopyHeader(p []byte) (ordinal uint32, h record.SignedHeader, ok bool) {
	if len(p) < 4 || unmarshal(p[4:], &h) != nil {
		return 0, h, false
	}
	return binary.BigEndian.Uint32(p), h, true
}

func parseCopyState(p []byte) (stateRow, bool) {
	if len(p) < stateKeySize+8 {
		return stateRow{}, false
	}
	return stateRow{key: [stateKeySize]byte(p), value: p[stateKeySize:]}, true
}
