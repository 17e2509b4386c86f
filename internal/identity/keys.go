package identity

import "encoding/hex"

// Match is the identity key: 16 bytes that stand for one document number.
type Match [16]byte

// String is 32 hex digits, the form of every JSON field "keys".
func (m Match) String() string { return hex.EncodeToString(m[:]) }

// MarshalText writes hex.
func (m Match) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// Keys are the two halves derived from one document: Match finds an entry of a
// list, Open reads its details.
type Keys struct {
	Match Match
	Open  [32]byte
}
