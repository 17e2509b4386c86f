package credential

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"io"

	"quachot/internal/base45"
)

// maxInflated bounds what a code may inflate to. The largest EU certificate of
// the test data has 870 bytes.
const maxInflated = 64 << 10

// unpackBase45 is the bytes of Base45(zlib(bytes)), or the code why there are
// none: Truncated when only the end is missing.
func unpackBase45(text string) (b []byte, why string) {
	b, why = unpackWhole(text)
	if odd := len(text) % 3; why == Garbage && odd != 0 {
		// A cut leaves one or two characters of a group of three, which read as
		// a wrong byte or none.
		if _, cut := unpackWhole(text[:len(text)-odd]); cut == Truncated {
			why = Truncated
		}
	}
	return b, why
}

func unpackWhole(text string) (b []byte, why string) {
	z, err := base45.Decode(text)
	if err != nil {
		return nil, Garbage
	}
	return inflateZlib(z)
}

func inflateZlib(z []byte) (b []byte, why string) {
	r, err := zlib.NewReader(bytes.NewReader(z))
	if err != nil {
		return nil, inflateWhy(err)
	}
	return readBounded(r)
}

// inflateRaw reads deflate without a header, as SMART Health Cards have it.
func inflateRaw(z []byte) (b []byte, why string) {
	return readBounded(flate.NewReader(bytes.NewReader(z)))
}

func readBounded(r io.Reader) ([]byte, string) {
	b, err := io.ReadAll(io.LimitReader(r, maxInflated+1))
	if err != nil {
		return nil, inflateWhy(err)
	}
	if len(b) > maxInflated {
		return nil, TooLarge
	}
	return b, ""
}

func inflateWhy(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return Truncated
	}
	return Garbage
}
