package card

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math/big"
	"strings"

	"quachot/internal/base45"
)

// The bounds of what is read.
const (
	maxInflated = 64 << 10 // bytes of COSE; Claim 169 tokens with a face have a few thousand
	maxText     = 8 << 10  // characters of Base45
	minDigits   = 200      // a digits text is at least this long, so no number of a document is one
	maxDigits   = 700
)

// zlibStarts are the Base45 texts of the four zlib headers: 78DA, 789C, 785E
// and 7801.
var zlibStarts = [...]string{"NCF", "6BF", "Y9F", "V7F"}

// Base45 is the QR text of a token in the standard alphabet.
func Base45(cose []byte) (string, error) {
	z, err := deflate(cose)
	if err != nil {
		return "", err
	}
	return base45.Encode(z), nil
}

// Digits is the QR text of a token in digits only.
func Digits(cose []byte) (string, error) {
	z, err := deflate(cose)
	if err != nil {
		return "", err
	}
	text := new(big.Int).SetBytes(append([]byte{1}, z...)).String()
	if len(text) < minDigits || len(text) > maxDigits {
		return "", fmt.Errorf("write the token in digits: %d digits, readers take %d to %d", len(text), minDigits, maxDigits)
	}
	return text, nil
}

// Recognise says whether text looks like a token in either alphabet: rows 9 and
// 10b of the table in docs/formats. It proves nothing.
func Recognise(text string) bool {
	return isDigits(text) || isBase45(text)
}

func isDigits(text string) bool {
	return len(text) >= minDigits && len(text) <= maxDigits && onlyDigits(text)
}

func isBase45(text string) bool {
	for _, start := range zlibStarts {
		if strings.HasPrefix(text, start) {
			return strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") == ""
		}
	}
	return false
}

// Decode is the COSE bytes of a QR text in either alphabet. Errors are
// ErrMalformed.
func Decode(text string) ([]byte, error) {
	z, err := compressed(text)
	if err != nil {
		return nil, err
	}
	return inflate(z)
}

func compressed(text string) ([]byte, error) {
	if isDigits(text) {
		n, ok := new(big.Int).SetString(text, 10)
		if !ok || text[0] == '0' {
			return nil, fmt.Errorf("%w: not a whole number", ErrMalformed)
		}
		b := n.Bytes()
		if b[0] != 1 {
			return nil, fmt.Errorf("%w: the digits do not start with the mark", ErrMalformed)
		}
		return b[1:], nil
	}
	if len(text) > maxText {
		return nil, fmt.Errorf("%w: %d characters", ErrMalformed, len(text))
	}
	b, err := base45.Decode(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	return b, nil
}

func deflate(cose []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compress the token: %w", err)
	}
	if _, err := w.Write(cose); err != nil {
		return nil, fmt.Errorf("compress the token: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress the token: %w", err)
	}
	return b.Bytes(), nil
}

func inflate(z []byte) ([]byte, error) {
	in := bytes.NewReader(z)
	r, err := zlib.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	cose, err := io.ReadAll(io.LimitReader(r, maxInflated+1))
	if err != nil {
		return nil, fmt.Errorf("%w: inflate: %v", ErrMalformed, err)
	}
	if len(cose) > maxInflated {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrMalformed, maxInflated)
	}
	if in.Len() > 0 {
		return nil, fmt.Errorf("%w: %d bytes after the end", ErrMalformed, in.Len())
	}
	return cose, nil
}
