package seal

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"quachot/assets/dict"
)

const currentDict = dict.Current

// A packed record is one of
//
//	0x08 || plain                      stored: it did not get shorter
//	descriptor || rest of zstd frame   without the 4 magic bytes and without the
//	                                   dictionary id, which the header states
//
// 0x08 cannot begin a frame: it is the descriptor's reserved bit.
const (
	stored       = 0x08
	dictFlag     = 0x01 // descriptor: a dictionary id of one byte follows
	dictFlagMask = 0x03
)

// tiny is the length up to which packing is not tried: the frame's own five
// bytes eat what the dictionary gives, and for the scan of an own card, the
// commonest record, it was most of the time that sealing took.
const tiny = 32

var zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}

type packer struct {
	dict uint8
	enc  *zstd.Encoder
	dec  *zstd.Decoder
}

// packers are built once per dictionary and shared: an encoder's tables are
// large, and a program opens thousands of segments.
var packers struct {
	sync.Mutex
	made map[uint8]*packer
}

func packerFor(number uint8) (*packer, error) {
	packers.Lock()
	defer packers.Unlock()
	if p, ok := packers.made[number]; ok {
		return p, nil
	}
	p, err := newPacker(number)
	if err != nil {
		return nil, err
	}
	if packers.made == nil {
		packers.made = map[uint8]*packer{}
	}
	packers.made[number] = p
	return p, nil
}

func newPacker(number uint8) (*packer, error) {
	d, ok := dict.Get(number)
	if !ok {
		return nil, fmt.Errorf("%w: number %d", ErrDictionary, number)
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderDict(d), zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true),
		zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(128<<10), zstd.WithEncoderLevel(zstd.SpeedDefault))
	if err != nil {
		return nil, fmt.Errorf("dictionary %d: %w", number, err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderDicts(d), zstd.WithDecoderMaxMemory(MaxPlain), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, fmt.Errorf("dictionary %d: %w", number, err)
	}
	return &packer{dict: number, enc: enc, dec: dec}, nil
}

func (p *packer) pack(plain []byte) []byte {
	if len(plain) <= tiny {
		return append([]byte{stored}, plain...)
	}
	frame := p.enc.EncodeAll(plain, nil)
	if body, ok := p.strip(frame); ok && len(body) <= len(plain) {
		return body
	}
	return append([]byte{stored}, plain...)
}

// strip takes the constants out of a frame; false when it is not of the form
// that unpack can complete.
func (p *packer) strip(frame []byte) ([]byte, bool) {
	rest, ok := bytes.CutPrefix(frame, zstdMagic)
	if !ok || len(rest) < 2 || rest[0]&dictFlagMask != dictFlag || rest[1] != p.dict {
		return nil, false
	}
	rest[1] = rest[0]
	return rest[1:], true
}

func (p *packer) unpack(packed []byte) ([]byte, error) {
	if len(packed) == 0 {
		return nil, errors.New("empty")
	}
	if packed[0] == stored {
		if len(packed)-1 > MaxPlain {
			return nil, fmt.Errorf("inflates to more than %d bytes", MaxPlain)
		}
		return packed[1:], nil
	}
	if packed[0]&dictFlagMask != dictFlag {
		return nil, fmt.Errorf("unknown packing %#02x", packed[0])
	}
	frame := make([]byte, 0, len(packed)+len(zstdMagic)+1)
	frame = append(frame, zstdMagic...)
	frame = append(frame, packed[0], p.dict)
	frame = append(frame, packed[1:]...)
	return p.dec.DecodeAll(frame, nil)
}
