package wire

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strings"
)

// Code is a single-use enrolment code: where the office is, the secret that
// proves the invitation, and the hash of the office's keys, so that nobody in
// between can pretend to be the office.
//
// Its bytes are
//
//	flags (1: bit 0 issuer, bit 1 address is IPv4 and port, rest 0)
//	address (6 bytes, or length byte and text HOST:PORT)
//	token (10)  hash of OfficeKeys (10)  first 2 bytes of the SHA-256 of all before
//
// written in Crockford's base32 in groups of five, the fifth a check symbol, or
// as one decimal number after a 0x01 byte. The first form is for eyes and
// fingers. The second is for scanners: a keyboard-wedge scanner behind a
// Vietnamese input method garbles letters (measured), digits never.
type Code struct {
	Address string // HOST:PORT
	Token   [10]byte
	Office  [10]byte // OfficeKeys.Hash
	Issuer  bool     // the station will issue cards
}

// ErrCode is wrapped by every error of ParseCode. The rest of the error says
// which group was mistyped where that is known.
var ErrCode = errors.New("not an enrolment code")

const (
	maxAddress = 120
	maxCode    = 1024 // characters looked at
	dataGroup  = 4    // symbols of a group before its check symbol
	alphabet   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

const (
	flagIssuer = 1 << iota
	flagIPv4
)

// String is the form to read and type: groups of five, upper case.
func (c Code) String() string {
	var out strings.Builder
	symbols := toSymbols(c.bytes())
	for i := 0; i < len(symbols); i += dataGroup {
		group := symbols[i:min(i+dataGroup, len(symbols))]
		if i > 0 {
			out.WriteByte('-')
		}
		for _, s := range group {
			out.WriteByte(alphabet[s])
		}
		out.WriteByte(alphabet[checkSymbol(group, i/dataGroup)])
	}
	return out.String()
}

// Digits is the form for a QR that a keyboard-wedge scanner reads.
func (c Code) Digits() string {
	return new(big.Int).SetBytes(append([]byte{1}, c.bytes()...)).String()
}

// ParseCode reads either form, in upper or lower case, with blanks, dashes or
// line ends anywhere, and O, I, L for 0 and 1. Errors wrap ErrCode.
func ParseCode(s string) (Code, error) {
	if len(s) > maxCode {
		return Code{}, fmt.Errorf("%w: %d characters", ErrCode, len(s))
	}
	text := tidyCode(s)
	if text == "" {
		return Code{}, fmt.Errorf("%w: it is empty", ErrCode)
	}
	payload, err := fromGroups(text)
	if err != nil && strings.Trim(text, "0123456789") == "" {
		if n, ok := new(big.Int).SetString(text, 10); ok && len(n.Bytes()) > 1 && n.Bytes()[0] == 1 {
			payload, err = n.Bytes()[1:], nil
		}
	}
	if err != nil {
		return Code{}, err
	}
	return codeFromBytes(payload)
}

// EnrolMAC proves a code to the office without telling it: HMAC-SHA256 under
// the token over the station's key and the office's hash.
func EnrolMAC(token [10]byte, key []byte, office [10]byte) []byte {
	m := hmac.New(sha256.New, token[:])
	m.Write([]byte("quachot enrol 1\n"))
	m.Write(key)
	m.Write(office[:])
	return m.Sum(nil)
}

// Hash is what stands in an enrolment code: the first 10 bytes of the SHA-256
// of the keys' CBOR.
func (k OfficeKeys) Hash() [10]byte {
	sum := sha256.Sum256(must(encoder.Marshal(k)))
	return [10]byte(sum[:10])
}

func (c Code) bytes() []byte {
	var flags byte
	if c.Issuer {
		flags |= flagIssuer
	}
	address := c.Address[:min(len(c.Address), maxAddress)]
	b := append([]byte{flags, byte(len(address))}, address...)
	if ap, err := netip.ParseAddrPort(c.Address); err == nil && ap.Addr().Is4() && ap.String() == c.Address {
		ip := ap.Addr().As4()
		b = append([]byte{flags | flagIPv4}, ip[:]...)
		b = binary.BigEndian.AppendUint16(b, ap.Port())
	}
	b = append(append(b, c.Token[:]...), c.Office[:]...)
	sum := sha256.Sum256(b)
	return append(b, sum[:2]...)
}

func codeFromBytes(b []byte) (Code, error) {
	short := fmt.Errorf("%w: part of it is missing", ErrCode)
	if len(b) < 4 {
		return Code{}, short
	}
	body, tail := b[:len(b)-2], b[len(b)-2:]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:2], tail) {
		return Code{}, fmt.Errorf("%w: its check does not fit, a group is missing or mistyped", ErrCode)
	}
	c := Code{Issuer: body[0]&flagIssuer != 0}
	if body[0]&^(flagIssuer|flagIPv4) != 0 {
		return Code{}, fmt.Errorf("%w: it was made by a newer program", ErrCode)
	}
	rest := body[1:]
	if body[0]&flagIPv4 != 0 {
		if len(rest) < 6 {
			return Code{}, short
		}
		c.Address = netip.AddrPortFrom(netip.AddrFrom4([4]byte(rest[:4])), binary.BigEndian.Uint16(rest[4:6])).String()
		rest = rest[6:]
	} else {
		n := int(rest[0])
		if n > maxAddress || len(rest) < 1+n {
			return Code{}, short
		}
		c.Address, rest = string(rest[1:1+n]), rest[1+n:]
	}
	if len(rest) != len(c.Token)+len(c.Office) {
		return Code{}, short
	}
	c.Token, c.Office = [10]byte(rest[:10]), [10]byte(rest[10:])
	return c, nil
}

var codeTidy = strings.NewReplacer(" ", "", "-", "", "\t", "", "\r", "", "\n", "", "O", "0", "I", "1", "L", "1")

func tidyCode(s string) string { return codeTidy.Replace(strings.ToUpper(s)) }

func fromGroups(text string) ([]byte, error) {
	var symbols []byte
	for i, n := 0, 0; i < len(text); i, n = i+dataGroup+1, n+1 {
		group := text[i:min(i+dataGroup+1, len(text))]
		values := make([]byte, 0, len(group))
		for _, r := range []byte(group) {
			v := strings.IndexByte(alphabet, r)
			if v < 0 {
				return nil, fmt.Errorf("%w: group %d has a character that codes do not use", ErrCode, n+1)
			}
			values = append(values, byte(v))
		}
		last := len(values) - 1
		if last < 1 || values[last] != checkSymbol(values[:last], n) {
			return nil, fmt.Errorf("%w: group %d (%s) is mistyped", ErrCode, n+1, group)
		}
		symbols = append(symbols, values[:last]...)
	}
	b, ok := fromSymbols(symbols)
	if !ok {
		return nil, fmt.Errorf("%w: its end is mistyped", ErrCode)
	}
	return b, nil
}
