package bundle

import (
	"crypto/ed25519"
	"errors"
	"fmt"

	"quachot/internal/seal"
	"quachot/internal/wire"
)

// Frames that only bundles have. Their numbers are apart from those of wire.
const (
	typeHead   wire.Type = 100
	typeEnd    wire.Type = 101
	typeFor    wire.Type = 102 // opens a section for one station
	typeSealed wire.Type = 103 // one frame of the section
	// TypeEnrolment is an Enrolment, alone in its bundle.
	TypeEnrolment wire.Type = 104
)

// Enrolment makes a computer a station without a network: what the office would
// have answered, and the code whose proof the station's first hello or bundle
// brings. Whoever has the file can enrol once, as with a code.
type Enrolment struct {
	Code     string        `cbor:"1,keyasint"` // as typed
	Enrolled wire.Enrolled `cbor:"2,keyasint"`
}

// Who wrote a bundle.
const (
	FromStation = "station"
	FromOffice  = "office"
)

// Errors of Verify.
var (
	ErrStranger   = errors.New("the bundle is not signed by who it says it is from")
	ErrDeployment = errors.New("the bundle belongs to another deployment")
)

// Head is a bundle's first frame.
type Head struct {
	Version    uint       `cbor:"1,keyasint"`
	From       string     `cbor:"2,keyasint"` // FromStation or FromOffice
	Deployment [16]byte   `cbor:"3,keyasint"`
	Station    string     `cbor:"4,keyasint,omitempty"` // of a station's bundle, 6 digits
	Key        []byte     `cbor:"5,keyasint"`           // Ed25519, of the station or the office's signing key
	Made       int64      `cbor:"6,keyasint"`           // unix ms by the writer's clock
	Program    string     `cbor:"7,keyasint,omitempty"`
	Clock      wire.Clock `cbor:"8,keyasint"`
	// Answer is where the office seals its answer to.
	Answer seal.Recipient `cbor:"9,keyasint,omitempty"`
	// Enrol proves the single-use code, in the bundles of a station that the
	// office has not heard of yet.
	Enrol  *wire.EnrolRequest `cbor:"10,keyasint,omitempty"`
	Unsent uint64             `cbor:"11,keyasint,omitempty"` // records in the file
	Serial uint64             `cbor:"12,keyasint,omitempty"` // of the manifest the station holds
	Lists  map[string]uint64  `cbor:"13,keyasint,omitempty"` // and their versions
	Sig    []byte             `cbor:"14,keyasint,omitempty"`
}

// end is a bundle's last frame: how many stand before it.
type end struct {
	Frames uint64 `cbor:"1,keyasint"`
}

const headContext = "quachot bundle head 1\n"

// Sign fills Key and Sig. Everything else must be set.
func (h *Head) Sign(priv ed25519.PrivateKey) error {
	h.Key = priv.Public().(ed25519.PublicKey)
	message, err := h.signed()
	if err != nil {
		return err
	}
	h.Sig = ed25519.Sign(priv, message)
	return nil
}

// Verify proves the head by its own key, and that it is of this deployment. Whose
// key it is, the caller knows. Errors: ErrStranger, ErrDeployment.
func (h Head) Verify(deployment [16]byte) error {
	if h.Deployment != deployment {
		return ErrDeployment
	}
	message, err := h.signed()
	if err != nil {
		return err
	}
	if len(h.Key) != ed25519.PublicKeySize || !ed25519.Verify(h.Key, message, h.Sig) {
		return ErrStranger
	}
	return nil
}

func (h Head) signed() ([]byte, error) {
	h.Sig = nil
	body, err := wire.EncodeList(h) // deterministic: a map among the fields
	if err != nil {
		return nil, fmt.Errorf("encode a bundle's head: %w", err)
	}
	return append([]byte(headContext), body...), nil
}
