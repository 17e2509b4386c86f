package wire

import "quachot/internal/identity"

// Names of the lists that exist. A station ignores names it does not know.
const (
	ListKeys     = "keys"     // KeyList: whose signatures count
	ListRevoked  = "revoked"  // RevokedList: cards that count no more
	ListWatch    = "watch"    // WatchList: people to stop
	ListOfficers = "officers" // OfficerList: who may log in
	ListSettings = "settings" // Settings: this deployment's posts and words
	ListRules    = "rules"    // RuleList: what the lane asks beyond validity and the watch-list
	ListPlaces   = "places"   // PlaceList: where people are sent
)

// Manifest names the version of every list. Its serial never goes down.
type Manifest struct {
	Deployment [16]byte    `cbor:"1,keyasint"`
	Serial     uint64      `cbor:"2,keyasint"`
	AsOf       int64       `cbor:"3,keyasint"` // office time, unix ms; re-signed at least hourly
	Lists      []ListEntry `cbor:"4,keyasint"`
}

// ListEntry is one list's current version. Chunks are the SHA-256 of each
// ChunkSize bytes of the list's CBOR.
type ListEntry struct {
	Name    string     `cbor:"1,keyasint"`
	Version uint64     `cbor:"2,keyasint"`
	Size    uint64     `cbor:"3,keyasint"`
	Chunks  [][32]byte `cbor:"4,keyasint"`
}

// SignedManifest is the manifest's exact bytes and Ed25519 over
// "quachot manifest 1\n" || Body by OfficeKeys.Sign.
type SignedManifest struct {
	Body []byte `cbor:"1,keyasint"`
	Sig  []byte `cbor:"2,keyasint"`
}

// KeyList is the content of "keys".
type KeyList struct {
	Cards []CardKey `cbor:"1,keyasint,omitempty"`
	Certs [][]byte  `cbor:"2,keyasint,omitempty"` // DER certificates of EU DCC signers
	JWKs  [][]byte  `cbor:"3,keyasint,omitempty"` // JSON Web Keys of SMART Health Card issuers
}

// CardKey certifies a key that signs our cards.
type CardKey struct {
	KID    []byte `cbor:"1,keyasint"` // 1-8 bytes
	Public []byte `cbor:"2,keyasint"` // Ed25519
	// First and Last bound the card numbers it may sign (without the check
	// digit), From and Until (unix seconds) the iat it may give.
	First uint64 `cbor:"3,keyasint"`
	Last  uint64 `cbor:"4,keyasint"`
	From  int64  `cbor:"5,keyasint"`
	Until int64  `cbor:"6,keyasint"`
	Quota uint64 `cbor:"7,keyasint,omitempty"`
	Name  string `cbor:"8,keyasint,omitempty"`
}

// RevokedList is the content of "revoked": card numbers in ascending order, and
// hashes of single tokens.
type RevokedList struct {
	Cards  []uint64   `cbor:"1,keyasint,omitempty"`
	Tokens [][32]byte `cbor:"2,keyasint,omitempty"`
}

// WatchList is the content of "watch", entries in ascending order of Match.
type WatchList struct {
	Entries []WatchEntry `cbor:"1,keyasint,omitempty"`
	// Kinds are the kinds of document the entries are of, in ascending order, so
	// that no station derives a phone's key where no phone is watched. Absent in
	// lists of before November 2026: any kind may be there.
	Kinds []identity.DocumentKind `cbor:"2,keyasint,omitempty"`
}

// WatchEntry can be matched, not read: Details is AES-256-GCM under the open
// half of the identity key, nonce Nonce, additional data Match. A new
// nonce is drawn whenever an entry is sealed again.
type WatchEntry struct {
	Match   identity.Match `cbor:"1,keyasint"`
	Details []byte         `cbor:"2,keyasint"`
	Nonce   []byte         `cbor:"3,keyasint"` // 12 random bytes
}

