package wire

import (
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// ErrFrame is wrapped by every error about bytes that are not a frame, a list
// or a manifest of this protocol.
var ErrFrame = errors.New("not a frame of this protocol")

// maxListSize bounds the content of one list: a watch-list of 400,000 people is
// about 40 MB.
const maxListSize = 64 << 20

var (
	encoder = must(cbor.CoreDetEncOptions().EncMode())
	// frames reads what a stranger may have sent: every bound is the smallest
	// that our own frames need.
	frames = must(decoding(1 << 16).DecMode())
	// lists reads what the office signed, which may hold a whole watch-list.
	lists = must(decoding(1 << 22).DecMode())
)

func decoding(elements int) cbor.DecOptions {
	return cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		MaxNestedLevels:  16,
		MaxArrayElements: elements,
		MaxMapPairs:      1 << 12,
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // the options above are constants: our own mistake
	}
	return v
}

// Marshal makes the bytes of one frame: CBOR [type, body].
func Marshal(t Type, body any) ([]byte, error) {
	b, err := encoder.Marshal([]any{uint8(t), body})
	if err != nil {
		return nil, fmt.Errorf("encode frame %d: %w", t, err)
	}
	if len(b) > MaxFrame {
		return nil, fmt.Errorf("encode frame %d: %d bytes, at most %d fit", t, len(b), MaxFrame)
	}
	return b, nil
}

// Unmarshal splits a frame into its type and the CBOR of its body. An unknown
// type is no error: the receiver ignores it. Errors wrap ErrFrame.
func Unmarshal(frame []byte) (Type, cbor.RawMessage, error) {
	if len(frame) > MaxFrame {
		return 0, nil, fmt.Errorf("%w: %d bytes, at most %d are read", ErrFrame, len(frame), MaxFrame)
	}
	var parts []cbor.RawMessage
	if err := frames.Unmarshal(frame, &parts); err != nil {
		return 0, nil, fmt.Errorf("%w: %v", ErrFrame, err)
	}
	if len(parts) < 2 { // a later version may add elements
		return 0, nil, fmt.Errorf("%w: %d elements, want type and body", ErrFrame, len(parts))
	}
	var t uint8
	if err := frames.Unmarshal(parts[0], &t); err != nil {
		return 0, nil, fmt.Errorf("%w: type: %v", ErrFrame, err)
	}
	return Type(t), parts[1], nil
}

// Into reads a frame's body. Keys that v does not know are ignored. Errors wrap
// ErrFrame.
func Into(raw cbor.RawMessage, v any) error {
	if err := frames.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("%w: %v", ErrFrame, err)
	}
	return nil
}

// EncodeList makes the bytes of a list's content; NewList names and hashes them.
func EncodeList(content any) ([]byte, error) {
	b, err := encoder.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("encode list: %w", err)
	}
	if len(b) > maxListSize {
		return nil, fmt.Errorf("encode list: %d bytes, at most %d are allowed", len(b), maxListSize)
	}
	return b, nil
}

// DecodeList reads a list's whole content. Errors wrap ErrFrame.
func DecodeList(b []byte, content any) error {
	if len(b) > maxListSize {
		return fmt.Errorf("%w: list of %d bytes", ErrFrame, len(b))
	}
	if err := lists.Unmarshal(b, content); err != nil {
		return fmt.Errorf("%w: %v", ErrFrame, err)
	}
	return nil
}
