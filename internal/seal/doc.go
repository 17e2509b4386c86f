// Package seal makes records readable by the office alone: zstd with the
// shipped dictionary, then AES-256-GCM under a segment key that is itself
// sealed with HPKE to the office and to an offline recovery key (design,
// section 4). A station cannot read back what it sealed once the segment key
// has left its memory.
package seal

// KeySize is the length of a segment key in bytes.
const KeySize = 32

// Key is a segment key. It lives in memory only.
type Key [KeySize]byte

// RecipientID names a recipient's public key: the first 8 bytes of its SHA-256.
type RecipientID [8]byte

// Recipient is somebody a segment key is sealed to: X25519, 32 bytes.
type Recipient struct {
	ID     RecipientID `cbor:"1,keyasint"`
	Public []byte      `cbor:"2,keyasint"`
}

// Wrapped is a segment key sealed to one recipient with HPKE base mode,
// DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180); info is
// "quachot segment key 1" and the segment id.
type Wrapped struct {
	Recipient RecipientID `cbor:"1,keyasint"`
	Enc       []byte      `cbor:"2,keyasint"` // encapsulated key, 32 bytes
	Key       []byte      `cbor:"3,keyasint"` // sealed segment key, 48 bytes
}