// WatchDetails is the CBOR inside WatchEntry.Details.
type WatchDetails struct {
	Reason string `cbor:"1,keyasint"`           // f0, f1, f2, quarantine, wanted
	Note   string `cbor:"2,keyasint,omitempty"` // what to do, whom to ring, in the office's words
	Until  int64  `cbor:"3,keyasint,omitempty"` // unix seconds; 0 = no end
}

// OfficerList is the content of "officers".
type OfficerList struct {
	Officers []Officer `cbor:"1,keyasint,omitempty"`
}

// Officer is somebody who may log in. PIN is an Argon2id verifier in the PHC
// string format.
type Officer struct {
	ID   string `cbor:"1,keyasint"`
	Name string `cbor:"2,keyasint"`
	Role string `cbor:"3,keyasint"` // steward, issuer, supervisor
	PIN  string `cbor:"4,keyasint"`
	// Badge is the SHA-256 of the 16-byte secret in the officer's badge QR; absent
	// when no badge was made. A badge without the PIN opens nothing.
	Badge []byte `cbor:"5,keyasint,omitempty"`
}

// Settings is the content of "settings".
type Settings struct {
	Province string            `cbor:"1,keyasint,omitempty"` // name shown and printed
	Posts    []Post            `cbor:"2,keyasint,omitempty"`
	Stations map[string]string `cbor:"3,keyasint,omitempty"` // station number -> post code
	Street   string            `cbor:"4,keyasint,omitempty"` // the neutral words of a watch-list hit
	Call     string            `cbor:"5,keyasint,omitempty"` // whom to ring, by default
	StaleH   [3]uint           `cbor:"6,keyasint,omitempty"` // hours until lists are: noted, amber, need a supervisor; 0 = never
	Levels   map[string]uint8  `cbor:"7,keyasint,omitempty"` // epidemic level 1-4 (Resolution 128/NQ-CP) by ward or province code; "" = everywhere else
	IdleMin  uint              `cbor:"8,keyasint,omitempty"` // minutes without a key or scan until a station locks; 0 = 15
}

// Post is a place where stations stand.
type Post struct {
	Code string      `cbor:"1,keyasint"`
	Name string      `cbor:"2,keyasint"`
	Kind string      `cbor:"3,keyasint"`           // road, place, lodging, patrol
	At   *[2]float64 `cbor:"4,keyasint,omitempty"` // latitude, longitude
}

// RuleList is the content of "rules", in the order they are asked.
type RuleList struct {
	Rules []Rule `cbor:"1,keyasint,omitempty"`
}

// Rule is one question in CEL; the variables it may use are documented in
// internal/rules. When it is true, Verdict counts and the reason is shown.
type Rule struct {
	ID       string `cbor:"1,keyasint" json:"id"`
	When     string `cbor:"2,keyasint" json:"when"`
	Verdict  string `cbor:"3,keyasint" json:"verdict"` // stop, check, or note: said, changes nothing
	ReasonVI string `cbor:"4,keyasint" json:"reason_vi"`
	ReasonEN string `cbor:"5,keyasint" json:"reason_en"`
	Off      bool   `cbor:"6,keyasint,omitempty" json:"off,omitempty"` // kept, not asked
}

// PlaceList is the content of "places".
type PlaceList struct {
	Places []CarePlace `cbor:"1,keyasint,omitempty"`
}

// CarePlace is where an officer sends somebody.
type CarePlace struct {
	Code    string      `cbor:"1,keyasint" json:"code"`
	Name    string      `cbor:"2,keyasint" json:"name"`
	Kind    string      `cbor:"3,keyasint" json:"kind"` // quarantine, test
	Address string      `cbor:"4,keyasint,omitempty" json:"address,omitempty"`
	Phone   string      `cbor:"5,keyasint,omitempty" json:"phone,omitempty"`
	Serves  []string    `cbor:"6,keyasint,omitempty" json:"serves,omitempty"` // ward or province codes; empty = all
	Free    uint        `cbor:"7,keyasint,omitempty" json:"free,omitempty"`   // beds, when the list was made
	At      *[2]float64 `cbor:"8,keyasint,omitempty" json:"at,omitempty"`     // latitude, longitude
}
